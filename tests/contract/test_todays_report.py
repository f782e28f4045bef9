"""What "today" shows, course by course, is the report as a whole; and it is made again when something has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.domain.events import ResponseStatus
from bot.domain.registrations import Answer
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderRule, ReminderTarget, ReminderUnit
from bot.hr_report.compose import report_for
from bot.opening.stores import open_stores
from bot.opening.work import BookWork
from bot.overview.lines import Seats
from bot.rounds.hr_report import facts_of_books
from bot.rounds.steps.count_seats import counts_of, numbers_of
from bot.rounds.todays_report import SINCE_YESTERDAY, todays_report
from config.settings import Settings
from tests.builders.course_books import GUEST, LEADERSHIP, NOW, PEOPLE, PLAN, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}


@pytest.fixture
def work(tmp_path) -> Iterator[BookWork]:
    settings = Settings(plan="plan.yaml", database_url=f"sqlite:///{tmp_path}/b.db", now=NOW, graph=GRAPH)
    with open_stores(settings) as stores:
        fill(stores, settings)
        yield BookWork(settings=settings, written=PLAN, plan=PLAN, stores=stores)


def as_a_whole(work: BookWork, now):
    """What people wrote waits until HR has read it, however old it is."""
    facts = facts_of_books(work, now=now)
    return replace(report_for("", facts, since=now - SINCE_YESTERDAY), remarks=report_for("", facts, since=None).remarks)


def answer(work: BookWork, number: int, response: ResponseStatus) -> None:
    keys = [PLAN.key_of(one) for one in PLAN.sessions() if one.course.id == LEADERSHIP.id]
    at, email = NOW - timedelta(minutes=1), PEOPLE[number].email
    work.stores.answers.append_answers(
        Answer(key=key, email=email, name="", response=response, responded_at=at, seen_at=at) for key in keys
    )


@pytest.mark.parametrize("days", [-30, -22, 0, 7, 9, 100])
def test_the_parts_together_are_the_whole(work, days):
    """Also on the day after answers came, at the deadline, and when all has been."""
    now = NOW + timedelta(days=days)
    assert todays_report(work, now=now) == as_a_whole(work, now)


def test_a_reminder_that_is_coming_is_told(work):
    rule = ReminderRule(
        id="husk", before=True, anchor=ReminderAnchor.START, amount=1, unit=ReminderUnit.DAYS, at=time(9), to=(ReminderTarget.REGISTERED,),
        channels=(Channel.MAIL,), template="practical",
    )  # fmt: skip
    plan = replace(PLAN, reminders=(rule,))
    work, now = replace(work, written=plan, plan=plan), NOW + timedelta(days=6)
    settings = work.settings.model_copy(update={"now": now})
    found = todays_report(replace(work, settings=settings), now=now)
    assert found == as_a_whole(replace(work, settings=settings), now)
    assert found.coming


def test_what_was_made_is_made_again_when_somebody_answers_or_an_hour_has_passed(work):
    assert todays_report(work, now=NOW).answers == ()
    answer(work, 8, ResponseStatus.DECLINED)
    (told,) = todays_report(work, now=NOW).answers
    assert (told.course, told.no, told.in_all) == (LEADERSHIP.id, 1, (5, 1, 2))
    later = NOW + timedelta(days=2)
    assert todays_report(work, now=later) == as_a_whole(work, later)


def test_nothing_is_counted_twice_while_nothing_changes(work, monkeypatch):
    """A page about every course reads none of them; one answer, and one course is counted."""
    counts_of(PLAN, work.stores)
    todays_report(work, now=NOW)
    read = []
    load = work.stores.answers.load_answers
    monkeypatch.setattr(type(work.stores.answers), "load_answers", lambda _self, plan, **of: read.append(of) or load(plan, **of))
    before = counts_of(PLAN, work.stores)
    todays_report(work, now=NOW)
    assert [one for one in read if one.get("course") != frozenset()] == []
    answer(work, 8, ResponseStatus.DECLINED)
    after = counts_of(PLAN, work.stores)
    assert [one for one in read if one.get("course") != frozenset()] == [{"course": frozenset({LEADERSHIP.id})}]
    assert (before.seats[LEADERSHIP.id].unanswered, after.seats[LEADERSHIP.id].unanswered) == (5, 4)


def test_numbers_tell_guests_and_those_who_may_not_come(work):
    numbers = numbers_of(PLAN, work.stores)[LEADERSHIP.id]
    assert (numbers.guests, numbers.without_place, numbers.speakers_off, numbers.rooms_off) == ({"hold-1": 1}, 0, (), ())
    assert replace(numbers.seats, departments=()) == Seats(
        capacity=4, invited=12, registered=4, tentative=1, waitlisted=1, declined=1, unanswered=5
    )
    assert GUEST not in str(numbers)
