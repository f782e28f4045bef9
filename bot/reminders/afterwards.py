"""What a message after a course says to one reader (pure).

Whether they were there, and whether they are asked what they think of it.

| the reader | is told | is asked to evaluate |
|---|---|---|
| came, or had a seat where nobody said who came | thanks | yes, by our own form while it is open and not answered |
| had a seat and did not come | that they were missed: see below | no |
| had a seat, and nobody has said whether they came | thanks | no |
| said no | that they could not come | no |
| spoke, looks after the course, or is a channel | as before | by an outside link only |

The second message asks once more: it goes to nobody who is not asked.

That they were missed is told to nobody before it is settled (`bot.registrations.settled_attendance`), nor to
who came to another date of the course. It is told once, by the rule for it (`no_show`) where one tells
persons, else by the thanks; and what HR puts right afterwards brings nobody a message more:

| the person was told by another rule | then |
|---|---|
| that they were missed | neither that they were missed, nor thanks, nor to evaluate |
| thanks for having come | not that they were missed |
| thanks, when nobody had said who came | that they were missed, where a rule says so |

What one rule tells by mail and in Teams is the same both times, or not told the second time.

A task to do at home (`bot.domain.local_tasks`) is known by its id, which a workbook makes of its text. So one
that somebody reworded is another one by its id, and who was told of it is not told again:

| about this date of the course, the reader was told of | they are told of a task |
|---|---|
| a task that the plan has no longer, when this one had fallen due as well | no: it is that one, in other words |
| a task that the plan has no longer, before this one falls due | yes |
| tasks that the plan still has, or of none | yes |

What HR sent early was told when it would have fallen due.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.attendance import Presence
from bot.domain.evaluation import EvaluationState, form_state, is_asked
from bot.domain.local_tasks import RULE
from bot.domain.messages import DeliveryState
from bot.domain.reminder_rules import TO_PERSONS, Channel, ReminderTarget
from bot.domain.reminders import Afterwards, items_of
from bot.domain.templates import MessageKind
from bot.reminders.moments import FOLLOW_UPS_LAST, instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.events import SessionKey
    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course
    from bot.domain.reminder_rules import ReminderRule
    from bot.reminders.moments import ReminderMoment, SendingHours
    from bot.reminders.occasion import Occasion
    from bot.reminders.recipients import Recipient

SEATED = frozenset({ReminderTarget.REGISTERED, ReminderTarget.UNCONFIRMED, ReminderTarget.ATTENDED})
OTHERS = frozenset({ReminderTarget.SPEAKERS, ReminderTarget.RESPONSIBLE})
NOTHING = (Afterwards.UNKNOWN, False)
WENT = frozenset({DeliveryState.SENT, DeliveryState.SENDING})
OF_WHO_CAME = frozenset({Afterwards.ATTENDED.value, Afterwards.NO_SHOW.value})


def told_came(
    messages: Iterable[Message], people: PeopleIndex
) -> Mapping[tuple[str, str, str], frozenset[tuple[str, str]]]:
    """By (course, offering, today's address) which rules told somebody that they came, or were missed."""
    found: dict[tuple[str, str, str], frozenset[tuple[str, str]]] = {}
    for message in messages:
        if message.is_reminder and message.state in WENT:
            for item in items_of(message):
                if item.came in OF_WHO_CAME and not item.leader:
                    place = (item.course, item.offering, people.canonical(message.email))
                    found[place] = found.get(place, frozenset()) | {(item.rule, item.came)}
    return found


def told_tasks(
    messages: Iterable[Message], people: PeopleIndex
) -> Mapping[tuple[str, str, str], frozenset[tuple[str, str, datetime]]]:
    """By (course, offering, today's address) which tasks somebody was told of.

    Of each the rule, the date that it was about, and when (UTC): as it fell due, where it went before that.
    """
    found: dict[tuple[str, str, str], frozenset[tuple[str, str, datetime]]] = {}
    for message in messages:
        if not (message.is_reminder and message.state in WENT and RULE in message.params.get("items", "")):
            continue
        items = items_of(message)
        told = message.sent_at or message.created_at
        # Only what goes by itself can be early; together, it is the longest that expires.
        if len(items) == 1 and message.expires_at is not None:
            told = max(told, message.expires_at - FOLLOW_UPS_LAST)
        for item in items:
            if item.rule.startswith(RULE):
                place = (item.course, item.offering, people.canonical(message.email))
                found[place] = found.get(place, frozenset()) | {(item.rule, item.about, told)}
    return found


class AfterCourse:
    """The readers of one rule about one session, by the tables above."""

    def __init__(
        self,
        occasion: Occasion,
        course: Course,
        rule: ReminderRule,
        key: SessionKey,
        hours: SendingHours,
        *,
        about: str,
    ) -> None:
        """`about` is the date that the rule's messages are about."""
        self._occasion, self._course, self._rule, self._offering = occasion, course, rule, key.offering
        self._hours, self._about = hours, about
        self._is_after = rule.template == MessageKind.FOLLOW_UP
        self._is_missed = rule.template == MessageKind.NO_SHOW
        self._is_task = rule.template == MessageKind.LOCAL_TASK
        self._was_said = (course.id, key.offering) in occasion.attendance_said
        ends = [one.end for of, one in course.sessions() if of.id == key.offering and one.end is not None]
        self._ends = instant_of(max(ends), hours.zone) if ends else None

    def told(self, reader: Recipient) -> tuple[Afterwards, bool]:
        """How the reader is spoken to, and whether they are not asked to evaluate."""
        if self._is_missed:
            return Afterwards.NO_SHOW, True
        if not self._is_after:
            return NOTHING
        form = self._course.evaluation_form
        if not reader.email or reader.target in OTHERS:
            return Afterwards.UNKNOWN, form is not None
        place = (self._course.id, self._offering, reader.email)
        presence = self._occasion.presence.get(place)
        asked = is_asked(presence, has_seat=reader.target in SEATED, was_said=self._was_said)
        came = Afterwards(presence.value) if presence is not None else Afterwards.UNKNOWN
        if presence is None and reader.target is ReminderTarget.DECLINED:
            came = Afterwards.DECLINED
        if form is None:
            return came, not asked
        answered = place in self._occasion.evaluated
        now = self._occasion.now
        state = form_state(form, ends=self._ends, now=now, asked=asked, answered=answered)
        return came, state in {EvaluationState.NOT_ASKED, EvaluationState.ANSWERED} or self._is_closed

    @property
    def _is_closed(self) -> bool:
        form, ends = self._course.evaluation_form, self._ends
        if (self._course.id, self._offering) in self._occasion.evaluations_shown:
            return True
        return form is not None and ends is not None and self._occasion.now >= ends + form.closes

    def settled(self, reader: Recipient, when: ReminderMoment) -> ReminderMoment | None:
        """The moment, for who was missed not before that is settled; None while that is open."""
        is_missed = self.told(reader)[0] is Afterwards.NO_SHOW or reader.target is ReminderTarget.NO_SHOW
        if not is_missed:
            return when
        since = self._occasion.settled.get((self._course.id, self._offering))
        if since is None or self._came_elsewhere(reader.email):
            return None
        return when if since <= when.due_at else replace(when, due_at=self._hours.next_after(since))

    def _came_elsewhere(self, email: str) -> bool:
        return any(
            self._occasion.presence.get((self._course.id, one.id, email)) is Presence.ATTENDED
            for one in self._course.offerings
        )

    def goes_to(self, reader: Recipient, channel: Channel, when: ReminderMoment) -> bool:
        """Whether the rule's message of that moment goes to the reader.

        A second one goes to who is asked alone; of who was missed and of tasks, by the tables above.
        """
        if self._is_task:
            return not self._was_told_in_other_words(reader.email, when)
        if not (self._is_after or self._is_missed):
            return True
        came, unasked = self.told(reader)
        if self._contradicts(came, reader.email) or (self._is_after and self._leaves_to_rule(came)):
            return False
        turn = self._occasion.plan.turn_of(self._course, self._rule.id, channel) if self._is_after else 0
        return turn == 0 or not unasked

    def _was_told_in_other_words(self, email: str, when: ReminderMoment) -> bool:
        """Whether somebody was told of a task that is gone, when this one had fallen due as well."""
        told = self._occasion.told_tasks.get((self._course.id, self._offering, email), frozenset())
        stands = {task.rule.id for task in self._course.after} if told else set()
        due_at = when.expires_at - FOLLOW_UPS_LAST
        return any(
            rule not in stands and about == self._about and due_at <= since for rule, about, since in told
        )

    def _contradicts(self, came: Afterwards, email: str) -> bool:
        """Whether somebody was told already what this would say again, or otherwise."""
        told = self._occasion.told_came.get((self._course.id, self._offering, email), frozenset())
        return any(
            said != came
            if rule == self._rule.id
            else said == Afterwards.NO_SHOW or (came is Afterwards.NO_SHOW and said == Afterwards.ATTENDED)
            for rule, said in told
        )

    def _leaves_to_rule(self, came: Afterwards) -> bool:
        """Whether another rule tells who was missed."""
        return came is Afterwards.NO_SHOW and any(
            rule.template == MessageKind.NO_SHOW and not TO_PERSONS.isdisjoint(rule.channels)
            for rule in self._occasion.plan.rules_for(self._course)
        )
