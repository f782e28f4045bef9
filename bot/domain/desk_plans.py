"""A plan that is kept in the database and written at the desk, and what somebody has begun to change in it.

The settings name it `desk:ID`. What is kept is a document of the plan's own format, so that it is read,
checked, told apart by its digest and taken along like any file. Each save has the number after the one that
it was made from: whoever saves says which that was, so that two who write at once lose nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.drafts import RowChange


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSave:
    """One save of a plan at the desk: its number, from 1, when (UTC), and who saved it, as known there."""

    plan: str
    number: int
    saved_at: datetime
    saved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPlan:
    """What is kept of a plan: its content as it was saved last, and that save."""

    save: DeskSave
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDraft:
    """What somebody is about to change in a plan, and has not saved in it.

    `owner` and `handed_by` (who gave it to the owner, "" where nobody did) are known by their addresses, in
    lower case; `begun_at` and `changed_at` UTC.
    """

    id: str
    plan: str
    owner: str
    title: str
    changes: tuple[RowChange, ...]
    begun_at: datetime
    changed_at: datetime
    handed_by: str = ""


def document_content(document: dict[str, Any]) -> bytes:
    """A plan's document, in JSON's own values, as it is kept: read as YAML it gives the same plan."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
