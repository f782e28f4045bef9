"""Whatever the rule, the hours and the night: due in the hours, before it expires, and what has happened never told of too early."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.closing_days import ClosingDay
from bot.domain.reminder_rules import ReminderUnit
from bot.domain.sending import SendingRules
from bot.reminders.moments import instant_of, may_go, moment_of, sending_hours
from bot.working_days import is_working_day, working_days_from
from tests.builders.occasions import plan, rule

ZONES = st.sampled_from(["Europe/Copenhagen", "America/Nuuk", "Atlantic/Faroe", "UTC"])
WALLS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda one: one.replace(second=0, microsecond=0))
INSTANTS = WALLS.map(lambda one: one.replace(tzinfo=UTC))
CLOSING = st.lists(st.builds(ClosingDay, month=st.just(12), day=st.integers(1, 31)), max_size=4).map(tuple)
HOURS = st.tuples(st.integers(0, 11), st.integers(12, 23), st.booleans()).map(
    lambda one: SendingRules(from_time=time(one[0]), to_time=time(one[1]), weekends=one[2])
)
PLANS = st.builds(
    lambda sending, zone, country, closing: plan(sending=sending, timezone=zone, holidays=country, closing_days=closing),
    HOURS, ZONES, st.sampled_from(["DK", "GL", None]), CLOSING,
)  # fmt: skip
RULES = st.builds(
    lambda unit, before, amount, clock, expires, urgent: rule(
        unit=unit, before=before, amount=amount, at=clock if unit not in {ReminderUnit.HOURS, ReminderUnit.MINUTES} else None,
        expires=expires, urgent=urgent,
    ),
    st.sampled_from(list(ReminderUnit)), st.booleans(), st.integers(0, 40), st.times(),
    st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=20)), st.booleans(),
)  # fmt: skip


@given(PLANS, RULES, INSTANTS)
def test_a_message_is_due_in_the_hours_where_there_are_any_before_it_expires(made, which, anchor):
    hours = sending_hours(made)
    calm = moment_of(which, anchor, made, hours)
    own = moment_of(replace(which, urgent=True), anchor, made, hours)
    assert calm.expires_at == own.expires_at
    assert which.urgent is False or calm == own
    if not which.urgent and which.before:
        assert hours.allows(calm.due_at)
        assert calm.due_at < calm.expires_at or calm.due_at <= own.due_at
    if not which.before:
        assert calm.due_at >= own.due_at
        assert calm.due_at == own.due_at or (hours.allows(calm.due_at) and calm.due_at < calm.expires_at)


@given(PLANS, INSTANTS)
def test_the_next_and_the_last_allowed_moment_are_allowed_and_nothing_lies_between(made, at):
    hours = sending_hours(made)
    later, earlier = hours.next_after(at), hours.last_before(at)
    assert earlier <= at <= later
    assert hours.allows(later)
    assert hours.allows(earlier)
    between = at + (later - at) / 2
    assert hours.allows(at) or between == later or not hours.allows(between)
    assert may_go(at, at, hours, urgent=False, now=at)


@given(WALLS, ZONES)
def test_an_instant_says_the_wall_time_again_or_the_first_one_after_the_gap(wall, zone):
    local = instant_of(wall, ZoneInfo(zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert wall <= local <= wall + timedelta(hours=2)
    before = (instant_of(wall, ZoneInfo(zone)) - timedelta(minutes=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert before < wall or before.replace(hour=0, minute=0) != wall.replace(hour=0, minute=0) or before >= local


@given(st.dates(date(2010, 1, 1), date(2029, 12, 31)), st.integers(-60, 60), CLOSING)
def test_working_days_are_counted_one_by_one_over_twenty_years(day, count, closing):
    """Against a plain count with the calendar of the `holidays` library."""
    found = working_days_from(day, count, "DK", closing)
    step = timedelta(days=1 if count > 0 else -1)
    passed = [day + step * number for number in range(1, abs((found - day).days) + 1)]
    assert sum(is_working_day(one, "DK", closing) for one in passed) == abs(count)
    assert count == 0 or is_working_day(found, "DK", closing)
