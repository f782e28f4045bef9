"""The overview of the plan's courses as a calendar that others may subscribe to.

Dates, titles and seats, no people (pure).

    course in the plan as    title                  status       takes time
    draft, proposed          not shown at all
    save the date            Reservér datoen: …     tentative    yes
    approved                 as it is               confirmed    yes
    listed                   as it is               confirmed    no: the invitation comes from elsewhere
    cancelled                Aflyst: …              cancelled    no
    save the date, approved  Dato mangler           tentative    no; all day on the first day of its period, until it has a date and
    or listed, with only a   (2. halvår 2024): …                 moves there
    period

The address goes to everybody, so nothing is in it that nobody has approved, and of seats only how many there
are. How many are taken is told to HR. A feed of one audience has the sessions that are for it, as those who
must or those who may come. Few calendars show a status, so the title says it in words, as in Outlook, and the
description whatever the title leaves open; HR's Markdown becomes lines that can be read anywhere.

What every calendar of ours has is in `bot.overview.calendar_parts`, the whole year wheel for HR and directors
in `bot.overview.year_feed`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from icalendar import Event

from bot.domain.plan import CourseStatus
from bot.i18n.catalogue import text
from bot.messages.characters import one_line
from bot.messages.invitation import invitation_subject
from bot.messages.markdown import markdown_html
from bot.messages.plain_text import text_of
from bot.overview.calendar_parts import add_span, new_calendar, time_zone
from bot.overview.periods import days_of_period
from bot.overview.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

SHOWN = {
    CourseStatus.SAVE_THE_DATE: ("TENTATIVE", "OPAQUE"),
    CourseStatus.APPROVED: ("CONFIRMED", "OPAQUE"),
    CourseStatus.LISTED: ("CONFIRMED", "TRANSPARENT"),
    CourseStatus.CANCELLED: ("CANCELLED", "TRANSPARENT"),
}
UNDATED = ("TENTATIVE", "TRANSPARENT")


def calendar_feed(
    plan: CoursePlan, *, now: datetime, host: str, language: Language, audience: str = ""
) -> bytes:
    """The file, CRLF and folded.

    `host` ends the ids (`plan/course/offering/session@host`), `now` UTC is when it was made.

    `audience` is the id of the only one that it is for, "" for all of them.
    """
    calendar = new_calendar(_name(plan, audience, language))
    shown = [
        (course, offering, session)
        for course, offering, session in plan.sessions()
        if course.status in SHOWN
        and _is_placed(course, session)
        and (not audience or audience in course.audiences_of(session))
    ]
    years = [session.start.year for _, _, session in shown if session.start]
    calendar.add_component(
        time_zone(plan.timezone, min(years, default=now.year), max(years, default=now.year))
    )
    for course, offering, session in shown:
        calendar.add_component(_event(plan, course, offering, session, now=now, host=host, language=language))
    return bytes(calendar.to_ical())


def _is_placed(course: Course, session: CourseSession) -> bool:
    """Whether it has a day to stand on; of what is cancelled only a date is worth telling."""
    return session.start is not None or (
        session.period is not None and course.status is not CourseStatus.CANCELLED
    )


def _period(session: CourseSession) -> str | None:
    """The period that it stands for, None where it has a date."""
    return session.period if session.start is None else None


def _span(session: CourseSession) -> tuple[date, date]:
    """Wall times, or days of which the second is the day after."""
    period = _period(session)
    if period is not None:
        first, _ = days_of_period(period)
        return first, first + timedelta(days=1)
    assert session.start is not None  # noqa: S101 - only what is placed in time is asked for
    assert session.end is not None  # noqa: S101
    return (session.start.date(), session.end.date()) if session.all_day else (session.start, session.end)


def audience_name(plan: CoursePlan, audience: str) -> str:
    """What an audience is called, on one line; "" for none."""
    return next((one_line(rule.name or rule.id) for rule in plan.audiences if rule.id == audience), "")


def _name(plan: CoursePlan, audience: str, language: Language) -> str:
    organisation, name = one_line(plan.organisation), audience_name(plan, audience)
    return (
        text(language, "messages.feed.name", organisation=organisation, audience=name)
        if name
        else organisation
    )


def _event(
    plan: CoursePlan,
    course: Course,
    offering: Offering,
    session: CourseSession,
    *,
    now: datetime,
    host: str,
    language: Language,
) -> Event:
    event = Event()
    event.add("uid", f"{plan.id}/{course.id}/{offering.id}/{session.id}@{host}")
    event.add("dtstamp", now)
    event.add("summary", _title(course, offering, session, language), {"LANGUAGE": language.value})
    add_span(event, _span(session), plan.timezone)
    status, takes_time = SHOWN[course.status] if _period(session) is None else UNDATED
    event.add("status", status)
    event.add("transp", takes_time)
    place = one_line(course.place_of(offering, session))
    if place:
        event.add("location", place)
    described = text_of(markdown_html(course.description), link=" ({})").strip()
    description = "\n\n".join(
        part for part in (" ".join(_notes(course, offering, session, language)), described) if part
    )
    if description:
        event.add("description", description)
    return event


def _notes(course: Course, offering: Offering, session: CourseSession, language: Language) -> Iterator[str]:
    """What the title leaves open: whose it is, how sure the date is, how many seats there are."""
    period = _period(session)
    if period is not None:
        yield text(language, "messages.feed.said_undated", period=Words(language, {}).period(period))
    elif course.status is CourseStatus.SAVE_THE_DATE:
        yield text(language, "messages.feed.said_save_the_date")
    if course.status is CourseStatus.LISTED:
        yield text(language, "messages.feed.said_listed")
    seats = course.enrolment.capacity if offering.capacity is None else offering.capacity
    if seats is not None and course.status is not CourseStatus.CANCELLED:
        yield text(language, "messages.feed.seats", count=seats)


def _title(course: Course, offering: Offering, session: CourseSession, language: Language) -> str:
    period = _period(session)
    if period is not None:
        # »Reservér datoen« is said of a date.
        named = invitation_subject(
            replace(course, status=CourseStatus.APPROVED), offering, session, language=language
        )
        return text(language, "messages.feed.undated", title=named, period=Words(language, {}).period(period))
    said = invitation_subject(course, offering, session, language=language)
    return (
        text(language, "messages.feed.cancelled", title=said)
        if course.status is CourseStatus.CANCELLED
        else said
    )
