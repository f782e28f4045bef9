"""People and audiences once they are known by name: who is to be invited, and under which addresses.

Does not say how they are found (that is `bot.graph.directory`) nor which groups a plan names
(`bot.domain.plan.AudienceRule`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.errors import KursusbotError

if TYPE_CHECKING:
    from collections.abc import Iterable


class Language(StrEnum):
    """The languages that texts exist in."""

    DA = "da"
    EN = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A human being with a calendar.

    `email` is the address to invite, lower-cased; `aliases` every other address that mail from the person may
    come from, lower-cased (Entra's `proxyAddresses`, directory names too, and the sign-in name).
    `directory_id` is Entra's object id, None for people that only the plan lists. `is_whole`: the directory
    told all of the addresses just now, `is_guest`: and that it is a guest of the tenant.
    """

    email: str
    name: str = ""
    language: Language | None = None
    directory_id: str | None = None
    aliases: frozenset[str] = frozenset()
    department: str = ""
    is_whole: bool = field(default=False, compare=False)
    is_guest: bool = field(default=False, compare=False)

    @property
    def addresses(self) -> frozenset[str]:
        """Every address under which the person may answer."""
        return self.aliases | {self.email}


class PeopleIndex:
    """Every person under each of their addresses.

    An address that one person is invited under is nobody else's alias; an alias that two people have
    belongs to the first one given. `everybody` are those given.
    """

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.everybody = everybody = tuple(people)
        self._by_address: dict[str, Person] = {}
        self._by_id = {person.directory_id: person for person in reversed(everybody) if person.directory_id}
        for person in everybody:
            self._by_address.setdefault(person.email, person)
        for person in everybody:
            for alias in person.aliases:
                self._by_address.setdefault(alias, person)
        self._canonical = {address: person.email for address, person in self._by_address.items()}

    def find(self, address: str) -> Person | None:
        """The person behind an address, in any case and whatever is invisible in it."""
        # Nearly every address comes from the books or the directory, where it is plain already.
        return self._by_address.get(address) or self._by_address.get(plain_address(address))

    def with_id(self, directory_id: str) -> Person | None:
        """The person of this directory id."""
        return self._by_id.get(directory_id)

    def canonical(self, address: str) -> str:
        """The address that the person is invited under; the address itself, plain, of a stranger."""
        # A round asks thousands of times.
        known = self._canonical.get(address)
        if known is not None:
            return known
        plain = plain_address(address)
        return self._canonical.get(plain, plain)


class LeftOutReason(StrEnum):
    """Why a member of a group is nobody to invite."""

    CLOSED = "closed"
    """The account is: somebody who has left, a room, a shared mailbox."""
    RESOURCE = "resource"
    """An open account of a room, of equipment, or of a shared mailbox."""
    NO_ADDRESS = "no_address"
    CONTACT = "contact"
    """A contact of the address book: an address outside, and nobody who is found in the directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A member of a group who is not invited with it.

    `name` and `email` "" where Graph does not tell them.
    """

    group: str
    reason: LeftOutReason
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryGroup:
    """A group of the directory; `email` "" of one without an address."""

    id: str
    name: str
    email: str = ""

    @property
    def word(self) -> str:
        """What names it in a plan."""
        return self.email or self.id


class UnknownReason(StrEnum):
    """Why an audience is unknown; what stands for it is kept."""

    UNREADABLE = "unreadable"
    EMPTIED = "emptied"
    FIRST_EMPTY = "first_empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownGroup:
    """A group whose members could not be learnt; `error` says why, where Graph gave one."""

    group: str
    reason: UnknownReason
    error: KursusbotError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """The people of one audience of the plan, resolved.

    `people` is sorted by address, each person once. When `unknown` is not empty the list must not be
    used to invite or remove anybody. `without_address` names members that cannot be invited,
    `unmatched` what is excluded without being a group or anybody known.
    """

    id: str
    people: tuple[Person, ...] = ()
    unknown: tuple[UnknownGroup, ...] = ()
    without_address: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether `people` is the whole truth."""
        return not self.unknown
