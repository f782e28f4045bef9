"""What a plan's people will be sent, in words, course by course and in the order in which they get it (pure).

    a course in the plan as     shows
    draft                       nothing
    proposed                    the invitation as it will read, and its rules
    save_the_date               the placeholder, then the invitation as it will read, and its rules
    approved                    the message that asks to sign up or to choose, the invitation, its rules, and what can follow from answers
    cancelled                   the cancellation

Everything is in the plan's language, to one reader who has a name. What is equal for several dates stands
once, with the dates it goes for. A rule is shown about the first date that it is about, with the day it falls
on; to speakers as they get it, where it is for them too. What can follow from answers is shown about the
first offering, with a colleague and a place in line that are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain.messages import Message
from bot.domain.plan import ChooseVia, CourseStatus, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.reminder_rules import TO_PERSONS, Channel, ReminderAnchor, ReminderTarget
from bot.domain.reminders import ReminderItem, items_text
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import moment_text, span_text
from bot.messages.card import render_card, render_notification
from bot.messages.characters import one_line
from bot.messages.invitation import cancellation_comment, invitation_subject, render_invitation
from bot.messages.notice import render_notice
from bot.messages.reminder import render_reminder
from bot.reminders.due import is_asked_for
from bot.reminders.moments import instant_of, moment_of, sending_hours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.reminder_rules import ReminderRule
    from bot.domain.teams import Notification

SHOWN_STATUSES = frozenset(
    {CourseStatus.PROPOSED, CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED, CourseStatus.CANCELLED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMessage:
    """One thing that people get.

    `code` is its kind in short, `kind` names it, and `when` and `to` say so in words.

    `html` is its body, "" where `plain` is all of it. `events` are (subject, when, where) of those whose body
    it is; of a message, nothing.
    """

    code: str
    kind: str
    when: str
    to: str
    subject: str
    html: str = ""
    plain: str = ""
    events: tuple[tuple[str, str, str], ...] = ()
    line: Notification | None = None
    card: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReader:
    """Whose messages they are.

    A name to greet ("" for nobody known), and the address of the page (None where no web address is set).
    """

    name: str
    link: str | None


def shown_courses(
    plan: CoursePlan, readers: Callable[[Course], MessageReader]
) -> Iterator[tuple[Course, tuple[ShownMessage, ...]]]:
    """Each course that people hear of, with what they get, by the table above.

    `readers` a course tells whose messages to show.

    Raises InputError for words of HR's own that cannot be used.
    """
    for course in plan.courses:
        if course.status in SHOWN_STATUSES:
            yield course, tuple(_Course(plan, course, readers(course)).everything())


class _Course:
    """One course on its way into words."""

    def __init__(self, plan: CoursePlan, course: Course, reader: MessageReader) -> None:
        self.plan, self.course, self.reader, self.language = plan, course, reader, plan.language

    def everything(self) -> Iterator[ShownMessage]:
        course = self.course
        if course.status is CourseStatus.CANCELLED:
            yield from self._cancellations()
            return
        if course.status is CourseStatus.SAVE_THE_DATE:
            yield from self._events(course, "placeholder", self._text("when.placeholder"))
        invited = replace(course, status=CourseStatus.APPROVED)
        self.course = invited
        if course.enrolment.by_link:
            kind = (
                MessageKind.ANNOUNCEMENT
                if course.enrolment.mode is EnrolmentMode.SIGNUP
                else MessageKind.CHOOSE
            )
            opens = course.enrolment.opens
            when = (
                self._text("when.opens", moment=moment_text(self.language, opens))
                if opens
                else self._text("when.approved")
            )
            yield self._notice(kind, when, self._audience(), None)
        by = "when.seat" if course.enrolment.by_link else "when.approved"
        yield from self._events(invited, "invitation", self._text(by))
        yield from self._rules()
        for kind in self._following():
            yield self._notice(
                kind, self._text(f"when.{kind.value}"), self._text(f"to.{kind.value}"), invited.offerings[0]
            )

    def _events(self, course: Course, kind: str, when: str) -> Iterator[ShownMessage]:
        alike: dict[str, list[tuple[str, str, str]]] = {}
        for offering, session in course.sessions():
            html = render_invitation(self.plan, course, offering, session, language=self.language)
            subject = invitation_subject(course, offering, session, language=self.language)
            alike.setdefault(html, []).append((subject, self._span(session), self._place(offering, session)))
        for html, events in alike.items():
            to = (
                self._text("to.seated")
                if course.enrolment.by_link and kind == "invitation"
                else self._audience()
            )
            yield ShownMessage(
                code=kind,
                kind=self._text(f"kind.{kind}"),
                when=when,
                to=to,
                subject=events[0][0],
                html=html,
                events=tuple(events),
            )

    def _cancellations(self) -> Iterator[ShownMessage]:
        for offering, session in self.course.sessions():
            plain = cancellation_comment(self.plan, self.course, session, language=self.language)
            subject = invitation_subject(self.course, offering, session, language=self.language)
            events = ((subject, self._span(session), self._place(offering, session)),)
            kind, when, to = (
                self._text(code) for code in ("kind.cancellation", "when.cancellation", "to.invited")
            )
            subject = self._text("cancelled", subject=subject)
            yield ShownMessage(
                code="cancellation", kind=kind, when=when, to=to, subject=subject, plain=plain, events=events
            )

    def _rules(self) -> Iterator[ShownMessage]:
        told = [one for rule in self.plan.rules_for(self.course) for one in self._of_rule(rule)]
        yield from (shown for _, shown in sorted(told, key=lambda pair: pair[0]))

    def _of_rule(self, rule: ReminderRule) -> Iterator[tuple[datetime, ShownMessage]]:
        about = self._about(rule)
        if about is None:
            return
        offering, session = about
        ways = [
            way for way in Channel if way in rule.channels and is_asked_for(self.plan, self.course, rule, way)
        ]
        moment, when = self._moment(rule, session)
        targets = [target for target in rule.to if target is not ReminderTarget.SPEAKERS]
        speakers = (
            [one.name for one in self.course.speakers if one.email]
            if ReminderTarget.SPEAKERS in rule.to
            else []
        )
        if not TO_PERSONS.isdisjoint(ways):
            if targets:
                yield (
                    moment,
                    self._reminder(
                        rule, offering, session, ways, moment, when, self._targets(targets), self.reader.name
                    ),
                )
            if speakers:
                to = self._targets([ReminderTarget.SPEAKERS])
                yield (
                    moment,
                    self._reminder(
                        rule, offering, session, ways, moment, when, to, speakers[0], speaker=True
                    ),
                )
        elif ways:
            yield (
                moment,
                self._reminder(rule, offering, session, ways, moment, when, self._text("to.channel"), ""),
            )

    def _reminder(
        self,
        rule: ReminderRule,
        offering: Offering,
        session: CourseSession,
        ways: Sequence[Channel],
        moment: datetime,
        when: str,
        to: str,
        name: str,
        *,
        speaker: bool = False,
    ) -> ShownMessage:
        once = rule.anchor in {ReminderAnchor.DEADLINE, ReminderAnchor.INVITED}
        channel = next((way for way in ways if way in TO_PERSONS), Channel.CHANNEL).value
        item = ReminderItem(
            rule.id,
            self.course.id,
            offering.id,
            session.id,
            "",
            channel,
            rule.template,
            once,
            speaker=speaker,
        )
        plan, link, today = (
            replace(self.plan, courses=(self.course,)),
            None if speaker else self.reader.link,
            moment.date(),
        )
        line = card = notice = None
        if Channel.TEAMS in ways:
            line = render_notification(
                plan, [item], language=self.language, link_for=lambda _: link, today=today, app_id=""
            )
        if Channel.CHANNEL in ways:
            card = render_card(plan, item, language=self.language, today=today)
        if not TO_PERSONS.isdisjoint(ways):
            if rule.template == MessageKind.ANNOUNCEMENT:
                message = self._message(MessageKind.ANNOUNCEMENT, {"items": items_text([item])})
                notice = render_notice(
                    plan, self.course, None, message, reader_name=name, language=self.language, link=link
                )
            else:
                notice = render_reminder(
                    plan,
                    [item],
                    reader_name=name,
                    language=self.language,
                    link_for=lambda _: link,
                    today=today,
                )
        kind = text(self.language, f"messages.kind.{rule.template}")
        if speaker:
            kind = self._text("kind_for_speakers", kind=kind)
        subject, html, plain = (notice.subject, notice.html, "") if notice else ("", "", "")
        if notice is None and card is not None:
            kind, subject, plain = (
                self._text("kind_for_channel", kind=kind),
                card["body"][0]["inlines"][0]["text"],
                card["fallbackText"],
            )
        return ShownMessage(
            code=rule.template,
            kind=kind,
            when=when,
            to=to,
            subject=subject,
            html=html,
            plain=plain,
            line=line,
            card=card,
        )

    def _about(self, rule: ReminderRule) -> tuple[Offering, CourseSession] | None:
        """The first date that a rule is about: of an end, the last session of the offering."""
        dated = [
            (offering, session)
            for offering, session in self.course.sessions()
            if session.start and session.end
        ]
        if not dated or (rule.anchor is ReminderAnchor.DEADLINE and self.course.enrolment.deadline is None):
            return None
        # Wall times; all of them are dated.
        dated.sort(key=lambda pair: pair[1].start or datetime.max)  # noqa: DTZ901
        first = dated[0][0]
        return (
            [pair for pair in dated if pair[0] is first][-1]
            if rule.anchor is ReminderAnchor.END
            else dated[0]
        )

    def _moment(self, rule: ReminderRule, session: CourseSession) -> tuple[datetime, str]:
        """When it goes, as a wall time to order by, and in words."""
        walls = {
            ReminderAnchor.START: session.start,
            ReminderAnchor.END: session.end,
            ReminderAnchor.DEADLINE: self.course.enrolment.deadline,
        }
        length = plural(self.language, f"messages.unit.{rule.unit.value}", rule.amount)
        side = "before" if rule.before else "after"
        said = self._text(f"rule.{side}", length=length, anchor=self._text(f"anchor.{rule.anchor.value}"))
        wall = walls.get(rule.anchor)
        if wall is None:
            # Counted from each person's own invitation: before everything that has a date.
            return datetime.min, said  # noqa: DTZ901 - a wall time
        hours = sending_hours(self.plan)
        due = moment_of(rule, instant_of(wall, hours.zone), self.plan, hours).due_at.astimezone(
            ZoneInfo(self.plan.timezone)
        )
        due = due.replace(tzinfo=None)
        return due, self._text("rule.day", rule=said, moment=moment_text(self.language, due))

    def _following(self) -> Iterator[MessageKind]:
        """The messages that answers can lead to, by how people enrol."""
        enrolment = self.course.enrolment
        limited = enrolment.capacity is not None or any(
            one.capacity is not None for one in self.course.offerings
        )
        chooses = enrolment.mode is EnrolmentMode.CHOOSE and len(self.course.offerings) > 1
        applies = {
            MessageKind.CONFIRMED: chooses and enrolment.via is ChooseVia.OUTLOOK,
            MessageKind.PLACED_IN_LINE: limited and enrolment.waiting_list,
            MessageKind.SEAT_OFFERED: limited and enrolment.waiting_list,
            MessageKind.FULL: limited and not enrolment.waiting_list,
            MessageKind.TOO_LATE: enrolment.deadline is not None and enrolment.late is LateAnswer.REFUSE,
            MessageKind.ASSIGNED: chooses and enrolment.unanswered is Unanswered.ASSIGN,
            MessageKind.HANDED_OVER: enrolment.handover,
            MessageKind.TAKEN_OVER: enrolment.handover,
            MessageKind.MINIMUM: enrolment.minimum is not None,
        }
        return (kind for kind, is_possible in applies.items() if is_possible and self.course.offerings)

    def _notice(self, kind: MessageKind, when: str, to: str, offering: Offering | None) -> ShownMessage:
        minimum = self.course.enrolment.minimum or 0
        params = {
            "position": "3",
            "colleague": text(self.language, "messages.made_up_colleague"),
            "registered": str(max(minimum - 1, 0)),
            "minimum": str(minimum),
            "when": "deadline",
            "command": f"kursusbot preview --if-cancelled {self.course.id}",
        }
        made = render_notice(
            self.plan,
            self.course,
            offering,
            self._message(kind, params),
            reader_name=self.reader.name,
            language=self.language,
            link=self.reader.link,
        )
        named = text(self.language, f"messages.kind.{kind.value}")
        return ShownMessage(
            code=kind.value, kind=named, when=when, to=to, subject=made.subject, html=made.html
        )

    def _message(self, kind: MessageKind, params: Mapping[str, str]) -> Message:
        created = datetime(2026, 1, 1, tzinfo=UTC)
        return Message(
            plan=self.plan.id,
            key="",
            kind=kind,
            course=self.course.id,
            offering="",
            email="",
            created_at=created,
            params=params,
        )

    def _audience(self) -> str:
        """The names of the audiences, those who may come apart."""
        names = {one.id: one_line(one.name) for one in self.plan.audiences}

        def named(audiences: Iterable[str]) -> str:
            return ", ".join(dict.fromkeys(names.get(name, name) for name in audiences))

        sessions = [session for _, session in self.course.sessions()]
        required = named(name for session in sessions for name in self.course.required_of(session))
        optional = named(name for session in sessions for name in self.course.optional_of(session))
        return self._text("to.with_optional", required=required, optional=optional) if optional else required

    def _targets(self, targets: Iterable[ReminderTarget]) -> str:
        return ", ".join(self._text(f"target.{target.value}") for target in targets)

    def _span(self, session: CourseSession) -> str:
        if session.start is None or session.end is None:
            return session.period or self._text("undated")
        return span_text(self.language, session.start, session.end, all_day=session.all_day)

    def _place(self, offering: Offering, session: CourseSession) -> str:
        return one_line(self.course.place_of(offering, session)) or (
            "Teams" if self.course.is_online(offering, session) else ""
        )

    def _text(self, code: str, **params: object) -> str:
        return text(self.language, f"messages.{code}", **params)
