"""Reading what came back and writing it down (async shell): one request, and none where nothing was sent lately.

Exchange Online gives up after a day at most, so three days back are enough. A report is about one of our mails or about
nothing (`bot.delivery.bounces`); a message that came back is failed and is not sent again. Not being able to read the inbox
stops nothing: `doctor` tells of the missing right, the log of the rest.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.delivery.bounces import bounced_invitations, bounced_messages, on_their_way, worth_a_look
from bot.errors import GraphError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.events import LedgerEntry
    from bot.ports import BounceBook, Outbox, ReturnedMail

log = structlog.get_logger("bot.delivery")

COMES_BACK_WITHIN = timedelta(days=3)
CLOCKS_DIFFER = timedelta(hours=1)
"""How far Exchange's clock may be behind ours."""


async def note_returned(
    plan: str, *, returned: ReturnedMail | None, outbox: Outbox, bounces: BounceBook, entries: Iterable[LedgerEntry], now: datetime
) -> int:
    """Note what came back of what was sent in the last days; returns how many mails that were new. `now` UTC.

    `entries` are the ledger's; `returned` None: without drafts nothing can be told apart. Raises DatabaseFailed.
    """
    if returned is None:
        return 0
    since = now - COMES_BACK_WITHIN
    known = {(one.session, one.email) for one in bounces.load_bounces(plan)}
    sent = on_their_way(outbox.load_sent(plan, since=since), entries, known, since=since)
    if sent.since is None:
        return 0
    try:
        reports = worth_a_look(await returned.fetch_reports(since=sent.since - CLOCKS_DIFFER), sent)
        originals = await returned.find_originals(sorted({one.original for one in reports}))
    except GraphError as error:
        log.warning("delivery.returns_unread", error=str(error))
        return 0
    failed = bounced_messages(reports, originals, sent, now=now)
    invitations = bounced_invitations(reports, originals, sent, now=now)
    outbox.save_message(*failed)
    bounces.save_bounces(invitations)
    if failed or invitations:
        log.warning("delivery.returned", messages=len(failed), invitations=len(invitations))
    return len(failed) + len(invitations)
