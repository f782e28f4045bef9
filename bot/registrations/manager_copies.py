"""Managers' copy of what their people are signed up to: who gets one now (pure).

Once in each period, a week or a month by the plan's clock, at the first round within the sending hours:

| what the manager's people are signed up to, ahead | then |
|---|---|
| is as the last mail said, or is nothing and there was no mail | no mail in this period |
| is something else, also nothing any more | one mail |

Signed up is who has a seat, said maybe, is in line, or waits for a yes; a course that was cancelled is told
as that. Who is nobody's manager any more gets nothing, and is forgotten.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.manager_pages import PlaceWord
from bot.domain.manager_people import ManagerCopy, ManagersGet
from bot.domain.messages import Message
from bot.domain.templates import MessageKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.manager_pages import PersonOfManager

SIGNED_UP = frozenset(
    {
        PlaceWord.REGISTERED,
        PlaceWord.TENTATIVE,
        PlaceWord.WAITLISTED,
        PlaceWord.AWAITING,
        PlaceWord.CANCELLED,
    }
)
LASTS = timedelta(days=7)
"""How long a copy that could not go is worth sending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """What there is to keep and to send."""

    copies: tuple[ManagerCopy, ...]
    messages: tuple[Message, ...]


def period_of(get: ManagersGet, wall: datetime) -> str:
    """The period that a wall time of the plan is in: `2025-W23`, or `2025-06`."""
    if get is ManagersGet.MONTHLY:
        return f"{wall:%Y-%m}"
    year, week, _ = wall.isocalendar()
    return f"{year}-W{week:02}"


def signed_up(people: Iterable[PersonOfManager]) -> tuple[PersonOfManager, ...]:
    """Those who are signed up to anything ahead, with that alone."""
    found = (
        replace(one, coming=tuple(place for place in one.coming if place.word in SIGNED_UP), past=())
        for one in people
    )
    return tuple(one for one in found if one.coming)


def digest_of(people: Iterable[PersonOfManager]) -> str:
    """What a copy says, as a digest, "" for nothing; the place in a line makes no odds."""
    said = [
        (one.email, place.what, place.dates, place.word.value)
        for one in signed_up(people)
        for place in one.coming
    ]
    return hashlib.sha256(repr(sorted(said)).encode()).hexdigest() if said else ""


def copying(
    plan: str,
    period: str,
    people: Mapping[str, Iterable[PersonOfManager]],
    before: Iterable[ManagerCopy],
    *,
    now: datetime,
) -> Copying:
    """By the table above; `people` are those of each manager (canonical address), `now` UTC."""
    known = {one.email: one for one in before}
    copies: list[ManagerCopy] = []
    messages: list[Message] = []
    for manager, theirs in sorted(people.items()):
        last = known.get(manager)
        if last is not None and last.period == period:
            copies.append(last)
            continue
        digest = digest_of(theirs)
        copies.append(ManagerCopy(email=manager, period=period, digest=digest, looked_at=now))
        if digest != (last.digest if last is not None else ""):
            messages.append(
                Message(
                    plan=plan,
                    key=f"{MessageKind.MANAGER_COPY}//{manager}/{period}",
                    kind=MessageKind.MANAGER_COPY,
                    course="",
                    offering="",
                    email=manager,
                    created_at=now,
                    expires_at=now + LASTS,
                    params={},
                )
            )
    return Copying(copies=tuple(copies), messages=tuple(messages))
