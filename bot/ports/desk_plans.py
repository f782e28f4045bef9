"""The books of plans that are written at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.domain.desk_plans import DeskPlan, DeskSave, PlanDraft
    from bot.domain.revisions import PlanRevision


class DeskPlanBook(Protocol):
    """Each plan as it was saved last, by its id, or by what it was called before."""

    def look(self, plan: str) -> DeskSave | None:
        """The last save without its content: cheap. None where nothing was ever saved."""

    def load(self, plan: str) -> DeskPlan | None:
        """What is kept, None where nothing was ever saved."""

    def save(
        self,
        kept: DeskPlan,
        *,
        revision: PlanRevision,
        document: dict[str, Any],
        noted: Iterable[Action] = (),
    ) -> bool:
        """Keep it as what follows on the save before (`kept.save.number` less one).

        With the revision that it makes and who did it, all or nothing. False, and nothing is written, where
        that is not the last save any more.
        """


class DraftBook(Protocol):
    """What people have begun to change in plans, until it is saved there or dropped."""

    def load(self, plan: str) -> tuple[PlanDraft, ...]:
        """All of the plan, whoever's; the one that was changed last first."""

    def find(self, plan: str, draft: str) -> PlanDraft | None:
        """One of them; None where it is gone."""

    def save(self, draft: PlanDraft, *, changed_at: datetime | None) -> bool:
        """Keep it as it is now; `changed_at` is the last change that the caller knows, None of a new one.

        False, and nothing is written, where somebody has changed it since, or it is gone.
        """

    def drop(self, plan: str, draft: str) -> None:
        """Let go of it; nothing where it is gone."""
