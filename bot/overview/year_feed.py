"""The whole year wheel as a calendar that HR and the directors subscribe to.

Also what is only proposed, with status and seats (pure).

    of the overview                        stands                                    title
    a session with a date                  at its time                               Kursus (Foreslået)
    one with only a period, not cancelled  all day on the first day of its period    Dato mangler (2. halvår 2024): Kursus (Foreslået)
    the deadline of answers                all day                                   Svarfrist: Kursus
    an open decision                       all day, on the last day before it is     Senest i dag: Får området midler?
                                           needed
    a closing day of the plan              all day, a weekday                        Lukkedag
    a holiday                              nowhere: calendars have their own

    the description says                                           to HR         to directors
    that the date is missing, what it waits for, why it is off     yes           yes
    what is to be decided about it, who is responsible             yes           yes
    seats                                                          each number   how many are taken, or how many there would be

No participant is named, and nothing takes anybody's time: what they take part in stands in their calendar by
itself. The ids are those of the plan's own feed, so that a date which comes is a move.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from icalendar import Event

from bot.domain.links import FeedReader
from bot.domain.plan import CourseStatus
from bot.i18n.catalogue import text
from bot.messages.characters import one_line
from bot.overview.calendar_parts import add_span, new_calendar, time_zone
from bot.overview.paper import seat_lines
from bot.overview.words import Words
from bot.overview.year import Meeting, year_of, years_of
from bot.overview.year_paper import meeting_title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.overview.lines import Overview
    from bot.overview.year import Span

STATUSES = {
    CourseStatus.LISTED: "CONFIRMED",
    CourseStatus.PROPOSED: "TENTATIVE",
    CourseStatus.SAVE_THE_DATE: "TENTATIVE",
    CourseStatus.APPROVED: "CONFIRMED",
    CourseStatus.CANCELLED: "CANCELLED",
}
A_DAY = timedelta(days=1)


def for_audience(plan: CoursePlan, audience: str) -> CoursePlan:
    """The plan with the sessions that are for this audience, and their courses; all of it for ""."""
    return replace(plan, courses=tuple(_courses_for(plan, audience))) if audience else plan


def _courses_for(plan: CoursePlan, audience: str) -> Iterator[Course]:
    for course in plan.courses:
        offerings = tuple(
            replace(offering, sessions=sessions)
            for offering in course.offerings
            if (
                sessions := tuple(
                    session for session in offering.sessions if audience in course.audiences_of(session)
                )
            )
        )
        if offerings:
            yield replace(course, offerings=offerings)


def year_feed(
    overview: Overview, *, reader: FeedReader, host: str, language: Language, audience: str = ""
) -> bytes:
    """The file, CRLF and folded.

    `host` ends the ids, `audience` is the name of the one that it is for, "" for all.
    """
    wheel = _Wheel(overview, reader, host, language)
    organisation = one_line(overview.organisation)
    code = "messages.feed.year_of" if audience else "messages.feed.year"
    calendar = new_calendar(
        text(language, code, organisation=organisation, **({"audience": audience} if audience else {}))
    )
    years = years_of(overview)
    calendar.add_component(
        time_zone(
            overview.timezone,
            min(years, default=overview.as_of.year),
            max(years, default=overview.as_of.year),
        )
    )
    for year in years:
        for span in year_of(overview, year):
            for event in wheel.events(span):
                calendar.add_component(event)
    return bytes(calendar.to_ical())


class _Wheel:
    """What stands in the calendar, for one reader."""

    def __init__(self, overview: Overview, reader: FeedReader, host: str, language: Language) -> None:
        self._overview, self._reader, self._host, self._language = overview, reader, host, language
        self._words = Words(language, overview.questions)

    def events(self, span: Span) -> Iterator[Event]:
        for meeting in span.meetings:
            if meeting.session.start is not None or meeting.course.status is not CourseStatus.CANCELLED:
                yield self._meeting(meeting)
        for answers in span.answers:
            yield self._day(
                f"answers/{answers.course.id}",
                answers.day,
                self._say("answers", title=one_line(answers.course.title)),
            )
        for decision in span.decisions:
            question = one_line(self._overview.questions[decision.assumption])
            yield self._day(
                f"decision/{decision.assumption}",
                decision.day - A_DAY,
                self._say("decision", question=question),
            )
        for free in span.free:
            if not free.name:
                yield self._day(f"closed/{free.day.isoformat()}", free.day, self._say("closed"))

    def _meeting(self, meeting: Meeting) -> Event:
        course, session = meeting.course, meeting.session
        is_open = bool(course.waits_for or session.waits_for)
        title = self._say(
            "in_year", title=meeting_title(meeting), status=self._words(f"status.{course.status.value}")
        )
        status = (
            "TENTATIVE"
            if is_open and course.status is not CourseStatus.CANCELLED
            else STATUSES[course.status]
        )
        name = "/".join(session.place)
        if session.start is not None and session.end is not None:
            span = (
                (session.start.date(), session.end.date())
                if session.all_day
                else (session.start, session.end)
            )
            event = self._event(name, span, title, status)
        else:
            assert session.begins is not None  # noqa: S101 - what has neither stands in no span
            undated = self._say("undated", title=title, period=self._words.period(session.period or ""))
            event = self._event(name, (session.begins, session.begins + A_DAY), undated, "TENTATIVE")
        said = "\n".join(self._notes(meeting))
        if said:
            event.add("description", said)
        return event

    def _notes(self, meeting: Meeting) -> Iterator[str]:
        course, session, words = meeting.course, meeting.session, self._words
        if session.start is None:
            yield self._say("said_undated", period=words.period(session.period or ""))
        waits_for = tuple(dict.fromkeys((*course.waits_for, *session.waits_for)))
        if waits_for:
            yield f"{words('only', condition=words.condition(waits_for))}."
            yield from (words.question(term.assumption) for term in waits_for)
        if course.status is CourseStatus.LISTED:
            yield self._say("said_listed")
        if course.status is CourseStatus.CANCELLED and course.cancel_reason:
            yield f"{words('cancelled_because', reason=one_line(course.cancel_reason))}."
        if needs := words.needs(course):
            yield self._say("said_of", what=words("column.decide"), said="; ".join(needs))
        if seats := tuple(seat_lines(course, words)):
            yield self._say(
                "said_of",
                what=words("column.seats"),
                said="; ".join(seats if self._reader is FeedReader.HR else seats[:1]),
            )
        if course.responsible:
            yield self._say(
                "said_of", what=words("column.responsible"), said=one_line(", ".join(course.responsible))
            )

    def _day(self, name: str, day: date, title: str) -> Event:
        return self._event(f"-/{name}", (day, day + A_DAY), title, "CONFIRMED")

    def _event(self, name: str, span: tuple[date, date], title: str, status: str) -> Event:
        event = Event()
        event.add("uid", f"{self._overview.plan}/{name}@{self._host}")
        event.add("dtstamp", self._overview.as_of)
        event.add("summary", title, {"LANGUAGE": self._language.value})
        add_span(event, span, self._overview.timezone)
        event.add("status", status)
        event.add("transp", "TRANSPARENT")
        return event

    def _say(self, code: str, **given: object) -> str:
        return text(self._language, f"messages.feed.{code}", **given)
