"""What a plan's people will be sent, in words, course by course and in the order in which they get it (pure).

    a course in the plan as     shows
    draft                       nothing
    proposed                    the invitation as it will read, and its rules
    save_the_date               the placeholder, then the invitation as it will read, and its rules
    approved                    the message that asks to sign up or to choose, the invitation, its rules, and what can follow from answers
    cancelled                   the cancellation

Everything is in the plan's language, to one reader who has a name. What is equal for several dates stands
once, with the dates it goes for. Rules are `bot.desks.messages.coming_reminders`'. What can follow
from answers is shown about the first offering, with a colleague and a place in line that are made up.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desks.messages.coming_reminders import coming_reminders
from bot.desks.messages.shown import ShownMessage, made_up_message, message_text
from bot.domain.enrolment import ChooseVia, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.plan import CourseStatus
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import text
from bot.i18n.dates import moment_text, span_text
from bot.messages.characters import one_line
from bot.messages.invitation import cancellation_comment, invitation_subject, render_invitation
from bot.messages.notice import render_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.desks.messages.shown import MessageReader
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

SHOWN_STATUSES = frozenset(
    {CourseStatus.PROPOSED, CourseStatus.SAVE_THE_DATE, CourseStatus.APPROVED, CourseStatus.CANCELLED}
)


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
        yield from coming_reminders(self.plan, invited, self.reader)
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

    def _following(self) -> Iterator[MessageKind]:
        """The messages that answers can lead to, by how people enrol."""
        enrolment = self.course.enrolment
        limited = enrolment.capacity is not None or any(
            one.capacity is not None for one in self.course.offerings
        )
        chooses = enrolment.mode is EnrolmentMode.CHOOSE and len(self.course.offerings) > 1
        applies = {
            MessageKind.CONFIRMED: chooses and enrolment.via is ChooseVia.OUTLOOK,
            MessageKind.AWAITS_APPROVAL: self.course.approval is not None,
            MessageKind.APPROVED: self.course.approval is not None,
            MessageKind.DISAPPROVED: self.course.approval is not None,
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
            made_up_message(self.plan, self.course, kind, params),
            reader_name=self.reader.name,
            language=self.language,
            link=self.reader.link,
        )
        named = text(self.language, f"messages.kind.{kind.value}")
        return ShownMessage(
            code=kind.value, kind=named, when=when, to=to, subject=made.subject, html=made.html
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

    def _span(self, session: CourseSession) -> str:
        if session.start is None or session.end is None:
            return session.period or self._text("undated")
        return span_text(self.language, session.start, session.end, all_day=session.all_day)

    def _place(self, offering: Offering, session: CourseSession) -> str:
        return one_line(self.course.place_of(offering, session)) or (
            "Teams" if self.course.is_online(offering, session) else ""
        )

    def _text(self, code: str, **params: object) -> str:
        return message_text(self.language, code, **params)
