"""Reminders as objects for programs, the same from the command and from the API (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.reminders import ReminderState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.reminders import Reminder

INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def reminder_objects(found: Iterable[Reminder]) -> list[dict[str, str]]:
    """The contract's shape: one object each, instants in UTC.

    `reason` where it is not sent, or was only handed in; `word` and `by` where HR said something; `copy_of`
    the leader's address where it is the copy of what a leader gets.
    """
    return [_object(one) for one in found]


def _object(one: Reminder) -> dict[str, str]:
    row = {
        "rule": one.item.rule,
        "session": str(one.session),
        "email": one.email,
        "channel": one.item.channel,
        "due_at": one.due_at.strftime(INSTANT),
        "expires_at": one.expires_at.strftime(INSTANT),
        "template": one.item.template,
        "state": one.state.value,
    }
    if one.is_copy:
        row["copy_of"] = one.item.leader
    if one.word is not None:
        row |= {"word": one.word.kind.value, "by": one.word.by}
    return row if one.state is ReminderState.SENT and not one.reason else row | {"reason": str(one.reason)}
