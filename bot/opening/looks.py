"""Looks at people's data that go on: another page or filter of what is looked at already is no new one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

ONE_LOOK = timedelta(minutes=10)
MOST = 10_000
"""So many looks are remembered; then all are forgotten, and the next ones are noted."""


@dataclass(slots=True)
class Looks:
    """When who was last noted for looking at what, in this process."""

    _noted: dict[tuple[str, ...], datetime] = field(default_factory=dict)

    def is_new(self, *what: str, now: datetime) -> bool:
        """Whether a look is to be noted at `now` (UTC); then it is taken for noted."""
        before = self._noted.get(what)
        if before is not None and before <= now < before + ONE_LOOK:
            return False
        if len(self._noted) >= MOST:
            self._noted.clear()
        self._noted[what] = now
        return True
