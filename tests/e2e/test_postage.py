"""What a mailbox may send: nothing is lost by waiting, the most important goes first, and HR is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.as_it_was import played_once
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.reminders import AT_ONCE, RULES, begin, course
from tests.e2e.seats import ANNA, BO, CARL, EVERYBODY, answer, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import World

SEND_ONLY = {"MAILBOX__KEEPS_DRAFTS": "false"}
ONE_FOR_ALL = {"MAILBOX__ONE_FOR_ALL": "true"}
A_WEEK_BEFORE = "2025-06-11T09:00:00+02:00"


@played_once
def coming(world: World, *who: str) -> None:
    """A course in June that these people have accepted, a week before it."""
    begin(world, course(enrolment=None))
    for person in who:
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.move_clock(A_WEEK_BEFORE)


def reasons(world: World) -> set[tuple[str, str, int]]:
    accounts = world.run("messages", "--format", "json").json
    return {(one["state"], one["reason"], one["count"]) for kind in accounts for one in kind["reasons"]}


def test_invitations_beyond_the_day_wait_for_another_and_cancellations_do_not(world: World) -> None:
    """Ten recipients a day, two of them kept for cancellations: two courses of four go, the third waits."""
    courses = [make_course(f"kursus-{number}", make_session(day=f"2025-06-{17 + number}")) for number in range(3)]
    plan = make_plan(*courses, audiences=people(*EVERYBODY))
    world.write(plan)
    limits = {"MAILBOX__RECIPIENTS_PER_DAY": "10"}
    ran = world.sync(code=6, **limits)
    assert [one["outcome"] for one in ran.changes] == ["applied", "applied", "held"]
    assert "04-03-2025 kl. 09.00" in ran.changes[2]["error"]
    assert sum(ran.people_mailed.values()) == 8
    again = world.sync(code=6, **limits)
    assert ([one["outcome"] for one in again.changes], again.writes) == (["held"], ())
    text = world.run("sync", "--yes", **limits)
    assert (text.code, "kør igen efter 04-03-2025 kl. 09.00" in text.out) == (6, True)
    world.move_clock("2025-03-04T09:00:00+01:00")
    assert [one["outcome"] for one in world.sync(**limits).changes] == ["applied"]
    world.write(make_plan(*[{**one, "status": "cancelled"} for one in courses], audiences=people(*EVERYBODY)))
    cancelled = world.sync(code=6, **limits)
    assert [one["outcome"] for one in cancelled.changes] == ["applied", "held", "held"], "four of ten, and four are more than are left"


def test_reminders_beyond_the_day_wait_and_what_is_for_tomorrow_goes(world: World) -> None:
    """Two recipients a day, one of them kept: of three practical messages two wait, and one goes the day after."""
    coming(world, ANNA, BO, CARL)
    limits = {"MAILBOX__RECIPIENTS_PER_DAY": "2", "MAILBOX__RESERVED_SHARE": "0.5"}
    first = world.run("send", "--format", "json", **limits)
    assert (first.code, len(subjects(first))) == (6, 1)
    mails = [one for one in first.json if one["channel"] == "mail"]
    assert sorted((one["state"], one.get("reason")) for one in mails) == [("due", "day_is_full")] * 2 + [("sent", None)]
    assert subjects(world.run("send", **limits)) == []
    text = world.run("send", **limits)
    assert "så mange mails, som den må på et døgn" in text.out
    world.move_clock("2025-06-12T09:00:00+02:00")
    assert len(subjects(world.run("send", **limits))) == 1
    world.move_clock("2025-06-17T12:00:00+02:00")
    last_day = world.run("send", **limits)
    assert (last_day.code, len(subjects(last_day))) == (6, 2), "what is worth nothing tomorrow may use the whole of it"


def test_one_mail_for_all_reaches_each_once_and_counts_for_each(world: World) -> None:
    coming(world, ANNA, BO, CARL)
    ran = world.run("send", "--format", "json", **ONE_FOR_ALL)
    assert subjects(ran) == [(name, "Praktisk om Kursus") for name in ("anna", "bo", "carl")]
    assert len(ran.writes) == 2, "one draft, sent once"
    assert {(one["channel"], one["state"]) for one in ran.json} == {("mail", "sent"), ("teams", "skipped")}
    (account,) = [one for one in world.run("messages", "--format", "json").json if one["kind"] == "practical"]
    assert (account["expected"], account["sent"], account["skipped"]) == (6, 3, 3), "the rule says Teams too, and nobody has set it up"
    assert subjects(world.run("send", **ONE_FOR_ALL)) == []


def test_a_draft_for_all_is_not_sent_when_it_is_no_longer_true_for_one(world: World) -> None:
    """The others get it all the same, and the one who has declined does not."""
    coming(world, ANNA, BO, CARL)
    world.tenant.faults.add(method="POST", path="/send$", status=503, retry_after="0", times=None)
    assert world.run("send", **ONE_FOR_ALL, GRAPH__RETRY_BUDGET_SECONDS="0").code == 4
    world.tenant.faults.clear()
    answer(world, "kursus/dag", BO, "decline")
    world.run("responses")
    sent = [*subjects(world.run("send", **ONE_FOR_ALL)), *subjects(world.run("send", **ONE_FOR_ALL))]
    assert sent == [("anna", "Praktisk om Kursus"), ("carl", "Praktisk om Kursus")]
    assert ("skipped", "no_longer_true", 1) in reasons(world)


def test_with_mail_send_alone_each_goes_with_one_request(world: World) -> None:
    coming(world, ANNA, BO)
    world.tenant.settings.roles = frozenset({"Calendars.ReadWrite", "GroupMember.Read.All", "User.Read.All", "Mail.Send"})
    ran = world.run("send", **SEND_ONLY)
    assert (ran.code, subjects(ran)) == (0, [("anna", "Praktisk om Kursus"), ("bo", "Praktisk om Kursus")])
    assert {entry.path.rpartition("/")[2].lower() for entry in ran.writes} == {"sendmail"}


def test_with_mail_send_alone_a_lost_answer_is_shown_as_uncertain_and_never_repeated(world: World) -> None:
    """Whether it went nobody can see; a second mail would be worse, and HR can look."""
    coming(world, ANNA, BO)
    world.tenant.faults.add(method="POST", path="/sendMail$", status=504, when="after", times=1)
    ran = world.run("send", "--format", "json", **SEND_ONLY)
    assert ran.code in {4, 6}
    for _ in range(2):
        world.run("send", **SEND_ONLY)
    got = [who for run in world.ran for who, _ in subjects(run)]
    assert sorted(got) == ["anna", "bo"]
    assert reasons(world) == {("uncertain", "no_receipt", 1), ("skipped", "teams_not_set_up", 2)}
    listed = world.run("reminders", "--format", "json").json
    assert [one["reason"] for one in listed if one["state"] == "uncertain"] == ["no_receipt"]
    assert subjects(world.run("send")) == [], "not either when drafts are allowed later"


def test_what_graph_refuses_without_drafts_was_not_sent_and_goes_later(world: World) -> None:
    coming(world, ANNA)
    world.tenant.faults.add(method="POST", path="/sendMail$", status=403, times=1)
    assert world.run("send", **SEND_ONLY).code == 4
    assert subjects(world.run("send", **SEND_ONLY)) == [("anna", "Praktisk om Kursus")]


def test_after_a_switch_to_mail_send_alone_what_had_begun_goes_too(world: World) -> None:
    """Reading the mailbox is refused; a message that has no draft was never sent."""
    coming(world, ANNA, BO)
    world.tenant.faults.add(path="/messages", status=403, times=None)
    assert (world.run("send").code, subjects(world.ran[-1])) == (4, [])
    assert subjects(world.run("send", **SEND_ONLY)) == [("anna", "Praktisk om Kursus"), ("bo", "Praktisk om Kursus")]
    assert subjects(world.run("send", **SEND_ONLY)) == []


def test_one_mail_for_all_that_is_refused_when_it_is_sent_goes_one_by_one(world: World) -> None:
    coming(world, ANNA, BO, CARL)
    world.tenant.faults.add(method="POST", path="/send$", status=400, times=1)
    ran = world.run("send", **ONE_FOR_ALL)
    assert (ran.code, subjects(ran)) == (0, [(name, "Praktisk om Kursus") for name in ("anna", "bo", "carl")])
    assert subjects(world.run("send", **ONE_FOR_ALL)) == []


def test_who_has_been_erased_gets_no_mail_that_was_begun_for_all(world: World) -> None:
    """Anna stands on the draft: it stays where it is, and the others get another."""
    coming(world, ANNA, BO, CARL)
    world.tenant.faults.add(method="POST", path="/send$", status=503, retry_after="0", times=None)
    world.run("send", **ONE_FOR_ALL, GRAPH__RETRY_BUDGET_SECONDS="0")
    world.tenant.faults.clear()
    left = make_plan(course(enrolment=None), audiences=people(BO, CARL), holidays="DK", reminders=RULES)
    world.write(left)
    world.sync("--approve", world.preview().json["checksum"])
    assert world.run("erase", ANNA).code == 0
    sent = [*subjects(world.run("send", **ONE_FOR_ALL)), *subjects(world.run("send", **ONE_FOR_ALL))]
    assert [one for one in sent if "Praktisk" in one[1]] == [("bo", "Praktisk om Kursus"), ("carl", "Praktisk om Kursus")]


def test_what_was_refused_takes_no_room(world: World) -> None:
    """A creation that Outlook refuses each time leaves the day as it was, and so does a draft that cannot be made."""
    world.write(make_plan(make_course("kursus"), audiences=people(*EVERYBODY)))
    world.tenant.faults.add(method="POST", path="/events$", status=403, times=None)
    limits = {"MAILBOX__RECIPIENTS_PER_DAY": "5"}
    for _ in range(3):
        assert [one["outcome"] for one in world.sync(code=4, **limits).changes] == ["failed"]
    world.tenant.faults.clear()
    assert [one["outcome"] for one in world.sync(**limits).changes] == ["applied"]


def test_messages_that_could_not_be_drafted_take_no_room(world: World) -> None:
    coming(world, ANNA, BO)
    limits = {"MAILBOX__RECIPIENTS_PER_DAY": "2", "MAILBOX__RESERVED_SHARE": "0"}
    world.tenant.faults.add(method="POST", path="/messages$", status=503, retry_after="0", times=None)
    for _ in range(3):
        world.run("send", **limits, GRAPH__RETRY_BUDGET_SECONDS="0")
    world.tenant.faults.clear()
    assert len(subjects(world.run("send", **limits))) == 2


@pytest.mark.parametrize(("step", "status"), [("/messages$", 500), ("/send$", 500), ("/send$", 409)])
def test_one_mail_that_never_succeeds_keeps_nobody_else_waiting(world: World, step: str, status: int) -> None:
    """The first of three; also where its draft can never be sent."""
    coming(world, ANNA, BO, CARL)
    world.tenant.faults.add(method="POST", path=step, status=status)
    first = world.run("send", **AT_ONCE)
    assert (first.code, sorted(who for who, _ in subjects(first))) == (6, ["bo", "carl"])
    assert (again := world.run("send", **AT_ONCE)).code == 0
    assert [who for who, _ in subjects(again)] == ["anna"]


def test_a_draft_that_can_never_be_sent_is_tried_last_and_once_in_a_round(world: World) -> None:
    coming(world, ANNA, BO)
    world.tenant.faults.add(method="POST", path="/send$", status=500)
    assert [who for who, _ in subjects(world.run("send", **AT_ONCE))] == ["bo"]
    (draft,) = [one.immutable_id for one in world.tenant.messages.messages.values() if one.folder == "drafts"]
    world.tenant.faults.add(path=re.escape(f"/messages/{draft}"), status=500, times=None)
    for _ in range(2):
        stuck = world.run("send", **AT_ONCE)
        assert (stuck.code, stuck.mails) == (4, ())
    answer(world, "kursus/dag", CARL, "accept")
    sent = world.run("send", **AT_ONCE)
    assert (sent.code, subjects(sent)) == (6, [("carl", "Praktisk om Kursus")])
    world.tenant.faults.clear()
    assert [who for who, _ in subjects(world.run("send"))] == ["anna"]


@pytest.mark.parametrize(("status", "asked"), [(500, 3), (403, 1), (429, 1)])
def test_a_mailbox_that_sends_nothing_is_not_asked_for_everybody(world: World, status: int, asked: int) -> None:
    coming(world, *EVERYBODY)
    world.tenant.faults.add(method="POST", path="/messages$", status=status, times=None)
    ran = world.run("send", **AT_ONCE)
    drafts = [one for one in ran.requests if one.method == "POST" and one.path.endswith("/messages")]
    assert (ran.code, ran.mails, len(drafts)) == (4, (), asked)
