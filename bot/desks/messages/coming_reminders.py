"""What the reminder rules of a course will send, in the order in which it goes (pure).

A rule is shown about the first date that it is about, with the day it falls on:

    the rule goes to                          shown
    people, by mail or Teams                  once for those it is to, once more for speakers as they get it
    a channel alone                           the post
    nobody by a way that is asked for         nothing
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.desks.messages.shown import ShownMessage, made_up_message, message_text
from bot.domain.reminder_rules import TO_PERSONS, Channel, ReminderAnchor, ReminderTarget
from bot.domain.reminders import ReminderItem, items_text
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import moment_text
from bot.messages.card import render_card, render_notification
from bot.messages.notice import render_notice
from bot.messages.reminder import render_reminder
from bot.reminders.copies import AT_WORK
from bot.reminders.due import is_asked_for
from bot.reminders.moments import instant_of, moment_of, sending_hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.desks.messages.shown import MessageReader
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.reminder_rules import ReminderRule
    from bot.messages.notice import Rendered

ONCE = frozenset({ReminderAnchor.DEADLINE, ReminderAnchor.INVITED})
"""What is counted from these goes once to each, whatever the number of sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    """A rule with the first date that it is about, the ways it takes, and when it goes.

    `moment` is the wall time to order by, `when` says it in words.
    """

    rule: ReminderRule
    offering: Offering
    session: CourseSession
    ways: tuple[Channel, ...]
    moment: datetime
    when: str

    @property
    def to_persons(self) -> bool:
        """Whether somebody gets it, and not only a channel."""
        return not TO_PERSONS.isdisjoint(self.ways)


def coming_reminders(plan: CoursePlan, course: Course, reader: MessageReader) -> Iterator[ShownMessage]:
    """What the rules for the course send, by the table above. Raises InputError for words of HR's own."""
    reminders = _Reminders(plan, course, reader)
    planned = sorted(
        (one for rule in plan.rules_for(course) if (one := reminders.planned(rule)) is not None),
        key=lambda one: one.moment,
    )
    for one in planned:
        yield from reminders.shown(one)


class _Reminders:
    """The rules of one course on their way into words."""

    def __init__(self, plan: CoursePlan, course: Course, reader: MessageReader) -> None:
        self.plan, self.course, self.reader, self.language = plan, course, reader, plan.language

    def planned(self, rule: ReminderRule) -> _Planned | None:
        """None where the rule is about no date that there is."""
        about = self._about(rule)
        if about is None:
            return None
        offering, session = about
        ways = tuple(
            way for way in Channel if way in rule.channels and is_asked_for(self.plan, self.course, rule, way)
        )
        moment, when = self._moment(rule, session)
        return _Planned(rule=rule, offering=offering, session=session, ways=ways, moment=moment, when=when)

    def shown(self, planned: _Planned) -> Iterator[ShownMessage]:
        """By the table above."""
        if not planned.ways:
            return
        if not planned.to_persons:
            yield self._reminder(planned, self._text("to.channel"), "")
            return
        rule = planned.rule
        targets = [target for target in rule.to if target is not ReminderTarget.SPEAKERS]
        if targets:
            to = self._targets(targets)
            if any(one.copies for one in self.plan.delegates) and not AT_WORK.issuperset(targets):
                to = self._text("to.with_copies", to=to)
            yield self._reminder(planned, to, self.reader.name)
        speakers = [speaker.name for speaker in self.course.speakers if speaker.email]
        if speakers and ReminderTarget.SPEAKERS in rule.to:
            to = self._targets([ReminderTarget.SPEAKERS])
            yield self._reminder(planned, to, speakers[0], speaker=True)

    def _reminder(self, planned: _Planned, to: str, name: str, *, speaker: bool = False) -> ShownMessage:
        rule, today = planned.rule, planned.moment.date()
        item = self._item(planned, speaker=speaker)
        plan, link = replace(self.plan, courses=(self.course,)), None if speaker else self.reader.link
        line = card = None
        if Channel.TEAMS in planned.ways:
            line = render_notification(
                plan, [item], language=self.language, link_for=lambda _: link, today=today, app_id=""
            )
        if Channel.CHANNEL in planned.ways:
            card = render_card(plan, item, language=self.language, today=today)
        kind = text(self.language, f"messages.kind.{rule.template}")
        if speaker:
            kind = self._text("kind_for_speakers", kind=kind)
        shown = ShownMessage(
            code=rule.template, kind=kind, when=planned.when, to=to, subject="", line=line, card=card
        )
        if card is None or planned.to_persons:
            mail = self._mail(plan, item, name, link, today=today)
            return replace(shown, subject=mail.subject, html=mail.html)
        return self._as_post(shown, card)

    def _item(self, planned: _Planned, *, speaker: bool) -> ReminderItem:
        rule = planned.rule
        channel = next((way for way in planned.ways if way in TO_PERSONS), Channel.CHANNEL).value
        return ReminderItem(
            rule.id,
            self.course.id,
            planned.offering.id,
            planned.session.id,
            "",
            channel,
            rule.template,
            rule.anchor in ONCE,
            speaker=speaker,
        )

    def _mail(
        self, plan: CoursePlan, item: ReminderItem, name: str, link: str | None, *, today: date
    ) -> Rendered:
        if item.template == MessageKind.ANNOUNCEMENT:
            message = made_up_message(
                plan, self.course, MessageKind.ANNOUNCEMENT, {"items": items_text([item])}
            )
            return render_notice(
                plan, self.course, None, message, reader_name=name, language=self.language, link=link
            )
        return render_reminder(
            plan, [item], reader_name=name, language=self.language, link_for=lambda _: link, today=today
        )

    def _as_post(self, shown: ShownMessage, card: Mapping[str, Any]) -> ShownMessage:
        """What goes to a channel alone: its card is all of it."""
        return replace(
            shown,
            kind=self._text("kind_for_channel", kind=shown.kind),
            subject=card["body"][0]["inlines"][0]["text"],
            plain=card["fallbackText"],
        )

    def _about(self, rule: ReminderRule) -> tuple[Offering, CourseSession] | None:
        """The first date that a rule is about: of an end, the last session of the offering."""
        if rule.anchor is ReminderAnchor.DEADLINE and self.course.enrolment.deadline is None:
            return None
        dated = [
            (session.start, offering, session)
            for offering, session in self.course.sessions()
            if session.start and session.end
        ]
        if not dated:
            return None
        dated.sort(key=lambda one: one[0])
        _, first, session = dated[0]
        if rule.anchor is ReminderAnchor.END:
            session = [last for _, offering, last in dated if offering is first][-1]
        return first, session

    def _moment(self, rule: ReminderRule, session: CourseSession) -> tuple[datetime, str]:
        """When it goes, as a wall time to order by, and in words."""
        walls = {
            ReminderAnchor.START: session.start,
            ReminderAnchor.END: session.end,
            ReminderAnchor.DEADLINE: self.course.enrolment.deadline,
        }
        length = plural(self.language, f"messages.unit.{rule.unit.value}", rule.amount)
        side = "before" if rule.before else "after"
        counted = self._text(f"rule.{side}", length=length, anchor=self._text(f"anchor.{rule.anchor.value}"))
        if rule.on is not None:
            counted = self._text("rule.own_day")
        wall = walls.get(rule.anchor)
        if wall is None:
            # Counted from each person's own invitation: before everything that has a date.
            return datetime.min, counted  # noqa: DTZ901 - a wall time
        hours = sending_hours(self.plan)
        due_at = moment_of(rule, instant_of(wall, hours.zone), self.plan, hours).due_at
        due = due_at.astimezone(ZoneInfo(self.plan.timezone)).replace(tzinfo=None)
        return due, self._text("rule.day", rule=counted, moment=moment_text(self.language, due))

    def _targets(self, targets: Iterable[ReminderTarget]) -> str:
        return ", ".join(self._text(f"target.{target.value}") for target in targets)

    def _text(self, code: str, **params: object) -> str:
        return message_text(self.language, code, **params)
