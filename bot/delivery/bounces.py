"""Which of our mails came back (pure).

    a report counts when                                          then
    it refers to a mail that lies in our own mailbox, and
      that mail is a message of the outbox to one person, sent    that message came back, whatever address is named: the mail
                                                                  may have been forwarded on, or the address written otherwise
      that mail is one for many, or is about one of our events    it came back to those that the report names
        and names nobody whom it went to                          unplaced: HR is told the addresses that it names
      it is none of ours                                          nothing: it is somebody's own mail, or another plan's
    it refers to nothing that lies there, and names somebody      unplaced: HR is told that address
    we wrote to lately
    anything else                                                 nothing

Anybody can write a mail that looks like a report. So nothing is taken from its words but the addresses, and
nobody's mail is failed but by what refers to it: its `Message-ID` is known to us and to who got it. The
reading is `bot.graph.bounces`'s, the noting `bot.rounds.steps.note_returned`'s.

An address that a report names is a recipient's when it is the same, when we know it as the same person's, or
when it is without what stands after a plus (`gert+kursus@`), as some systems report it, and only one
recipient is meant by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.bounces import Bounce, UnplacedReturn, reason_of
from bot.domain.messages import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.domain.bounces import BounceReport, Original
    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex

MOST_UNPLACED = 3
"""How many addresses of one report are told; who writes more wants to be read and not to report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheirWay:
    """What was sent lately and may come back.

    Messages that count as sent, and who was invited by which event.

    `invited` maps event ids to the session and its addresses, those known to have come back left out;
    `events` are all whose invitations went lately. `returned` are the addresses that mails have come back
    from, `organiser` is the mailbox that sent them.
    """

    messages: tuple[Message, ...]
    invited: Mapping[str, tuple[SessionKey, frozenset[str]]]
    since: datetime | None
    events: frozenset[str] = frozenset()
    returned: frozenset[str] = frozenset()
    organiser: str = ""

    @property
    def addresses(self) -> frozenset[str]:
        """Everybody that something was sent to."""
        return frozenset(
            {one.email for one in self.messages}.union(*(emails for _, emails in self.invited.values()))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """What reports say of our mails.

    Messages that failed, invitations that did not arrive, and what could be placed nowhere.
    """

    messages: tuple[Message, ...] = ()
    invitations: tuple[Bounce, ...] = ()
    unplaced: tuple[UnplacedReturn, ...] = ()


def on_their_way(
    messages: Iterable[Message],
    entries: Iterable[LedgerEntry],
    known: Collection[tuple[SessionKey, str]],
    *,
    since: datetime,
    failed: Iterable[Message] = (),
    organiser: str = "",
) -> OnTheirWay:
    """What was sent at `since` (UTC) or later.

    `known` are the (session, address) that came back already, `failed` the messages.
    """
    sent = tuple(
        one
        for one in messages
        if one.state is DeliveryState.SENT and one.sent_at is not None and one.sent_at >= since
    )
    moments = [one.sent_at for one in sent if one.sent_at is not None]
    invited: dict[str, tuple[SessionKey, frozenset[str]]] = {}
    events: set[str] = set()
    for entry in entries:
        session = entry.key.first
        new = {email: at for email, at in entry.invited_since.items() if at >= since}
        lately = {email: at for email, at in new.items() if (session, email) not in known}
        if entry.event_id is not None and new:
            events.add(entry.event_id)
        if entry.event_id is not None and lately:
            invited[entry.event_id] = (session, frozenset(lately))
            moments += lately.values()
    return OnTheirWay(
        messages=sent,
        invited=invited,
        since=min(moments, default=None),
        events=frozenset(events),
        returned=frozenset({email for _, email in known} | {one.email for one in failed}),
        organiser=organiser.lower(),
    )


def worth_a_look(
    reports: Iterable[BounceReport], sent: OnTheirWay, people: PeopleIndex
) -> tuple[BounceReport, ...]:
    """The reports whose originals are looked up.

    Left out are those that name only addresses which mails are known to have come back from, and that no
    other mail is on its way to.
    """

    def is_known(report: BounceReport) -> bool:
        named = [one for one in report.addresses if one != sent.organiser]
        if not named or recipients_named(named, sent.addresses, people):
            return False
        return all(recipients_named([one], sent.returned, people) for one in named)

    return tuple(one for one in reports if not is_known(one))


def came_back(
    reports: Iterable[BounceReport],
    originals: Mapping[str, Original],
    sent: OnTheirWay,
    people: PeopleIndex,
    *,
    now: datetime,
) -> CameBack:
    """What the reports say by the table above, noted at `now` (UTC).

    Each message and invitation once, the first report counts.
    """
    by_draft: dict[str, list[Message]] = {}
    for message in sent.messages:
        if message.draft_id is not None:
            by_draft.setdefault(message.draft_id, []).append(message)
    failed: dict[str, Message] = {}
    bounced: dict[tuple[SessionKey, str], Bounce] = {}
    unplaced: dict[str, UnplacedReturn] = {}
    for report in reports:
        reason = reason_of(report.code)
        found = [originals[one] for one in report.originals if one in originals]
        ours = next((one for one in found if one.message_id in by_draft or one.event_id in sent.events), None)
        if ours is None:
            told = () if found else tuple(one for one in report.addresses if one in sent.addresses)
        else:
            went = by_draft.get(ours.message_id, [])
            session, invited = sent.invited.get(ours.event_id or "", (None, frozenset[str]()))
            to = frozenset(one.email for one in went) | invited
            named = to if len(went) == 1 else recipients_named(report.addresses, to, people)
            for message in went:
                if message.email in named:
                    changed = replace(message, state=DeliveryState.FAILED, error=reason.value, ended_at=now)
                    failed.setdefault(message.key, changed)
            if session is not None:
                for email in sorted(named & invited):
                    bounce = Bounce(
                        session=session,
                        email=email,
                        reason=reason,
                        received_at=report.received_at,
                        noted_at=now,
                    )
                    bounced.setdefault((session, email), bounce)
            told = () if named or not to else report.addresses
        new = (
            one
            for one in told
            if one != sent.organiser and not recipients_named([one], sent.returned, people)
        )
        for email in [*new][:MOST_UNPLACED]:
            unplaced.setdefault(
                email,
                UnplacedReturn(email=email, reason=reason, received_at=report.received_at, noted_at=now),
            )
    return CameBack(
        messages=tuple(failed.values()),
        invitations=tuple(bounced.values()),
        unplaced=tuple(unplaced.values()),
    )


def recipients_named(
    addresses: Iterable[str], recipients: Collection[str], people: PeopleIndex
) -> frozenset[str]:
    """Those of the recipients that these addresses (lower-cased) mean.

    One that could mean two means nobody.
    """
    found: set[str] = set()
    for address in addresses:
        if address in recipients:
            found.add(address)
            continue
        canonical = people.canonical(address)
        meant = [one for one in recipients if canonical == people.canonical(one)]
        meant = meant or [one for one in recipients if _without_plus(one) == _without_plus(address)]
        if len(meant) == 1:
            found.add(meant[0])
    return frozenset(found)


def still_wanted(
    bounces: Iterable[Bounce], entries: Iterable[LedgerEntry], *, now: datetime
) -> tuple[Bounce, ...]:
    """Those about an event that is still to come at `now` (UTC) and has the address on its list.

    The rest is history.
    """
    ahead = {(one.key.first, email) for one in entries if one.end > now for email in one.desired_attendees}
    return tuple(one for one in bounces if (one.session, one.email) in ahead)


def _without_plus(address: str) -> str:
    local, at, domain = address.partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
