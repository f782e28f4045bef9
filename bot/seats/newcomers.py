"""An address to enrol that the books do not know.

Somebody of the municipality, somebody from outside, or a slip (pure).

A misspelt address is invited for nothing, takes a seat, and comes back as undeliverable weeks later. The
first line that fits:

| the address | said to be from outside | then |
|---|---|---|
| the directory has it | | goes, as that person |
| in a domain of our own, and the directory does not have it | | `unknown`: refused, with those it may have been meant as |
| the directory could not be asked | no, or in a domain of our own | `unasked`: refused; we never guess |
| in another domain | no | `outside`: refused until HR says so |
| in another domain | yes | goes, as somebody from outside |

Our own domains are those of the organiser and the contact, what lies below them, and those of `MANY` or more
of the people from the directory that we know: a guest of Entra has a directory id too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.errors import KursusbotError
    from bot.domain.people import Person
    from bot.domain.plan import CoursePlan

MANY = 3
ALIKE = 0.75
"""How alike (`difflib`) an address must be to be named as what was meant."""
MOST_SUGGESTED = 3


class NewcomerProblem(StrEnum):
    """Why an address is not enrolled.

    Texts are `errors.newcomer_<value>` and `import.newcomer_<value>` of the catalogue.
    """

    UNKNOWN = "unknown"
    OUTSIDE = "outside"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """An address that the books do not know, and what the directory said.

    A person, nothing, or an `error` in place of an answer.
    """

    email: str
    person: Person | None = None
    error: KursusbotError | None = None
    external: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedNewcomer:
    """An address that is not enrolled, why, and the people it may have been meant as (address, name)."""

    email: str
    problem: NewcomerProblem
    suggestions: tuple[tuple[str, str], ...] = ()
    error: KursusbotError | None = None


def own_domains(plan: CoursePlan, people: Iterable[Person]) -> frozenset[str]:
    """The domains in which the directory knows everybody; the last rule of the module's text."""
    counted = Counter(_domain(person.email) for person in people if person.directory_id)
    return frozenset(
        {_domain(plan.organiser), _domain(plan.contact)}
        | {domain for domain, count in counted.items() if count >= MANY}
    ) - {""}


def judge(newcomer: Newcomer, own: Collection[str], known: Iterable[Person]) -> RefusedNewcomer | None:
    """Why this address is not enrolled, None where it may be; the table in the module's text."""
    if newcomer.person is not None:
        return None
    is_ours = is_own(newcomer.email, own)
    if newcomer.error is not None and (is_ours or not newcomer.external):
        return RefusedNewcomer(email=newcomer.email, problem=NewcomerProblem.UNASKED, error=newcomer.error)
    if is_ours:
        return RefusedNewcomer(
            email=newcomer.email,
            problem=NewcomerProblem.UNKNOWN,
            suggestions=resembling(newcomer.email, known),
        )
    if newcomer.external:
        return None
    return RefusedNewcomer(
        email=newcomer.email, problem=NewcomerProblem.OUTSIDE, suggestions=resembling(newcomer.email, known)
    )


def is_own(email: str, own: Collection[str]) -> bool:
    """Whether the address lies in one of our domains or below it."""
    domain = _domain(email)
    return any(domain == own_domain or domain.endswith(f".{own_domain}") for own_domain in own)


def resembling(email: str, known: Iterable[Person]) -> tuple[tuple[str, str], ...]:
    """The people whose address looks most like it, nearest first, as (address, name)."""
    by_address = {person.email: person.name for person in known}
    near = get_close_matches(email, sorted(by_address), n=MOST_SUGGESTED, cutoff=ALIKE)
    return tuple((address, by_address[address]) for address in near)


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()
