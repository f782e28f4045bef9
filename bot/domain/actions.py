"""What somebody did with the plan or with other people's data: who, when, by which door, and about whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One line of the log.

    `at` UTC; `by` who is behind it, "" for nobody; `door` one of `cli plan desk api page teams` (`page`:
    their own); `command` as called there.

    `plan` "" : every plan. `course` "": none in particular. `subject` is the address it was about, a number
    for several people, or the stand-in of somebody who was erased since. `detail`: what of it, in few words,
    such as a checksum, a format or the ids of a renaming.
    """

    at: datetime
    by: str
    command: str
    plan: str = ""
    course: str = ""
    subject: str = ""
    door: str = "cli"
    detail: str = ""
