"""Where a plan lies, as the settings name it: on the desk, or in a library of Microsoft 365.

Anything else is a path or a sharing link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SCHEME = "desk:"
PLAN_ID = re.compile(r"[a-z0-9-]{1,40}")
"""What a plan may be called: it is in every session key, in addresses and in file names."""

# Ids have none of what ends a file's name, so no path of a plan reads like this.
_PLACE = re.compile(r"/?drives/(?P<drive>[\w!-]+)/items/(?P<item>[\w!-]+)/?", re.IGNORECASE)


def desk_plan_named(where: str) -> str | None:
    """The plan's id in `desk:ID`, "" where none is said; None for anything else."""
    return where.removeprefix(SCHEME) if where.startswith(SCHEME) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlace:
    """A file by its ids, which stay with it through renaming and moving within its library."""

    drive: str
    item: str


def place_named(where: str) -> FilePlace | None:
    """The place that `drives/{drive}/items/{item}` names; None for anything else."""
    found = _PLACE.fullmatch(where)
    return FilePlace(drive=found["drive"], item=found["item"]) if found else None


def named(place: FilePlace) -> str:
    """The place as `place_named` reads it."""
    return f"drives/{place.drive}/items/{place.item}"
