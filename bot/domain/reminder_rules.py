"""The rules for reminders as the plan has them: whom a message is for, when, and which way it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum


class ReminderAnchor(StrEnum):
    """The moment that a reminder is counted from."""

    START = "start"
    END = "end"
    DEADLINE = "deadline"
    INVITED = "invited"


class ReminderUnit(StrEnum):
    """`days`, `working_days` and `weeks` go with a wall-clock `at`.

    `hours` and `minutes` are elapsed time.
    """

    DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    HOURS = "hours"
    MINUTES = "minutes"


class ReminderTarget(StrEnum):
    """Whom a reminder is for."""

    REGISTERED = "registered"
    TENTATIVE = "tentative"
    UNCONFIRMED = "unconfirmed"
    UNANSWERED = "unanswered"
    OPTIONAL = "optional"
    DECLINED = "declined"
    WAITLISTED = "waitlisted"
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    EVERYONE = "everyone"
    SPEAKERS = "speakers"
    RESPONSIBLE = "responsible"


EVERYONE = frozenset(
    {
        ReminderTarget.REGISTERED,
        ReminderTarget.TENTATIVE,
        ReminderTarget.UNANSWERED,
        ReminderTarget.OPTIONAL,
        ReminderTarget.WAITLISTED,
    }
)
"""Whom `everyone` stands for."""
WHO_CAME = frozenset({ReminderTarget.ATTENDED, ReminderTarget.NO_SHOW})
"""Of whom that is known only when a date is over."""


class Channel(StrEnum):
    """Where a reminder goes: to the person by mail or Teams, or once to the course's Teams channel."""

    MAIL = "mail"
    TEAMS = "teams"
    CHANNEL = "channel"


TO_PERSONS = frozenset({Channel.MAIL, Channel.TEAMS})
"""The ways that end at one person; which of the two it becomes, is seen only when it goes."""


MOST_FOLLOW_UPS = 2
"""The first thanks, the second asks about the evaluation again, and after that there is silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """One rule for a message.

    `amount` is in `unit`, `at` a wall time (with days, working days and weeks only).

    `expires` is how long after it falls due the message is still worth sending; None where the plan
    is silent (then until the anchor, and for `after` 14 days). `on` is a day of its own, at `at`, in place of
    the `amount`; never before the anchor.
    """

    id: str
    before: bool
    anchor: ReminderAnchor
    amount: int
    unit: ReminderUnit
    to: tuple[ReminderTarget, ...]
    channels: tuple[Channel, ...]
    template: str
    at: time | None = None
    on: date | None = None
    expires: timedelta | None = None
    urgent: bool = False

    def meets_readers_of(self, other: ReminderRule, channel: Channel) -> bool:
        """Whether some of those whom the other rule tells by `channel` are told by this one as well.

        Persons, or who reads the channel.
        """
        if channel not in TO_PERSONS:
            return channel in self.channels
        return not TO_PERSONS.isdisjoint(self.channels) and not self._readers.isdisjoint(other._readers)

    @property
    def _readers(self) -> frozenset[ReminderTarget]:
        return frozenset(self.to) | (EVERYONE if ReminderTarget.EVERYONE in self.to else frozenset())
