"""What the desk shows HR today: what waits for a person, most urgent first, and what is near (pure).

| order | what waits | it is told while | leads to |
|---|---|---|---|
| 1 | a plan that cannot be read | it cannot | the plan |
| 2 | a service that does not get through | the last run of a job failed | the runs |
| 3 | an id that looks changed | it waits | the changes |
| 4 | a course's change | it waits | the changes |
| 5 | a speaker, a room that said no | it is still to come | the course |
| 6 | a mail that came back, or did not go | since yesterday | the course, or the people |
| 7 | people who were not invited | HR has not decided | the course |
| 8 | people whose date went | they have no other | the course |
| 9 | a sign-up that waits for a yes, and it is HR who decides | it waits | the course |
| 10 | an edit in Outlook | it stands | the course |
| 11 | fewer than are needed | the course is still to come | the course |
| 12 | full, and somebody is in line | the date is still to come | the course |
| 13 | nobody knows of some | the deadline is within a week | the course |
| 14 | days that were only reserved | they are over | the course |
| 15 | a program that was not told | it was given up | the runs |
| 16 | old personal data | it waits for a person | the runs |
| 17 | what somebody wrote | nobody of HR has read it | the course |

Of one kind, what happens or began first stands first. Near is what begins, or has its deadline, within a
fortnight. Times are wall times of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.approvals import WaitReason
from bot.overview.course_list import Concern, Waits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.reports import Report
    from bot.overview.course_list import CourseInList

NEAR = timedelta(days=14)
LAST = datetime(9999, 12, 31)  # noqa: DTZ001 - wall time
DEADLINE_IS_NEAR = timedelta(days=7)


class Urgency(StrEnum):
    """What waits, in the order of the table; texts are `today.item.<value>`."""

    PLAN = "plan"
    SERVICE = "service"
    ID = "id"
    CHANGE = "change"
    SPEAKER = "speaker"
    ROOM = "room"
    RETURNED = "returned"
    GUESTS = "guests"
    WITHOUT = "without"
    SIGN_UP = "sign_up"
    EDIT = "edit"
    MINIMUM = "minimum"
    LINE = "line"
    SILENT = "silent"
    LAPSED = "lapsed"
    PROGRAM = "program"
    ERASURE = "erasure"
    REMARK = "remark"


ORDER = {kind: place for place, kind in enumerate(Urgency)}
TO_CHANGES, TO_PLAN, TO_RUNS, TO_PEOPLE, TO_COURSE = "changes", "plan", "runs", "people", "course"
LEADS_TO = {
    Urgency.PLAN: TO_PLAN,
    Urgency.SERVICE: TO_RUNS,
    Urgency.ID: TO_CHANGES,
    Urgency.CHANGE: TO_CHANGES,
    Urgency.PROGRAM: TO_RUNS,
    Urgency.ERASURE: TO_RUNS,
}
"""Where what waits is seen to; everything else on the page of its course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayItem:
    """One thing that waits.

    `when` is what it is about, `since` when it began; `names` are people or what was found, `quote` what
    somebody wrote; `count` and `of` are people or mails. Of what somebody wrote, `email` is who, and `until`
    (UTC) the latest that is shown of theirs about the course.
    """

    kind: Urgency
    course: str = ""
    title: str = ""
    since: datetime | None = None
    when: datetime | None = None
    names: tuple[str, ...] = ()
    quote: str = ""
    count: int = 0
    of: int = 0
    email: str = ""
    until: datetime | None = None

    @property
    def leads_to(self) -> str:
        """Where it is seen to: the page of its course, or one of the others."""
        return LEADS_TO.get(self.kind) or (TO_COURSE if self.course else TO_PEOPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDate:
    """A date of a course, or its deadline with so many who have not answered."""

    course: str
    title: str
    at: datetime
    is_deadline: bool
    all_day: bool = False
    registered: int = 0
    waiting: int = 0
    capacity: int | None = None
    unanswered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The page; `answers` since yesterday, of each course: id, title, yes, maybe, no."""

    wall: datetime
    items: tuple[TodayItem, ...] = ()
    near: tuple[NearDate, ...] = ()
    answers: tuple[tuple[str, str, int, int, int], ...] = ()

    @property
    def remarks(self) -> tuple[TodayItem, ...]:
        """What people wrote and nobody of HR has read."""
        return tuple(item for item in self.items if item.kind is Urgency.REMARK)


def today_of(
    report: Report,
    courses: Sequence[CourseInList],
    *,
    others: Iterable[TodayItem],
) -> Today:
    """The page from a report since yesterday and the list of courses; `others` is what neither knows."""
    found = [
        *others,
        *_waits(report),
        *_cannot(report),
        *_people(report),
        *_seats(report),
        *_of_courses(courses, report.at),
    ]
    answers = tuple((one.course, one.title, one.yes, one.maybe, one.no) for one in report.answers)
    return Today(
        wall=report.at,
        items=tuple(sorted(found, key=_place)),
        near=tuple(sorted(_near(courses, report.at), key=lambda one: (one.at, one.title))),
        answers=answers,
    )


def _place(item: TodayItem) -> tuple[int, datetime, str]:
    return ORDER[item.kind], item.when or item.since or LAST, item.title


def _waits(report: Report) -> Iterator[TodayItem]:
    """What a person has to say a word to."""
    for change in report.pending.courses if report.pending else ():
        kind = Urgency.ID if any(reason[0] == WaitReason.ID for reason in change.reasons) else Urgency.CHANGE
        yield TodayItem(
            kind=kind, course=change.course, title=change.title, since=change.since, count=change.mails,
            of=change.people,
        )  # fmt: skip
    for program in report.untold:
        yield TodayItem(
            kind=Urgency.PROGRAM, since=program.since, names=(program.receiver,), count=program.count
        )
    if report.erasure is not None:
        yield TodayItem(kind=Urgency.ERASURE, since=report.erasure.since)


def _cannot(report: Report) -> Iterator[TodayItem]:
    """Who or what cannot come, and what did not arrive."""
    for speaker in report.speakers:
        yield TodayItem(
            kind=Urgency.SPEAKER, course=speaker.course, title=speaker.title, when=speaker.start,
            names=(speaker.name,), quote=speaker.comment,
        )  # fmt: skip
    for mail in report.undelivered:
        yield TodayItem(
            kind=Urgency.RETURNED, course=mail.course, title=mail.title, names=mail.addresses,
            count=len(mail.addresses),
        )  # fmt: skip


def _people(report: Report) -> Iterator[TodayItem]:
    """Whom HR decides about, and who wrote."""
    for guests in report.guests:
        yield TodayItem(
            kind=Urgency.GUESTS, course=guests.course, title=guests.title, names=guests.names,
            count=len(guests.names),
        )  # fmt: skip
    for without in report.left_without:
        yield TodayItem(
            kind=Urgency.WITHOUT, course=without.course, title=without.title, names=without.names,
            count=len(without.names),
        )  # fmt: skip
    # What a speaker wrote with a no stands with it.
    told = {(one.course, one.comment) for one in report.speakers}
    latest: dict[tuple[str, str], datetime] = {}
    for remark in report.remarks:
        if remark.at is not None:
            whose = remark.course, remark.email
            latest[whose] = max(remark.at, latest.get(whose, remark.at))
    for remark in report.remarks:
        if (remark.course, remark.text) in told:
            continue
        yield TodayItem(
            kind=Urgency.REMARK, course=remark.course, title=remark.title, names=(remark.name,),
            quote=remark.text, email=remark.email, until=latest.get((remark.course, remark.email)),
        )  # fmt: skip


def _seats(report: Report) -> Iterator[TodayItem]:
    """Lines, silence before a deadline, and reserved days that went."""
    for seats in report.seats:
        if seats.waiting and seats.capacity is not None and seats.registered >= seats.capacity:
            yield TodayItem(
                kind=Urgency.LINE,
                course=seats.course,
                title=seats.title,
                count=seats.waiting,
                of=seats.capacity,
            )
    for silent in report.silent:
        if silent.deadline and not silent.is_past and silent.deadline - report.at <= DEADLINE_IS_NEAR:
            yield TodayItem(
                kind=Urgency.SILENT, course=silent.course, title=silent.title, when=silent.deadline,
                count=silent.count,
            )  # fmt: skip
    for day in report.lapsed:
        yield TodayItem(kind=Urgency.LAPSED, course=day.course, title=day.title, when=day.start)


def _of_courses(courses: Iterable[CourseInList], wall: datetime) -> Iterator[TodayItem]:
    """Rooms that said no, and courses with too few people."""
    for course in courses:
        rooms = dict(course.waits).get(Waits.ROOM, 0)
        if rooms:
            yield TodayItem(kind=Urgency.ROOM, course=course.id, title=course.title, count=rooms)
        if Concern.MINIMUM in course.looks and course.minimum is not None:
            first = min(
                (date.start for date in course.dates if date.start and date.start > wall), default=None
            )
            yield TodayItem(
                kind=Urgency.MINIMUM, course=course.id, title=course.title, when=course.deadline or first,
                count=course.seats.registered, of=course.minimum,
            )  # fmt: skip


def _near(courses: Iterable[CourseInList], wall: datetime) -> Iterator[NearDate]:
    for course in courses:
        if course.status not in {"approved", "save_the_date"}:
            continue
        for date in course.dates:
            if date.start is not None and wall.date() <= date.start.date() and date.start - wall <= NEAR:
                yield NearDate(
                    course=course.id, title=date.title or course.title, at=date.start, is_deadline=False,
                    all_day=date.all_day, registered=course.seats.registered, waiting=course.seats.waitlisted,
                    capacity=course.seats.capacity,
                )  # fmt: skip
        if course.deadline is not None and timedelta() <= course.deadline - wall <= NEAR:
            yield NearDate(
                course=course.id, title=course.title, at=course.deadline, is_deadline=True,
                unanswered=course.seats.unanswered,
            )  # fmt: skip
