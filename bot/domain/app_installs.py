"""For whom the app in Teams is installed, as data, and who is due (pure). Instants are UTC.

| what is known of somebody | they are due |
|---|---|
| a chat with the bot | never: they have it |
| nothing | now |
| asked: the request was made, and its answer is not known | now, before the others |
| there: it was installed, or was there already | never again |
| gone: they took it away, or blocked the bot | never again, whoever asks |
| nowhere: Teams does not know them, or does not take it for them alone | after thirty days |
| tried: `probe` is installing it for them, and takes it away again | now |
| denied: they were refused, and so was whoever came next, or nobody did | the next day, after everybody else |

Where one was denied today, nobody is due any more today: the right is everybody's. What somebody did
themselves outlives everything else that is written of them (`bot.ports.conversations.AppInstallBook`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from bot.domain.people import Person

MOST_IN_A_ROUND = 50
"""People for whom it is installed in one round: a mistake is seen before it reaches four hundred."""
NOWHERE_LASTS = timedelta(days=30)
A_TRY_LASTS = timedelta(hours=2)
"""How long after `probe` began a chat is taken for one that it has opened."""


class InstallState(StrEnum):
    """By the table above."""

    ASKED = "asked"
    THERE = "there"
    GONE = "gone"
    NOWHERE = "nowhere"
    DENIED = "denied"
    TRIED = "tried"


ORDER = {
    InstallState.ASKED: 0,
    None: 1,
    InstallState.TRIED: 1,
    InstallState.NOWHERE: 2,
    InstallState.DENIED: 3,
}
"""Who comes first; who is not here is never due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInstall:
    """What is known of one person (`subject`, a directory id), since `at`."""

    subject: str
    email: str
    state: InstallState
    at: datetime


def is_of_a_try(known: AppInstall | None, added_at: datetime) -> bool:
    """Whether a chat that was opened at that time is `probe`'s, whose end says nothing of the person."""
    if known is None or known.state is not InstallState.TRIED:
        return False
    return known.at <= added_at < known.at + A_TRY_LASTS


def is_denied_today(known: Iterable[AppInstall], *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the right was found missing on the day that it is in `zone`."""
    today = now.astimezone(zone).date()
    return any(one.state is InstallState.DENIED and one.at.astimezone(zone).date() == today for one in known)


def due_for_install(
    people: Iterable[Person],
    known: Mapping[str, AppInstall],
    with_chat: Collection[str],
    *,
    now: datetime,
    zone: ZoneInfo,
) -> tuple[Person, ...]:
    """Those of `people` who are due, in their order, no more than go in one round.

    `known` by directory id, `with_chat` the directory ids of those with a chat. Nobody without a directory
    id is ever due.
    """
    if is_denied_today(known.values(), now=now, zone=zone):
        return ()
    due: dict[str, tuple[int, Person]] = {}
    for person in people:
        subject = person.directory_id
        if not subject or subject in with_chat or subject in due:
            continue
        one = known.get(subject)
        place = ORDER.get(one.state if one else None)
        if place is None or (one and one.state is InstallState.NOWHERE and now - one.at < NOWHERE_LASTS):
            continue
        due[subject] = (place, person)
    ordered = sorted(due.values(), key=lambda found: (found[0], found[1].email))
    return tuple(person for _, person in ordered[:MOST_IN_A_ROUND])
