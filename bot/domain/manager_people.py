"""Whose manager is who, as the directory said last, and what managers get of their people (pure).

The plan asks for it by `managers`; without that nothing of it is read or kept. When the directory is asked
about somebody of the plan's audiences:

| the books have of them | asked |
|---|---|
| nothing | at once |
| an answer | a day after it |
| a try that brought no answer | an hour after it |

Nobody is their own manager. What could not be read leaves what was read before as it is, with how old that
is. Of who is in no audience any more nothing is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.people import Person

READ_AGAIN = timedelta(days=1)
TRIED_AGAIN = timedelta(hours=1)
LOOKED = "my_people"
"""What the log of who did what calls a manager's look at their people."""


class ManagersGet(StrEnum):
    """What managers get of their people's courses, as the plan says it."""

    PAGE = "page"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def is_mailed(self) -> bool:
        """Whether managers get a copy by mail besides the page."""
        return self is not ManagersGet.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerCopy:
    """What became of a manager's copy in a period, the latest: `email` canonical, `period` as `2025-W23`.

    `digest` is of what the last mail to them said, "" where there was none; `looked_at` UTC.
    """

    email: str
    period: str
    digest: str
    looked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedPerson:
    """Somebody of the plan and their manager: directory id, address and name, all "" for nobody.

    `email` canonical; `looked_at` is when the directory was asked last, `read_at` when it last answered, None
    for never. UTC.
    """

    email: str
    manager_id: str = ""
    manager: str = ""
    name: str = ""
    looked_at: datetime
    read_at: datetime | None = None

    @property
    def is_due_at(self) -> datetime:
        """When the directory is to be asked again."""
        answered = self.read_at == self.looked_at
        return self.looked_at + (READ_AGAIN if answered else TRIED_AGAIN)


def to_read(known: Iterable[ManagedPerson], emails: Collection[str], *, now: datetime) -> frozenset[str]:
    """Whose managers are to be read at `now` (UTC), of these people (canonical)."""
    fresh = {one.email for one in known if one.is_due_at > now}
    return frozenset(emails) - fresh


def read_by_now(
    known: Iterable[ManagedPerson],
    emails: Collection[str],
    asked: Collection[str],
    found: Mapping[str, Person | None] | None,
    *,
    now: datetime,
) -> tuple[ManagedPerson, ...]:
    """What is kept of these people after the directory was asked about some of them; by address.

    `found` has the managers of those `asked`, None where it could not be read.
    """
    before = {one.email: one for one in known}

    def kept(email: str) -> ManagedPerson:
        one = before.get(email) or ManagedPerson(email=email, looked_at=now)
        if email not in asked:
            return one
        if found is None:
            return replace(one, looked_at=now)
        manager = found.get(email)
        manager = manager if manager is not None and manager.email != email else None
        return ManagedPerson(
            email=email,
            manager_id=(manager.directory_id or "") if manager else "",
            manager=manager.email if manager else "",
            name=manager.name if manager else "",
            looked_at=now,
            read_at=now,
        )

    return tuple(kept(email) for email in sorted(emails))
