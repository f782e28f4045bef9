"""Reading what came back and writing it down (async shell).

One request, and none where nothing was sent lately.

Exchange Online gives up after a day at most, so three days back are enough. Which report is about which of
our mails stands in `bot.delivery.bounces`; a message that came back is failed and is not sent again. Not
being able to read the inbox stops nothing: `doctor` tells of the missing right, the log of the rest.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.delivery.bounces import came_back, on_their_way, worth_a_look
from bot.domain.errors import GraphError
from bot.log_lines import get_logger

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.events import LedgerEntry
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.ports.books import BounceBook, Outbox
    from bot.ports.outlook import ReturnedMail

log = get_logger("bot.delivery")

MOST_LOOKED_UP = 100
"""`Message-ID`s that are looked up in a round.

A flood of forged reports must not become a flood of requests.
"""
COMES_BACK_WITHIN = timedelta(days=3)
CLOCKS_DIFFER = timedelta(hours=1)
"""How far Exchange's clock may be behind ours."""


async def note_returned(
    plan: CoursePlan,
    *,
    returned: ReturnedMail | None,
    outbox: Outbox,
    bounces: BounceBook,
    entries: Iterable[LedgerEntry],
    people: PeopleIndex,
    now: datetime,
) -> int:
    """Note what came back of what was sent in the last days; returns how many mails that were new. `now` UTC.

    `entries` are the ledger's; `returned` None: without drafts nothing can be told apart. Raises
    DatabaseFailed.
    """
    if returned is None:
        return 0
    since = now - COMES_BACK_WITHIN
    known = {(bounce.session, bounce.email) for bounce in bounces.load_bounces(plan.id)}
    sent = on_their_way(
        outbox.load_sent(plan.id, since=since),
        entries,
        known,
        since=since,
        failed=outbox.load_failed(plan.id, since=since),
        organiser=plan.organiser,
    )
    if sent.since is None:
        return 0
    try:
        reports = worth_a_look(await returned.fetch_reports(since=sent.since - CLOCKS_DIFFER), sent, people)
        originals = await returned.find_originals(
            list(dict.fromkeys(one for report in reports for one in report.originals))[:MOST_LOOKED_UP]
        )
    except GraphError as error:
        log.warning("delivery.returns_unread", error=str(error))
        return 0
    found = came_back(reports, originals, sent, people, now=now)
    outbox.save_message(*found.messages)
    bounces.save_bounces(found.invitations)
    unplaced = bounces.save_unplaced(plan.id, found.unplaced) if found.unplaced else 0
    if found.messages or found.invitations or unplaced:
        log.warning(
            "delivery.returned",
            messages=len(found.messages),
            invitations=len(found.invitations),
            unplaced=unplaced,
        )
    return len(found.messages) + len(found.invitations) + unplaced
