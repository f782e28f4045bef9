"""Which of our mails came back (pure).

    a report counts when                                          else
    it answers a mail that lies in our own mailbox, and           nothing
    that mail is a message of the outbox, sent                    (the next line)
        and names the address that this message went to           nothing
    or that mail is about one of our events                       nothing
        and names somebody who was invited to it lately           nothing

Anybody can write a mail that looks like a report. So nothing is taken from its words but the addresses, and these count only for
the mail that it answers: its `Message-ID` is known to us and to who got it. The reading is `bot.graph.bounces`'s, the noting
`bot.delivery.returned`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.bounces import Bounce, reason_of
from bot.domain.messages import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.bounces import BounceReport, Original
    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheirWay:
    """What was sent lately and may come back: messages that count as sent, and who was invited by which event.

    `invited` maps event ids to the session and its addresses, those known to have come back left out.
    """

    messages: tuple[Message, ...]
    invited: Mapping[str, tuple[SessionKey, frozenset[str]]]
    since: datetime | None

    @property
    def addresses(self) -> frozenset[str]:
        """Everybody that something was sent to."""
        return frozenset({one.email for one in self.messages}.union(*(emails for _, emails in self.invited.values())))


def on_their_way(
    messages: Iterable[Message], entries: Iterable[LedgerEntry], known: Collection[tuple[SessionKey, str]], *, since: datetime
) -> OnTheirWay:
    """What was sent at `since` (UTC) or later; `known` are the (session, address) that came back already."""
    sent = tuple(one for one in messages if one.state is DeliveryState.SENT and one.sent_at is not None and one.sent_at >= since)
    moments = [one.sent_at for one in sent if one.sent_at is not None]
    invited: dict[str, tuple[SessionKey, frozenset[str]]] = {}
    for entry in entries:
        session = replace(entry.key, part=1)
        lately = {email: at for email, at in entry.invited_since.items() if at >= since and (session, email) not in known}
        if entry.event_id is not None and lately:
            invited[entry.event_id] = (session, frozenset(lately))
            moments += lately.values()
    return OnTheirWay(messages=sent, invited=invited, since=min(moments, default=None))


def worth_a_look(reports: Iterable[BounceReport], sent: OnTheirWay) -> tuple[BounceReport, ...]:
    """The reports that name somebody we wrote to: only of these is the original looked up."""
    addresses = sent.addresses
    return tuple(one for one in reports if one.original and not addresses.isdisjoint(one.addresses))


def bounced_messages(
    reports: Iterable[BounceReport], originals: Mapping[str, Original], sent: OnTheirWay, *, now: datetime
) -> tuple[Message, ...]:
    """The messages that came back, failed at `now` (UTC) with their reason; each once, the first report counts."""
    by_draft: dict[str | None, list[Message]] = {}
    for message in sent.messages:
        by_draft.setdefault(message.draft_id, []).append(message)
    failed: dict[str, Message] = {}
    for report in reports:
        original = originals.get(report.original)
        went = by_draft.get(original.message_id, ()) if original is not None else ()
        for message in [one for one in went if one.email in report.addresses]:
            cause = reason_of(report.code).value
            failed.setdefault(message.key, replace(message, state=DeliveryState.FAILED, error=cause, ended_at=now))
    return tuple(failed.values())


def bounced_invitations(
    reports: Iterable[BounceReport], originals: Mapping[str, Original], sent: OnTheirWay, *, now: datetime
) -> tuple[Bounce, ...]:
    """Who was not reached by an event's mails, noted at `now` (UTC); each once for a session, the first report counts."""
    found: dict[tuple[SessionKey, str], Bounce] = {}
    for report in reports:
        original = originals.get(report.original)
        if original is None or original.event_id is None or original.event_id not in sent.invited:
            continue
        session, invited = sent.invited[original.event_id]
        for email in sorted(invited & report.addresses):
            reason = reason_of(report.code)
            bounce = Bounce(session=session, email=email, reason=reason, received_at=report.received_at, noted_at=now)
            found.setdefault((session, email), bounce)
    return tuple(found.values())


def still_wanted(bounces: Iterable[Bounce], entries: Iterable[LedgerEntry], *, now: datetime) -> tuple[Bounce, ...]:
    """Those about an event that is still to come at `now` (UTC) and has the address on its list; the rest is history."""
    ahead = {(replace(one.key, part=1), email) for one in entries if one.end > now for email in one.desired_attendees}
    return tuple(one for one in bounces if (one.session, one.email) in ahead)
