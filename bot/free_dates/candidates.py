"""Which times there are to choose from: the days that are left, and on each a start every half hour (pure).

    a day is left out, because (the first that fits)    counted as
    it is over                                          past
    it is a Saturday or Sunday                          weekend
    it is a public holiday or a closing day             holiday
    it is in a school holiday of the plan               school_holiday
    it was asked to be avoided                          avoided
    the same people have something else in the plan     other_course

    a time of a day that is left is no candidate, when
    it has begun by now
    its start, or its end, does not exist or occurs twice that night: nobody could say which one is meant
    it ends after the latest hour, or on another day
    the same people are at another part of the course then

Wall times are naive, in the plan's zone; the length is elapsed time, so that three hours are three hours in
any night. Does not know anybody's calendar: that is `ranking`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.schedules import Span
from bot.working_days import holiday_name, is_weekend

GRID = timedelta(minutes=30)
NOON = 12


class DatesLeftOut(StrEnum):
    """Why a day has no candidates."""

    PAST = "past"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    AVOIDED = "avoided"
    OTHER_COURSE = "other_course"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for.

    Days (both included), hours as wall times, the length, and what the days must keep clear of.

    `now` is UTC. `taken_days` are those on which the same people are elsewhere, `taken_times` (UTC) where
    they are only then.
    """

    zone: str
    first: date
    last: date
    length: timedelta
    now: datetime
    earliest: time = time(8, 30)
    latest: time = time(16, 0)
    holidays: str | None = None
    closing_days: tuple[ClosingDay, ...] = ()
    school_holidays: tuple[SchoolHoliday, ...] = ()
    avoid: tuple[tuple[date, date], ...] = ()
    taken_days: Collection[date] = frozenset()
    taken_times: tuple[Span, ...] = ()

    @property
    def fits(self) -> bool:
        """Whether the length has room between the hours of an ordinary day."""
        return datetime.combine(self.first, self.earliest) + self.length <= datetime.combine(
            self.first, self.latest
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A time: wall clock from and to, and the same as instants (UTC)."""

    start: datetime
    end: datetime
    span: Span

    @property
    def half(self) -> tuple[date, bool]:
        """The day, and whether it begins in its afternoon."""
        return self.start.date(), self.start.hour >= NOON


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The times there are, by start, and how many days were left out and why."""

    times: tuple[Candidate, ...]
    left_out: Mapping[DatesLeftOut, int] = field(default_factory=lambda: MappingProxyType({}))


def find_candidates(search: Search) -> Candidates:
    """Every time of the search that is one, in the order of the calendar."""
    zone = ZoneInfo(search.zone)
    today = search.now.astimezone(zone).date()
    left_out: Counter[DatesLeftOut] = Counter()
    times: list[Candidate] = []
    day = search.first
    while day <= search.last:
        why = _why_left_out(day, today, search)
        if why is None:
            times += (one for one in _times_of(day, zone, search) if _is_open(one, search))
        else:
            left_out[why] += 1
        day += timedelta(days=1)
    return Candidates(times=tuple(times), left_out=MappingProxyType(dict(left_out)))


def _why_left_out(day: date, today: date, search: Search) -> DatesLeftOut | None:
    if day < today:
        return DatesLeftOut.PAST
    if is_weekend(day):
        return DatesLeftOut.WEEKEND
    if holiday_name(day, search.holidays, search.closing_days) is not None:
        return DatesLeftOut.HOLIDAY
    if any(day in holiday for holiday in search.school_holidays):
        return DatesLeftOut.SCHOOL_HOLIDAY
    if any(first <= day <= last for first, last in search.avoid):
        return DatesLeftOut.AVOIDED
    return DatesLeftOut.OTHER_COURSE if day in search.taken_days else None


def _times_of(day: date, zone: ZoneInfo, search: Search) -> Iterator[Candidate]:
    start, latest = datetime.combine(day, search.earliest), datetime.combine(day, search.latest)
    while start < latest:
        if _occurs_once(start, zone):
            begins = start.replace(tzinfo=zone).astimezone(UTC)
            ends = begins + search.length
            end = ends.astimezone(zone).replace(tzinfo=None, fold=0)
            if end <= latest and _occurs_once(end, zone):
                yield Candidate(start=start, end=end, span=(begins, ends))
        start += GRID


def _occurs_once(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone, fold=0).utcoffset() == wall.replace(tzinfo=zone, fold=1).utcoffset()


def _is_open(one: Candidate, search: Search) -> bool:
    begins, ends = one.span
    return begins > search.now and not any(start < ends and end > begins for start, end in search.taken_times)
