"""What the books know in numbers, course by course, for the overview and for HR's list of courses.

Seats, audiences as last read, what stands in the calendar, and what a person has to look at. Nothing is
written. A course is counted when something of it has changed (`bot.opening.counted`), so the numbers are
those of the books at each look.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.participation import asked_by_link
from bot.domain.people import PeopleIndex
from bot.hr_report.enrolment import guests
from bot.overview.lines import Counts, CourseNumbers
from bot.overview.seats import seats_by_offering, seats_of
from bot.registrations.attendance import attendance_in_plan
from bot.registrations.participants import without_place_list
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.rounds.steps.look_at_outlook import plan_as_it_stands, said_by_people
from bot.seats.at_rest import surroundings_of
from bot.seats.plan_changes import without_a_place
from bot.seats.seat_messages import ASKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.plan import CoursePlan
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores
    from bot.rounds.steps.decide_seats import SeatState
    from bot.seats.at_rest import Surroundings

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Nothing has begun by then, so all is counted; whoever shows it knows what time it is."""


def counts_of(plan: CoursePlan, stores: Stores) -> Counts:
    """The numbers of the plan in force: nobody has been told of another one. Raises DatabaseFailed."""
    return Counts(
        seats={course: numbers.seats for course, numbers in numbers_of(plan, stores).items()},
        members=stores.books.audiences.load_members(plan.id),
        noted=stores.noted.load(plan.id),
        on_events=stores.books.ledger.load_places(plan.id),
    )


def numbers_of(plan: CoursePlan, stores: Stores) -> dict[str, CourseNumbers]:
    """The numbers of every course of the plan in force, by id. Raises DatabaseFailed."""
    counting = counting_of(plan, stores)

    def count(courses: frozenset[str]) -> Mapping[str, tuple[CourseNumbers, None]]:
        state = load_state(plan, stores, course=courses, people=counting.people)
        return _counted(stores, state, rows_of(state))

    return stores.counted.of_each(counting.plan, counting.around, counting.digests, count, now=LONG_AGO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What numbers go by, as it was before the rows of any course were read; `plan` as it stands."""

    plan: CoursePlan
    people: PeopleIndex
    around: Surroundings
    digests: Mapping[str, int]
    stores: Stores

    def take(self, state: SeatState, rows: Iterable[Registration]) -> None:
        """Count the courses whose books somebody has read for something else, with who is coming."""
        self.stores.counted.take(
            self.plan,
            self.around,
            self.digests,
            [*state.plan.titles],
            lambda: _counted(self.stores, state, rows),
            now=LONG_AGO,
        )


def counting_of(plan: CoursePlan, stores: Stores) -> Counting:
    """To be had before any rows are read. Raises DatabaseFailed."""
    people = stores.books.people.load_people(plan.id)
    members = stores.books.audiences.load_members(plan.id)
    by_link = any(course.enrolment.by_link for course in plan.courses)
    digests = stores.digests.load_digests(plan.id, kinds=ASKING if by_link else ())
    standing = plan_as_it_stands(plan, stores)
    around = surroundings_of(standing, people, members, settings=None)
    return Counting(plan=standing, people=PeopleIndex(people), around=around, digests=digests, stores=stores)


def _counted(
    stores: Stores, state: SeatState, all_rows: Iterable[Registration]
) -> Mapping[str, tuple[CourseNumbers, None]]:
    people, all_rows = state.people, tuple(all_rows)
    rows: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in all_rows:
        rows[row.course].append(row)
    said = stores.attendance.load_words(state.plan.id, course=frozenset(state.plan.titles))
    came = {
        course: known.attended
        for course, known in attendance_in_plan(state.plan, all_rows, said, people).items()
    }
    lost = without_place_list(state.plan.courses, without_a_place(state.standings), people)
    without_place = Counter(person.course for person in lost)
    off: defaultdict[str, list[datetime | None]] = defaultdict(list)
    for key, entry in state.entries.items():
        planned = state.plan.session(key) if entry.rooms_declined else None
        if planned is not None:
            off[key.course].append(planned.session.start)
    speakers_off = _speakers_off(state, stores)
    return {
        course.id: (
            CourseNumbers(
                seats=seats_of(
                    course,
                    rows[course.id],
                    asked_by_link(course, state.announced, state.members),
                    came.get(course.id),
                ),
                offerings=seats_by_offering(course, state.standings),
                guests={
                    one.offering: len(one.names)
                    for one in guests(state.plan, [course], rows[course.id], now=LONG_AGO)
                },
                without_place=without_place[course.id],
                speakers_off=tuple(speakers_off[course.id]),
                rooms_off=tuple(off[course.id]),
            ),
            None,
        )
        for course in state.plan.courses
    }


def _speakers_off(state: SeatState, stores: Stores) -> Mapping[str, list[datetime | None]]:
    """By course the starts (wall time) of what a speaker said no to; what was said is read once for all."""
    found: defaultdict[str, list[datetime | None]] = defaultdict(list)
    if any(speaker.email for course in state.plan.courses for speaker in course.speakers):
        for answer in said_by_people(state, stores).cancelled_speakers:
            found[answer.where.key.course].append(answer.where.start)
    return found
