"""What a person did with other people's data, as data: who, when, by which door, and about whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One deed. `at` UTC; `by` the person behind it; `door` one of `cli desk api`; `command` as it is called there.

    `plan` "" : every plan. `course` "": none in particular. `subject` is the address it was about, masked, or how many people.
    """

    at: datetime
    by: str
    command: str
    plan: str = ""
    course: str = ""
    subject: str = ""
    door: str = "cli"
