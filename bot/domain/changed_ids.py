"""Ids that look changed, and what HR has said of them at the desk: the same knowledge as `was` (pure).

Which ids look changed is `bot.invitations.lookalikes`'s. What was said is noted, the last word counts:

    the plan by now                                          the last word of it    then the new id is
    has the old id too, or another says it was it            whatever it is         what the plan says
    says itself what the new one was                         whatever it is         what the plan says
    has the new id and says nothing                          the same               the old one under another name (`was`)
    has the new id and says nothing                          another, or open       another one
    has the new id no more                                   whatever it is         –

So a word holds for every later reading until the plan says otherwise, and one that was carried out changes
nothing any more: nothing of the books stands under the old id then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

    Thing = TypeVar("Thing", Course, Offering, CourseSession)

Place = tuple["IdLevel", str, str]
"""A level, and the course and offering that the thing is in ("" where it is in none)."""


class IdLevel(StrEnum):
    """What has the id; texts are `lookalikes.<value>` of the catalogue."""

    COURSE = "course"
    OFFERING = "offering"
    SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedId:
    """One thing under `old` before and `new` now, or so it looks.

    `course` is the one that it is, or is in, as written; `title` as shown. `offering` is the one that a
    session is in, as written.

    `gone` is the course that its events stand under: another one where the course's own id looks changed.
    """

    level: IdLevel
    course: str
    gone: str
    old: str
    new: str
    title: str
    offering: str = ""

    @property
    def courses(self) -> tuple[str, ...]:
        """The ids of the courses whose changes follow from it."""
        return (self.course,) if self.course == self.gone else (self.gone, self.course)

    @property
    def place(self) -> Place:
        """Where its ids stand."""
        return self.level, "" if self.level is IdLevel.COURSE else self.course, self.offering


class IdWord(StrEnum):
    """What was said of an id that looks changed; OPEN takes the word before it back."""

    SAME = "same"
    OTHER = "other"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedId:
    """What was said of one id at `noted_at` (UTC); `course` and `offering` are what it is in, as written."""

    level: IdLevel
    course: str
    offering: str
    old: str
    new: str
    word: IdWord
    noted_at: datetime

    @property
    def place(self) -> Place:
        """Where its ids stand."""
        return self.level, self.course, self.offering


def last_word(one: ChangedId, noted: Iterable[NotedId]) -> IdWord:
    """What was said of it last; `noted` oldest first."""
    said = [note.word for note in noted if (note.place, note.old, note.new) == (one.place, one.old, one.new)]
    return said[-1] if said else IdWord.OPEN


def with_names(plan: CoursePlan, noted: Iterable[NotedId]) -> CoursePlan:
    """The plan with what was said at the desk as if it stood there, by the table above.

    `noted` oldest first. Where nothing of it applies the plan is the one it was.
    """
    words = {(note.place, note.new, note.old): note.word for note in noted}
    same = {(place, new): old for (place, new, old), word in words.items() if word is IdWord.SAME}
    if not same:
        return plan
    named = _named(plan, same)
    if plan.whole is None:
        return named
    whole = _named(plan.whole, same)
    return plan if whole is plan.whole and named is plan else replace(named, whole=whole)


def _named(plan: CoursePlan, same: Mapping[tuple[Place, str], str]) -> CoursePlan:
    courses = _renamed(plan.courses, (IdLevel.COURSE, "", ""), same)
    courses = tuple(_within(course, same) for course in courses)
    return plan if _are_those(courses, plan.courses) else replace(plan, courses=courses)


def _within(course: Course, same: Mapping[tuple[Place, str], str]) -> Course:
    offerings = _renamed(course.offerings, (IdLevel.OFFERING, course.id, ""), same)
    found = []
    for offering in offerings:
        sessions = _renamed(offering.sessions, (IdLevel.SESSION, course.id, offering.id), same)
        is_same = _are_those(sessions, offering.sessions)
        found.append(offering if is_same else replace(offering, sessions=sessions))
    return course if _are_those(found, course.offerings) else replace(course, offerings=tuple(found))


def _renamed(
    things: tuple[Thing, ...], place: Place, same: Mapping[tuple[Place, str], str]
) -> tuple[Thing, ...]:
    taken = {thing.id for thing in things} | {thing.was for thing in things if thing.was}
    found: list[Thing] = []
    for thing in things:
        old = None if thing.was else same.get((place, thing.id))
        if old is not None and old not in taken:
            taken.add(old)
            found.append(replace(thing, was=old))
        else:
            found.append(thing)
    return tuple(found)


def _are_those(found: Iterable[object], before: Iterable[object]) -> bool:
    return all(one is other for one, other in zip(found, before, strict=True))
