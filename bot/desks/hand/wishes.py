"""A wish of HR's in HR's words, read: which offering it is about, and whose address.

An offering that is not named is the only one, or the only one where the person stands as the wish supposes.
Somebody from outside is known by having a place on the course. Reads the books and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.desks.hand.seat_words import in_a_row
from bot.domain.errors import InputError
from bot.domain.participation import outsiders
from bot.domain.people import PeopleIndex
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind, SeatRequest
from bot.messages.characters import one_line
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.seats.import_list import is_address
from bot.seats.newcomers import resembling

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.domain.people import Person
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores

SEATED, IN_LINE = frozenset({RegistrationStatus.REGISTERED}), frozenset({RegistrationStatus.WAITLISTED})
IN_LINE |= {RegistrationStatus.AWAITING}
IN_PLAY = SEATED | IN_LINE | {RegistrationStatus.TENTATIVE}
STANDINGS: dict[RequestKind, tuple[frozenset[RegistrationStatus], ...]] = {
    RequestKind.WITHDRAW: (IN_PLAY, frozenset({RegistrationStatus.INVITED})),
    RequestKind.PROMOTE: (IN_LINE,),
    RequestKind.HAND_OVER: (SEATED,),
}
"""What tells which offering is meant where none is named: the first of these that somebody has on just one.

Never for a new seat.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What HR asks for, in HR's words.

    `to`: the colleague of a handover. `by`: who in HR decides. `email` "": the first in line.
    """

    kind: RequestKind
    course: str
    offering: str = ""
    email: str = ""
    to: str = ""
    reason: str = ""
    by: str = ""
    queue: bool = False
    above: bool = False


def read_wish(plan: CoursePlan, stores: Stores, wish: Wish, *, now: datetime) -> SeatRequest:
    """The wish as it is decided.

    Raises InputError for a course, an offering or a person that cannot be made out. `now` UTC.
    """
    course = plan.known_course(wish.course)
    state = load_state(plan, stores, course=course.id)
    people, rows = tuple(stores.books.people.load_people(plan.id)), rows_of(state)
    request = SeatRequest(
        kind=wish.kind,
        course=course.id,
        offering="",
        email=_address(wish.email, people, rows, anybody=wish.kind is RequestKind.ENROL),
        at=now,
        source=AnswerSource.HR,
        by=wish.by,
        reason=one_line(wish.reason),
        to=_address(wish.to, people, rows),
        queue=wish.queue,
        above=wish.above,
    )
    return replace(request, offering=_offering(course, wish.offering, request, rows))


def _offering(course: Course, offering: str, request: SeatRequest, rows: Sequence[Registration]) -> str:
    """The offering named, or the only one, or the only one where somebody stands as the wish supposes."""
    known = [one.id for one in course.offerings]
    if offering in known:
        return offering
    if offering:
        raise InputError("offering_unknown", offering=offering, known=", ".join(known))
    if len(known) == 1:
        return known[0]
    meant = _standing_at(request, rows, known) or _brought_along_to(request, rows, known)
    if meant:
        return meant
    raise InputError(
        "offering_needed", course=course.id, known=", ".join(f"{course.id}/{one}" for one in known)
    )


def _standing_at(request: SeatRequest, rows: Sequence[Registration], known: Collection[str]) -> str:
    """The only offering where somebody stands as the wish supposes, "" for none or several."""
    for statuses in STANDINGS.get(request.kind, ()):
        standing = (row for row in rows if row.status in statuses and request.email in {"", row.email})
        theirs = {row.offering for row in standing}.intersection(known)
        if theirs:
            return theirs.pop() if len(theirs) == 1 else ""
    return ""


def _brought_along_to(request: SeatRequest, rows: Sequence[Registration], known: Collection[str]) -> str:
    """The only offering that somebody from outside comes to, "" for none or several."""
    if request.kind not in {RequestKind.ENROL, RequestKind.WITHDRAW}:
        return ""
    theirs = {row.offering for row in outsiders(rows) if row.email == request.email}.intersection(known)
    return theirs.pop() if len(theirs) == 1 else ""


def _address(
    address: str, known: Sequence[Person], rows: Sequence[Registration], *, anybody: bool = False
) -> str:
    """The canonical address; "" for none. Somebody from outside is known by having a place on the course."""
    people = PeopleIndex(known)
    email = people.canonical(address.strip())
    if not email or people.find(email) is not None or any(row.email == email for row in rows):
        return email
    if not is_address(email):
        raise InputError("address_invalid", address=one_line(address))
    if not anybody:
        near = resembling(email, known)
        raise (
            InputError("person_unknown_near", address=email, near=in_a_row(near))
            if near
            else InputError("person_unknown", address=email)
        )
    return email
