"""A decision that the plan leaves open, decided at the desk.

    the plan says        at the desk
    an outcome           nothing is decided: it is changed where it stands, in the plan
    undecided            an outcome may be written down, and taken back (undecided again)

Deciding is an edit: nothing is sent by it. What follows is found by the next sync, and waits for a person as
an edit of the plan would. Who looked at other facts than those that stand now decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.actions import Action
from bot.domain.approvals import Door
from bot.domain.noted import NotedDecision, offers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.domain.assumptions import Assumption, Outcome
    from bot.domain.sign_in import Visitor
    from bot.opening.work import BookWork

LONGEST_BODY, LONGEST_CASE = 200, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDecision:
    """One decision as it stands: `assumption` as decided, `in_plan` where the plan itself says so.

    `known` is how many notes there are about it: who shows the same number has seen what stands.
    """

    assumption: Assumption
    in_plan: bool
    known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWish:
    """What HR writes down: `value` None opens it again; `decided_by` is a body or a role."""

    assumption: str
    value: Outcome | None
    decided_by: str
    decided_on: date | None
    case: str
    known: int


class DecisionProblem(StrEnum):
    """What is wrong with a wish, as the page tells it."""

    VALUE = "value"
    BODY = "body"
    BODY_TOO_LONG = "body_too_long"
    DAY = "day"
    CASE_TOO_LONG = "case_too_long"
    IN_PLAN = "in_plan"
    MOVED = "moved"


def open_decision(books: BookWork, assumption: str) -> OpenDecision | None:
    """The decision of that id, None where the plan has none. Raises DatabaseFailed."""
    found = next((one for one in books.whole.assumptions if one.id == assumption), None)
    if found is None:
        return None
    notes = [note for note in books.stores.noted.load(books.written.id) if note.assumption == assumption]
    at_desk = bool(notes) and notes[-1].at_desk and notes[-1].value == found.value
    return OpenDecision(assumption=found, in_plan=found.value is not None and not at_desk, known=len(notes))


def decide_here(
    books: BookWork, wish: DecisionWish, visitor: Visitor, *, door: Door = Door.DESK
) -> DecisionProblem | None:
    """Write it down with who did it, or what is wrong with it, and then nothing is written.

    Raises DatabaseFailed.
    """
    stands = open_decision(books, wish.assumption)
    if stands is None:
        return DecisionProblem.VALUE
    problem = next(_faults(books, stands, wish), None)
    if problem is not None:
        return problem
    is_open = wish.value is None
    note = NotedDecision(
        assumption=wish.assumption,
        value=wish.value,
        decided_by="" if is_open else wish.decided_by,
        decided_on=None if is_open else wish.decided_on,
        case=wish.case,
        noted_at=books.now(),
        at_desk=True,
    )
    line = Action(
        at=note.noted_at,
        by=visitor.email or visitor.subject,
        command="decide",
        plan=books.written.id,
        course="",
        door=door.value,
        detail=f"{wish.assumption}={'undecided' if is_open else wish.value}",
    )
    if not books.stores.noted.decide(books.written.id, note, known=wish.known, noted=(line,)):
        return DecisionProblem.MOVED
    return None


def today_of(books: BookWork) -> date:
    """The day it is where the plan is."""
    return books.now().astimezone(ZoneInfo(books.written.timezone)).date()


def _faults(books: BookWork, stands: OpenDecision, wish: DecisionWish) -> Iterator[DecisionProblem]:
    """What is wrong with the wish; the first is what it is told of."""
    if stands.in_plan:
        yield DecisionProblem.IN_PLAN
    if wish.known != stands.known:
        yield DecisionProblem.MOVED
    if len(wish.case) > LONGEST_CASE:
        yield DecisionProblem.CASE_TOO_LONG
    if wish.value is None:
        if stands.assumption.value is None:
            # What is open already is not opened again.
            yield DecisionProblem.VALUE
        return
    if not offers(stands.assumption, wish.value):
        yield DecisionProblem.VALUE
    if not wish.decided_by:
        yield DecisionProblem.BODY
    if len(wish.decided_by) > LONGEST_BODY:
        yield DecisionProblem.BODY_TOO_LONG
    if wish.decided_on is None or wish.decided_on > today_of(books):
        yield DecisionProblem.DAY
