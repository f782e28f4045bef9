"""Reminders from end to end: who is reminded of what, when, once, and of nothing that is no longer true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.domain.people import Language
from bot.domain.templates import MessageKind
from tests.e2e.hr_report import html_of
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.reminders import AT_ONCE, DEADLINE, RULES, begin, course
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, WEB, answer, choosing, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import World


def test_each_is_reminded_of_what_concerns_them_once(world: World) -> None:
    """The silent are asked three working days ahead (5 June is one); who comes is told in time; who said no is left in peace."""
    begin(world, course(evaluation="https://evaluering.example/kursus"))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "decline")
    answer(world, "kursus/dag", CARL, "tentative")
    world.run("responses")
    world.move_clock("2025-05-30T08:59:00+02:00")
    assert subjects(world.run("send")) == []
    world.move_clock("2025-05-30T09:00:00+02:00")
    sent = world.run("send", "--format", "json")
    assert subjects(sent) == [("dorte", "Husk at svare: Kursus")]
    asked = {
        "rule": "svar", "session": "demo/kursus/main/dag", "email": DORTE, "channel": "mail", "due_at": "2025-05-30T07:00:00Z",
        "expires_at": "2025-06-04T10:00:00Z", "template": "please_answer", "state": "sent",
    }  # fmt: skip
    # The rule says Teams too, which nobody has set up: that line is listed with the reason.
    assert sent.json == [asked, asked | {"channel": "teams", "state": "skipped", "reason": "teams_not_set_up"}]
    assert "Ikke sendt: Teams er ikke sat op, så den sendes kun som mail" in world.run("reminders").out
    assert subjects(world.run("send")) == []
    world.move_clock("2025-06-11T10:00:00+02:00")
    assert subjects(world.run("send")) == [("anna", "Praktisk om Kursus")]
    world.move_clock("2025-06-17T12:01:00+02:00")
    assert subjects(world.run("run")) == [("anna", "I morgen: Kursus"), ("carl", "I morgen: Kursus")]
    world.move_clock("2025-06-18T14:00:00+02:00")
    assert subjects(world.run("send")) == [("anna", "Hvad synes du om Kursus?")]
    world.move_clock("2025-06-25T14:00:00+02:00")
    assert subjects(world.run("run")) == []


def test_the_evaluation_is_asked_for_again_once_and_then_there_is_silence(world: World) -> None:
    """A second rule with `follow_up`; where there is nothing to evaluate, one thanks is enough."""
    again = [rule | {"id": f"evaluering-{days}", "hours": None, "days": days, "at": "09:00"} for days in (7, 9) for rule in RULES[-1:]]
    rules = [*RULES, *({name: value for name, value in rule.items() if value} for rule in again)]
    evaluated = course(enrolment=None, evaluation="https://evaluering.example/kursus")
    begin(world, evaluated, make_course("uden", make_session(day="2025-06-18", start="13:00", end="14:00")), reminders=rules)
    for which in ("kursus/dag", "uden/dag"):
        answer(world, which, ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-18T17:00:00+02:00")
    assert [who for who, _ in subjects(world.run("send"))] == ["anna"]
    world.move_clock("2025-06-25T09:00:00+02:00")
    assert subjects(world.run("send")) == [("anna", "Vi mangler stadig din mening om Kursus")]
    for day in ("2025-06-27", "2025-07-02"):
        world.move_clock(f"{day}T12:00:00+02:00")
        assert subjects(world.run("send")) == []


@pytest.mark.crossed
@pytest.mark.parametrize(
    "first", [{"to": "registered", "channels": ["channel"]}, {"to": "speakers", "channels": ["mail"]}], ids=["post", "speakers"]
)
@pytest.mark.parametrize(
    ("evaluation", "subject"),
    [(None, "Tak for din deltagelse: Kursus"), ("https://e.example/x", "Hvad synes du om Kursus?")],
    ids=["without", "with"],
)
def test_thanks_to_others_first_are_not_the_participants(
    world: World, first: dict[str, object], evaluation: str | None, subject: str
) -> None:
    thanks = {"after": "end", "hours": 1, "template": "follow_up"}
    rules = [{"id": "tak", **thanks, **first}, {"id": "evaluering", **thanks, "to": "registered", "channels": ["mail"]}]
    speakers = [{"name": "Taler", "email": "taler@firma.example"}]
    begin(world, course(enrolment=None, speakers=speakers, teams_channel="ledere", evaluation=evaluation), reminders=rules)
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-18T15:00:00+02:00")
    sent = world.run("send")
    assert [words for who, words in subjects(sent) if who == "anna"] == [subject]


@pytest.mark.parametrize("web", [{}, WEB], ids=["without pages", "with pages"])
def test_who_gave_a_date_up_is_shown_the_open_ones_and_a_way_to_them(world: World, web: dict[str, str]) -> None:
    """Anna's yes took her off the other date, so no invitation of hers can be answered; Dorte has both, and is sent to them."""
    world.settings |= web
    world.write(make_plan(choosing(capacity=2, **DEADLINE), audiences=people(*EVERYBODY), holidays="DK", reminders=RULES[:1]))
    world.sync()
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    answer(world, "kursus/hold-1/dag", ANNA, "decline")
    world.run("responses")
    world.move_clock("2025-05-30T09:00:00+02:00")
    sent = world.run("send")
    texts = {mail.to: html_of(world, mail) for mail in sent.mails}
    assert {ANNA, DORTE} <= texts.keys()
    assert "Hold 2:</strong> onsdag den 25. juni 2025" in texts[ANNA]
    assert "Hold 1:" not in texts[ANNA]
    assert "i invitationen" not in texts[ANNA]
    assert ("Vælg dit hold på din egen side" in texts[ANNA], "hvilket hold du gerne vil på" in texts[ANNA]) == (bool(web), not web)
    assert "i invitationen i din kalender" in texts[DORTE]


def test_a_moved_session_is_reminded_of_anew_and_not_before_people_know(world: World) -> None:
    begin(world, course(enrolment=None))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T10:00:00+02:00")
    assert subjects(world.run("send")) == [("anna", "Praktisk om Kursus")]
    moved = make_plan(course(make_session(day="2025-06-20"), enrolment=None), audiences=people(*EVERYBODY), holidays="DK", reminders=RULES)
    world.write(moved)
    world.move_clock("2025-06-13T10:00:00+02:00")
    waits = world.run("send", "--format", "json")
    assert (subjects(waits), {(one["state"], one["reason"]) for one in waits.json}) == ([], set())
    listed = world.run("reminders", "--format", "json").json
    coming = {(one["rule"], one["state"]) for one in listed if one["channel"] == "mail"}
    assert ("praktisk", "scheduled") not in coming, "the new date is not in force, and of the old one they are told"
    world.sync()
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    assert subjects(world.run("send")) == [("anna", "Praktisk om Kursus")]
    assert subjects(world.run("send")) == []


def test_several_on_one_day_are_one_mail(world: World) -> None:
    """Two courses the same day, and what falls due at noon goes with what is due at nine."""
    begin(world, course(enrolment=None), make_course("andet", make_session(day="2025-06-12", start="13:00", end="15:00")))
    for which in ("kursus/dag", "andet/dag"):
        answer(world, which, ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    sent = world.run("send", "--format", "json")
    assert subjects(sent) == [("anna", "Husk dine kurser: Andet, Kursus")]
    assert {(one["rule"], one["session"], one["state"]) for one in sent.json if one["channel"] == "mail"} == {
        ("i-morgen", "demo/andet/main/dag", "sent"),
        ("praktisk", "demo/andet/main/dag", "sent"),
        ("praktisk", "demo/kursus/main/dag", "sent"),
    }
    world.move_clock("2025-06-11T12:30:00+02:00")
    assert subjects(world.run("send")) == []


def test_who_has_changed_their_mind_meanwhile_gets_nothing_of_the_old_kind(world: World) -> None:
    """Mails that could not go while Graph was away are made anew from what is true when it is back."""
    begin(world, course(enrolment=None))
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    world.tenant.faults.add(method="POST", path="/messages$", status=503, retry_after="0", times=None)
    assert world.run("send", **AT_ONCE).code == 4
    world.tenant.faults.clear()
    answer(world, "kursus/dag", BO, "decline")
    world.run("responses")
    assert subjects(world.run("send")) == [("anna", "Praktisk om Kursus")]


@pytest.mark.parametrize("then", ["declined", "renamed", "cancelled"])
def test_what_was_begun_while_graph_was_away_goes_only_while_it_is_true(world: World, then: str) -> None:
    """The first mail was under way: no draft was made, and by the next round there is nothing to remind of."""
    begin(world, course(enrolment=None))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    world.tenant.faults.add(method="POST", path="/messages$", status=503, retry_after="0", times=None)
    assert world.run("send", **AT_ONCE).code == 4
    world.tenant.faults.clear()
    if then == "declined":
        answer(world, "kursus/dag", ANNA, "decline")
    else:
        changed = course(make_session("nyt-navn"), enrolment=None) if then == "renamed" else course(enrolment=None, status="cancelled")
        world.write(make_plan(changed, audiences=people(*EVERYBODY), holidays="DK", reminders=RULES))
        world.approve()
    ran = world.run("send")
    # Under a new id it is another date, that Anna is invited to and is told of once.
    assert (ran.code, subjects(ran)) == (0, [("anna", "Praktisk om Kursus")] if then == "renamed" else [])


@pytest.mark.parametrize(("declines", "goes"), [(True, []), (False, [("anna", "Praktisk om Kursus")])])
def test_a_draft_that_waits_is_sent_within_the_hours_and_only_while_it_is_true(world: World, declines: bool, goes: list[object]) -> None:
    begin(world, course(enrolment=None))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    world.tenant.faults.add(method="POST", path="/send$", status=503, retry_after="0", times=None)
    assert world.run("send", **AT_ONCE).code == 4
    world.tenant.faults.clear()
    world.move_clock("2025-06-12T03:00:00+02:00")
    assert subjects(world.run("send")) == []
    if declines:
        answer(world, "kursus/dag", ANNA, "decline")
    world.move_clock("2025-06-12T09:00:00+02:00")
    assert subjects(world.run("send")) == goes
    assert subjects(world.run("send")) == []


def test_an_answer_given_since_the_last_round_counts(world: World) -> None:
    """Nobody is asked for what they have just answered, nor reminded of what they have just given up; seats are decided elsewhere."""
    begin(world, course(enrolment=DEADLINE | {"capacity": 1, "waiting_list": True, "waiting_list_until": "2025-06-16T12:00"}))
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.move_clock("2025-05-30T08:55:00+02:00")
    answer(world, "kursus/dag", CARL, "decline")
    world.move_clock("2025-05-30T09:00:00+02:00")
    sent = world.run("send")
    assert subjects(sent) == [("dorte", "Husk at svare: Kursus")]
    read = [one for one in sent.requests if one.method == "GET" and one.path != "/users"]
    assert len(read) == 2, "the answers, and what was written with them; whose the mailbox is, is looked up once a day"
    world.move_clock("2025-06-11T08:55:00+02:00")
    answer(world, "kursus/dag", ANNA, "decline")
    world.move_clock("2025-06-11T09:00:00+02:00")
    assert subjects(world.run("send")) == []
    assert subjects(world.run("run")) == [("bo", "Der er en plads til dig: Kursus"), ("bo", "Praktisk om Kursus")]
    assert [entry.path.rpartition("/mailFolders/")[2] for entry in world.run("send").requests] == ["inbox/messages"]


def test_nobody_is_written_to_at_night_or_more_than_the_week_allows(world: World) -> None:
    begin(world, course(enrolment=None), sending={"max_per_week": 1})
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T22:00:00+02:00")
    night = world.run("send", "--format", "json")
    no_teams = ("skipped", "teams_not_set_up")
    assert (subjects(night), [(one["state"], one["reason"]) for one in night.json]) == ([], [("due", "outside_hours"), no_teams])
    world.move_clock("2025-06-12T07:00:00+02:00")
    assert subjects(world.run("send")) == [("anna", "Praktisk om Kursus")]
    world.move_clock("2025-06-17T12:00:00+02:00")
    full = world.run("send", "--format", "json")
    assert (subjects(full), [(one["state"], one["reason"]) for one in full.json]) == ([], [("skipped", "week_is_full"), no_teams])
    assert subjects(world.run("send")) == []


def test_what_is_coming_is_told_with_names_and_reasons(world: World) -> None:
    begin(world, course())
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    told = world.run("reminders", "--due-before", "2025-06-12")
    assert "30-05-2025 kl. 09.00  Husk at svare: Kursus (main/dag, svar)" in told.out
    assert "Til 3 (har ikke svaret): " in told.out
    first = "11-06-2025 kl. 09.00  Praktisk: Kursus (main/dag, praktisk)"
    assert f"{first}\n    Til 1 (tilmeldt): anna@partner.example\n    Planlagt" in told.out
    assert "I morgen" not in told.out
    assert told.requests == ()
    wrong = world.run("reminders", "--due-before", "i morgen")
    assert (wrong.code, "»i morgen« er ikke et tidspunkt" in wrong.err) == (2, True)
    assert world.run("reminders", "--due-before", "2025-05-01").out == "Der er ingen beskeder på vej.\n"


def test_who_was_asked_to_choose_by_link_is_reminded_with_the_link(world: World) -> None:
    offerings = [
        {"id": f"hold-{number}", "title": f"Hold {number}", "sessions": [make_session(day=f"2025-06-{17 + number}")]} for number in (1, 2)
    ]
    chooses = make_course("kursus", offerings=offerings, enrolment={"mode": "choose", "via": "link", **DEADLINE})
    world.settings = WEB
    begin(world, chooses)
    world.move_clock("2025-05-30T09:00:00+02:00")
    sent = world.run("send")
    assert subjects(sent) == [(person.partition("@")[0], "Husk at svare: Kursus") for person in EVERYBODY]


def test_every_message_is_accounted_for_with_the_reason(world: World) -> None:
    """Three of one kind: sent, skipped for the week, and too late."""
    begin(world, course(enrolment=None), sending={"max_per_week": 1})
    assert world.run("messages").out == "Der er ingen beskeder endnu.\n"
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-12T09:00:00+02:00")
    world.run("send")
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    world.move_clock("2025-06-18T13:00:00+02:00")
    world.run("send")
    assert [(one["kind"], one["expected"], one["sent"], one["expired"]) for one in world.run("messages", "--format", "json").json] == [
        ("practical", 4, 1, 1),
        ("tomorrow", 4, 0, 2),
    ]
    told = world.run("messages").out
    assert "Praktisk: 4 (sendt 1, sprunget over 2, for sent 1)\n" in told
    assert "    1: det blev for sent\n" in told
    assert "    2: Teams er ikke sat op, så den sendes kun som mail\n" in told


def test_the_plans_own_messages_are_written_to_read_through(world: World) -> None:
    """The invitation too, to people of this plan, by course and rule, with when and to whom, and nothing is sent."""
    begin(world, course(description="Tag **madpakke** med."), make_course("senere", make_session(day="2025-09-01"), status="proposed"))
    ran = world.run("messages", "--preview", "beskeder")
    assert (ran.code, ran.requests, "index.html" in ran.out) == (0, (), True)
    folder = world.folder / "beskeder"
    codes = ["invitation", "please_answer", "practical", "tomorrow", "follow_up"]
    names = [f"kursus-{number:02}-{code}" for number, code in enumerate(codes, 1)]
    names += [f"senere-{number:02}-{code}" for number, code in enumerate(["invitation", "practical", "tomorrow", "follow_up"], 1)]
    assert {path.name for path in folder.iterdir()} == {"index.html"} | {f"{name}.{form}" for name in names for form in ("html", "txt")}
    index = (folder / "index.html").read_text(encoding="utf-8")
    said = ("Det får folk at vide – Demokommunen", "<strong>madpakke</strong>", "Husk at svare: Kursus", "onsdag den 18. juni 2025 kl.")
    for told in (*said, "3 arbejdsdage før svarfristen: fredag den 30. maj 2025", "dem, der skal svare og ikke har gjort det"):
        assert told in index
    assert "Anna Eksempel" in (folder / names[1]).with_suffix(".txt").read_text(encoding="utf-8")
    assert "please_answer" not in (folder / "kursus-02-please_answer.txt").read_text(encoding="utf-8")


def test_how_the_messages_read_is_written_to_files(world: World) -> None:
    begin(world, course())
    wrong = world.run("messages", "--examples")
    assert (wrong.code, "messages --preview MAPPE --examples" in wrong.err) == (2, True)
    ran = world.run("messages", "--preview", "beskeder", "--examples")
    names = {path.name for path in (world.folder / "beskeder").iterdir()}
    assert (ran.code, ran.requests, "index.html" in ran.out) == (0, (), True)
    kinds = [*(kind.value for kind in MessageKind), "follow_up-2", "changed-asked", "cancelled-asked"]
    assert names == {"index.html"} | {
        f"{kind}.{language.value}.{form}" for kind in kinds for language in Language for form in ("html", "txt")
    }
    index = (world.folder / "beskeder" / "index.html").read_text(encoding="utf-8")
    assert "Husk at svare: Et kursus som eksempel" in index
    assert "Demokommunen" in index
    assert "Plads på venteliste (da)" in index
    assert ">placed_in_line.da</a>: " not in index
    (world.folder / "fil").write_text("", encoding="utf-8")
    assert world.run("messages", "--preview", "fil").code == 2


def test_the_limit_of_mails_holds(world: World) -> None:
    begin(world, course(enrolment=None))
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    held = world.run("send", SAFETY__MAX_MAILS="1")
    assert (held.code, subjects(held), "(2)" in held.err) == (3, [], True)
    assert len(subjects(world.run("send"))) == 2


@pytest.mark.crossed
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("path", ["/messages$", "/send$"])
def test_a_lost_answer_is_looked_up_and_the_mail_goes_once(world: World, path: str, when: str) -> None:
    begin(world, course(enrolment=None))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    world.tenant.faults.add(method="POST", path=path, drop=True, when=when)
    first = world.run("send")
    again = world.run("send")
    assert [*subjects(first), *subjects(again)] == [("anna", "Praktisk om Kursus")]
    assert subjects(world.run("send")) == []


def test_on_a_plan_that_is_not_in_the_calendar_yet_the_way_on_is_told(world: World) -> None:
    world.write(make_plan(course(), audiences=people(ANNA), reminders=RULES))
    for command in ("reminders", "send"):
        ran = world.run(command)
        assert ran.code == 0
        assert "Der er intet i kalenderen for denne plan endnu. Kør »kursusbot sync« først." in ran.err
    world.sync()
    assert "Kør »kursusbot sync« først" not in world.run("reminders").err
