"""What is owed and what rests, from the latest runs alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.job_runs import JobOutcome, JobRun
from config.cadence import Cron, Every
from jobs.due import FIRST_REST, LONGEST_REST, owed_slot, rests, slot_of
from jobs.ticks import Ticks

NOW = datetime(2025, 6, 18, 12, 0, 30, tzinfo=UTC)
QUARTER = Ticks(Every(seconds=900), timezone="Europe/Copenhagen", key="by/sync_plan")


def run(ago: timedelta, outcome: JobOutcome = JobOutcome.DONE) -> JobRun:
    return JobRun(plan="by", job="sync_plan", run_id=str(ago), started_at=NOW - ago, finished_at=NOW - ago, outcome=outcome, exit_code=0)


def away(*minutes: float) -> list[JobRun]:
    return [run(timedelta(minutes=one), JobOutcome.AWAY) for one in minutes]


def last_tick() -> datetime:
    found = QUARTER.after(NOW - timedelta(minutes=15))
    assert found is not None
    return found


def test_a_job_that_never_ran_is_owed():
    assert owed_slot([], QUARTER.after, now=NOW) == 0


def test_however_many_ticks_were_missed_one_is_owed():
    """The same in every process, so that the queue takes it once."""
    hours = [run(timedelta(hours=5))]
    slot = owed_slot(hours, QUARTER.after, now=NOW)
    assert slot is not None
    assert slot == owed_slot(hours, QUARTER.after, now=NOW + timedelta(minutes=40))
    assert slot < slot_of(NOW)


def test_nothing_is_owed_before_the_next_tick():
    assert owed_slot([run(NOW - last_tick())], QUARTER.after, now=NOW) is None


def test_what_failed_waits_for_its_tick_as_what_went_well():
    assert owed_slot([run(NOW - last_tick(), JobOutcome.FAILED)], QUARTER.after, now=NOW) is None


def test_what_found_graph_away_is_owed_after_the_rest_and_each_time_anew():
    tick = NOW - last_tick()
    before = run(tick + timedelta(minutes=15))
    assert owed_slot([*away(0.25), before], QUARTER.after, now=NOW) is None
    first = owed_slot([*away(0.6), before], QUARTER.after, now=NOW)
    second = owed_slot([*away(1.1, 1.7), before], QUARTER.after, now=NOW)
    assert None not in {first, second}
    assert first != second


def test_a_rest_doubles_up_to_a_quarter_of_an_hour_and_holds_for_the_plan():
    assert not rests([], now=NOW)
    assert not rests([[run(timedelta())]], now=NOW)
    for count, rest in ((1, FIRST_REST), (2, 2 * FIRST_REST), (3, 4 * FIRST_REST), (8, LONGEST_REST)):
        runs, ends = [[run(timedelta())], away(*range(1, count + 1))], NOW - timedelta(minutes=1) + rest
        assert rests(runs, now=ends - timedelta(seconds=1))
        assert not rests(runs, now=ends)


def test_one_good_run_ends_the_rest():
    assert not rests([[run(timedelta()), *away(1, 2, 3)]], now=NOW)


def test_a_clock_that_was_set_back_does_not_prolong_the_rest():
    assert not rests([away(-60)], now=NOW)


def test_a_day_that_never_comes_is_never_owed():
    assert owed_slot([], lambda _moment: None, now=NOW) is None


@given(
    st.text(min_size=1, max_size=20),
    st.integers(1, 86_400),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_ticks_of_an_interval_are_that_far_apart_in_every_process(key, seconds, moment):
    ticks = Ticks(Every(seconds=seconds), timezone="Europe/Copenhagen", key=key)
    first = ticks.after(moment)
    assert first is not None
    assert moment < first <= moment + timedelta(seconds=seconds)
    assert ticks.after(first) == first + timedelta(seconds=seconds)
    assert Ticks(Every(seconds=seconds), timezone="UTC", key=key).after(moment) == first


def test_a_cron_expression_goes_by_the_wall_clock_through_summer_and_winter():
    """Seven o'clock is seven o'clock; within the minute the plan has its own second."""
    ticks = Ticks(Cron(minute=(0,), hour=(7,), day=None, month=None, weekday=(0,)), timezone="Europe/Copenhagen", key="by/hr_report")
    winter, summer = ticks.after(datetime(2025, 3, 26, tzinfo=UTC) - timedelta(days=7)), ticks.after(datetime(2025, 3, 31, tzinfo=UTC))
    assert winter is not None
    assert summer is not None
    assert (winter.weekday(), winter.hour, winter.minute) == (0, 6, 0)
    assert (summer.weekday(), summer.hour, summer.minute) == (0, 5, 0)


def test_a_hundred_plans_do_not_begin_at_once():
    begins = {Ticks(Every(seconds=900), timezone="UTC", key=f"by-{number}/sync_plan").after(NOW) for number in range(100)}
    assert len(begins) > 80
