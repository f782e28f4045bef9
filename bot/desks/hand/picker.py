"""Whom HR may have meant by what was typed, for an act on one course (pure).

| somebody | is found by | and is said to be |
|---|---|---|
| in the books | every word in name, department or address | of the course's audience, or not |
| in the directory alone | as the directory searches | not of the audience; a guest, where it says so |
| an address that neither has, to enrol | itself, whole | somebody from outside |

Those of the audience come first, then by name as Danish sorts. A seat goes to a colleague of the audience, so
only they are found for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.i18n.sorting import danish_key
from bot.seats.import_list import is_address

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.people import Person

MOST_SHOWN = 20


class Belonging(StrEnum):
    """How somebody belongs to a course; texts `hand.belongs.<value>`."""

    AUDIENCE = "audience"
    OTHERS = "others"
    GUEST = "guest"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantPerson:
    """Somebody to choose, by canonical address."""

    email: str
    name: str
    department: str
    belongs: Belonging


def candidates(
    words: str,
    books: Iterable[Person],
    directory: Iterable[Person] = (),
    *,
    members: Collection[str],
    only_members: bool = False,
) -> tuple[MeantPerson, ...]:
    """By the table above, the first `MOST_SHOWN`; `members` are the canonical addresses of the audience."""
    sought = words.casefold().split()
    if not sought:
        return ()
    known = [one for one in books if _is_called(one, sought)]
    known_by = {address for one in known for address in one.addresses}
    everybody = [*known, *(one for one in directory if one.email not in known_by)]
    found = [
        MeantPerson(email=one.email, name=one.name, department=one.department, belongs=_belongs(one, members))
        for one in everybody
    ]
    if not everybody and is_address(words.strip()):
        address = words.strip().lower()
        found.append(MeantPerson(email=address, name="", department="", belongs=Belonging.OUTSIDE))
    chosen = [one for one in found if one.belongs is Belonging.AUDIENCE or not only_members]
    order = [*Belonging]
    return tuple(
        sorted(chosen, key=lambda one: (order.index(one.belongs), danish_key(one.name or one.email)))
    )[:MOST_SHOWN]


def _is_called(person: Person, sought: list[str]) -> bool:
    said = f"{person.name} {person.department} {' '.join(sorted(person.addresses))}".casefold()
    return all(word in said for word in sought)


def _belongs(person: Person, members: Collection[str]) -> Belonging:
    if person.email in members:
        return Belonging.AUDIENCE
    return Belonging.GUEST if person.is_guest else Belonging.OTHERS
