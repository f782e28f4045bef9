"""What a message after a course says to one reader (pure).

Whether they were there, and whether they are asked what they think of it.

| the reader | is told | is asked to evaluate |
|---|---|---|
| came, or had a seat where nobody said who came | thanks | yes, by our own form while it is open and not answered |
| had a seat and did not come | that they were missed | no |
| had a seat, and nobody has said whether they came | thanks | no |
| said no | that they could not come | no |
| spoke, looks after the course, or is a channel | as before | by an outside link only |

The second message asks once more: it goes to nobody who is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.evaluation import EvaluationState, form_state, is_asked
from bot.domain.reminder_rules import Channel, ReminderTarget
from bot.domain.reminders import Afterwards
from bot.domain.templates import MessageKind
from bot.reminders.moments import instant_of

if TYPE_CHECKING:
    from bot.domain.events import SessionKey
    from bot.domain.plan import Course
    from bot.domain.reminder_rules import ReminderRule
    from bot.reminders.moments import SendingHours
    from bot.reminders.occasion import Occasion
    from bot.reminders.recipients import Recipient

SEATED = frozenset({ReminderTarget.REGISTERED, ReminderTarget.UNCONFIRMED})
OTHERS = frozenset({ReminderTarget.SPEAKERS, ReminderTarget.RESPONSIBLE})
NOTHING = (Afterwards.UNKNOWN, False)


class AfterCourse:
    """The readers of one rule about one session, by the table above."""

    def __init__(
        self, occasion: Occasion, course: Course, rule: ReminderRule, key: SessionKey, hours: SendingHours
    ) -> None:
        self._occasion, self._course, self._rule, self._offering = occasion, course, rule, key.offering
        self._is_after = rule.template == MessageKind.FOLLOW_UP
        self._was_said = (course.id, key.offering) in occasion.attendance_said
        ends = [one.end for of, one in course.sessions() if of.id == key.offering and one.end is not None]
        self._ends = instant_of(max(ends), hours.zone) if ends else None

    def told(self, reader: Recipient) -> tuple[Afterwards, bool]:
        """How the reader is spoken to, and whether they are not asked to evaluate."""
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

    def goes_to(self, reader: Recipient, channel: Channel) -> bool:
        """Whether the rule's message goes to the reader: a second one goes to who is asked alone."""
        is_second = self._is_after and self._occasion.plan.turn_of(self._course, self._rule.id, channel) > 0
        return not is_second or not self.told(reader)[1]
