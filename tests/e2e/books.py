"""What is stored anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.driver import World


def stored(world: World) -> bytes:
    return b"".join(file.read_bytes() for file in world.folder.glob("kursusbot.db*"))
