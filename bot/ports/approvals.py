"""The books of approvals, as the rounds need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.domain.approvals import AcceptedPlan, Decision, Waiting, WaitingMail


class ApprovalBook(Protocol):
    """What is in force of each plan, what waits for a person, and what persons decided."""

    def load_versions(self, plan: str) -> dict[str, str]:
        """Course to the document of its version in force, in the order of the ids; each is JSON."""

    def save_versions(
        self,
        plan: str,
        documents: Mapping[str, dict[str, Any]],
        gone: Collection[str] = (),
        *,
        accepted: AcceptedPlan | None = None,
        now: datetime,
    ) -> None:
        """Put these versions in force and forget those that are gone, in one transaction; others stay.

        With `accepted` the plan as well.
        """

    def load_accepted(self, plan: str) -> AcceptedPlan | None:
        """What was accepted last of the plan as a whole, None before the first time."""

    def load_waiting(self, plan: str) -> tuple[Waiting, ...]:
        """What waits, by course."""

    def replace_waiting(self, plan: str, found: Iterable[Waiting], mail: Iterable[WaitingMail] = ()) -> None:
        """Exactly this waits now, and would mail this."""

    def load_waiting_mail(self, plan: str, course: str) -> WaitingMail | None:
        """Whom a course's waiting change would mail, and what with; None where that is not known."""

    def load_decisions(self, plan: str) -> tuple[Decision, ...]:
        """Every decision, oldest first."""

    def add_decisions(self, made: Iterable[Decision], *, noted: Iterable[Action] = ()) -> None:
        """Write them down, with the lines that tell of them, all or none."""

    def mark_done(self, plan: str, approved: Collection[tuple[str, str]], *, now: datetime) -> None:
        """These approved changes, each (course, checksum), have been carried out.

        Others of the same courses have not.
        """

    def latest_approvals(self) -> dict[str, datetime]:
        """Plan to the instant (UTC) of its latest approval that is not carried out yet."""
