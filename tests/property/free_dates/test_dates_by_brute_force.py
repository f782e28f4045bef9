"""Dates against a search that knows no tricks: every minute of every calendar looked at, every combination tried.

Random calendars, hours, lengths and days, in zones whose clocks change at other times and by other amounts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, permutations
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.schedules import Room, Schedule, Unseen
from bot.free_dates.candidates import Search, find_candidates
from bot.free_dates.combination import best_together, reached, score, seated
from bot.free_dates.ranking import Asked, best_of_each_half, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.free_dates.ranking import Weighed

ZONES = ("Europe/Copenhagen", "America/New_York", "Africa/Cairo", "Asia/Jerusalem", "Australia/Lord_Howe", "America/St_Johns", "UTC")
# Around every change of these zones in 2025, and quiet days.
FIRST_DAYS = tuple(
    date(2025, month, day) for month, day in ((3, 7), (3, 26), (4, 3), (4, 23), (6, 4), (10, 1), (10, 23), (10, 29), (12, 22))
)
ROOM = Room(email="sal", capacity=40)
MINUTE = timedelta(minutes=1)
EXAMPLES = settings(max_examples=60, deadline=None)

moments = st.integers(min_value=-600, max_value=6 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
stretches = st.tuples(moments, st.integers(min_value=0, max_value=2000).map(lambda minutes: timedelta(minutes=minutes)))


@st.composite
def searches(draw: st.DrawFn) -> Search:
    first = draw(st.sampled_from(FIRST_DAYS))
    opens = draw(st.integers(min_value=0, max_value=22 * 4))
    closes = draw(st.integers(min_value=opens + 1, max_value=24 * 4 - 1))
    now = datetime(first.year, first.month, first.day, tzinfo=UTC) + draw(st.sampled_from([timedelta(days=-9), timedelta(hours=33)]))
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC)
    taken = tuple((begins + start, begins + start + length) for start, length in draw(st.lists(stretches, max_size=2)))
    return Search(
        zone=draw(st.sampled_from(ZONES)),
        first=first,
        last=first + timedelta(days=draw(st.integers(min_value=0, max_value=5))),
        length=timedelta(minutes=draw(st.integers(min_value=1, max_value=30)) * 15),
        now=now,
        earliest=time(opens // 4, opens % 4 * 15),
        latest=time(closes // 4, closes % 4 * 15),
        holidays=draw(st.sampled_from([None, "DK"])),
        closing_days=draw(st.sampled_from([(), (ClosingDay(month=12, day=24),), (ClosingDay(month=6, day=5, year=2025),)])),
        school_holidays=draw(
            st.sampled_from(
                [(), (SchoolHoliday(first=first, last=first), SchoolHoliday(first=first + timedelta(days=3), last=date(2026, 1, 1)))]
            )
        ),
        avoid=draw(st.sampled_from([(), ((first + timedelta(days=1), first + timedelta(days=2)),)])),
        taken_days=draw(st.sampled_from([frozenset(), frozenset({first})])),
        taken_times=taken,
    )


def wall_clock(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def times_by_looking_at_every_minute(search: Search) -> list[tuple[datetime, datetime]]:
    """Walk through the instants of the period and read the clock on the wall; a time counts if the clock shows it exactly once."""
    zone = ZoneInfo(search.zone)
    at = datetime.combine(search.first, time.min, tzinfo=UTC) - timedelta(days=1)
    shown: dict[datetime, list[datetime]] = {}
    while at.date() <= search.last + timedelta(days=2):
        shown.setdefault(wall_clock(at, zone), []).append(at)
        at += 15 * MINUTE
    found = []
    for wall, instants in sorted(shown.items()):
        if not search.first <= wall.date() <= search.last or len(instants) != 1:
            continue
        sits_on_grid = (wall - datetime.combine(wall.date(), search.earliest)) % timedelta(minutes=30) == timedelta(0)
        begins, ends = instants[0], instants[0] + search.length
        end = wall_clock(ends, zone)
        is_told_apart = len(shown[end]) == 1
        within_hours = wall.time() >= search.earliest and end.date() == wall.date() and end.time() <= search.latest
        if not (sits_on_grid and is_told_apart and within_hours and begins > search.now):
            continue
        if any(start < ends and end_ > begins for start, end_ in search.taken_times) or not may_be_used(wall.date(), search):
            continue
        found.append((begins, ends))
    return found


def may_be_used(day: date, search: Search) -> bool:
    from holidays import country_holidays

    closed = {(one.month, one.day) for one in search.closing_days if one.year in {None, day.year}}
    return not (
        day.isoweekday() > 5
        or (search.holidays is not None and day in country_holidays(search.holidays, years=day.year))
        or (day.month, day.day) in closed
        or any(one.first <= day <= one.last for one in search.school_holidays)
        or any(first <= day <= last for first, last in search.avoid)
        or day in search.taken_days
        or day < search.now.astimezone(ZoneInfo(search.zone)).date()
    )


@EXAMPLES
@given(search=searches())
def test_the_times_are_those_that_the_clock_on_the_wall_shows_once(search: Search) -> None:
    found = find_candidates(search)
    assert [one.span for one in found.times] == times_by_looking_at_every_minute(search)
    zone = ZoneInfo(search.zone)
    assert [(one.start, one.end) for one in found.times] == [
        (wall_clock(a, zone), wall_clock(b, zone)) for a, b in (o.span for o in found.times)
    ]
    # Every day is used or counted once; one without a time of its own is neither.
    assert sum(found.left_out.values()) + len({one.start.date() for one in found.times}) <= (search.last - search.first).days + 1


calendars = st.fixed_dictionaries(
    {
        "taken": st.lists(stretches, max_size=5),
        "unseen": st.lists(stretches, max_size=2),
        "answers": st.sampled_from([True, True, True, False]),
    }
)


def read_calendars(search: Search, names: list[str], drawn: list[dict]) -> dict[str, Schedule]:
    begins = datetime.combine(search.first, time.min, tzinfo=UTC)

    def spans(given: list[tuple[timedelta, timedelta]]) -> tuple[tuple[datetime, datetime], ...]:
        return tuple((begins + start, begins + start + length) for start, length in given)

    return {
        name: Schedule(address=name, taken=spans(one["taken"]), unseen=tuple((span, Unseen.UNSAID) for span in spans(one["unseen"])))
        for name, one in zip(names, drawn, strict=True)
        if one["answers"]
    }


def state_by_looking_at_every_minute(schedule: Schedule | None, begins: datetime, ends: datetime) -> str:
    minutes = [begins + MINUTE * number for number in range((ends - begins) // MINUTE)]
    if schedule is None:
        return "unknown"
    if any(start <= minute < end for start, end in schedule.taken for minute in minutes):
        return "busy"
    return "unknown" if any(start <= minute < end for (start, end), _ in schedule.unseen for minute in minutes) else "free"


@EXAMPLES
@given(search=searches(), drawn=st.lists(calendars, min_size=5, max_size=7))
def test_who_can_come_is_what_every_minute_of_every_calendar_says(search: Search, drawn: list[dict]) -> None:
    *audience, speaker, room = [f"person-{number}" for number in range(len(drawn))]
    schedules = read_calendars(search, [*audience, speaker, room], drawn)
    times = find_candidates(search).times[:40]
    asked = Asked(audience=tuple(audience), required=(speaker,), rooms=(Room(email=room),), elsewhere={})
    for one in weigh(times, asked, schedules):
        states = [state_by_looking_at_every_minute(schedules.get(name), *one.candidate.span) for name in audience]
        assert (one.free, one.busy, one.unknown) == tuple(states.count(state) for state in ("free", "busy", "unknown"))
        of_speaker, of_room = (state_by_looking_at_every_minute(schedules.get(name), *one.candidate.span) for name in (speaker, room))
        assert (one.required_busy, one.required_unknown) == (of_speaker == "busy", of_speaker == "unknown")
        assert [state.free for state in one.rooms] == [{"free": True, "busy": False, "unknown": None}[of_room]]


@EXAMPLES
@given(search=searches(), drawn=st.lists(calendars, min_size=3, max_size=6))
def test_of_each_half_day_the_best_is_kept_and_nothing_shown_is_better_than_what_stands_above(search: Search, drawn: list[dict]) -> None:
    audience = tuple(f"person-{number}" for number in range(len(drawn)))
    everything = weigh(find_candidates(search).times, Asked(audience=audience, elsewhere={}), read_calendars(search, list(audience), drawn))
    kept = best_of_each_half(everything)
    assert {one.candidate.half for one in kept} == {one.candidate.half for one in everything}
    assert len(kept) == len({one.candidate.half for one in kept})
    for one in everything:
        (best,) = (other for other in kept if other.candidate.half == one.candidate.half)
        assert (2 * best.busy + best.unknown, best.candidate.start) <= (2 * one.busy + one.unknown, one.candidate.start)
    misses = [2 * one.busy + one.unknown for one in kept]
    assert misses == sorted(misses)


def people_seated(chosen: Sequence[Weighed], seats: Sequence[int | None]) -> int:
    """One person after the other is put on a date with a free seat; where there is none, others are moved along until there is."""
    limits = [min(10**6 if known is None else known for known in (its, _held(one))) for one, its in zip(chosen, seats, strict=True)]
    on: list[set[int]] = [set() for _ in chosen]

    def put(person: int, tried: set[int]) -> bool:
        for place, one in enumerate(chosen):
            if place in tried or not one.can >> person & 1:
                continue
            tried.add(place)
            if len(on[place]) < limits[place]:
                on[place].add(person)
                return True
            for other in sorted(on[place]):
                if put(other, tried):
                    on[place].remove(other)
                    on[place].add(person)
                    return True
        return False

    return sum(put(person, set()) for person in range(chosen[0].people if chosen else 0))


def _held(one: Weighed) -> int | None:
    """What the one room holds, unless it is taken."""
    return next((state.room.capacity for state in one.rooms if state.free is not False), None)


def on_different_days(those: Sequence[Weighed]) -> bool:
    return len({one.candidate.start.date() for one in those}) == len(those)


@EXAMPLES
@given(
    search=searches(),
    drawn=st.lists(calendars, min_size=3, max_size=9),
    given_seats=st.lists(st.sampled_from([None, 0, 1, 2, 3, 5]), min_size=2, max_size=3),
    room=st.sampled_from([None, 1, 3, 40]),
)
def test_no_other_way_gives_more_people_a_seat(search: Search, drawn: list[dict], given_seats: list[int | None], room: int | None) -> None:
    """All dates for all offerings are tried, and people are seated one by one."""
    audience = tuple(f"person-{number}" for number in range(len(drawn) - 1))
    schedules = read_calendars(search, [*audience, "sal"], drawn)
    asked = Asked(audience=audience, rooms=(Room(email="sal", capacity=room),), elsewhere={})
    times = best_of_each_half(weigh(find_candidates(search).times[:60], asked, schedules))
    days = {one.candidate.start.date() for one in times}
    seats = given_seats[: len(days)]
    chosen = best_together(times, given_seats)
    assert on_different_days(chosen)
    assert len(chosen) == len(seats)
    assert seated(chosen, seats) == people_seated(chosen, seats)
    assert reached(chosen) == people_seated(tuple(replace(one, rooms=()) for one in chosen), [None] * len(chosen))
    ways = [those for those in permutations(times, len(seats)) if on_different_days(those)]
    # Rooms weigh more than seats.
    best_rooms = min(sum(one.room_rank for one in those) for those in ways)
    assert seated(chosen, seats) == max(people_seated(those, seats) for those in ways if sum(one.room_rank for one in those) == best_rooms)
    # Step by step: never two on one day, and neither another date for one nor two exchanged is better.
    stepwise = best_together(times, given_seats, most_tried=0)
    assert on_different_days(stepwise)
    assert len(stepwise) == len(seats)
    for place in range(len(stepwise)):
        for one in times:
            other = (*stepwise[:place], one, *stepwise[place + 1 :])
            if on_different_days(other):
                assert score(stepwise, seats) <= score(other, seats)
    for first, second in combinations(range(len(stepwise)), 2):
        order = list(stepwise)
        order[first], order[second] = order[second], order[first]
        assert score(stepwise, seats) <= score(order, seats)
