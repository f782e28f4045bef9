"""When HR's report goes (pure).

    every   falls due
    day     at the time of day, on working days
    week    at the time of day, on the weekday; where that is no working day, on the next one

A time that the clocks leave out is the next one there is. At `now` it is due

    not a working day, or before the time of day    no
    a report was made at the last moment or later   no
    otherwise                                       yes, for the last moment: after a pause once, however long it was

Who never got a report gets the first one as soon as these rules allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.reminders.moments import instant_of
from bot.working_days import is_working_day

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.plan import CoursePlan

A_YEAR = 366
"""How far we look for a working day: a plan can close every day there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTiming:
    """When reports are wanted: `weekday` 0 is Monday, None every day.

    `at` is wall time of the plan's zone.
    """

    weekday: int | None
    at: time


def due_moment(
    last: datetime | None, now: datetime, timing: ReportTiming, plan: CoursePlan
) -> datetime | None:
    """The moment (UTC) that a report is due for at `now`, None where none is.

    `last` is when the last one was made; UTC.
    """
    if not may_go(now, timing, plan):
        return None
    moment = _moment(now, timing, plan, step=-1)
    return None if moment is None or (last is not None and last >= moment) else moment


def may_go(now: datetime, timing: ReportTiming, plan: CoursePlan) -> bool:
    """Whether a report may be sent at `now` (UTC): on a working day, from the time of day on."""
    today = now.astimezone(ZoneInfo(plan.timezone)).date()
    return _is_open(today, plan) and now >= _instant(today, timing, plan)


def next_moment(now: datetime, timing: ReportTiming, plan: CoursePlan) -> datetime | None:
    """The first moment (UTC) after `now`, None where no day is a working day."""
    return _moment(now, timing, plan, step=1)


def _moment(now: datetime, timing: ReportTiming, plan: CoursePlan, *, step: int) -> datetime | None:
    """The last moment up to `now`, or the first one after it.

    Moments follow each other as the days that they are meant for.
    """
    day = now.astimezone(ZoneInfo(plan.timezone)).date()
    if step > 0:
        # Of the days before today only those since the last working day may have been moved to one after it.
        day = next((one for away in range(A_YEAR) if _is_open(one := day - timedelta(days=away), plan)), day)
    # It ends: more than a year of closed days in a row is None, and after fewer there is a working day on
    # either side of now.
    while True:
        if timing.weekday is None or day.weekday() == timing.weekday:
            moved = _next_working_day(day, plan)
            if moved is None:
                return None
            if ((moment := _instant(moved, timing, plan)) <= now) is (step < 0):
                return moment
        day += timedelta(days=step)


def _next_working_day(day: date, plan: CoursePlan) -> date | None:
    return next((one for away in range(A_YEAR) if _is_open(one := day + timedelta(days=away), plan)), None)


def _is_open(day: date, plan: CoursePlan) -> bool:
    return is_working_day(day, plan.holidays, plan.closing_days)


def _instant(day: date, timing: ReportTiming, plan: CoursePlan) -> datetime:
    return instant_of(datetime.combine(day, timing.at), ZoneInfo(plan.timezone))
