"""What a rule asks for about one session, reader by reader, and where each message stands (pure).

Where it stands, the first that fits:

    a message with its key is in the outbox     what became of that
    somebody of HR skipped it                   skipped (skipped_by_hand), until its time also in what is told beforehand
    the calendar has another time than the      scheduled (calendar_behind): nobody is reminded of a date that they have
    plan, or a write is under way               not been told, nor thanked while a later session is on its way
    it has expired                              expired (too_late, or what barred the way); who got there later than that has
                                                missed nothing
    its time has not come, nor that of what     scheduled
    it says of who came (`bot.reminders.afterwards`)
    it is a channel's post, and the settings    skipped (channel_not_set_up)
    have no webhook for the course's channel
    it is for the activity feed, which is not   skipped (teams_not_set_up), and told beforehand
    set up
    it is for the activity feed of somebody     skipped (not_in_teams)
    who is not in the directory
    outside the sending hours                   due (outside_hours)
    otherwise                                   due
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderTarget
from bot.domain.reminders import NotSent, Reminder, ReminderItem, ReminderState, WordKind
from bot.domain.templates import MessageKind
from bot.reminders.afterwards import AfterCourse
from bot.reminders.channels import ways_to
from bot.reminders.copies import copies_of
from bot.reminders.moments import may_go, moment_of
from bot.reminders.recipients import LONG_AGO
from bot.reminders.words import moment_by, word_about

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import SessionKey
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.reminder_rules import ReminderRule
    from bot.domain.reminders import ReminderWord
    from bot.reminders.moments import ReminderMoment, SendingHours
    from bot.reminders.occasion import Occasion
    from bot.reminders.recipients import Recipient

BY_MAIL: tuple[tuple[Channel, NotSent | None], ...] = ((Channel.MAIL, None),)


class RuleAtSession:
    """What a rule asks for about one session, reader by reader.

    What is the same for many of them is worked out once.
    """

    def __init__(
        self,
        occasion: Occasion,
        course: Course,
        rule: ReminderRule,
        hours: SendingHours,
        key: SessionKey,
        items: Mapping[Channel, ReminderItem],
        *,
        is_behind: bool,
    ) -> None:
        """`items` are those of the ways by which the rule is asked for."""
        self._occasion, self._course, self._rule, self._hours, self._key = occasion, course, rule, hours, key
        self._items, self._is_behind = items, is_behind
        self._stems = {channel: item.stem for channel, item in items.items()}
        topic = next(iter(items.values())).topic
        self._after = AfterCourse(occasion, course, rule, key, hours, about=topic.about)
        self._topic = topic if topic in occasion.topics else None
        # By mail alone, and nobody has had it by Teams before: then it is the way to everybody.
        line = self._stems.get(Channel.TEAMS)
        self._only_mail = Channel.TEAMS not in rule.channels and line not in occasion.known_stems
        self._calls: dict[tuple[object, ...], _Call] = {}
        self._last: ReminderMoment | None = None
        self._last_is_near = False

    def messages(
        self,
        readers: Iterable[Recipient],
        moment: ReminderMoment | None,
        over: datetime | None,
        told: set[str],
    ) -> list[tuple[tuple[str, str], Reminder]]:
        """The messages to the readers, each with its stem and the address.

        `moment` is everybody's, None where each has their own.

        `told` are those who were told of the offering or course already, and grows.
        """
        occasion, rule = self._occasion, self._rule
        messages: list[tuple[tuple[str, str], Reminder]] = []
        tells_once = rule.anchor is not ReminderAnchor.START
        for reader in readers:
            planned = moment or _since_invited(rule, reader, occasion.plan, self._hours, over)
            if planned is None or (tells_once and reader.email in told):
                continue
            told.add(reader.email)
            word = word_about(occasion.words, self._topic, reader.email) if self._topic else None
            when = self._after.settled(reader, moment_by(word, planned)) or self._went(reader, planned)
            if when is not None and reader.since < when.expires_at and self._is_near(when):
                own: list[Reminder] = []
                for channel, barrier in self._open_ways(reader, when):
                    asks, told_after = self._asks(channel, reader), self._after.told(reader)
                    same_reader = (reader.target, reader.by_calendar, reader.anew)
                    alike = (channel, barrier, *same_reader, word, asks, *told_after)
                    call = self._calls.get(alike) or self._call(
                        channel, barrier, reader, when, word, asks=asks
                    )
                    self._calls[alike] = call
                    reminder = _reminder(occasion, rule, self._key, reader, call)
                    own.append(reminder)
                    messages.append(((call.stem, reader.email), reminder))
                messages += copies_of(occasion, reader, own, self._hours) if occasion.copies_for else ()
        return messages

    def _open_ways(self, reader: Recipient, when: ReminderMoment) -> list[tuple[Channel, NotSent | None]]:
        """The ways by which it went, or may go by what is known of who came, and was told already."""
        return [
            way
            for way in self._ways(reader)
            if self._is_known(way[0], reader) or self._after.goes_to(reader, way[0], when)
        ]

    def _went(self, reader: Recipient, when: ReminderMoment) -> ReminderMoment | None:
        """The moment of what is in the outbox, though it would not be asked for any more."""
        return when if any(self._is_known(channel, reader) for channel in self._stems) else None

    def _is_known(self, channel: Channel, reader: Recipient) -> bool:
        """Whether it is in the outbox: what went is told of, whatever is known by now."""
        return (self._stems[channel], reader.email) in self._occasion.known

    def _is_near(self, when: ReminderMoment) -> bool:
        """Whether a moment is near, and what is the same for all at another moment is forgotten."""
        if when is not self._last:
            self._calls, self._last, self._last_is_near = {}, when, self._occasion.is_near(when)
        return self._last_is_near

    def _call(
        self,
        channel: Channel,
        barrier: NotSent | None,
        reader: Recipient,
        when: ReminderMoment,
        word: ReminderWord | None,
        *,
        asks: bool,
    ) -> _Call:
        came, unasked = self._after.told(reader)
        item = replace(
            self._items[channel],
            speaker=reader.target is ReminderTarget.SPEAKERS,
            moved=reader.target is ReminderTarget.UNCONFIRMED,
            anew=reader.anew,
            questions=asks,
            came=came.value,
            unasked=unasked,
        )
        is_behind = self._is_behind and reader.by_calendar
        call = _call(
            self._occasion, self._rule, item, self._hours, moment=when, barrier=barrier, is_behind=is_behind
        )
        if word is None:
            return call
        is_skipped = word.kind is WordKind.SKIP
        standing = (ReminderState.SKIPPED, NotSent.SKIPPED_BY_HAND) if is_skipped else call.standing
        return replace(call, standing=standing, word=word)

    def _asks(self, channel: Channel, reader: Recipient) -> bool:
        """Whether the message asks the reader to answer the course's questions: a practical mail does."""
        return (
            channel is Channel.MAIL
            and self._rule.template == MessageKind.PRACTICAL
            and reader.target is not ReminderTarget.SPEAKERS
            and (self._course.id, reader.email) in self._occasion.unanswered
        )

    def _ways(self, reader: Recipient) -> Sequence[tuple[Channel, NotSent | None]]:
        """The ways to a reader, each with what bars it."""
        if (Channel.MAIL if reader.email else Channel.CHANNEL) not in self._items:
            return ()
        occasion = self._occasion
        if not reader.email:
            bar = (
                None if occasion.reach.takes_posts(self._course.teams_channel) else NotSent.CHANNEL_NOT_SET_UP
            )
            return ((Channel.CHANNEL, bar),)
        if self._only_mail:
            return BY_MAIL
        person = occasion.people.find(reader.email)
        directory_id = person.directory_id if person is not None else None
        addresses = person.addresses if person is not None else frozenset({reader.email})
        reach = occasion.reach

        def known(channel: Channel) -> tuple[ReminderState, str] | None:
            return occasion.known.get((self._stems[channel], reader.email))

        not_there = None if reach.reaches(directory_id, addresses) else NotSent.NOT_IN_TEAMS
        bar = not_there if reach.is_on else NotSent.TEAMS_NOT_SET_UP
        ways = ways_to(
            self._rule.channels, directory_id=directory_id, addresses=addresses, reach=reach, known=known
        )
        return [(channel, bar if channel is Channel.TEAMS else None) for channel in ways]


def _since_invited(
    rule: ReminderRule, reader: Recipient, plan: CoursePlan, hours: SendingHours, over: datetime | None
) -> ReminderMoment | None:
    if rule.anchor is not ReminderAnchor.INVITED or reader.invited == LONG_AGO:
        return None
    return moment_of(rule, reader.invited, plan, hours, over=over)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """What is the same for all who are told the same at the same moment."""

    item: ReminderItem
    stem: str
    moment: ReminderMoment
    standing: tuple[ReminderState, str]
    word: ReminderWord | None = None


def _call(
    occasion: Occasion,
    rule: ReminderRule,
    item: ReminderItem,
    hours: SendingHours,
    *,
    moment: ReminderMoment,
    barrier: NotSent | None,
    is_behind: bool,
) -> _Call:
    now = occasion.now
    state, reason = ReminderState.DUE, ""
    if is_behind:
        state, reason = ReminderState.SCHEDULED, NotSent.CALENDAR_BEHIND
    elif moment.expires_at <= now:
        state, reason = ReminderState.EXPIRED, barrier or NotSent.TOO_LATE
    elif moment.due_at > now:
        state = ReminderState.SCHEDULED
        reason = NotSent.TEAMS_NOT_SET_UP if barrier is NotSent.TEAMS_NOT_SET_UP else ""
    elif barrier is not None:
        state, reason = ReminderState.SKIPPED, barrier
    elif not may_go(moment.due_at, moment.expires_at, hours, urgent=rule.urgent, now=now):
        reason = NotSent.OUTSIDE_HOURS
    return _Call(item=item, stem=item.stem, moment=moment, standing=(state, reason))


def _reminder(
    occasion: Occasion, rule: ReminderRule, key: SessionKey, reader: Recipient, call: _Call
) -> Reminder:
    state, reason = call.standing
    if call.stem in occasion.known_stems:
        state, reason = occasion.known.get((call.stem, reader.email), call.standing)
    return Reminder(
        item=call.item,
        session=key,
        email=reader.email,
        target=reader.target,
        due_at=call.moment.due_at,
        expires_at=call.moment.expires_at,
        urgent=rule.urgent,
        follows=not rule.before,
        state=state,
        reason=reason,
        word=call.word,
    )
