"""Reminders as data: one message that a rule asks for, to one person about one session, and where it stands.

Does not say which there are (`bot.reminders`), nor how they read (`bot.messages.reminder`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.events import SessionKey
from bot.domain.messages import REMINDER_PREFIX, Message
from bot.domain.reminder_rules import Channel, ReminderTarget
from bot.domain.templates import MessageKind

if TYPE_CHECKING:
    from bot.domain.people import PeopleIndex


class ReminderState(StrEnum):
    """`DUE` may go now; `UNCERTAIN` was handed to Exchange, and nobody can say yet whether it went."""

    SCHEDULED = "scheduled"
    DUE = "due"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    SKIPPED = "skipped"
    UNCERTAIN = "uncertain"


class NotSent(StrEnum):
    """Why a message is not sent, or not yet.

    `NOTHING_TO_TELL` is said of HR's report, `MAYBE_SENT` of a line whose time is over, `SKIPPED_BY_HAND`
    where somebody of HR said so, `LEADER_FIRST` of a copy whose leader has not got their own yet.
    """

    CALENDAR_BEHIND = "calendar_behind"
    NO_LONGER_TRUE = "no_longer_true"
    CHANNEL_NOT_SET_UP = "channel_not_set_up"
    NOT_IN_TEAMS = "not_in_teams"
    TEAMS_NOT_SET_UP = "teams_not_set_up"
    TEAMS_REFUSED = "teams_refused"
    OUTSIDE_HOURS = "outside_hours"
    TOO_LATE = "too_late"
    MAYBE_SENT = "maybe_sent"
    WEEK_IS_FULL = "week_is_full"
    MINUTE_IS_FULL = "minute_is_full"
    DAY_IS_FULL = "day_is_full"
    NOTHING_TO_TELL = "nothing_to_tell"
    SKIPPED_BY_HAND = "skipped_by_hand"
    LEADER_FIRST = "leader_first"


NOT_BY_TEAMS = frozenset({NotSent.NOT_IN_TEAMS, NotSent.TEAMS_NOT_SET_UP, NotSent.TEAMS_REFUSED})
"""Why Teams certainly did not bring a line to a person.

Then a mail does, where `teams` was all that was asked for.
"""


class Afterwards(StrEnum):
    """What is known of the reader of a message after a course."""

    UNKNOWN = ""
    ATTENDED = "attended"
    NO_SHOW = "no_show"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderTopic:
    """What a rule asks for about one date, whoever gets it by whatever way: what HR skips or sends early.

    `offering` and `session` are "" where it is about the course, whichever session it was found by.
    """

    rule: str
    course: str
    offering: str
    session: str
    about: str


@dataclass(frozen=True, slots=True)
class ReminderItem:
    """What one message says: a rule's template about one session (ids of the plan).

    `about` is the date that it is about (the session's, or the deadline's; "" where it is about having been
    invited): the same rule is never sent twice for one session and date. `once`: it is about the course,
    whichever session it was found by. `only_line`: every seat is taken, and what is asked for is a place in
    line. `speaker`: it is for somebody who speaks. `moved`: it is for somebody with a seat who has not
    confirmed it since the date was moved. `anew`: it is for somebody who gave up `offering` and may choose
    another, to which they have no invitation in their calendar. `questions`: the reader has left questions of
    the course open, and is asked by this message. `came`: what is known of the reader, after a course.
    `unasked`: the reader is not asked to evaluate it. `leader`: it is the copy of what this leader (canonical
    address) gets, for whom the reader answers; "" where it is the reader's own.
    """

    rule: str
    course: str
    offering: str
    session: str
    about: str
    channel: str
    template: str
    once: bool = False
    only_line: bool = False
    speaker: bool = False
    moved: bool = False
    anew: bool = False
    questions: bool = False
    came: str = Afterwards.UNKNOWN.value
    unasked: bool = False
    leader: str = ""

    @property
    def topic(self) -> ReminderTopic:
        """What of it is the same for everybody, and by every way."""
        return ReminderTopic(
            rule=self.rule,
            course=self.course,
            offering="" if self.once else self.offering,
            session="" if self.once else self.session,
            about=self.about,
        )

    @property
    def stem(self) -> str:
        """Its key without the person: who changes address does not get it again.

        A copy's has the leader, as they were known when it was made.
        """
        where = self.course if self.once else f"{self.course}/{self.offering}/{self.session}"
        of = f"{self.leader}/" if self.leader else ""
        return f"{REMINDER_PREFIX}{self.rule}/{where}/{self.about}/{self.channel}/{of}"


def items_text(items: Iterable[ReminderItem]) -> str:
    """What a message says, as its parameter `items`."""
    return json.dumps([astuple(item) for item in items], ensure_ascii=False)


def items_of(message: Message) -> tuple[ReminderItem, ...]:
    """What a message in the outbox says; of a message about seats, nothing."""
    return tuple(ReminderItem(*values) for values in json.loads(message.params.get("items", "[]")))


def words_of(message: Message, people: PeopleIndex) -> tuple[tuple[str, str], ...]:
    """What a message says, item by item, as it is known by: the stem and the reader, by today's addresses."""
    reader = people.canonical(message.email)
    return tuple((_of_today(item, people).stem, reader) for item in items_of(message))


def _of_today(item: ReminderItem, people: PeopleIndex) -> ReminderItem:
    return replace(item, leader=people.canonical(item.leader)) if item.leader else item


def kinds_of(message: Message) -> tuple[str, ...]:
    """As what each thing that a message says is counted: a copy is a copy, whatever it is of."""
    if message.kind is MessageKind.COPY:
        return (message.kind.value,) * len(items_of(message))
    return tuple(item.template for item in items_of(message)) or (message.kind.value,)


def copied_leaders(params: Mapping[str, str]) -> frozenset[str]:
    """Whom a message to somebody else is a copy for, by the addresses in its `params`; none of most."""
    if not params.get("items"):
        return frozenset()
    named = (ReminderItem(*values).leader for values in json.loads(params["items"]))
    return frozenset(filter(None, named))


def channel_of(message: Message) -> Channel:
    """The way that a message goes; what one message says goes one way. A message about seats is a mail."""
    return next((Channel(item.channel) for item in items_of(message)), Channel.MAIL)


class WordKind(StrEnum):
    """What HR says about a reminder: not this one, this one now, or as the plan says after all."""

    SKIP = "skip"
    SEND = "send"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderWord:
    """What somebody of HR said at `at` (UTC) about a reminder to one person.

    `email` canonical; `EVERYBODY` for all of them, `THE_CHANNEL` for the post in the course's channel. What
    is sent early goes from `goes_from` (UTC) on. `reason` is HR's own.
    """

    topic: ReminderTopic
    email: str
    kind: WordKind
    by: str
    at: datetime
    reason: str = ""
    goes_from: datetime | None = None


EVERYBODY, THE_CHANNEL = "", "channel"
"""Whom a word may be about besides a person; neither is an address."""
Words = Mapping[tuple[ReminderTopic, str], ReminderWord]
"""The words in force, by what and whom they are about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One message that a rule asks for. Instants are UTC; `email` is canonical, "" for a channel's post.

    `due_at` is the rule's moment moved into the sending hours, `expires_at` when it is worth nothing any
    more. `target` is why this person gets it; `follows` tells of something that has happened. `word`: what
    somebody of HR said about it, None where the plan's rules alone decide.
    """

    item: ReminderItem
    session: SessionKey
    email: str
    target: ReminderTarget
    due_at: datetime
    expires_at: datetime
    urgent: bool = False
    follows: bool = False
    state: ReminderState = ReminderState.SCHEDULED
    reason: str = ""
    word: ReminderWord | None = None

    @property
    def is_copy(self) -> bool:
        """Whether it is what somebody gets who answers for a leader, because the leader gets theirs."""
        return bool(self.item.leader)

    @property
    def kind(self) -> str:
        """As what it is counted and told: a copy is a copy, whatever it is of (`messages.kind`)."""
        return MessageKind.COPY.value if self.is_copy else self.item.template

    @property
    def is_sent_by_hand(self) -> bool:
        """Whether somebody of HR looked at this one and sent it: it goes as it was shown, by itself."""
        return self.word is not None and self.word.kind is WordKind.SEND
