"""The tenant's people and groups, and the accounts behind addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.domain.people import DirectoryGroup, LeftOut, Person


class Directory(Protocol):
    """People and groups of the tenant."""

    @property
    def looked_up(self) -> Mapping[str, str]:
        """Mail to object id of the groups that this instance had to look up, "" for what is no group."""

    async def fetch_members(self, group: str) -> tuple[Person | str, ...]:
        """A group's people (by mail or object id), nested ones too, names of those without address.

        Raises GraphError.
        """

    async def fetch_left_out(self, group: str) -> tuple[LeftOut, ...]:
        """The members of a group that `fetch_members` leaves out, contacts of the address book too.

        Raises GraphError.
        """

    async def groups_among(self, addresses: Iterable[str]) -> frozenset[str]:
        """Those of the addresses that are the mail of a group; raises GraphError."""

    async def find_named(self, names: Collection[str]) -> tuple[Person, ...]:
        """The people who have one of these directory names (`/o=…/cn=…`) among their X500 addresses.

        Raises GraphError.
        """

    async def find_person(self, address: str) -> Person | None:
        """Whose address this is (mail, sign-in name or alias).

        None when nobody with an open account has it.
        """

    async def search_people(self, words: str) -> tuple[Person, ...]:
        """People to invite whose name, address or department begins so, the first few.

        Raises GraphError.
        """

    async def search_groups(self, words: str) -> tuple[DirectoryGroup, ...]:
        """Groups whose name or address begins so, the first few by name; raises GraphError."""

    async def count_members(self, group: str) -> int:
        """How many people are in a group (mail or object id), nested ones and closed accounts too.

        Raises GraphGone for an unknown group, GraphRefused for a mail that several have, GraphError.
        """


class Accounts(Protocol):
    """The accounts behind mailboxes' addresses."""

    @property
    def looked_up(self) -> Mapping[str, str]:
        """Address (lower-cased) to object id, of those that were looked up and found by this process."""
