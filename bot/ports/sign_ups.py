"""What the house needs of whoever keeps who is asked about sign-ups that wait, and of who knows managers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.domain.manager_approval import ApprovalAsk
    from bot.domain.manager_people import ManagedPerson, ManagerCopy
    from bot.domain.messages import Message
    from bot.domain.people import Person


class ManagerAskBook(Protocol):
    """Who is asked about each sign-up that waits. Every method raises DatabaseFailed."""

    def load_asks(self, plan: str) -> tuple[ApprovalAsk, ...]:
        """All that wait, the oldest wish first."""

    def save_asks(self, plan: str, asks: Iterable[ApprovalAsk], outgoing: Iterable[Message] = ()) -> None:
        """Keep these and no others, and put the mails about them into the outbox, in one transaction."""


class ManagedPeopleBook(Protocol):
    """Whose manager is who, as last read. Every method raises DatabaseFailed."""

    def load_managed(self, plan: str) -> tuple[ManagedPerson, ...]:
        """Everybody of the plan of whom it was asked, sorted by address."""

    def load_people_of(
        self, plan: str, manager_id: str, addresses: Collection[str]
    ) -> tuple[ManagedPerson, ...]:
        """Those whose manager has this directory id, or one of these addresses; sorted by address."""

    def save_managed(self, plan: str, people: Iterable[ManagedPerson]) -> None:
        """Keep these and no others, in one transaction."""

    def load_copies(self, plan: str) -> tuple[ManagerCopy, ...]:
        """What became of each manager's copy last, sorted by address."""

    def save_copies(self, plan: str, copies: Iterable[ManagerCopy], outgoing: Iterable[Message] = ()) -> None:
        """Keep these and no others, and put the mails into the outbox, in one transaction."""


class Managers(Protocol):
    """Who is whose nearest manager, by the tenant's directory."""

    async def managers_of(self, ids: Collection[str]) -> Mapping[str, Person | None]:
        """By directory id the manager of each that the directory knows; None where nobody can be asked.

        Raises GraphError.
        """
