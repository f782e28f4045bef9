"""However a clock asks: no report twice for one period, none on a day off, and one after a pause."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.closing_days import ClosingDay
from bot.hr_report.due import ReportTiming, due_moment, may_go, next_moment
from bot.working_days import is_working_day
from tests.builders.occasions import plan

CLOSING = st.lists(st.builds(ClosingDay, month=st.integers(1, 12), day=st.integers(1, 28)), max_size=6).map(tuple)
PLANS = st.builds(
    lambda zone, country, closing: plan(timezone=zone, holidays=country, closing_days=closing),
    st.sampled_from(["Europe/Copenhagen", "America/Nuuk", "UTC"]), st.sampled_from(["DK", None]), CLOSING,
)  # fmt: skip
TIMINGS = st.builds(
    ReportTiming,
    weekday=st.none() | st.integers(0, 6),
    at=st.sampled_from([time(0), time(2, 30), time(7, 30), time(23, 59)]),
)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(lambda one: one.replace(tzinfo=UTC))
STEPS = st.lists(st.timedeltas(timedelta(minutes=5), timedelta(days=12)), min_size=1, max_size=40)


@given(PLANS, TIMINGS, INSTANTS, STEPS)
def test_it_is_made_once_for_a_moment_in_order_and_on_working_days(made, timing, start, steps):
    """A report is made whenever the clock asks and it is due."""
    now, last, moments = start, None, []
    for step in steps:
        now += step
        moment = due_moment(last, now, timing, made)
        if moment is not None:
            day = now.astimezone(ZoneInfo(made.timezone)).date()
            assert is_working_day(day, made.holidays, made.closing_days)
            assert moment <= now
            assert last is None or last < moment
            moments.append(moment)
            last = now
            assert due_moment(last, now, timing, made) is None
            assert due_moment(last, now + timedelta(minutes=1), timing, made) in {None, next_moment(now, timing, made)}
    assert moments == sorted(set(moments))


@given(PLANS, TIMINGS, INSTANTS, st.timedeltas(timedelta(days=1), timedelta(days=90)))
def test_after_a_pause_it_is_for_the_last_moment_that_went_by(made, timing, last, pause):
    now = last + pause
    moment = due_moment(last, now, timing, made)
    if moment is None:
        following = next_moment(last, timing, made)
        assert not may_go(now, timing, made) or following is None or following > now
    else:
        assert last < moment <= now
        following = next_moment(moment, timing, made)
        assert following is None or following > now


@given(PLANS, TIMINGS, INSTANTS)
def test_the_next_moment_is_on_a_working_day_at_the_time_of_day(made, timing, now):
    moment = next_moment(now, timing, made)
    assert moment is not None
    assert moment > now
    assert may_go(moment, timing, made)
    assert due_moment(now, moment, timing, made) == moment
