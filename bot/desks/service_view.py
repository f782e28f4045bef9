"""The service for a page: how it fares, and whether everything is in place; `jobs.view` implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.desks.doctor.kept import LastExamination
from bot.domain.service_state import ServiceState

if TYPE_CHECKING:
    from bot.domain.people import Language


class ServiceView(Protocol):
    """For threads other than the service's own. Of a plan by its id, or the name of its file."""

    def state(self) -> ServiceState:
        """How it fares by what is known; in well under a second, also while nothing answers."""

    def last_examination(self, plan: str) -> LastExamination:
        """What `doctor` found of a plan last, in whichever process that was. Raises DatabaseFailed."""

    def examine(self, plan: str, language: Language) -> bool:
        """Let `doctor` look at a plan, and keep what it finds; False, and nothing, while another one goes on.

        Raises DatabaseFailed.
        """


class NoService:
    """Pages with no service behind them."""

    def state(self) -> ServiceState:
        """Nothing."""
        return ServiceState()

    # The signatures are the protocol's.
    def last_examination(self, plan: str) -> LastExamination:  # noqa: ARG002
        """Nothing."""
        return LastExamination()

    def examine(self, plan: str, language: Language) -> bool:  # noqa: ARG002
        """Nothing."""
        return True
