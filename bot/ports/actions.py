"""The audit log: what people did with the plan and with other people's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.domain.actions import Action


class ActionBook(Protocol):
    """Who did what, whatever door they came by."""

    def note(self, action: Action) -> None:
        """Write a line down, for good."""

    def last_at(self, command: str) -> datetime | None:
        """When something was done last, of whatever plan, as far as lines are kept; UTC."""

    def load_actions(self, plan: str | None = None, *, about: Collection[str] = ()) -> tuple[Action, ...]:
        """The lines of a plan, under whatever id it had, and those that concern every plan, or all.

        The newest first.

        `about`: only those that these addresses are the subject of.
        """
