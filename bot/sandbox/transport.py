"""What becomes of mails after Exchange has accepted them: delivered, delivered later, or returned.

| a mailbox sends                                       | then |
|-------------------------------------------------------|---|
| up to 30 messages within 60 seconds                   | each is delivered at once |
| more                                                  | accepted, and delivered in later minutes |
| to more than 10,000 recipients within 24 hours        | accepted, returned to the sender (5.1.90): nobody gets it |
| to an address of the tenant's domain that nobody has  | accepted, returned for that address (5.1.10) |
| to an address that the control plane made bounce      | accepted, returned for that address, with the code it named |

Invitations, updates and cancellations count by recipient; whether Exchange counts them as messages of a
minute is not known, so here they do not. The limits are knobs of `settings.py`. A returned mail stands in the
log all the same, unless the day's limit stopped it. How a report reads is `reports.py`'s. Facts: graph-facts
section 5 and Microsoft's list of codes in "Email non-delivery reports and SMTP errors in Exchange Online"
(2026-11-26).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from bot.sandbox.clock import Clock
from bot.sandbox.directory import Directory, Purpose, User
from bot.sandbox.mail_log import MailKind, MailLog, RecipientKind
from bot.sandbox.settings import Settings

MINUTE, DAY = timedelta(seconds=60), timedelta(hours=24)
NOBODY, DAY_IS_FULL = "5.1.10", "5.1.90"


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A mail that comes back.

    `item` is the immutable id of the message or event, `at` when the report arrives.
    """

    mailbox: User
    kind: MailKind
    item: str
    subject: str
    to: tuple[str, ...]
    failed: tuple[str, ...]
    code: str
    at: datetime


@dataclass(slots=True)
class _Sent:
    """What one mailbox has sent lately: when each message was accepted and leaves; to how many; in all."""

    accepted: deque[datetime] = field(default_factory=deque)
    leaving: deque[datetime] = field(default_factory=deque)
    recipients: deque[tuple[datetime, int]] = field(default_factory=deque)
    reached: int = 0
    delayed: int = 0
    refused: int = 0

    def of_the_day(self, now: datetime) -> int:
        while self.recipients and self.recipients[0][0] <= now - DAY:
            self.reached -= self.recipients.popleft()[1]
        return self.reached

    def note(self, now: datetime, count: int) -> None:
        self.recipients.append((now, count))
        self.reached += count


class Transport:
    """The way of every mail that an app or its events send. `on_return` hears of each that comes back."""

    def __init__(self, settings: Settings, clock: Clock, directory: Directory, mail_log: MailLog) -> None:
        """Nothing sent yet, and no external address bounces."""
        self.settings = settings
        self.clock = clock
        self.directory = directory
        self.mail_log = mail_log
        self.bouncing: dict[str, str] = {}
        self.on_return: Callable[[Returned], None] = lambda _returned: None
        self._sent: defaultdict[str, _Sent] = defaultdict(_Sent)

    def carry(
        self, mailbox: User, kind: MailKind, to: Iterable[str], *, item: str, subject: str, comment: str = ""
    ) -> None:
        """Send one mail to each address; a list's address reaches its members."""
        reached = [address for one in to for address in self._behind(one)]
        if not reached:
            return
        sent, now = self._sent[mailbox.id], self.clock.now()
        returned = partial(
            Returned, mailbox=mailbox, kind=kind, item=item, subject=subject, to=tuple(reached)
        )
        if sent.of_the_day(now) + len(reached) > self.settings.recipients_per_day:
            sent.refused += 1
            self.on_return(returned(failed=tuple(reached), code=DAY_IS_FULL, at=self._report_after(now)))
            return
        leaves = self._leaves(sent, now) if kind is MailKind.MESSAGE else now
        sent.note(now, len(reached))
        failed: dict[str, list[str]] = {}
        for address in reached:
            recipient = self.recipient_kind(address)
            mail = self.mail_log.add(
                time=leaves,
                kind=kind,
                sender=mailbox.mail or mailbox.upn,
                to=address,
                recipient=recipient,
                subject=subject,
                event=item,
                comment=comment,
                read=leaves <= now,
            )
            if leaves > now:
                self.clock.plan(leaves - now, partial(self.mail_log.tell, mail))
            code = NOBODY if recipient is RecipientKind.UNKNOWN else self.bouncing.get(address.lower())
            if code is not None:
                failed.setdefault(code, []).append(address)
        for code, addresses in failed.items():
            self.on_return(returned(failed=tuple(addresses), code=code, at=self._report_after(leaves)))

    def recipient_kind(self, address: str) -> RecipientKind:
        """Return what stands behind an address."""
        user = self.directory.find_user(address)
        if user is None:
            own = address.lower().endswith("@" + self.directory.domain)
            return RecipientKind.UNKNOWN if own else RecipientKind.EXTERNAL
        if user.is_room:
            return RecipientKind.ROOM
        return RecipientKind.PERSON if user.purpose is Purpose.USER else RecipientKind.MAILBOX

    def sent_by(self, mailbox_id: str) -> dict[str, int]:
        """Return what counts against the limits, and what passed them since the tenant began.

        `recipients_24h` counts every mail, rooms too; `messages_60s` messages as they were accepted, not
        their recipients; `waiting` those still to be delivered. `delayed` and `refused` count messages (an
        event's mails of one act are one).
        """
        sent, now = self._sent[mailbox_id], self.clock.now()
        return {
            "recipients_24h": sent.of_the_day(now),
            "messages_60s": sum(now - MINUTE < at <= now for at in sent.accepted),
            "waiting": sum(at > now for at in sent.leaving),
            "delayed": sent.delayed,
            "refused": sent.refused,
        }

    def _behind(self, address: str) -> list[str]:
        return self.directory.addresses_of(address) or [address]

    def _leaves(self, sent: _Sent, now: datetime) -> datetime:
        """When a message accepted now is delivered: no 60 seconds see more than the limit."""
        most = max(self.settings.messages_per_minute, 1)
        while sent.accepted and sent.accepted[0] <= now - MINUTE:
            sent.accepted.popleft()
        while len(sent.leaving) > most and sent.leaving[0] <= now - MINUTE:
            sent.leaving.popleft()
        leaves = max(now, sent.leaving[-most] + MINUTE) if len(sent.leaving) >= most else now
        sent.accepted.append(now)
        sent.leaving.append(leaves)
        sent.delayed += leaves > now
        return leaves

    def _report_after(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self.settings.report_seconds)
