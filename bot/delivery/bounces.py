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
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.bounces import BounceReason, BounceReport, Original
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
            {message.email for message in self.messages}.union(
                *(emails for _, emails in self.invited.values())
            )
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
    sent = tuple(message for message in messages if _was_sent(message, since))
    moments = [message.sent_at for message in sent if message.sent_at is not None]
    returned = _by_session(known)
    invited: dict[str, tuple[SessionKey, frozenset[str]]] = {}
    events: set[str] = set()
    for entry in entries:
        invited_lately = {email: at for email, at in entry.invited_since.items() if at >= since}
        if entry.event_id is None or not invited_lately:
            continue
        events.add(entry.event_id)
        session = entry.key.first
        back = returned.get(session, ())
        expected = {email: at for email, at in invited_lately.items() if email not in back}
        if expected:
            invited[entry.event_id] = (session, frozenset(expected))
            moments += expected.values()
    return OnTheirWay(
        messages=sent,
        invited=invited,
        since=min(moments, default=None),
        events=frozenset(events),
        returned=frozenset({email for _, email in known} | {message.email for message in failed}),
        organiser=organiser.lower(),
    )


def _by_session(known: Iterable[tuple[SessionKey, str]]) -> dict[SessionKey, set[str]]:
    """The addresses of each session, so that who goes through many people looks its session up once."""
    found: dict[SessionKey, set[str]] = {}
    for session, email in known:
        found.setdefault(session, set()).add(email)
    return found


def _was_sent(message: Message, since: datetime) -> bool:
    if message.state is not DeliveryState.SENT or message.sent_at is None:
        return False
    return message.sent_at >= since


def worth_a_look(
    reports: Iterable[BounceReport], sent: OnTheirWay, people: PeopleIndex
) -> tuple[BounceReport, ...]:
    """The reports whose originals are looked up.

    Left out are those that name only addresses which mails are known to have come back from, and that no
    other mail is on its way to.
    """

    def is_known(report: BounceReport) -> bool:
        named = [address for address in report.addresses if address != sent.organiser]
        if not named or recipients_named(named, sent.addresses, people):
            return False
        return all(recipients_named([address], sent.returned, people) for address in named)

    return tuple(report for report in reports if not is_known(report))


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
        referred = [originals[reference] for reference in report.originals if reference in originals]
        mail = _mail_among(referred, by_draft, sent)
        returned = mail.returned_to(report, people) if mail is not None else frozenset[str]()
        reason, received_at = reason_of(report.code), report.received_at
        if mail is not None:
            for message in mail.failed(returned, reason, now):
                failed.setdefault(message.key, message)
            for bounce in mail.bounces(returned, reason, received_at, now):
                bounced.setdefault((bounce.session, bounce.email), bounce)
        is_ours_or_nothing = mail is not None or not referred
        if is_ours_or_nothing and not returned:
            for email in _unplaced(report, mail, sent, people):
                unplaced_return = UnplacedReturn(
                    email=email, reason=reason, received_at=received_at, noted_at=now
                )
                unplaced.setdefault(email, unplaced_return)
    return CameBack(
        messages=tuple(failed.values()),
        invitations=tuple(bounced.values()),
        unplaced=tuple(unplaced.values()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    """A mail of ours that a report refers to.

    The messages that went with it, or the session that it invited to, and whom.
    """

    messages: Sequence[Message]
    session: SessionKey | None
    invited: frozenset[str]

    @property
    def recipients(self) -> frozenset[str]:
        return frozenset(message.email for message in self.messages) | self.invited

    def returned_to(self, report: BounceReport, people: PeopleIndex) -> frozenset[str]:
        """For whom it came back: a message to one person for that one, whatever address is named."""
        if len(self.messages) == 1:
            return self.recipients
        return recipients_named(report.addresses, self.recipients, people)

    def failed(self, returned: Collection[str], reason: BounceReason, now: datetime) -> Iterator[Message]:
        for message in self.messages:
            if message.email in returned:
                yield replace(message, state=DeliveryState.FAILED, error=reason.value, ended_at=now)

    def bounces(
        self, returned: Collection[str], reason: BounceReason, received_at: datetime, now: datetime
    ) -> Iterator[Bounce]:
        if self.session is not None:
            for email in sorted(self.invited.intersection(returned)):
                yield Bounce(
                    session=self.session, email=email, reason=reason, received_at=received_at, noted_at=now
                )


def _mail_among(
    referred: Iterable[Original], by_draft: Mapping[str, list[Message]], sent: OnTheirWay
) -> _Mail | None:
    """The first of the mails referred to that is ours and was sent lately."""
    for original in referred:
        if original.message_id in by_draft or original.event_id in sent.events:
            session, invited = sent.invited.get(original.event_id or "", (None, frozenset[str]()))
            messages = by_draft.get(original.message_id, [])
            return _Mail(messages=messages, session=session, invited=invited)
    return None


def _unplaced(report: BounceReport, mail: _Mail | None, sent: OnTheirWay, people: PeopleIndex) -> list[str]:
    """The addresses that HR is told of a report that is about nobody we know of."""
    if mail is not None:
        addresses = report.addresses if mail.recipients else ()
    else:
        addresses = tuple(address for address in report.addresses if address in sent.addresses)
    told = [
        address
        for address in addresses
        if address != sent.organiser and not recipients_named([address], sent.returned, people)
    ]
    return told[:MOST_UNPLACED]


def recipients_named(
    addresses: Iterable[str], recipients: Collection[str], people: PeopleIndex
) -> frozenset[str]:
    """Those of the recipients that these addresses (lower-cased) mean.

    One that could mean two means nobody.
    """
    named: set[str] = set()
    for address in addresses:
        if address in recipients:
            named.add(address)
            continue
        canonical, plain = people.canonical(address), _without_plus(address)
        meant = [each for each in recipients if people.canonical(each) == canonical]
        meant = meant or [each for each in recipients if _without_plus(each) == plain]
        if len(meant) == 1:
            named.add(meant[0])
    return frozenset(named)


def still_wanted(
    bounces: Iterable[Bounce], entries: Iterable[LedgerEntry], *, now: datetime
) -> tuple[Bounce, ...]:
    """Those about an event that is still to come at `now` (UTC) and has the address on its list.

    The rest is history.
    """
    ahead = {
        (entry.key.first, email) for entry in entries if entry.end > now for email in entry.desired_attendees
    }
    return tuple(bounce for bounce in bounces if (bounce.session, bounce.email) in ahead)


def _without_plus(address: str) -> str:
    local, at, domain = address.partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"
