"""The book of what people did with other people's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.domain.actions import Action


class ActionBook(Protocol):
    """Who did what with people's data, whatever door they came by."""

    def note(self, action: Action) -> None:
        """Write a deed down."""

    def load_actions(self, plan: str | None = None) -> tuple[Action, ...]:
        """The deeds of a plan and those that concern every plan, or all, the newest first."""
