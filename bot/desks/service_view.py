"""The service for a page: how it fares, and whether everything is in place; `jobs.view` implements it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.domain.service_state import ServiceState

if TYPE_CHECKING:
    from bot.desks.doctor.findings import DoctorFinding
    from bot.domain.people import Language


class ServiceView(Protocol):
    """For threads other than the service's own."""

    def state(self) -> ServiceState:
        """How it fares by what is known; in well under a second, also while nothing answers."""

    def examine(self, plan: str, language: Language) -> tuple[DoctorFinding, ...]:
        """What `doctor` finds of a plan, by its id or the name of its file; nothing is changed.

        Raises InputError where there is no such plan, and GraphError where it took too long.
        """


class NoService:
    """Pages with no service behind them."""

    def state(self) -> ServiceState:
        """Nothing."""
        return ServiceState()

    # The signature is the protocol's.
    def examine(self, plan: str, language: Language) -> tuple[DoctorFinding, ...]:  # noqa: ARG002
        """Nothing."""
        return ()
