"""Seats, waiting lists and choices from end to end: answers in Outlook, what the calendar says, and whom it mails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import DOMAIN
from tests.e2e.as_it_was import played_once, synced
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, WEB, answer, begin, choosing, limited, statuses, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import World

GRAPH_FAILED = 4
STAFF, FORMER, STAYS = f"stab@{DOMAIN}", f"fratraadt@{DOMAIN}", f"bliver@{DOMAIN}"


def test_who_accepts_when_it_is_full_waits_and_the_first_in_line_gets_the_free_seat(world: World) -> None:
    """One seat: the second waits, is told, and is off the event; when the first declines, the second is on it."""
    begin(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    answer(world, "kursus/dag", CARL, "accept")
    ran = world.run("responses")
    assert ran.code == 0, ran.err
    assert statuses(world) == {"anna/main": "registered", "bo/main": "waitlisted 1", "carl/main": "waitlisted 2", "dorte/main": "invited"}
    assert ran.people_mailed == {(kind, who): 1 for kind in ("cancellation", "message") for who in (BO, CARL)}
    assert subjects(ran) == [("bo", "Du er på venteliste: Kursus"), ("carl", "Du er på venteliste: Kursus")]
    assert world.invited("kursus/dag") == {ANNA, DORTE}
    assert world.sync().json["changes"] == []
    answer(world, "kursus/dag", ANNA, "decline")
    ran = world.run("responses")
    assert statuses(world)["anna/main"] == "withdrawn"
    assert statuses(world)["bo/main"] == "registered"
    assert statuses(world)["carl/main"] == "waitlisted 1"
    assert ran.people_mailed == {("invitation", BO): 1, ("message", BO): 1}
    assert world.invited("kursus/dag") == {ANNA, BO, DORTE}
    assert world.sync().people_mailed == {}


def test_accepting_one_date_frees_the_others_and_mails_only_that_person(world: World) -> None:
    """Two dates: the one that is accepted stays, the other is taken out of that person's calendar only."""
    begin(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    ran = world.run("responses")
    assert ran.people_mailed == {("cancellation", ANNA): 1}
    assert world.invited("kursus/hold-1/dag") == set(EVERYBODY)
    assert world.invited("kursus/hold-2/dag") == {BO, CARL, DORTE}
    assert {key: value for key, value in statuses(world).items() if key.startswith("anna")} == {"anna/hold-1": "registered"}
    assert world.preview().json["changes"] == []


def test_of_two_dates_accepted_before_anything_was_read_the_latest_counts(world: World) -> None:
    begin(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    answer(world, "kursus/hold-2/dag", ANNA, "accept")
    ran = world.run("responses")
    assert ran.people_mailed == {("cancellation", ANNA): 1}
    assert ANNA not in world.invited("kursus/hold-1/dag")
    assert ANNA in world.invited("kursus/hold-2/dag")


def test_a_preview_shows_the_seats_that_will_move_and_the_mails_that_follow(world: World) -> None:
    """The answers are there and not yet collected: preview and sync count the same mails, and they are those sent."""
    begin(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    shown = world.preview().json
    assert [(one["action"], one["reason"], one["remove"]) for one in shown["changes"]] == [("invite", "seats", [BO])]
    assert [(one["kind"], one["email"]) for one in shown["messages"]] == [("placed_in_line", BO)]
    assert shown["mails"] == 2
    text = world.run("preview").out
    assert "På venteliste: " in text
    ran = world.sync("--approve", shown["checksum"])
    assert ran.people_mailed == {("cancellation", BO): 1, ("message", BO): 1}
    assert world.sync().people_mailed == {}


def test_lowering_the_capacity_throws_nobody_out_and_raising_it_lets_the_line_move(world: World) -> None:
    begin(world, limited(2))
    for person in (ANNA, BO, CARL):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.write(make_plan(limited(1), audiences=people(*EVERYBODY)))
    ran = world.sync()
    assert ran.people_mailed == {}
    assert statuses(world)["bo/main"] == "registered"
    assert "2 tilmeldte til 1 plads" in world.run("preview").out
    world.write(make_plan(limited(3), audiences=people(*EVERYBODY)))
    assert world.sync().people_mailed == {("invitation", CARL): 1, ("message", CARL): 1}
    assert statuses(world)["carl/main"] == "registered"


@pytest.mark.parametrize(
    ("late", "status", "subject"),
    [
        ("accept", "registered", None),
        ("waitlist", "waitlisted 1", "Du er på venteliste: Kursus"),
        ("refuse", "declined", "Fristen er gået: Kursus"),
    ],
)
def test_an_answer_after_the_deadline_does_what_the_plan_says_and_is_flagged(
    world: World, late: str, status: str, subject: str | None
) -> None:
    begin(world, limited(3, deadline="2025-04-01T12:00", late=late))
    world.move_clock("2025-04-02T09:00:00+02:00")
    answer(world, "kursus/dag", ANNA, "accept")
    ran = world.run("responses")
    assert statuses(world)["anna/main"] == status
    assert [told for _, told in subjects(ran)] == ([subject] if subject else [])
    rows = world.run("registrations", "--format", "json").json
    assert [row["late"] for row in rows if row["email"] == ANNA] == [True]


def test_after_the_deadline_those_who_chose_nothing_are_spread_over_the_free_seats(world: World) -> None:
    """Two seats on each date, one taken: the others go where most are free, and each is told."""
    begin(world, choosing(capacity=2, deadline="2025-04-01T12:00", unanswered="assign"))
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-04-02T09:00:00+02:00")
    shown = world.preview().json
    assert sorted((one["email"], one["offering"]) for one in shown["messages"]) == [(BO, "hold-2"), (CARL, "hold-1"), (DORTE, "hold-2")]
    ran = world.sync()
    assert ran.json["mails"] == sum(ran.people_mailed.values()) == 6
    assert statuses(world) == {
        "anna/hold-1": "registered",
        "bo/hold-2": "registered",
        "carl/hold-1": "registered",
        "dorte/hold-2": "registered",
    }
    assert world.sync().people_mailed == {}


def test_after_the_deadline_invitations_that_nobody_answered_are_released(world: World) -> None:
    begin(world, choosing(deadline="2025-04-01T12:00", unanswered="release"))
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-04-02T09:00:00+02:00")
    ran = world.run("responses")
    assert ran.people_mailed == {("cancellation", who): 2 for who in (BO, CARL, DORTE)}
    assert statuses(world) == {"anna/hold-1": "registered"}


def test_a_leaver_frees_the_seat_without_a_mail_to_others(world: World) -> None:
    begin(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    world.write(make_plan(limited(1), audiences=people(BO, CARL, DORTE)))
    ran = world.sync()
    assert ran.people_mailed == {("cancellation", ANNA): 1, ("invitation", BO): 1, ("message", BO): 1}
    assert statuses(world) == {"anna/main": "withdrawn", "bo/main": "registered", "carl/main": "invited", "dorte/main": "invited"}


def test_a_leaver_who_accepts_before_the_calendar_could_be_written_leaves_all_the_same(world: World) -> None:
    """The sync that noticed it failed on that one event; the accept is of an invitation that they should not have had any more."""
    world.tenant.directory.add_group("Ledere", STAFF)
    for address in (FORMER, STAYS):
        world.tenant.directory.add_person(address.partition("@")[0].title(), address, STAFF)
    world.write(make_plan(make_course("kursus"), audiences={"ledere": {"groups": [STAFF]}}))
    world.sync()
    world.tenant.directory.leave(STAFF, FORMER)
    world.tenant.faults.add(method="PATCH", times=None, status=500)
    everybody = {"SAFETY__MAX_REMOVE_SHARE": "1", "GRAPH__RETRY_BUDGET_SECONDS": "0"}
    assert world.run("sync", "--yes", **everybody).code == GRAPH_FAILED
    world.tenant.faults.clear()
    answer(world, "kursus/dag", FORMER, "accept")
    assert world.run("responses").people_mailed == {}
    ran = world.sync("--yes", SAFETY__MAX_REMOVE_SHARE="1")
    assert ran.people_mailed == {("cancellation", FORMER): 1}
    assert world.invited("kursus/dag") == {STAYS}
    assert world.sync().json["changes"] == []


def test_who_waits_is_told_of_a_new_time_and_of_a_cancellation_once(world: World) -> None:
    """They are on no event, so Outlook tells them nothing; who is on it gets Outlook's own mail and no other."""
    begin(world, limited(1))
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    moved = limited(1) | {"sessions": [make_session(day="2025-06-19")]}
    world.write(make_plan(moved, audiences=people(*EVERYBODY)))
    foretold = world.preview()
    synced = world.approve()
    assert (foretold.json["mails"], subjects(synced)) == (4, [("bo", "Ny tid: Kursus")])
    assert synced.people_mailed == {("update", person): 1 for person in (ANNA, CARL, DORTE)} | {("message", BO): 1}
    assert world.sync().people_mailed == {}
    world.write(make_plan(moved | {"status": "cancelled"}, audiences=people(*EVERYBODY)))
    synced = world.approve()
    assert subjects(synced) == [("bo", "Aflyst: Kursus")]
    assert [world.sync().people_mailed, world.run("responses").people_mailed] == [{}, {}]


def in_line(world: World, *, more: tuple[dict[str, object], ...] = (), **changes: object) -> dict[str, object]:
    """Anna has the only seat, and Bo waits."""
    course = limited(1) | changes
    one_waits(world, make_plan(course, *more, audiences=people(*EVERYBODY)))
    return course


@played_once
def one_waits(world: World, plan: dict[str, object]) -> None:
    synced(world, plan)
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")


def test_who_waits_is_told_each_time_it_moves_also_back_and_forth(world: World) -> None:
    course = in_line(world)
    for day in ("2025-06-20", "2025-06-18", "2025-06-20", "2025-06-18"):
        world.write(make_plan(course | {"sessions": [make_session(day=day)]}, audiences=people(*EVERYBODY)))
        foretold = world.preview().json["mails"]
        synced = world.approve()
        assert subjects(synced) == [("bo", "Ny tid: Kursus")]
        assert sum(synced.people_mailed.values()) == foretold


@pytest.mark.parametrize("why", ["refused", "full"])
def test_who_waits_is_told_of_a_move_when_it_has_happened_and_not_before(world: World, why: str) -> None:
    """Outlook refuses the change, or the mailbox may mail nobody more today: the calendars are as they were, and so is the line."""
    course = in_line(world)
    moved = make_plan(course | {"sessions": [make_session(day="2025-06-20")]}, audiences=people(*EVERYBODY))
    world.write(moved)
    full = {"MAILBOX__RECIPIENTS_PER_DAY": "5"} if why == "full" else {}
    if why == "refused":
        world.tenant.faults.add(method="PATCH", path="/events/", status=403, times=None)
    assert world.run("sync", "--yes", **full).people_mailed == {}
    assert (subjects(world.run("responses", **full)), subjects(world.run("send", **full))) == ([], [])
    world.tenant.faults.clear()
    foretold = world.preview().json["mails"]
    synced = world.sync()
    assert (subjects(synced), sum(synced.people_mailed.values())) == ([("bo", "Ny tid: Kursus")], foretold)
    assert subjects(world.run("run")) == []


def test_what_was_to_move_and_was_taken_back_is_told_to_nobody(world: World) -> None:
    course = in_line(world)
    world.write(make_plan(course | {"sessions": [make_session(day="2025-06-20")]}, audiences=people(*EVERYBODY)))
    world.tenant.faults.add(method="PATCH", path="/events/", status=403, times=None)
    world.run("sync", "--yes")
    world.tenant.faults.clear()
    world.write(make_plan(course, audiences=people(*EVERYBODY)))
    assert (world.sync().people_mailed, subjects(world.run("run"))) == ({}, [])


GOING: dict[str, tuple[dict[str, object] | None, str]] = {
    "removed": (None, "Aflyst: Kursus"),
    "draft": ({"status": "draft"}, "Aflyst: Kursus"),
    "cancelled": ({"status": "cancelled"}, "Aflyst: Kursus"),
    "proposed": ({"status": "proposed"}, "Sat på pause: Kursus"),
    "undated": ({"sessions": [{"id": "dag", "period": "2025-H2"}]}, "Udsat: Kursus"),
    "another session": ({"sessions": [make_session("ny", day="2025-06-19")]}, "Ny tid: Kursus"),
}


@pytest.mark.parametrize(("change", "subject"), GOING.values(), ids=GOING)
def test_who_waits_is_told_whatever_way_a_course_goes(world: World, change: dict[str, object] | None, subject: str) -> None:
    """Its old date stands in the message, also when the plan does not have it any more."""
    other = make_course("andet", make_session(day="2025-06-27"))
    course = in_line(world, more=(other,))
    left = [course | change, other] if change is not None else [other]
    world.write(make_plan(*left, audiences=people(*EVERYBODY)))
    assert subjects(world.approve()) == [("bo", subject)]
    (body,) = [one.html for one in world.tenant.messages.messages.values() if one.subject == subject]
    assert ("19. juni" if "Ny tid" in subject else "18. juni 2025 kl. 09.00") in body.replace("\xa0", " ")
    assert subjects(world.run("run")) == []


def test_a_new_text_is_no_news_for_those_who_wait(world: World) -> None:
    begin(world, limited(1))
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.write(make_plan(limited(1) | {"description": "Ny tekst"}, audiences=people(*EVERYBODY)))
    assert subjects(world.approve()) == []


def test_sign_up_asks_everybody_once_and_joiners_too(world: World) -> None:
    """Nobody is on an event; each gets one message with a link of their own; who joins later gets it too."""
    course = make_course("kursus", enrolment={"mode": "signup", "deadline": "2025-05-01T12:00"})
    world.settings |= WEB
    world.write(make_plan(course, audiences=people(ANNA, BO)))
    ran = world.sync()
    assert subjects(ran) == [("anna", "Tilmeldingen er åben: Kursus"), ("bo", "Tilmeldingen er åben: Kursus")]
    assert world.invited("kursus/dag") == set()
    bodies = [message.html for message in world.tenant.messages.messages.values()]
    assert all("http://127.0.0.1:8080/p/" in body for body in bodies)
    assert not any(DOMAIN in body.partition("/p/")[2].partition('"')[0] for body in bodies)
    world.write(make_plan(course, audiences=people(ANNA, BO, CARL)))
    assert subjects(world.sync()) == [("carl", "Tilmeldingen er åben: Kursus")]
    assert world.sync().people_mailed == {}


def test_without_a_web_address_nobody_is_asked_and_hr_is_told(world: World) -> None:
    world.write(make_plan(make_course("kursus", enrolment={"mode": "signup"}), audiences=people(ANNA)))
    assert "KURSUSBOT_WEB__BASE_URL" in world.run("preview").out
    assert world.sync().people_mailed == {}


def test_hr_is_warned_in_time_when_too_few_have_enrolled_and_the_cancellation_is_prepared(world: World) -> None:
    """Three working days before the deadline (over a weekend) and at it; the command shows what approving would do."""
    course = limited(4, minimum=2, deadline="2025-04-01T12:00")
    begin(world, course)
    world.move_clock("2025-03-27T11:00:00+01:00")
    assert world.sync().people_mailed == {}
    world.move_clock("2025-03-27T13:00:00+01:00")
    ran = world.sync()
    assert subjects(ran) == [("hr", "For få tilmeldte: Kursus")]
    assert ran.mails[0].to == mail_of("hr")
    assert world.sync().people_mailed == {}
    prepared = world.run("preview", "--format", "json", "--if-cancelled", "kursus").json
    asked = world.run("preview", "--if-cancelled", "kursus").out
    assert "hvis planen sagde »aflyst« om kursus. Intet er ændret." in asked
    assert prepared["checksum"] in asked
    assert [(one["action"], one["mails"]) for one in prepared["changes"]] == [("cancel", 4)]
    world.write(make_plan({**course, "status": "cancelled"}, audiences=people(*EVERYBODY)))
    assert world.sync("--approve", prepared["checksum"]).people_mailed == {("cancellation", who): 1 for who in EVERYBODY}


def test_a_line_that_moves_too_late_waits_for_hr(world: World) -> None:
    """In the last day before the start nobody is put on a course by itself."""
    begin(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    world.move_clock("2025-06-17T20:00:00+02:00")
    answer(world, "kursus/dag", ANNA, "decline")
    world.run("responses")
    assert statuses(world)["bo/main"] == "waitlisted 1"


def test_what_a_round_could_not_write_the_next_round_does(world: World) -> None:
    """Without a sync in between."""
    begin(world, limited(1))
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    answer(world, "kursus/dag", ANNA, "decline")
    world.tenant.faults.add(method="PATCH", status=503, retry_after="0", times=None)
    assert world.run("responses", GRAPH__RETRY_BUDGET_SECONDS="0").code != 0
    world.tenant.faults.clear()
    ran = world.run("responses")
    assert (ran.code, ran.people_mailed["invitation", BO]) == (0, 1)
    assert world.run("responses").people_mailed == {}
    assert world.sync().people_mailed == {}
    assert statuses(world)["bo/main"] == "registered"
