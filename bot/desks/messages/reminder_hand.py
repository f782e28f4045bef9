"""HR's hand on the reminders of a course: one is skipped, sent now, or left to the plan again.

    list    what the plan's rules ask for about a course, and what HR said of it        writes nothing
    look    whom a word would be about, how their mail reads, and when it goes           writes nothing
    say     the word, about exactly those who were shown; else WordRefused               one line for each, and one in the log

| the word | is about | can be said while |
|---|---|---|
| skip | one person, or everybody, also who comes later | it is not begun |
| send | one person, or everybody who is to get it and was not skipped | the calendar is as the plan says, and it is not too late |
| undo | what was said before, of that person or of everybody | nothing has come of it; what is skipped is final at its time |

Nothing is sent here. What a word makes due goes with the next round of reminders, under the key that it would
have had anyway, so that it is never sent a second time (`bot.reminders.words`). All raise DatabaseFailed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.desks.messages.reminder_mail import ShownReminder, shown_reminders
from bot.desks.messages.reminder_readers import ReminderInHand, ReminderReader, in_hand
from bot.domain.actions import Action
from bot.domain.errors import InputError
from bot.domain.reminders import (
    EVERYBODY,
    NotSent,
    ReminderWord,
    WordKind,
)
from bot.reminders.bundles import known_reminders
from bot.reminders.moments import sending_hours
from bot.reminders.words import words_in_force
from bot.rounds.reminders import coming_reminders
from bot.rounds.steps.decide_seats import load_state

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.approvals import Door
    from bot.domain.people import PeopleIndex
    from bot.domain.reminders import ReminderTopic, Words
    from bot.opening.work import BookWork
    from bot.rounds.steps.decide_seats import SeatState

FAR = timedelta(days=3 * 366)
"""How far ahead the list looks: further than any plan."""
A_MOMENT = timedelta(minutes=1)
COMMANDS = {WordKind.SKIP: "reminder_skip", WordKind.SEND: "reminder_send", WordKind.UNDO: "reminder_undo"}
"""What the log of who did what calls them."""


class WordRefused(InputError):
    """What was asked for cannot be said, or would be about others than those who were shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordWish:
    """What somebody asks for: `email` canonical, `EVERYBODY` or `THE_CHANNEL`."""

    topic: ReminderTopic
    email: str
    kind: WordKind


@dataclass(frozen=True, slots=True, kw_only=True)
class WordLook:
    """What a word would do: `mails` as its readers get them, `waits_until` (UTC) the next sending hour.

    `refused` is why it cannot be said (`errors.<code>`), "" where it can; `digest` what a press has to bring
    back.
    """

    wish: WordWish
    reminder: ReminderInHand
    readers: tuple[ReminderReader, ...]
    mails: tuple[ShownReminder, ...]
    waits_until: datetime | None
    refused: str
    digest: str


class ReminderHand:
    """HR's hand on the reminders of one course, by the books as they are when it is made."""

    def __init__(self, books: BookWork, course: str, *, by: str, door: Door) -> None:
        self._books, self.course, self._by, self._door = books, course, by, door
        self._now = books.now()
        self._said = books.stores.reminder_words.load_words(books.plan.id, course=course)
        self._state: SeatState = load_state(books.plan, books.stores, course=course)

    @property
    def people(self) -> PeopleIndex:
        """Everybody whom the books know."""
        return self._state.people

    @property
    def words(self) -> Words:
        """What HR said, and holds."""
        return words_in_force(self._said, self.people)

    def listed(self) -> tuple[ReminderInHand, ...]:
        """What is coming of the course, or was skipped, by when it goes."""
        until = self._now + FAR
        found, _ = coming_reminders(self._books, until=until, state=self._state)
        known, words = known_reminders(self._state.messages, self.people), self.words
        listed = in_hand((one for one in found if one.item.course == self.course), known, words)
        left = (one for one in listed if one.coming or one.skipped)
        return tuple(sorted(left, key=lambda one: (one.due_at, one.topic.rule, one.topic.session)))

    def find(self, topic: ReminderTopic) -> ReminderInHand | None:
        """One of what is listed."""
        return next((one for one in self.listed() if one.topic == topic), None)

    def wish(
        self, kind: WordKind, rule: str, offering: str | None, session: str | None, email: str
    ) -> WordWish:
        """What is asked for by ids of the plan; `email` in any case, "" for everybody.

        Of what is not listed any more it is what something was said of. Raises WordRefused where that is
        nothing, or several.
        """
        listed = {one.topic for one in self.listed()}
        for known in (listed, {word.topic for word in self._said}):
            topics = [
                one
                for one in known
                if one.rule == rule
                and one.offering in {"", offering or one.offering}
                and one.session in {"", session or one.session}
            ]
            if len(topics) > 1 and known is listed:
                raise WordRefused("reminder_several")
            if len(topics) == 1:
                return WordWish(
                    topic=topics[0], email=self.people.canonical(email) if email else EVERYBODY, kind=kind
                )
        raise WordRefused("reminder_gone")

    def look(self, wish: WordWish) -> WordLook:
        """What the word would do now; raises WordRefused where there is no such reminder any more."""
        found = self.find(wish.topic)
        if found is None:
            raise WordRefused("reminder_gone")
        readers = _meant(found, wish)
        refused = "" if readers or self._has_something_to_undo(wish, found) else _why_nobody(found, wish)
        hours = sending_hours(self._state.plan)
        waits_until = None if hours.allows(self._now) else hours.next_after(self._now)
        goes_at = (waits_until or self._now) if wish.kind is WordKind.SEND else None
        shown = readers or _asked(found, wish)
        ways = [each for one in shown for each in (*(one.coming or one.reminders[:1]), *one.copies)]
        return WordLook(
            wish=wish,
            reminder=found,
            readers=readers,
            mails=shown_reminders(self._books, self._state, ways, at=goes_at),
            waits_until=waits_until,
            refused=refused,
            digest=_digest(wish, readers),
        )

    def say(
        self,
        wish: WordWish,
        *,
        digest: str | None,
        reason: str,
        at_once: bool,
        since: datetime | None = None,
    ) -> WordLook:
        """Say it about those who were shown under this digest; None: whoever it is about now.

        `at_once`: also outside the sending hours. The same word of the same person a moment ago counts as
        this one: a button pressed twice. So does one since `since` (UTC). Raises WordRefused.
        """
        if (before := self._as_before(wish, digest, since)) is not None:
            return before
        look = self.look(wish)
        if look.refused:
            raise WordRefused(look.refused)
        if digest is not None and look.digest != digest:
            raise WordRefused("reminder_moved_on")
        goes_from = self._now if at_once or look.waits_until is None else look.waits_until
        words = [
            ReminderWord(
                topic=wish.topic,
                email=email,
                kind=wish.kind,
                by=self._by,
                at=self._now,
                reason=reason,
                goes_from=goes_from if wish.kind is WordKind.SEND else None,
            )
            for email in self._about(wish, look)
        ]
        subject = wish.email if "@" in wish.email else str(len(look.readers))
        book, plan = self._books.stores.reminder_words, self._books.plan.id
        if not book.add_words(plan, words, known=len(self._said), noted=[self._line(wish, subject)]):
            raise WordRefused("reminder_moved_on")
        return look

    def _as_before(self, wish: WordWish, digest: str | None, since: datetime | None) -> WordLook | None:
        """What a second press of the same button finds; None where it is none."""
        if not self._said_since(wish, since or self._now - A_MOMENT):
            return None
        try:
            look = self.look(wish)
        except WordRefused:
            # It has been carried out by now.
            gone = ReminderInHand(topic=wish.topic, readers=(), word=None)
            return WordLook(
                wish=wish, reminder=gone, readers=(), mails=(), waits_until=None, refused="", digest=""
            )
        has_moved_on = digest is not None and look.digest != digest
        return look if since or look.refused or has_moved_on else None

    def _about(self, wish: WordWish, look: WordLook) -> Iterable[str]:
        """Everybody who was shown one by one, where it is sent; else as it was asked for."""
        if wish.kind is WordKind.SEND:
            return [one.email for one in look.readers]
        if wish.kind is WordKind.UNDO and wish.email == EVERYBODY:
            by_hand = [one.email for one in look.readers if one.is_sent_by_hand]
            return [*([EVERYBODY] if look.reminder.word else []), *by_hand]
        return [wish.email]

    def _has_something_to_undo(self, wish: WordWish, found: ReminderInHand) -> bool:
        return (wish.kind, wish.email) == (WordKind.UNDO, EVERYBODY) and found.word is not None

    def _said_since(self, wish: WordWish, since: datetime) -> bool:
        return any(
            (word.topic, word.kind, word.by) == (wish.topic, wish.kind, self._by)
            and wish.email in {EVERYBODY, word.email}
            and word.at >= since
            for word in self._said
        )

    def _line(self, wish: WordWish, subject: str) -> Action:
        topic = wish.topic
        where = "/".join(filter(None, (topic.offering, topic.session)))
        return Action(
            at=self._now,
            by=self._by,
            command=COMMANDS[wish.kind],
            plan=self._books.plan.id,
            course=topic.course,
            subject=subject,
            door=self._door.value,
            detail=" ".join(filter(None, (topic.rule, where, topic.about))),
        )


def _asked(found: ReminderInHand, wish: WordWish) -> tuple[ReminderReader, ...]:
    return tuple(one for one in found.readers if wish.email in {EVERYBODY, one.email})


def _meant(found: ReminderInHand, wish: WordWish) -> tuple[ReminderReader, ...]:
    """Whom the word would change something for, by the table at the top."""
    to_all = wish.email == EVERYBODY
    changes = {
        WordKind.SKIP: lambda one: one.is_open,
        WordKind.SEND: lambda one: _can_go(one, may_be_skipped=not to_all),
        WordKind.UNDO: lambda one: _can_be_undone(one, found.word if to_all else None, to_all=to_all),
    }
    return tuple(filter(changes[wish.kind], _asked(found, wish)))


def _can_be_undone(reader: ReminderReader, of_all: ReminderWord | None, *, to_all: bool) -> bool:
    """`of_all` is what was said about everybody; who was skipped one by one is undone one by one."""
    word = reader.first.word
    if reader.is_final or word is None:
        return False
    return word == of_all or reader.is_sent_by_hand if to_all else word.email != EVERYBODY


def _can_go(reader: ReminderReader, *, may_be_skipped: bool) -> bool:
    if reader.is_final or reader.is_sent_by_hand:
        return False
    if reader.is_skipped:
        return may_be_skipped
    return reader.is_open and all(one.reason != NotSent.CALENDAR_BEHIND for one in reader.reminders)


def _why_nobody(found: ReminderInHand, wish: WordWish) -> str:
    asked = _asked(found, wish)
    if any(one.first.reason == NotSent.CALENDAR_BEHIND for one in asked):
        return "reminder_calendar_behind"
    if wish.kind is WordKind.UNDO:
        return "reminder_nothing_said"
    if any(one.is_sent_by_hand for one in asked):
        return "reminder_on_its_way"
    return "reminder_not_coming"


def _digest(wish: WordWish, readers: Iterable[ReminderReader]) -> str:
    """What somebody saw: this word, about these readers."""
    topic = wish.topic
    told = [topic.rule, topic.course, topic.offering, topic.session, topic.about, wish.email, wish.kind.value]
    return hashlib.sha256(
        json.dumps([told, [[one.email, *(copy.email for copy in one.copies)] for one in readers]]).encode()
    ).hexdigest()
