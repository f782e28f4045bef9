"""When a rule's message falls due: days, working days and elapsed time, nights when the clock changes, and the sending hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.closing_days import ClosingDay
from bot.domain.reminder_rules import ReminderAnchor, ReminderUnit
from bot.domain.sending import SendingRules
from bot.reminders.moments import instant_of, may_go, moment_of, sending_hours
from bot.working_days import holiday_name, is_working_day, working_days_from
from tests.builders.occasions import ZONE, at, plan, rule

DAY = timedelta(days=1)
START = at(18, "09:00")
ALWAYS = SendingRules(from_time=time(0), to_time=time(23, 59, 59), weekends=True)


def due(which, anchor=START, **facts):
    made = plan(**facts)
    return moment_of(which, anchor, made, sending_hours(made)).due_at


def wall(moment):
    return moment.astimezone(ZONE).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("which", "expected"),
    [
        (rule(amount=7, at=time(9)), "06-11 09:00"),
        (rule(amount=1, unit=ReminderUnit.WEEKS, at=time(9)), "06-11 09:00"),
        (rule(amount=3, unit=ReminderUnit.WORKING_DAYS, at=time(9)), "06-13 09:00"),
        (rule(amount=2, unit=ReminderUnit.HOURS, at=None), "06-18 07:00"),
        (rule(amount=90, unit=ReminderUnit.MINUTES, at=None), "06-18 07:30"),
        (rule(amount=0, at=time(8)), "06-18 08:00"),
        (rule(before=False, amount=1, at=time(9)), "06-19 09:00"),
        (rule(before=False, amount=3, unit=ReminderUnit.WORKING_DAYS, at=time(9)), "06-23 09:00"),
        (rule(before=False, amount=2, unit=ReminderUnit.HOURS, at=None), "06-18 11:00"),
    ],
)
def test_a_rule_counts_from_its_anchor(which, expected):
    assert wall(due(which)) == expected


def test_holidays_and_closing_days_are_no_working_days():
    """Whit Monday (9 June) by law; Constitution Day only where the plan says so; neither without a country."""
    three = rule(amount=3, unit=ReminderUnit.WORKING_DAYS, at=time(9))
    deadline = at(11, "12:00")
    assert wall(due(three, deadline)) == "06-05 09:00"
    assert wall(due(three, deadline, closing_days=(ClosingDay(month=6, day=5),))) == "06-04 09:00"
    assert wall(due(three, deadline, closing_days=(ClosingDay(month=6, day=5, year=2024),))) == "06-05 09:00"
    assert wall(due(three, deadline, holidays=None)) == "06-06 09:00"
    monday = datetime(2025, 6, 9).date()
    assert (holiday_name(monday, "DK", ()), is_working_day(monday, None, ())) == ("Anden pinsedag", True)
    assert working_days_from(monday, 0, "DK", ()) == monday


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        (datetime(2025, 3, 30, 1, 59), datetime(2025, 3, 30, 0, 59, tzinfo=UTC)),
        (datetime(2025, 3, 30, 2, 0), datetime(2025, 3, 30, 1, 0, tzinfo=UTC)),
        (datetime(2025, 3, 30, 2, 59), datetime(2025, 3, 30, 1, 0, tzinfo=UTC)),
        (datetime(2025, 3, 30, 3, 0), datetime(2025, 3, 30, 1, 0, tzinfo=UTC)),
        (datetime(2025, 10, 26, 2, 30), datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        (datetime(2025, 10, 26, 3, 0), datetime(2025, 10, 26, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_time_that_is_left_out_is_the_next_there_is_and_of_two_it_is_the_first(local, expected):
    assert instant_of(local, ZONE) == expected


def test_days_are_of_the_wall_clock_and_hours_are_elapsed():
    """Over the night in March a day has 23 hours."""
    monday = datetime(2025, 3, 31, 7, 0, tzinfo=UTC)
    assert due(rule(amount=2, at=time(9)), monday, sending=ALWAYS) == datetime(2025, 3, 29, 8, 0, tzinfo=UTC)
    assert due(rule(amount=48, unit=ReminderUnit.HOURS, at=None), monday, sending=ALWAYS) == monday - 2 * DAY


@pytest.mark.parametrize(
    ("which", "anchor", "expected"),
    [
        # Sunday noon: Monday at seven is nearer than Friday at six.
        (rule(), at(16, "09:00"), "06-16 07:00"),
        # The same, for something that begins at seven: only Friday is in time.
        (rule(), at(16, "07:00"), "06-13 18:00"),
        # At eight nobody would be helped by seven o'clock.
        (rule(), at(16, "08:00"), "06-13 18:00"),
        # Saturday noon: Friday evening is nearer.
        (rule(amount=2), at(16, "09:00"), "06-13 18:00"),
        (rule(amount=1, at=time(20)), at(18, "09:00"), "06-17 18:00"),
        (rule(amount=3, unit=ReminderUnit.HOURS, at=None), at(18, "09:00"), "06-18 07:00"),
        # What has happened is told of later, never earlier.
        (rule(before=False, amount=2, unit=ReminderUnit.HOURS, at=None), at(18, "21:00"), "06-19 07:00"),
        (rule(before=False, amount=2, unit=ReminderUnit.HOURS, at=None, expires=timedelta(hours=1)), at(18, "21:00"), "06-18 23:00"),
        (rule(urgent=True), at(16, "09:00"), "06-15 12:00"),
    ],
)
def test_outside_the_sending_hours_a_message_moves_as_the_table_says(which, anchor, expected):
    assert wall(due(which, anchor)) == expected


def test_a_message_expires_at_its_anchor_after_two_weeks_or_as_the_rule_says():
    made = plan()
    hours = sending_hours(made)
    after = rule(before=False, anchor=ReminderAnchor.END, amount=2, unit=ReminderUnit.HOURS, at=None)
    assert moment_of(rule(), START, made, hours).expires_at == START
    assert moment_of(after, START, made, hours).expires_at == START + timedelta(days=14, hours=2)
    assert moment_of(rule(expires=timedelta(hours=3)), START, made, hours).expires_at == at(17, "15:00")
    assert moment_of(after, START, made, hours, over=at(20)).expires_at == at(20)
    assert moment_of(rule(), START, made, hours, over=at(20)).expires_at == START


@pytest.mark.parametrize(
    ("due_at", "expires_at", "now", "expected"),
    [
        (at(17, "12:00"), START, at(17, "12:00"), True),
        (at(17, "18:00"), START, at(17, "18:59"), True),
        (at(17, "12:00"), START, at(17, "22:00"), False),
        (at(17, "12:00"), at(18, "06:00"), at(17, "22:00"), True),
        (at(13, "12:00"), at(18, "09:00"), at(14, "12:00"), False),
    ],
)
def test_what_is_due_goes_within_the_hours_or_when_waiting_would_be_too_late(due_at, expires_at, now, expected):
    hours = sending_hours(plan())
    assert may_go(due_at, expires_at, hours, urgent=False, now=now) is expected
    assert may_go(due_at, expires_at, hours, urgent=True, now=now)


def test_weekends_are_opened_by_the_plan_and_holidays_are_not():
    hours = sending_hours(plan(sending=SendingRules(weekends=True)))
    assert hours.allows(at(14)) is True
    assert hours.allows(at(9)) is False
    assert hours.next_after(at(8, "19:00")) == at(10, "07:00")
    # The day before Whit Monday is Whit Sunday.
    assert hours.last_before(at(9)) == at(7, "18:00")
