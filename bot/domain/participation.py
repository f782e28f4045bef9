"""Who takes part, and how: the one definition that every list, page, message and number goes by (pure).

One person and one offering (`part_of`), the first line that fits:

| the row | the person is |
|---|---|
| answers an invitation that was not theirs (`invited` is False) | an outsider: on no list and in no number until HR decides |
| registered | seated |
| tentative | maybe |
| waitlisted | waiting |
| awaiting | awaiting the manager's yes: they have signed up, and have neither a seat nor a place in line |
| invited | asked, and has not answered |
| declined, withdrawn | out; `lost_seat` says whether the seat went with the course that was cancelled |

One person and one session of several (`part_in`):

| the session | the person is |
|---|---|
| is not among those of the row (`Registration.answers`): they are not invited to it | nothing |
| got a no | out |
| else | what they are with the offering |

One person and the course (`parts_of_course`), all offerings together, so that everybody counts once:

| any offering has them | the person is |
|---|---|
| seated | seated |
| maybe | maybe |
| waiting | waiting |
| awaiting | awaiting |
| given up in time while other dates are open (`Registration.reopened`) | asked: they may still choose |
| out | out |
| asked (and no other) | asked |

Silent is who is asked, or was asked by link and has no row, where an answer is wanted: an approved course
that people do not just sign up for. Who is asked to save the date is asked not to answer. Speakers have no
row for what they are invited to as speakers (`bot.answers.fold`). A course that is not on (`is_on`: proposed,
cancelled, gone from the plan) has nobody coming.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.enrolment import EnrolmentMode
from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus, is_stand_in
from bot.domain.seats import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.registrations import Registration

Status = RegistrationStatus


class Part(StrEnum):
    """How somebody takes part, by the tables above."""

    SEATED = "seated"
    MAYBE = "maybe"
    WAITING = "waiting"
    AWAITING = "awaiting"
    ASKED = "asked"
    OUT = "out"
    OUTSIDER = "outsider"


COMING = frozenset({Part.SEATED, Part.MAYBE})
"""Who is on the list at the door; the maybes with a mark, and in no number of seats."""
IN_PLAY = frozenset({Part.SEATED, Part.MAYBE, Part.WAITING, Part.AWAITING})
ON = frozenset({CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED})
PART_OF = {
    Status.REGISTERED: Part.SEATED,
    Status.TENTATIVE: Part.MAYBE,
    Status.WAITLISTED: Part.WAITING,
    Status.AWAITING: Part.AWAITING,
    Status.INVITED: Part.ASKED,
    Status.DECLINED: Part.OUT,
    Status.WITHDRAWN: Part.OUT,
}


class NotTheirNo(StrEnum):
    """Why somebody is out who has said no such thing; texts are `web.state.<value>` and the like."""

    REFUSED = "refused"
    NO_SEAT = "no_seat"


NOT_THEIR_NO = {
    Cause.DISAPPROVED.value: NotTheirNo.REFUSED,
    Cause.FULL.value: NotTheirNo.NO_SEAT,
    Cause.TOO_LATE.value: NotTheirNo.NO_SEAT,
}
STRONGEST_FIRST = (Part.SEATED, Part.MAYBE, Part.WAITING, Part.AWAITING, Part.OUT, Part.ASKED)


def part_of(row: Registration) -> Part:
    """How the person takes part in the offering."""
    return PART_OF[row.status] if row.invited else Part.OUTSIDER


def lost_seat(row: Registration) -> bool:
    """Whether there was a seat, and the course was cancelled.

    Nobody comes, and HR may have to ring them up.
    """
    return row.cause == Cause.OFFERING_GONE.value


def not_their_no(row: Registration) -> NotTheirNo | None:
    """Why they are out, where it is a manager's no or a yes for which there was no seat; else None."""
    return NOT_THEIR_NO.get(row.cause) if part_of(row) is Part.OUT else None


def part_in(row: Registration, session: str) -> Part | None:
    """How the person takes part in one session of the offering, None where it is not for them."""
    if not row.answers:
        return part_of(row)
    said = dict(row.answers).get(session)
    if said is None:
        return None
    return Part.OUT if PART_OF[said] is Part.OUT and row.invited else part_of(row)


def is_on(course: Course | None) -> bool:
    """Whether the course is to be held as far as the plan says, so that people can be said to come.

    None: it has left the plan.
    """
    return course is not None and course.status in ON


def insiders(rows: Iterable[Registration]) -> tuple[Registration, ...]:
    """The rows of those who are invited, in their order: everybody who is counted somewhere."""
    return tuple(row for row in rows if row.invited)


def outsiders(rows: Iterable[Registration]) -> tuple[Registration, ...]:
    """The rows of those who are not, in their order: for HR to decide about."""
    return tuple(row for row in rows if not row.invited)


def parts_of_course(rows: Iterable[Registration]) -> dict[str, Part]:
    """Address to how the person takes part in the course, each once.

    `rows` are the course's, outsiders are left out.
    """
    mine: defaultdict[str, list[Registration]] = defaultdict(list)
    for row in insiders(rows):
        mine[row.email].append(row)
    return {email: _together(theirs) for email, theirs in mine.items()}


def people_in(audiences: Iterable[str], members: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Everybody of these audiences, as far as it is known who belongs to them."""
    return frozenset[str]().union(*(members.get(name, frozenset()) for name in audiences))


def asked_by_link(
    course: Course, asked: Mapping[tuple[str, str], datetime], members: Mapping[str, frozenset[str]]
) -> dict[str, datetime]:
    """Who was asked by message to choose or to sign up, since when, and still belongs to the audience.

    Nobody where Outlook asks.

    `asked` maps (course, address), `members` are the audiences as last read.
    """
    if not course.enrolment.by_link:
        return {}
    audience = people_in(course.invited_audiences, members)
    return {email: at for (of, email), at in asked.items() if of == course.id and email in audience}


def unanswered_people(
    course: Course | None, rows: Iterable[Registration], asked: Iterable[str]
) -> frozenset[str]:
    """Who was asked about the course, in the calendar or by link, and has answered nothing of it.

    No stand-ins.

    `rows` are the course's; `asked` were asked by link (`asked_by_link`).
    """
    if course is None or course.status is not CourseStatus.APPROVED:
        return frozenset()
    parts = parts_of_course(rows)
    unanswered = {email for email, part in parts.items() if part is Part.ASKED and not is_stand_in(email)}
    return frozenset(unanswered | (set(asked) - parts.keys()))


def silent_people(
    course: Course | None, rows: Iterable[Registration], asked: Iterable[str]
) -> frozenset[str]:
    """Those of `unanswered_people` whose silence is not an answer.

    Whoever may sign up has said enough by not doing it.
    """
    if course is None or course.enrolment.mode is EnrolmentMode.SIGNUP:
        return frozenset()
    return unanswered_people(course, rows, asked)


def is_ahead(plan: CoursePlan, offering: Offering, now: datetime) -> bool:
    """Whether the offering has not begun: its first session lies ahead, or none is dated. `now` UTC."""
    wall = now.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
    return offering.begins is None or offering.begins > wall


def sessions_for(
    course: Course, offering: Offering, email: str, members: Mapping[str, frozenset[str]]
) -> tuple[CourseSession, ...]:
    """The sessions that a seat of the offering is for: those for somebody's audience.

    All of them for who is of none of the audiences.
    """
    theirs = tuple(
        session
        for session in offering.sessions
        if any(email in members.get(name, frozenset()) for name in course.audiences_of(session))
    )
    return theirs or offering.sessions


def _together(rows: list[Registration]) -> Part:
    if len(rows) == 1:
        (row,) = rows
        return Part.ASKED if row.reopened and part_of(row) is Part.OUT else part_of(row)
    parts = {part_of(row) for row in rows}
    strongest = next(part for part in STRONGEST_FIRST if part in parts)
    return Part.ASKED if strongest is Part.OUT and any(row.reopened for row in rows) else strongest
