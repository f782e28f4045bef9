"""A world as it stood, to come back to: what led up to it is played once, and what follows from it as often as a test wants.

The tenant's parts are copied and every file of the folder, so the same server goes on at the same address, of which links in the books
tell. Nothing may be under way: no request, no command, no notification. Only the journal's numbers and what a test holds in its own hands
(an event, a rule of faults) are of one coming back and not of the next.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.driver import World


class AsItWas:
    """How a world stands when this is made."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._parts = self._copied(vars(world.tenant))
        self._files = {file.relative_to(world.folder): file.read_bytes() for file in world.folder.rglob("*") if file.is_file()}
        self._now, self._settings, self._ran = world.now, dict(world.settings), [*world.ran]

    def come_back(self) -> None:
        """The world stands again as it did; everything since is forgotten."""
        world = self.world
        assert all(entry.ended for entry in world.tenant.journal.entries), "somebody is still asking"
        vars(world.tenant).update(self._copied(self._parts))
        world.tenant.notifier.settings = world.tenant.settings
        for file in world.folder.rglob("*"):
            if file.is_file():
                file.unlink()
        for name, content in self._files.items():
            (world.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (world.folder / name).write_bytes(content)
        world.now, world.settings, world.ran = self._now, dict(self._settings), [*self._ran]

    def _copied(self, parts: dict[str, object]) -> dict[str, object]:
        """The tenant itself is always the same one, and so is the way of its notifications: that has a thread of its own."""
        tenant = self.world.tenant
        assert tenant.notifier.waiting == 0
        return copy.deepcopy(parts, {id(one): one for one in (tenant, tenant.notifier)})
