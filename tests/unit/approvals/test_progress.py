"""What became of what was decided: where each course is, and how many of its mails went."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.approvals.progress import Progress, progress_of, worth_telling_of
from bot.domain.approvals import Record
from bot.domain.events import SessionKey
from bot.domain.messages import DeliveryState, Message
from bot.domain.templates import MessageKind
from tests.builders.known_people import NOW, decision, entry

YES = replace(decision("a"), mails=10)
NO = replace(YES, approved=False, comment="Ikke i år")
DONE = replace(YES, done_at=NOW + timedelta(minutes=1))
LATER = NOW + timedelta(minutes=5)


def told(*said, entries=(), messages=(), changed=("a",), approvers=1, now=LATER):
    found = progress_of(Record(versions={}, decisions=said), entries, messages, changed=changed, approvers=approvers, now=now)
    return [(one.state, one.sent, one.failed) for one in found]


def message(number, state, *, created_at=LATER):
    return Message(
        plan="by", key=f"m{number}", kind=MessageKind.CHANGED, course="a", offering="", email=f"p{number}@by.example",
        created_at=created_at, state=state,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "changed", "approvers", "expected"),
    [
        ((YES,), ("a",), 1, [(Progress.NEXT, 0, 0)]),
        ((YES,), ("a",), 2, []),
        ((YES, replace(YES, by="Bo")), ("a",), 2, [(Progress.NEXT, 0, 0)]),
        ((YES, NO), ("a",), 1, [(Progress.REJECTED, 0, 0)]),
        ((NO,), (), 1, []),
        ((NO, YES), ("a",), 1, [(Progress.NEXT, 0, 0)]),
        ((YES, NO, replace(YES, by="Bo")), ("a",), 2, []),
        ((DONE,), (), 1, [(Progress.DONE, 10, 0)]),
        ((DONE,), (), 2, [(Progress.DONE, 10, 0)]),
    ],
)
def test_a_course_is_where_the_last_word_about_it_put_it(said, changed, approvers, expected):
    """By the table."""
    assert told(*said, changed=changed, approvers=approvers) == expected


def test_what_is_done_is_told_for_a_day():
    """And what failed of it."""
    failed = [message(1, DeliveryState.FAILED), message(2, DeliveryState.EXPIRED), message(3, DeliveryState.SENT)]
    assert told(DONE, messages=failed) == [(Progress.DONE, 8, 2)]
    assert told(DONE, now=DONE.done_at + timedelta(days=1, seconds=1)) == []


def test_what_is_sent_is_counted_by_the_books_since_it_was_decided():
    """New people on an event, all of one that was moved, and messages; never more than there are."""
    before = NOW - timedelta(days=1)
    people = [f"p{number}@by.example" for number in (1, 2, 3)]
    standing = replace(
        entry(SessionKey(plan="by", course="a", offering="main", session="dag"), LATER),
        desired_attendees=dict.fromkeys(people, "required"), invited_since=dict.fromkeys(people, before),
    )  # fmt: skip
    assert told(YES, entries=[standing]) == [(Progress.NEXT, 0, 0)]
    assert told(YES, entries=[replace(standing, moved_at=LATER)]) == [(Progress.UNDER_WAY, 3, 0)]
    invited = replace(standing, invited_since={"p1@by.example": before, "p2@by.example": LATER}, moved_at=before)
    sent = [message(1, DeliveryState.SENT), message(2, DeliveryState.DUE), message(3, DeliveryState.SENT, created_at=before)]
    assert told(YES, entries=[invited], messages=sent) == [(Progress.UNDER_WAY, 2, 0)]
    assert told(replace(YES, mails=1), entries=[replace(standing, moved_at=LATER)]) == [(Progress.UNDER_WAY, 1, 0)]


def test_the_latest_decision_stands_first():
    """Of several courses; and only what moves is looked at again."""
    later = replace(decision("b"), at=LATER)
    found = progress_of(Record(versions={}, decisions=(DONE, later)), (), (), changed=(), approvers=1, now=LATER)
    assert [(one.decision.course, one.is_moving) for one in found] == [("b", True), ("a", False)]


def test_only_what_is_told_of_has_to_be_read():
    """What is not used up, and what was done within a day."""
    old = replace(decision("c"), done_at=NOW - timedelta(days=2))
    assert worth_telling_of([YES, DONE, replace(decision("b"), approved=False), old], now=LATER) == {"a", "b"}
