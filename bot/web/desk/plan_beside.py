"""What stands on a form of the plan besides what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.people import DirectoryGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Something about a field or a row: an error, a warning, a note, or what another has written."""

    severity: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSearch:
    """What was looked for, for which row, and what came of it; `says` where it could not be asked."""

    at: int
    words: str
    found: tuple[DirectoryGroup, ...] = ()
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPick:
    """The groups that one audience may take: `there` are its own, `named` those that plans name already."""

    at: int
    there: frozenset[str]
    named: tuple[DirectoryGroup, ...]
    search: GroupSearch | None = None
