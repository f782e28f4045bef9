"""Who is found among all that the plans know, each person once (pure).

| two rows | are |
|---|---|
| of the same directory id | one person |
| of the same address, where neither or one has a directory id | one person |
| of two directory ids | two people, also where one took over the other's address |

Somebody is found by words that all stand in their name, an address of theirs, or their department, in any
case and order. No words find everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.i18n.sorting import danish_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.domain.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """One person over several plans; `plans` by id, in the order given. `ids`: a directory id, or none."""

    name: str
    email: str
    department: str
    addresses: frozenset[str]
    ids: frozenset[str]
    plans: tuple[str, ...]


def known_people(by_plan: Mapping[str, Iterable[Person]]) -> tuple[KnownPerson, ...]:
    """By the table above; by name as Danish has it, those without one by address."""
    rows = [(plan, person) for plan, people in by_plan.items() for person in people]
    id_of = {person.email: person.directory_id for _, person in rows if person.directory_id}
    found: dict[str, list[tuple[str, Person]]] = {}
    for plan, person in rows:
        found.setdefault(person.directory_id or id_of.get(person.email) or person.email, []).append(
            (plan, person)
        )
    return tuple(sorted(map(_merged, found.values()), key=lambda one: danish_key(one.name or one.email)))


def _merged(rows: list[tuple[str, Person]]) -> KnownPerson:
    people = [person for _, person in rows]
    first = next((person for person in people if person.directory_id), people[0])
    return KnownPerson(
        name=first.name or next((one.name for one in people if one.name), ""),
        email=first.email,
        department=first.department or next((one.department for one in people if one.department), ""),
        addresses=frozenset[str]().union(*(one.addresses for one in people)),
        ids=frozenset(one.directory_id for one in people if one.directory_id),
        plans=tuple(dict.fromkeys(plan for plan, _ in rows)),
    )


def matching(people: Iterable[KnownPerson], words: str) -> tuple[KnownPerson, ...]:
    """Those in whom all the words stand, in the order given."""
    wanted = words.casefold().split()
    return tuple(one for one in people if all(word in _said(one) for word in wanted))


def _said(person: KnownPerson) -> str:
    return "\n".join((person.name, person.department, *sorted(person.addresses))).casefold()
