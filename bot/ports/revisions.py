"""The book of what the plan was before, as rounds and desks need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from bot.domain.revisions import PlanRevision


class RevisionBook(Protocol):
    """The revisions of each plan, by number."""

    def newest(self, plan: str) -> PlanRevision | None:
        """The one that was accepted last, None before the first."""

    def load(self, plan: str) -> tuple[PlanRevision, ...]:
        """All of the plan that are kept, oldest first."""

    def load_document(self, plan: str, number: int) -> dict[str, Any] | None:
        """What the plan said then, in its own format; None where no such revision is kept."""

    def keep(self, revision: PlanRevision, document: dict[str, Any]) -> int | None:
        """Keep it under the next number, which is returned, whatever number it says itself.

        None where the newest says the same already; of that only the stamp becomes this one's.
        """


class SharedFiles(Protocol):
    """What Microsoft 365 tells of a file behind a sharing link, besides its content."""

    async def saved_by(self, link: str) -> tuple[str, str]:
        """What the file is called, and who saved it last; "" for what is not told."""
