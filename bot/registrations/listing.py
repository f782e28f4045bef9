"""Registrations in the order and the words that people read them in: what every export shares (pure).

Courses and offerings in the order of the plan, those that have left it after them; a course that is on, or
cancelled, has its lists also while nobody is on them, and who was not invited is on none. Within an offering
by status, then by name as Danish sorts: æ, ø, å after z, and aa as å (Retskrivningsordbogen § 4).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.called_off import title_in_whole
from bot.domain.participation import Part, insiders, is_on, lost_seat, outsiders, part_of
from bot.domain.plan import CourseStatus
from bot.domain.registrations import Registration, RegistrationStatus, is_stand_in
from bot.i18n.called_off import called_off_because
from bot.i18n.catalogue import text
from bot.i18n.sorting import danish_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan

STATUSES = (
    RegistrationStatus.REGISTERED,
    RegistrationStatus.TENTATIVE,
    RegistrationStatus.WAITLISTED,
    RegistrationStatus.AWAITING,
    RegistrationStatus.INVITED,
    RegistrationStatus.DECLINED,
    RegistrationStatus.WITHDRAWN,
)
"""The order in which they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferingList:
    """The rows of one offering.

    `title` is empty where the course has one offering only; `rows` in the order to show.

    `state` is the course's status, None where course or offering has left the plan; `capacity` None: no
    limit, or nothing to come to. `asked`: how many were asked by link to choose or to sign up, of the whole
    course.
    """

    course: str
    offering: str
    course_title: str
    title: str
    rows: tuple[Registration, ...]
    state: CourseStatus | None = None
    cancel_reason: str = ""
    capacity: int | None = None
    asked: int = 0

    @property
    def is_on(self) -> bool:
        """Whether there is something to come to, so that people can be counted as coming."""
        return self.state in {CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED}

    @property
    def counts(self) -> dict[RegistrationStatus, int]:
        """How many rows have each status, every status named.

        Nobody counts for what is not on, nor as silent for a saved date.
        """
        counted = Counter(row.status for row in self.rows if self.is_on)
        if self.state is CourseStatus.SAVE_THE_DATE:
            counted[RegistrationStatus.INVITED] = 0
        return {status: counted[status] for status in STATUSES}

    @property
    def unconfirmed(self) -> int:
        """How many have not said that they come since the date was moved."""
        return sum(row.unconfirmed for row in self.rows if self.is_on)


def offering_lists(
    rows: Iterable[Registration],
    plan: CoursePlan,
    asked: Mapping[str, Collection[str]] | None = None,
    *,
    outside: bool = False,
) -> tuple[OfferingList, ...]:
    """The rows by course and offering, in the order above; `asked` has who was asked by link, by course.

    With `outside` those of the outsiders, and nobody else's.
    """
    grouped: dict[tuple[str, str], list[Registration]] = {
        (course.id, offering.id): []
        for course in plan.courses
        if not outside and (is_on(course) or course.status is CourseStatus.CANCELLED)
        for offering in course.offerings
    }
    for row in outsiders(rows) if outside else insiders(rows):
        grouped.setdefault((row.course, row.offering), []).append(row)
    order = _order_of(plan)
    return tuple(
        _offering_list(plan, course_id, offering_id, grouped[course_id, offering_id], asked or {})
        for course_id, offering_id in sorted(grouped, key=order)
    )


def _order_of(plan: CoursePlan) -> Callable[[tuple[str, str]], tuple[int, str, int, str]]:
    """What to sort (course, offering) by: as in the plan, what has left it last and by id."""
    courses = {course.id: at for at, course in enumerate(plan.courses)}
    offerings = {
        (course.id, offering.id): at
        for course in plan.courses
        for at, offering in enumerate(course.offerings)
    }
    last = max(len(courses), len(offerings))

    def order(key: tuple[str, str]) -> tuple[int, str, int, str]:
        course, offering = key
        return courses.get(course, last), course, offerings.get(key, last), offering

    return order


def _offering_list(
    plan: CoursePlan,
    course_id: str,
    offering_id: str,
    rows: Iterable[Registration],
    asked: Mapping[str, Collection[str]],
) -> OfferingList:
    course, offering = plan.course(course_id), plan.offering(course_id, offering_id)
    in_plan = course if offering is not None else None
    is_alone = in_plan is not None and len(in_plan.offerings) == 1
    own_title = offering.title if offering is not None else ""
    return OfferingList(
        course=course_id,
        offering=offering_id,
        course_title=course.title if course else title_in_whole(plan, course_id) or course_id,
        title="" if is_alone else own_title or offering_id,
        rows=tuple(sorted(rows, key=_order)),
        state=in_plan.status if in_plan is not None else None,
        cancel_reason=called_off_because(plan, course_id, offering_id, language=plan.language),
        capacity=course.capacity_of(offering) if course and offering else None,
        asked=len(asked.get(course_id, ())),
    )


def course_state_text(listed: OfferingList, language: Language) -> str:
    """What has to be known of the course before anything else: cancelled, save the date, not in the plan.

    "" for an approved one.
    """
    if listed.state is CourseStatus.APPROVED:
        return ""
    if listed.cancel_reason and listed.state in {CourseStatus.CANCELLED, None}:
        because = "gone_because" if listed.state is None else "cancelled_because"
        return text(language, f"registrations.{because}", reason=listed.cancel_reason)
    return text(language, f"registrations.state.{listed.state.value if listed.state else 'gone'}")


def standing_text(row: Registration, listed: OfferingList, language: Language) -> str:
    """A row's status as it is to be read under its course: what was, where it is not on.

    No silence where no answer is wanted.
    """
    if not row.invited:
        return text(language, "registrations.outsider", status=status_text(row.said or row.status, language))
    if listed.state is CourseStatus.SAVE_THE_DATE and part_of(row) is Part.ASKED:
        return text(language, "registrations.date_sent")
    status = text(language, "registrations.had_seat") if lost_seat(row) else status_text(row.status, language)
    if not listed.is_on:
        state = text(language, f"registrations.state.{listed.state.value if listed.state else 'gone'}")
        return text(language, "registrations.was", state=state, status=status)
    return text(language, "registrations.unconfirmed", status=status) if row.unconfirmed else status


def shown_name(row: Registration, language: Language) -> str:
    """The name; the address of somebody without one; a word for somebody who was erased."""
    if is_erased(row):
        return text(language, "registrations.erased")
    return row.name or row.email


def shown_email(row: Registration) -> str:
    """The address; nothing for somebody who was erased."""
    return "" if is_erased(row) else row.email


def is_erased(row: Registration) -> bool:
    """Whether the row only counts: the person was erased."""
    return is_stand_in(row.email)


def status_text(status: RegistrationStatus, language: Language) -> str:
    """A status as people say it."""
    return text(language, f"registrations.status.{status.value}")


def source_text(row: Registration, language: Language) -> str:
    """By which door the status came, and who said it for the person."""
    source = text(language, f"registrations.source.{row.source.value}")
    if not row.answered_by:
        return source
    return text(language, "registrations.answered_by", source=source, by=row.answered_by)


def session_answers_text(row: Registration, language: Language) -> str:
    """`del-1: Tilmeldt, del-2: Ikke svaret`; empty for an offering of one session."""
    return ", ".join(f"{session}: {status_text(status, language)}" for session, status in row.answers)


def wall_time(instant: datetime, plan: CoursePlan) -> datetime:
    """The instant on the plan's clocks, naive, to the second."""
    return instant.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None, microsecond=0)


def _order(row: Registration) -> tuple[int, int, str, str]:
    return STATUSES.index(row.status), row.position or 0, danish_key(row.name or row.email), row.email
