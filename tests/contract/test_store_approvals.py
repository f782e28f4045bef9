"""What is in force, what waits and what was decided, on every database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.approvals import (
    AcceptedPlan,
    ApprovalState,
    Decision,
    Door,
    LetterDate,
    MailedFor,
    Waiting,
    WaitingClash,
    WaitingLetter,
    WaitingMail,
    WaitReason,
)  # fmt: skip
from bot.store.approvals import SqlApprovalBook

NOW = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
WAITING = Waiting(
    plan="by", course="dag", checksum="c1", whole="w1", revision="sha256:1", mails=3, people=2,
    reasons=(WaitReason.PLAN, WaitReason.ID), since=NOW,
)  # fmt: skip
DECISION = Decision(
    plan="by", course="dag", checksum="c1", revision="sha256:1", approved=True, mails=3, people=2, reasons=(WaitReason.PLAN,), since=NOW,
    by="Birthe Æble", at=NOW + timedelta(hours=1), door=Door.CLI, comment="set på mødet",
)  # fmt: skip


@pytest.fixture
def book(database):
    return SqlApprovalBook(database)


def test_a_version_is_replaced_and_one_that_is_gone_is_forgotten(book):
    book.save_versions("by", {"a": {"id": "a"}, "b": {"id": "b"}}, now=NOW)
    book.save_versions("by", {"a": {"id": "a", "title": "Ærø"}}, ["b"], now=NOW)
    book.save_versions("anden", {"b": {"id": "b"}}, now=NOW)
    book.save_versions("by", {}, now=NOW)
    assert {course: json.loads(text) for course, text in book.load_versions("by").items()} == {"a": {"id": "a", "title": "Ærø"}}


def test_versions_are_read_again_as_soon_as_anybody_has_written(book, database):
    """And within one look as that sees them, which nobody is told afterwards."""
    another = SqlApprovalBook(database)
    another.save_versions("by", {"a": {"id": "a"}}, now=NOW)
    first = book.load_versions("by")
    assert book.load_versions("by")["a"] is first["a"]
    another.save_versions("by", {"b": {"id": "b"}}, now=NOW)
    assert [*book.load_versions("by")] == ["a", "b"]
    with database.one_look():
        assert [*book.load_versions("by")] == ["a", "b"]
        another.save_versions("by", {}, ["a"], now=NOW)
        if database.file is not None:
            assert [*book.load_versions("by")] == ["a", "b"]
    assert [*book.load_versions("by")] == ["b"]
    assert book.load_versions("anden") == {}


def test_what_was_accepted_of_a_plan_is_kept_by_plan(book):
    assert book.load_accepted("by") is None
    for accepted in (
        AcceptedPlan(organiser="k@by.example", timezone="UTC"),
        AcceptedPlan(organiser="k@by.example", timezone="UTC", shape=("x",), revision="2"),
    ):
        book.save_versions("by", {}, accepted=accepted, now=NOW)
        assert book.load_accepted("by") == accepted


def test_what_waits_is_exactly_what_was_said_last(book):
    start = datetime(2026, 12, 7, 9)
    clash = WaitingClash(kind="week", titles=("Ærø", "B"), start=start, end=start + timedelta(weeks=1), all_day=True, count=4, limit=3)
    other = replace(WAITING, course="andet", clashes=(clash, replace(clash, kind="room")))
    for found in ((WAITING, other), (WAITING,), (WAITING,), ()):
        book.replace_waiting("by", sorted(found, key=lambda one: one.course))
        assert book.load_waiting("by") == tuple(sorted(found, key=lambda one: one.course))


def test_whom_what_waits_would_mail_is_kept_as_long_as_it_waits(book):
    """Of each course by itself; what is said again is what was there."""
    date = LetterDate(subject="Dag", start=datetime(2026, 12, 7, 9), end=datetime(2026, 12, 7, 15), timezone="Europe/Copenhagen")
    letter = WaitingLetter(
        kind="invitation", subject="Dag", language="da", sender="k@by.example", people=2, html="<p>Ærø</p>", dates=(date,)
    )
    mail = WaitingMail(
        course="dag", mailed={MailedFor.INVITED: ("ane@by.example",), MailedFor.REMOVED: ("bo@by.example",)}, letters=(letter,)
    )
    other = replace(WAITING, course="andet")
    assert book.load_waiting_mail("by", "dag") is None
    for said in (mail, mail, replace(mail, letters=(replace(letter, before="<p>Als</p>", dates=()),))):
        book.replace_waiting("by", [other, WAITING], [WaitingMail(course="andet"), said])
        assert book.load_waiting_mail("by", "dag") == said
    assert book.load_waiting_mail("anden", "dag") is None
    book.replace_waiting("by", [other], [WaitingMail(course="andet")])
    assert (book.load_waiting_mail("by", "dag"), book.load_waiting_mail("by", "andet")) == (None, WaitingMail(course="andet"))


def test_decisions_are_added_in_order_and_marked_when_they_are_carried_out(book):
    rejected = replace(DECISION, approved=False, by="Ole", course="andet")
    book.add_decisions([])
    book.add_decisions([DECISION, rejected])
    book.add_decisions([replace(DECISION, by="Ole")])
    assert book.load_decisions("by") == (DECISION, rejected, replace(DECISION, by="Ole"))
    assert book.latest_approvals() == {"by": DECISION.at}
    book.mark_done("by", [], now=NOW)
    book.mark_done("by", [("dag", "c1"), ("andet", "c1")], now=NOW)
    assert [one.state for one in book.load_decisions("by")] == [ApprovalState.DONE, ApprovalState.REJECTED, ApprovalState.DONE]
    assert book.latest_approvals() == {}


def test_only_what_was_carried_out_is_marked_and_not_what_was_approved_of_the_course_meanwhile(book):
    later = replace(DECISION, checksum="c2", at=NOW + timedelta(hours=2))
    book.add_decisions([DECISION, later, replace(DECISION, course="andet"), replace(DECISION, plan="anden")])
    book.mark_done("by", [("dag", "c1")], now=NOW)
    assert [one.done_at for one in book.load_decisions("by")] == [NOW, None, None]
    assert [one.done_at for one in book.load_decisions("anden")] == [None]
    book.mark_done("by", [("dag", "c2")], now=NOW + timedelta(hours=3))
    assert [one.done_at for one in book.load_decisions("by")] == [NOW, NOW + timedelta(hours=3), None]
