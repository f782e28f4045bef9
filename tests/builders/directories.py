"""A directory of a few groups, and the desk's way to it, without Microsoft 365."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bot.domain.errors import GraphError, GraphGone
from bot.domain.people import DirectoryGroup

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class StandInDirectory:
    """`groups` by address: name and number of members. `asked` counts, `refused` is of the first one asked about."""

    groups: dict[str, tuple[str, int]] = field(default_factory=dict)
    is_silent: bool = False
    refused: GraphError | None = None
    asked: int = 0

    async def search_groups(self, words: str) -> tuple[DirectoryGroup, ...]:
        self._ask()
        found = [(name, email) for email, (name, _) in self.groups.items() if words.lower() in name.lower() or email.startswith(words)]
        return tuple(DirectoryGroup(id=email, name=name, email=email) for name, email in sorted(found))

    async def count_members(self, group: str) -> int:
        self._ask()
        if self.refused is not None and self.refused.params["group"] == group:
            raise self.refused
        if group not in self.groups:
            raise GraphGone("graph_group_not_found", group=group, request_id="")
        return self.groups[group][1]

    def _ask(self) -> None:
        self.asked += 1
        if self.is_silent:
            raise GraphError("graph_unreachable", call="GET /groups", detail="")


def reach_to(directory: StandInDirectory) -> Callable[[str, Callable[[Any], Any]], Any]:
    """What the desk calls `reach`: it asks that directory."""

    def reach(_plan: str, ask: Callable[[Any], Any]) -> Any:
        return asyncio.run(ask(SimpleNamespace(tenant=SimpleNamespace(directory=directory))))

    return reach
