"""Ids that look changed without the plan saying so (`was`).

What is gone, and what is new and looks the same (pure).

A changed id is a cancellation and a new invitation for everybody, which is seldom what was meant. Compared is
what was in force, with the old names that the plan does give, with the plan as it is written:

    level      gone from the plan                       new in it                   looks the same when
    course     a course that reaches calendars, with    a course that is no draft   it has the same title, or a session
               a session ahead                          and is not cancelled        at the same time
    offering   one with a session ahead, in a course    one in the same course      it has the same title, or the same times
               that is in both
    session    one that is ahead, in an offering that   one in the same offering    it has the same start
               is in both

Where no version in force is known, what would be cancelled because it is gone is compared with what would be
created: the same subject and start, or the same start in one course.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.changed_ids import ChangedId, IdLevel
from bot.domain.changes import Cancel, Create, Reason
from bot.domain.plan import CourseStatus
from bot.domain.renames import renames_of
from bot.domain.times import instant
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from typing import TypeVar

    from bot.domain.changes import Change
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

    Thing = TypeVar("Thing", Course, Offering, CourseSession)

IN_CALENDARS = frozenset({CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """When a plan's sessions begin, in UTC, and which of them are ahead."""

    zone: ZoneInfo
    now: datetime

    def start(self, session: CourseSession) -> datetime | None:
        """Its start, None without a date."""
        return session.start.replace(tzinfo=self.zone).astimezone(UTC) if session.start else None

    def starts(self, *offerings: Offering) -> frozenset[datetime]:
        """All that are known."""
        found = (self.start(session) for offering in offerings for session in offering.sessions)
        return frozenset(start for start in found if start is not None)

    def is_ahead(self, session: CourseSession) -> bool:
        """Whether it is still to come."""
        start = self.start(session)
        return start is not None and start > self.now

    def some_ahead(self, offering: Offering) -> bool:
        """Whether one of its sessions is."""
        return any(map(self.is_ahead, offering.sessions))


def changed_ids(before: CoursePlan, after: CoursePlan, *, now: datetime) -> tuple[ChangedId, ...]:
    """By the table above; `before` is the plan in force, `after` the plan as it is written, `now` UTC."""
    then = renames_of(after).version(before)
    old_clock, clock = (_Clock(zone=ZoneInfo(plan.timezone), now=now) for plan in (then, after))
    sent = [
        course
        for course in then.courses
        if course.status in IN_CALENDARS and any(map(old_clock.some_ahead, course.offerings))
    ]
    written = {course.id: course for course in after.courses if course.status is not CourseStatus.DRAFT}
    gone = [course for course in sent if course.id not in written]
    news = [course for course in written.values() if _is_new(course, then)]
    found = [*_courses(gone, news, old_clock, clock)]
    for old in sent:
        course = written.get(old.id)
        if course is not None and course.status is not CourseStatus.CANCELLED:
            found += _within(old, course, old_clock, clock)
    return tuple(found)


def _is_new(course: Course, then: CoursePlan) -> bool:
    """A draft is as good as not there, and nobody is sent to what is cancelled."""
    known = then.course(course.id)
    was_there = known is not None and known.status is not CourseStatus.DRAFT
    return not was_there and course.status is not CourseStatus.CANCELLED


def _courses(
    gone: Iterable[Course], news: Iterable[Course], old_clock: _Clock, clock: _Clock
) -> Iterator[ChangedId]:
    """Those that are gone beside those that are new."""

    def alike(old: Course, new: Course) -> bool:
        ahead = {start for start in old_clock.starts(*old.offerings) if start > old_clock.now}
        return _same(old.title, new.title) or not ahead.isdisjoint(clock.starts(*new.offerings))

    for old, new in _pairs(gone, news, alike):
        yield ChangedId(
            level=IdLevel.COURSE, course=new.id, gone=old.id, old=old.id, new=new.id, title=new.title
        )


def _within(old: Course, course: Course, old_clock: _Clock, clock: _Clock) -> Iterator[ChangedId]:
    """The offerings and sessions of a course that is in both."""

    def alike(one: Offering, other: Offering) -> bool:
        return _same(one.title, other.title) or old_clock.starts(one) == clock.starts(other)

    for before, part in _pairs(*_apart(old.offerings, course.offerings, old_clock.some_ahead), alike):
        yield _changed(IdLevel.OFFERING, course, before.id, part)
    standing = {one.id: one for one in course.offerings}
    for offering in old.offerings:
        if offering.id not in standing:
            continue
        apart = _apart(offering.sessions, standing[offering.id].sessions, old_clock.is_ahead)
        for earlier, session in _pairs(*apart, lambda one, other: old_clock.start(one) == clock.start(other)):
            yield replace(
                _changed(IdLevel.SESSION, course, earlier.id, session), offering=standing[offering.id].id
            )


def _changed(level: IdLevel, course: Course, old: str, thing: Offering | CourseSession) -> ChangedId:
    return ChangedId(
        level=level,
        course=course.id,
        gone=course.id,
        old=old,
        new=thing.id,
        title=thing.title or course.title,
    )


def changed_ids_in(changes: Iterable[Change]) -> tuple[ChangedId, ...]:
    """The same by what a difference would cancel and create, where no version in force is known."""
    listed = list(changes)
    gone = [
        change
        for change in listed
        if isinstance(change, Cancel) and change.reason is Reason.GONE_FROM_PLAN and change.key.part == 1
    ]
    news = [change for change in listed if isinstance(change, Create) and change.key.part == 1]

    def looks_alike(old: Cancel, new: Create) -> bool:
        content, before = new.desired.content, old.observed.content
        same_start = instant(content.start, content.timezone) == instant(before.start, before.timezone)
        return same_start and (content.subject == before.subject or old.key.course == new.key.course)

    found: dict[ChangedId, None] = {}
    used: set[str] = set()
    for new in news:
        old = next((one for one in gone if str(one.key) not in used and looks_alike(one, new)), None)
        if old is None:
            continue
        used.add(str(old.key))
        level, before, after = _level(
            (old.key.course, old.key.offering, old.key.session),
            (new.key.course, new.key.offering, new.key.session),
        )
        found[
            ChangedId(
                level=level,
                course=new.course,
                gone=old.course,
                old=before,
                new=after,
                title=new.subject,
                offering=new.key.offering if level is IdLevel.SESSION else "",
            )
        ] = None
    return tuple(found)


def changed_id_text(one: ChangedId, language: Language) -> str:
    """What looks changed, what would come of it, and the ways out."""
    return text(
        language, f"lookalikes.{one.level}", old=one.old, new=one.new, title=one.title, course=one.course
    )


def _level(old: tuple[str, str, str], new: tuple[str, str, str]) -> tuple[IdLevel, str, str]:
    """The outermost id that differs."""
    return next((level, a, b) for level, a, b in zip(IdLevel, old, new, strict=True) if a != b)


def _apart(
    before: Iterable[Thing], after: Iterable[Thing], is_ahead: Callable[[Thing], bool]
) -> tuple[list[Thing], list[Thing]]:
    """What was ahead and is gone, and what is new."""
    then, now = {thing.id: thing for thing in before}, {thing.id: thing for thing in after}
    gone = [thing for thing in then.values() if thing.id not in now and is_ahead(thing)]
    return gone, [thing for thing in now.values() if thing.id not in then]


def _pairs(
    gone: Iterable[Thing], news: Iterable[Thing], alike: Callable[[Thing, Thing], bool]
) -> list[tuple[Thing, Thing]]:
    """Each new one with the first that is gone and looks like it; each once."""
    left = list(gone)
    found = []
    for new in news:
        old = next((one for one in left if alike(one, new)), None)
        if old is not None:
            left.remove(old)
            found.append((old, new))
    return found


def _same(title: str, other: str) -> bool:
    return bool(title) and title.casefold() == other.casefold()
