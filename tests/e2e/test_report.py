"""HR's report from end to end: what stands in it, whom it reaches, and that it comes once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.as_it_was import AsItWas, played_once
from tests.e2e.hr_report import HR, LINE, MONDAY, NEXT_MONDAY, SATURDAY, TUESDAY, WEEKLY, html_of, reports
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, answer, limited

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import World

DAILY = {"REPORT__EVERY": "day"}
DEADLINE = {"deadline": "2025-06-04T12:00"}


@played_once
def begin(world: World, *courses: dict[str, object], **changes: object) -> None:
    world.write(make_plan(*courses, **({"audiences": people(*EVERYBODY), "holidays": "DK"} | changes)))
    world.sync()


def test_each_responsible_reads_of_their_own_courses_only(world: World) -> None:
    mine = make_course("kursus", responsible=LINE, enrolment=DEADLINE)
    begin(world, mine, make_course("andet", make_session(day="2025-06-20"), enrolment=DEADLINE))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "decline")
    answer(world, "andet/dag", CARL, "tentative")
    world.run("responses")
    world.move_clock(MONDAY)
    ran = world.run("report", "--send", **WEEKLY)
    assert (ran.code, ran.out) == (0, "2 rapporter er sendt.\n")
    got = reports(world, ran)
    assert got.keys() == {HR, LINE}
    assert "Andet 0 1 0" in got[HR]
    assert "Kursus 1 0 1" in got[LINE]
    assert f"Har sagt nej til Kursus: {BO}" in got[LINE]
    assert "Kursus 2 04-06-2025 kl. 12.00" in got[LINE]
    assert "Andet" not in got[LINE]
    assert BO not in got[HR]


def test_it_comes_once_a_week_and_then_tells_what_is_new(world: World) -> None:
    begin(world, make_course("kursus", enrolment=DEADLINE))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-05-19T07:29:00+02:00")
    early = world.run("report", "--send", **DAILY)
    assert (reports(world, early), early.requests, early.out) == ({}, (), "Der er ingen rapport at sende nu.\n")
    world.move_clock(MONDAY)
    assert "Det er den første rapport" in reports(world, world.run("report", "--send", **WEEKLY))[HR]
    for later in (MONDAY, TUESDAY, SATURDAY):
        world.move_clock(later)
        again = world.run("report", "--send", **WEEKLY)
        assert (reports(world, again), again.requests) == ({}, ())
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    world.move_clock(NEXT_MONDAY)
    told = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert "siden mandag den 19. maj 2025 kl. 07.30" in told
    assert "Kursus 1 (i alt 2) 0 0" in told
    assert world.run("report", "--send", REPORT__EVERY="never").out == "Rapporten er slået fra (KURSUSBOT_REPORT__EVERY).\n"


def test_after_a_pause_there_is_one_and_none_on_a_day_off(world: World) -> None:
    """Three weeks of silence, and then Whit Monday."""
    begin(world, make_course("kursus", make_session(day="2025-08-18"), enrolment=None))
    world.move_clock("2025-06-09T09:00:00+02:00")
    assert reports(world, world.run("report", "--send", **DAILY)) == {}
    world.move_clock("2025-06-10T07:31:00+02:00")
    assert reports(world, world.run("report", "--send", **DAILY)).keys() == {HR}
    assert reports(world, world.run("report", "--send", **DAILY)) == {}


def test_with_nothing_to_tell_nothing_is_sent_and_the_command_says_so(world: World) -> None:
    """Everybody has answered and nothing is on its way; that it was considered is in the accounts."""
    begin(world, make_course("kursus", enrolment=None))
    for person in EVERYBODY:
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.move_clock(MONDAY)
    assert reports(world, world.run("report", "--send", **WEEKLY)).keys() == {HR}
    world.move_clock(NEXT_MONDAY)
    assert "Der er intet at fortælle, så der sendes ingen rapport." in world.run("report").out
    ran = world.run("report", "--send", **WEEKLY)
    assert (ran.code, reports(world, ran)) == (0, {})
    assert world.run("report", "--send", **WEEKLY).requests == ()
    assert "    1: der var intet at fortælle\n" in world.run("messages").out
    answer(world, "kursus/dag", ANNA, "decline")
    world.run("responses")
    assert reports(world, world.run("report", "--send", **WEEKLY)) == {}, "the week's report has been considered"


def test_what_a_person_has_to_look_at_stands_in_it(world: World) -> None:
    """Drift, a room that said no, a message that Outlook refuses, a sync that is held: all in one mail with the way on."""
    room = {"name": "Salen", "room": "sal-1@norddjurs.example"}
    courses = [make_course(f"kursus-{number}", make_session(day=f"2025-06-{10 + number}")) for number in range(1, 5)]
    begin(world, limited(1, waiting_list=True), make_course("med-sal", make_session(day="2025-06-24"), venue=room), *courses)
    room_event = world.event("med-sal/dag")
    for attendee in room_event.attendees:
        if attendee.address.startswith("sal-1"):
            attendee.response = "declined"
    world.tenant.people.edit(world.event("kursus-1/dag"), {"subject": "Rettet i hånden"})
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    world.tenant.faults.add(method="POST", path="/messages$", status=400)
    world.run("responses")
    world.tenant.faults.clear()
    world.write(make_plan(limited(1, waiting_list=True), audiences=people(*EVERYBODY), holidays="DK"))
    world.move_clock(MONDAY)
    ran = world.run("run", **WEEKLY)
    assert (ran.code, reports(world, ran)) == (3, {}), "a round is not the report: that has its own clock"
    ran = world.run("report", "--send", **WEEKLY)
    told = reports(world, ran)[HR]
    own = {row["course"]: row["checksum"] for row in world.preview().json["courses"] if row["approval"] == "needed"}
    assert own.keys() >= {"kursus-1", "med-sal"}
    assert "5 af 6 kommende mødegange ville blive aflyst" in told
    assert "Venter, fordi en sikkerhedsgrænse er overskredet" in told
    assert [course for course, checksum in own.items() if f"kursusbot approve {checksum}" not in told] == []
    assert f"Plads på venteliste: Kursus Til {BO} Microsoft tog ikke imod den." in told
    assert "1 af 1" in told
    world.write(
        make_plan(
            limited(1, waiting_list=True),
            make_course("med-sal", make_session(day="2025-06-24"), venue=room),
            *courses,
            audiences=people(*EVERYBODY),
            holidays="DK",
        )
    )
    shown = world.run("report").out
    assert "• Med sal: sal-1@norddjurs.example, tirsdag den 24. juni 2025\n    Lokalet har sagt nej." in shown
    assert "• Rettet i hånden\n    Titel: " in shown


def test_what_waits_for_a_person_is_told_by_course_since_when_and_how_to_approve_it(world: World) -> None:
    """A course that nobody knows yet, and one that is written otherwise; not the one that is as it was approved."""
    begin(world, make_course("stille", enrolment=None), make_course("flyttet"))
    moved = make_course("flyttet", make_session(day="2025-06-26"), title="Flyttet kursus", responsible="anna@norddjurs.example")
    world.write(make_plan(make_course("stille", enrolment=None), moved, make_course("nyt"), audiences=people(*EVERYBODY), holidays="DK"))
    world.settings["APPROVAL"] = "plan"
    world.move_clock("2025-05-15T10:00:00+02:00")
    assert world.run("run", **WEEKLY).code == 3
    own = {row["course"]: row["checksum"] for row in world.preview().json["courses"] if row["approval"] == "needed"}
    assert own.keys() == {"flyttet", "nyt"}
    world.move_clock(MONDAY)
    told = reports(world, world.run("report", "--send", **WEEKLY))
    for address, course in (("anna@norddjurs.example", "flyttet"), (HR, "nyt")):
        assert "Har ventet siden torsdag den 15. maj 2025 kl. 10.00." in told[address]
        assert "Venter, fordi planen er ændret" in told[address]
        assert [one for one, checksum in own.items() if checksum in told[address]] == [course]
    assert f"{len(EVERYBODY)} mails til {len(EVERYBODY)} personer." in told[HR]
    (shown,) = (one["pending"]["courses"] for one in world.run("report", "--format", "json").json if one["address"] == HR)
    assert [(one["course"], one["checksum"]) for one in shown] == [("nyt", own["nyt"])]
    assert world.run("approve", own["nyt"]).code == 0
    assert own["nyt"] not in world.run("report").out


def test_what_is_coming_and_who_missed_a_reminder_stand_in_it(world: World) -> None:
    rules = [
        {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "channels": ["mail"], "template": "practical"},
        {"id": "i-morgen", "before": "start", "days": 1, "at": "12:00", "to": "registered", "channels": ["mail"], "template": "tomorrow"},
    ]
    begin(world, make_course("kursus", enrolment=None), reminders=rules, sending={"max_per_week": 1})
    for person in (ANNA, DORTE):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.move_clock("2025-06-10T07:31:00+02:00")
    told = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert "Praktisk: Kursus onsdag den 11. juni 2025 2" in told
    assert "I morgen: Kursus" not in told
    world.move_clock("2025-06-12T09:00:00+02:00")
    world.run("send")
    world.move_clock("2025-06-17T12:00:00+02:00")
    world.run("send")
    told = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert "Påmindelser, der ikke blev sendt Modtagerne havde" in told
    assert f"I morgen: Kursus {ANNA}, {DORTE}" in told


@pytest.mark.parametrize("waits", [False, True], ids=["nothing waits", "a change waits"])
def test_a_course_is_called_what_it_is_called_in_outlook_where_that_is_kept(world: World, waits: bool) -> None:
    """In the report as in mails, pages and lists; the plan's own title stands only where the two are compared."""
    begin(world, make_course("kursus", enrolment=DEADLINE | {"capacity": 3}, title="Planens titel"))
    answer(world, "kursus/dag", ANNA, "accept")
    world.tenant.people.edit(world.event("kursus/dag"), {"subject": "Ledernes dag"})
    world.run("responses")
    if waits:
        world.settings["APPROVAL"] = "plan"
        moved = make_course("kursus", make_session(day="2025-06-19"), enrolment=DEADLINE | {"capacity": 3}, title="Planens titel")
        world.write(make_plan(moved, audiences=people(*EVERYBODY), holidays="DK"))
        world.run("run")
    world.move_clock(MONDAY)
    (told,) = world.run("report", "--format", "json").json
    named = [*(told["pending"]["courses"] if waits else ()), *told["clashes"], *told["answers"], *told["silent"], *told["seats"]]
    assert {one["title"] for one in named} == {"Ledernes dag"}
    assert [bool(told[part]) for part in ("clashes", "answers", "silent", "seats")] == [True] * 4
    mailed = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert mailed.replace("Titel: »Ledernes dag« i Outlook, »Planens titel« i planen", "").count("Planens titel") == 0


def test_names_and_titles_are_text_whatever_is_in_them(world: World) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    person = {"email": ANNA, "name": nasty}
    begin(world, make_course("kursus", title=nasty, enrolment=None), audiences={"ledere": {"people": [person]}})
    answer(world, "kursus/dag", ANNA, "decline")
    world.run("responses")
    world.move_clock(MONDAY)
    shown = world.run("report", "--format", "html")
    assert "<img" not in shown.out
    assert shown.out.count("&lt;img src=x onerror=alert(1)&gt;") >= 3
    (mail,) = world.run("report", "--send", **WEEKLY).mails
    assert "<img" not in html_of(world, mail)


def test_it_can_be_read_at_any_time_without_writing_anything(world: World) -> None:
    begin(world, make_course("kursus", enrolment=DEADLINE))
    ran = world.run("report", "--format", "json")
    assert {entry.method for entry in ran.requests} == {"GET"}
    (told,) = ran.json
    assert (told["address"], told["is_worth_sending"], told["silent"][0]["count"]) == (HR, True, 4)
    assert told["silent"][0]["deadline"] == "2025-06-04T12:00:00"
    assert world.run("report", "--format", "html", "--out", "rapport.html").out == "rapport.html er skrevet.\n"
    assert (world.folder / "rapport.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert world.run("report", "--send", "--format", "json").code == 2
    assert world.run("messages").out == "Der er ingen beskeder endnu.\n"


def test_a_report_that_could_not_go_waits_for_the_hours_and_is_overtaken_by_the_next(world: World) -> None:
    begin(world, make_course("kursus", enrolment=DEADLINE))
    world.move_clock(MONDAY)
    world.tenant.faults.add(method="POST", path="/messages$", status=503, retry_after="0", times=None)
    assert world.run("report", "--send", **DAILY, GRAPH__RETRY_BUDGET_SECONDS="0").code == 4
    world.tenant.faults.clear()
    world.move_clock("2025-05-20T03:00:00+02:00")
    assert reports(world, world.run("report", "--send", **DAILY)) == {}
    world.move_clock(TUESDAY)
    assert reports(world, world.run("report", "--send", **DAILY)).keys() == {HR}
    assert reports(world, world.run("report", "--send", **DAILY)) == {}


def test_one_that_the_mailbox_has_no_room_for_waits_for_it(world: World) -> None:
    """Two readers, and one recipient a day."""
    few = WEEKLY | {"MAILBOX__RECIPIENTS_PER_DAY": "1"}
    begin(world, make_course("kursus", responsible=LINE, enrolment=DEADLINE), make_course("andet", enrolment=DEADLINE))
    world.move_clock(MONDAY)
    first = world.run("report", "--send", **few)
    assert (first.code, first.out) == (6, "1 rapport er sendt.\n")
    assert "1 rapport venter, til postkassen må sende igen." in first.err
    world.move_clock(TUESDAY)
    second = world.run("report", "--send", **few)
    assert second.code == 0
    assert reports(world, first).keys() | reports(world, second).keys() == {HR, LINE}
    assert reports(world, world.run("report", "--send", **few)) == {}


def test_a_draft_that_waits_is_finished(world: World) -> None:
    begin(world, make_course("kursus", enrolment=DEADLINE))
    world.move_clock(MONDAY)
    world.tenant.faults.add(method="POST", path="/send$", status=503, retry_after="0", times=None)
    assert world.run("report", "--send", **WEEKLY, GRAPH__RETRY_BUDGET_SECONDS="0").code == 4
    world.tenant.faults.clear()
    for command in (("send",), ("responses",), ("sync", "--yes")):
        assert reports(world, world.run(*command)) == {}
    world.move_clock(TUESDAY)
    assert reports(world, world.run("report", "--send", **WEEKLY)).keys() == {HR}
    assert reports(world, world.run("report", "--send", **WEEKLY)) == {}


@SWEPT
def test_killed_at_any_request_it_is_sent_once(make_world: Callable[..., World], each: int) -> None:
    world = make_world(leaders=0)
    world.settings = WEEKLY
    begin(world, make_course("kursus", responsible=LINE, enrolment=DEADLINE), make_course("andet", enrolment=DEADLINE))
    world.move_clock(MONDAY)
    world.tenant.mail_log.clear()
    before = AsItWas(world)
    requests = world.run("report", "--send").requests
    wanted = sorted((mail.to, mail.subject) for mail in world.tenant.mail_log.to_people())
    assert len(wanted) == 2
    for killed in killed_at_each(before, requests, each, "report", "--send"):
        world.run("report", "--send")
        world.run("report", "--send")
        assert sorted((mail.to, mail.subject) for mail in world.tenant.mail_log.to_people()) == wanted, killed
