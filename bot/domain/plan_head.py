"""What of a plan as a whole stands in its events; an older one may stand there still."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.wording import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHead:
    """What of the plan as a whole stands in events; `texts` are HR's own words there."""

    organisation: str
    language: Language
    contact: str
    texts: tuple[Wording, ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a plan that has this head."""
        return {each.name: getattr(self, each.name) for each in fields(self)}
