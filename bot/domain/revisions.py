"""The plan as it was before: which revisions of it are kept, and where each came from.

A plan is accepted when a sync has read it without an error: whether anything of it has to wait for a person
is decided after that. A revision is one content, not one reading:

    a sync reads                                       kept is
    the content of the newest revision                 nothing new, however the file was saved
    any other content, one from further back too       a new revision
    the same file, of which the desk has decided more  a new revision, made at the desk
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class RevisionSource(StrEnum):
    """Where the plan was read: a file, a sharing link, or the desk, where what was open was decided."""

    FILE = "file"
    LINK = "link"
    DESK = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRevision:
    """One content that the plan had.

    `number` counts from 1 in each plan, and none is given twice while any is kept; `at` is when it was
    accepted (UTC). `name` is what the file is called, "" at the desk; `by` is who saved it last, "" where
    nobody tells: who owns a file is not who wrote it. `stamp` tells the same reading again: the digest of the
    file, a blank, and one of what was decided.
    """

    plan: str
    number: int
    at: datetime
    source: RevisionSource
    name: str = ""
    by: str = ""
    stamp: str = ""

    @property
    def file(self) -> str:
        """The digest of the file that it was read from, as `CoursePlan.revision` has it."""
        return self.stamp.partition(" ")[0]
