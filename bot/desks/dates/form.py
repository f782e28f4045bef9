"""A search for a date as somebody fills it in on a page: what may be chosen, and the question it comes to.

Days, hours and lengths are read as at the command line (`bot.desks.dates.options`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desks.dates.options import read_addresses, read_day, read_days, read_hour, read_length
from bot.domain.plan import MAIN_OFFERING, CourseStatus
from bot.messages.characters import one_line
from bot.rounds.steps.date_subject import DateQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.domain.plan import Course, CoursePlan

SEPARATOR = "/"
NOT_LOOKED_FOR = frozenset({CourseStatus.CANCELLED, CourseStatus.LISTED})
MOST_SEATS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DateForm:
    """As it was typed; `avoid` and `required` may hold several, apart by blanks, commas or lines."""

    about: str = ""
    first: str = ""
    last: str = ""
    length: str = "3t"
    earliest: str = "8:30"
    latest: str = "16:00"
    avoid: str = ""
    required: str = ""
    room: str = "house"
    seats: str = ""


def choices(plan: CoursePlan) -> list[tuple[str, str]]:
    """What a date may be looked for, as the form's word and as HR calls it; courses without a date first."""
    wanted = [one for one in plan.courses if one.status not in NOT_LOOKED_FOR]
    undated_first = sorted(wanted, key=_is_dated)
    return [choice for course in undated_first for choice in _choices_of(course)]


def _is_dated(course: Course) -> bool:
    return all(session.start is not None for _, session in course.sessions())


def _choices_of(course: Course) -> Iterator[tuple[str, str]]:
    """The course, and each of its sessions where there are several."""
    title = one_line(course.title)
    yield course.id, title
    sessions = [*course.sessions()]
    if len(sessions) < 2:  # noqa: PLR2004 - the only one is the course
        return
    for offering, session in sessions:
        name = "" if offering.id == MAIN_OFFERING else offering.title or offering.id
        part = (session.title or session.id) if len(offering.sessions) > 1 else ""
        said = ", ".join(one_line(one) for one in (title, name, part) if one)
        yield SEPARATOR.join((course.id, offering.id, session.id)), said


def question_of(form: DateForm, label: Callable[[str], str]) -> DateQuestion:
    """The question; `label` says what a field is called on the page.

    Raises InputError of what cannot be read.
    """
    course, offering, session = (*form.about.split(SEPARATOR), "", "", "")[:3]
    seats = form.seats.strip()
    return DateQuestion(
        course=course,
        offering="" if offering == MAIN_OFFERING else offering,
        session=session,
        first=read_day(label("first"), form.first),
        last=read_day(label("last"), form.last),
        length=read_length(label("length"), form.length),
        earliest=read_hour(label("earliest"), form.earliest),
        latest=read_hour(label("latest"), form.latest),
        avoid=tuple(read_days(label("avoid"), one) for one in _several(form.avoid)),
        required=read_addresses(label("required"), _several(form.required)),
        rooms=None if form.room == "none" else (),
        seats=min(int(seats), MOST_SEATS) if seats.isdecimal() and int(seats) else None,
    )


def _several(typed: str) -> tuple[str, ...]:
    return tuple(typed.replace(",", " ").replace(";", " ").split())
