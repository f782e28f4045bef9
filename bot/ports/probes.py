"""What the house needs of whoever keeps the findings of probes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.probing import Finding, Probe


class ProbeBook(Protocol):
    """What was found of Microsoft Graph in this tenant, the latest of each assumption."""

    def save(self, probe: Probe) -> None:
        """Keep what could be told; what could not leaves an earlier finding as it is."""

    def load_readings(self) -> Mapping[str, Finding]:
        """Assumption to its latest finding."""
