"""A plan that lies in SharePoint or OneDrive: which file it is, who saved it, and what is wrong with that.

The web address opens the file for who may see it anyhow; it is not the sharing link, which is a key.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.errors import PlanInvalid
from bot.domain.plan_places import FilePlace

if TYPE_CHECKING:
    from bot.domain.errors import KursusbotError
    from bot.domain.problems import Problem


WHERE_IT_STANDS = frozenset({"opened", "row"})
"""What the text of a problem has that is another as soon as a line is written above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """A file as it was saved last.

    `drive` and `item` are its ids for good, whatever it is called and wherever in the library it lies;
    `c_tag` is another whenever its content is. `saved_by` is a name and `saved_by_email` lower-cased; each ""
    where Microsoft 365 does not tell it. `saved_at` UTC, None where it is not told; `size` in bytes.
    """

    drive: str
    item: str
    name: str
    web_address: str
    c_tag: str
    saved_by: str
    saved_by_email: str
    saved_at: datetime | None
    size: int = 0

    @property
    def place(self) -> FilePlace:
        """Where it lies."""
        return FilePlace(drive=self.drive, item=self.item)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """What the books keep of a plan's file: which it is, and as it could be read last, with the tag of that.

    `content` None where none is kept (never read, or let go of with a person's data).
    """

    plan: str
    drive: str
    item: str
    c_tag: str
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BadSave:
    """A save that cannot be used as the plan; `error` tells why. What was read last holds meanwhile.

    `good` is the tag of that last one, by which one stretch of trouble is told from the next.
    """

    file: SavedFile
    error: KursusbotError
    good: str

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What makes it useless, in the order of the file; none where it could not even be opened."""
        if not isinstance(self.error, PlanInvalid):
            return ()
        return tuple(one for one in self.error.problems if one.is_error)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Each mistake as one text that is the same for as long as it is made, wherever its row has gone.

        It is what is wrong and what the row is called; of several that are the same in all, the first, the
        second and so on.
        """
        if not self.problems:
            return (self.error.code,)
        often: Counter[str] = Counter()
        said = []
        for one in self.problems:
            params = sorted(
                (name, str(value)) for name, value in one.params.items() if name not in WHERE_IT_STANDS
            )
            what = json.dumps([one.code, one.row, params])
            often[what] += 1
            said.append(f"{what} {often[what]}")
        return tuple(said)
