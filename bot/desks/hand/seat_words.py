"""The words for what HR's hand does, the same at every door (pure).

What moves, what is refused, and who it is about. Names and titles come from outside: what would move a
terminal's cursor or turn the writing around is taken out by whoever puts the words on a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.seats import Cause, RefusalReason, RequestKind
from bot.i18n.catalogue import error_text, text
from bot.messages.characters import one_line
from bot.registrations.seat_history import cause_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.people import Language, PeopleIndex
    from bot.domain.seats import Refusal, Settlement, Transition
    from bot.seats.newcomers import RefusedNewcomer

NOTHING = "–"
FORESEEN = frozenset(
    {
        Cause.QUEUED, Cause.HANDED_OVER, Cause.TAKEN_OVER, Cause.ENROLLED, Cause.MOVED, Cause.WITHDRAWN,
        Cause.PROMOTED, Cause.FREED,
        Cause.SEAT_OFFERED, Cause.ASSIGNED, Cause.TURNED_AWAY,
    }
)  # fmt: skip
"""What HR's wish brings about, told as something to come: texts `seats.will.<cause>`."""


def moves(settlement: Settlement) -> list[Transition]:
    """The lines that move somebody one can see."""
    return [one for one in settlement.transitions if one.is_seen]


def will_text(line: Transition, language: Language) -> str:
    """What will happen to somebody; of what comes by itself with it, what has happened by then."""
    key = cause_key(line)
    if line.after.cause in FORESEEN:
        return text(language, f"seats.will.{key}")
    return f"{NOTHING} {text(language, f'seats.cause.{key}')}"


def refusal_key(refusal: Refusal) -> str:
    """The text of a refusal.

    »nobody waits« is another than »this person does not wait«, and only who enrols can ask for the line.
    """
    match refusal.reason:
        case RefusalReason.NOT_WAITING if not refusal.request.email:
            return "nobody_waiting"
        case RefusalReason.FULL if refusal.request.kind is not RequestKind.ENROL:
            return "no_free_seat"
        case reason:
            return reason.value


def name_of(people: PeopleIndex, email: str) -> str:
    """The person's name, else the address."""
    person = people.find(email)
    return (person.name if person else "") or email


def newcomer_text(one: RefusedNewcomer, language: Language, *, area: str = "seats") -> str:
    """Why an address is not enrolled, and whom it may have been meant as, on one line.

    `area` of the catalogue: what to do about it is another thing at another door.
    """
    words = text(language, f"{area}.newcomer.{one.problem}", address=one.email)
    if one.error is not None:
        words = f"{words} {error_text(language, one.error)}"
    if one.suggestions:
        words = f"{words} {text(language, 'seats.newcomer.near', people=in_a_row(one.suggestions))}"
    return one_line(words)


def in_a_row(people: Iterable[tuple[str, str]]) -> str:
    """(Address, name) pairs as one line: `Åse Ørsted (aase@kommune.example), bo@kommune.example`."""
    return ", ".join(one_line(f"{name} ({address})" if name else address) for address, name in people)


def moved_objects(lines: Iterable[Transition]) -> tuple[dict[str, object], ...]:
    """Each line that moves somebody, as programs get it."""
    return tuple(
        {
            "course": one.after.course,
            "offering": one.after.offering,
            "email": one.after.email,
            "from": one.before.public if one.before else None,
            "to": one.after.status.public if one.after.status else None,
            "cause": one.after.cause.value,
        }
        for one in lines
        if not one.noted
    )
