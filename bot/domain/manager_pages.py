"""What a manager's page shows, as data. Computed by `bot.desks.sign_ups`; `bot.web` only draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.people import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpToAnswer:
    """One sign-up that waits: `id` names it in forms, `due` wall time; `late`: HR has taken over."""

    id: str
    who: str
    department: str
    what: str
    when: str
    due: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerPage:
    """All that waits for one manager. `email` canonical, `name` "" for nobody known."""

    email: str
    name: str
    language: Language
    organisation: str
    contact: str
    waiting: tuple[SignUpToAnswer, ...]
