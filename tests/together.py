"""Which tests one process of xdist gets together: those of a file, and those of the house.

Tests of the house (`tests/architecture`) read the project's whole source and keep what they made of it; spread over all processes, each
would read it for itself.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

HOUSE = "tests/architecture/"


class HouseTogether(LoadFileScheduling):
    """As `--dist loadfile`, with the house as if it were one file."""

    def _split_scope(self, nodeid: str) -> str:
        return HOUSE if nodeid.startswith(HOUSE) else super()._split_scope(nodeid)
