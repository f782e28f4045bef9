"""HR's word about an id that looks changed, said at the desk or by a program.

    said            then
    the same        the events and the books get the new name with the next sync, and nobody is mailed
    another one     it is new, and may be approved as what it is
    open again      nobody has said anything; until then of what has not been carried out

It is the same knowledge as `was` in the plan, which has the last word (`bot.domain.changed_ids`). Only what
looks changed and waits can be spoken of, and never against the plan or against another word.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.actions import Action
from bot.domain.changed_ids import IdLevel, IdWord, NotedId, last_word, with_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.approvals import Door
    from bot.domain.changed_ids import ChangedId
    from bot.domain.plan import CoursePlan
    from bot.opening.work import BookWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidIds:
    """What was said so far of these ids; `known` is how many words there are about the plan.

    Who shows the same number has seen what stands.
    """

    words: dict[ChangedId, IdWord]
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdWish:
    """What HR says: of which id, and that so many words were `known`."""

    level: str
    course: str
    offering: str
    old: str
    new: str
    word: IdWord
    known: int


class IdProblem(StrEnum):
    """What is wrong with a wish, as the page tells it."""

    GONE = "id_gone"
    CONTRADICTS = "id_contradicts"
    MOVED = "id_moved"


def waiting_ids(work: BookWork) -> tuple[ChangedId, ...]:
    """Each id that looks changed and waits, once; raises DatabaseFailed."""
    waiting = work.stores.approvals.load_waiting(work.written.id)
    return tuple(dict.fromkeys(one for course in waiting for one in course.ids))


def said_ids(work: BookWork, ids: Iterable[ChangedId]) -> SaidIds:
    """Of these ids that look changed; the books are asked where there are some. Raises DatabaseFailed."""
    asked = tuple(ids)
    noted = work.stores.noted_ids.load(work.written.id) if asked else ()
    return SaidIds(words={one: last_word(one, noted) for one in asked}, known=len(noted))


def say_of_id(work: BookWork, wish: IdWish, *, by: str, door: Door) -> IdProblem | None:
    """Write it down with who said it, or what is wrong with it, and then nothing is written.

    Raises DatabaseFailed.
    """
    plan, stores = work.written, work.stores
    found = next(
        (
            one
            for one in waiting_ids(work)
            if (one.level.value, one.course, one.offering, one.old, one.new)
            == (wish.level, wish.course, wish.offering, wish.old, wish.new)
        ),
        None,
    )
    if found is None:
        return IdProblem.GONE
    level, course, offering = found.place
    note = NotedId(
        level=level, course=course, offering=offering, old=found.old, new=found.new, word=wish.word,
        noted_at=work.now(),
    )  # fmt: skip
    noted = stores.noted_ids.load(plan.id)
    if wish.word is IdWord.SAME and _was(with_names(plan, [*noted, note]), found) != found.old:
        return IdProblem.CONTRADICTS
    line = Action(
        at=note.noted_at,
        by=by,
        command="name",
        plan=plan.id,
        course=found.course,
        door=door.value,
        detail=f"{wish.word}: {found.level} {found.old} → {found.new}",
    )
    is_said = stores.noted_ids.say(plan.id, note, known=wish.known, noted=(line,))
    return None if is_said else IdProblem.MOVED


def _was(plan: CoursePlan, one: ChangedId) -> str | None:
    """What the thing of the new id was called before, by the plan; None where it says nothing."""
    course = plan.course(one.course)
    if course is None or one.level is IdLevel.COURSE:
        return course.was if course else None
    offering = course.offering(one.offering if one.level is IdLevel.SESSION else one.new)
    if offering is None or one.level is IdLevel.OFFERING:
        return offering.was if offering else None
    return next((session.was for session in offering.sessions if session.id == one.new), None)
