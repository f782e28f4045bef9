"""Copies of what a leader is reminded of, for whoever answers for them and wants copies (pure).

| the leader's own, by the way it is furthest | a copy |
|---|---|
| went                                        | is due within the hours if it was promised; what went without is not copied |
| is due and may go                           | is promised, and waits for the leader's own |
| went, and nobody can say so yet             | waits on where it was promised |
| is due and waits                            | waits for the same |
| is scheduled                                | is scheduled |
| cannot go, was skipped, failed, is too late | is none |

It is a mail whatever way the leader's own goes, to one reader once, and says so: it is never taken for the
reader's own. Only who takes part is copied: a speaker's and a responsible's mails are about their work. That
somebody was missed, and what they take home from a course, is theirs alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.reminder_rules import Channel, ReminderTarget
from bot.domain.reminders import NOT_BY_TEAMS, NotSent, ReminderState
from bot.domain.templates import NOT_COPIED
from bot.reminders.moments import may_go

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.reminders import Reminder
    from bot.reminders.moments import SendingHours
    from bot.reminders.occasion import Occasion
    from bot.reminders.recipients import Recipient

Standing = tuple[ReminderState, str]

AT_WORK = frozenset({ReminderTarget.SPEAKERS, ReminderTarget.RESPONSIBLE})
FURTHEST = (ReminderState.SENT, ReminderState.UNCERTAIN, ReminderState.DUE, ReminderState.SCHEDULED)
"""The states that a copy follows, by how far the leader's own is."""


def copies_of(
    occasion: Occasion, reader: Recipient, own: Iterable[Reminder], hours: SendingHours
) -> Iterator[tuple[tuple[str, str], Reminder]]:
    """The copies of one reminder, each with its stem and the address, by the table above.

    `own` is the reminder as the leader gets it, once for each way.
    """
    if reader.target in AT_WORK:
        return
    for by in occasion.copies_for.get(reader.email, ()):
        copied = _furthest(own)
        if copied is None or copied.item.template in NOT_COPIED:
            return
        item = replace(copied.item, channel=Channel.MAIL.value, leader=reader.email)
        word = (item.stem, by)
        standing = occasion.known.get(word) or _standing(
            copied, occasion, hours, was_promised=word in occasion.promised
        )
        if standing is not None:
            state, reason = standing
            yield word, replace(copied, item=item, email=by, state=state, reason=reason)


def _furthest(own: Iterable[Reminder]) -> Reminder | None:
    """The way by which the leader gets it, or got it; None where there is none."""
    follows = [one for one in own if one.state in FURTHEST and one.reason not in NOT_BY_TEAMS]
    return min(follows, key=lambda one: (FURTHEST.index(one.state), bool(one.reason)), default=None)


def _standing(
    own: Reminder, occasion: Occasion, hours: SendingHours, *, was_promised: bool
) -> Standing | None:
    """Where a copy stands that has not gone."""
    if own.state is ReminderState.SCHEDULED or (own.state is ReminderState.DUE and own.reason):
        return own.state, own.reason
    if own.state is ReminderState.DUE:
        return ReminderState.DUE, NotSent.LEADER_FIRST
    if not was_promised:
        return None
    if own.expires_at <= occasion.now:
        return ReminderState.EXPIRED, NotSent.TOO_LATE
    if own.state is ReminderState.UNCERTAIN:
        return ReminderState.DUE, NotSent.LEADER_FIRST
    is_time = may_go(own.due_at, own.expires_at, hours, urgent=own.urgent, now=occasion.now)
    return ReminderState.DUE, "" if is_time else NotSent.OUTSIDE_HOURS
