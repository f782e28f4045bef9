"""The overview of the plan's courses as a calendar that others may subscribe to: dates, titles and seats, no people (pure).

    course in the plan as    title                  status       takes time
    draft, proposed          not shown at all
    save the date            Reservér datoen: …     tentative    yes
    approved                 as it is               confirmed    yes
    listed                   as it is               confirmed    no: the invitation comes from elsewhere
    cancelled                Aflyst: …              cancelled    no
    save the date, approved  Dato mangler           tentative    no; all day on the first day of its period, until it has a date and
    or listed, with only a   (2. halvår 2024): …                 moves there
    period

The address goes to everybody, so nothing is in it that nobody has approved, and of seats only how many there are. How many are taken is
told to HR. A feed of one audience has the sessions that are for it, as those who must or those who may come.
Few calendars show a status, so the title says it in words, as in Outlook, and the description whatever the title leaves open; HR's
Markdown becomes lines that can be read anywhere.

The time zone stands in the file with rules (RFC 5545 3.6.5): the library's own VTIMEZONE lists dates, writes the hour of the
change wrongly and ends in 2038. A zone whose changes follow no yearly rule today is written as one fixed offset for
each change in the years that the plan speaks of. Facts: RFC 5545, RFC 7986, and the notes of 2026-11 on icalendar 7.3.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vDatetime, vDuration, vRecur

from bot.domain.plan import CourseStatus
from bot.i18n.catalogue import text
from bot.messages.characters import one_line
from bot.messages.invitation import invitation_subject
from bot.messages.markdown import markdown_html
from bot.messages.plain_text import text_of
from bot.overview.periods import days_of_period
from bot.overview.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

SHOWN = {
    CourseStatus.SAVE_THE_DATE: ("TENTATIVE", "OPAQUE"),
    CourseStatus.APPROVED: ("CONFIRMED", "OPAQUE"),
    CourseStatus.LISTED: ("CONFIRMED", "TRANSPARENT"),
    CourseStatus.CANCELLED: ("CANCELLED", "TRANSPARENT"),
}
UNDATED = ("TENTATIVE", "TRANSPARENT")
REFRESH = timedelta(hours=4)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar_feed(plan: CoursePlan, *, now: datetime, host: str, language: Language, audience: str = "") -> bytes:
    """The file, CRLF and folded; `host` ends the ids (`plan/course/offering/session@host`), `now` UTC is when it was made.

    `audience` is the id of the only one that it is for, "" for all of them.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//kursusbot//overview//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _name(plan, audience, language))
    calendar["refresh-interval"] = vDuration(REFRESH)
    calendar["refresh-interval"].params["VALUE"] = "DURATION"
    shown = [
        (course, offering, session)
        for course in plan.courses
        if course.status in SHOWN
        for offering in course.offerings
        for session in offering.sessions
        if _is_placed(course, session) and (not audience or audience in course.audiences_of(session))
    ]
    years = [session.start.year for _, _, session in shown if session.start]
    calendar.add_component(_zone(plan.timezone, min(years, default=now.year), max(years, default=now.year)))
    for course, offering, session in shown:
        calendar.add_component(_event(plan, course, offering, session, now=now, host=host, language=language))
    return bytes(calendar.to_ical())


def _is_placed(course: Course, session: CourseSession) -> bool:
    """Whether it has a day to stand on; of what is cancelled only a date is worth telling."""
    return session.start is not None or (session.period is not None and course.status is not CourseStatus.CANCELLED)


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


def _name(plan: CoursePlan, audience: str, language: Language) -> str:
    organisation = one_line(plan.organisation)
    names = [rule.name or rule.id for rule in plan.audiences if rule.id == audience]
    return text(language, "messages.feed.name", organisation=organisation, audience=one_line(names[0])) if names else organisation


def _event(
    plan: CoursePlan, course: Course, offering: Offering, session: CourseSession, *, now: datetime, host: str, language: Language
) -> Event:
    event = Event()
    event.add("uid", f"{plan.id}/{course.id}/{offering.id}/{session.id}@{host}")
    event.add("dtstamp", now)
    event.add("summary", _title(course, offering, session, language), {"LANGUAGE": language.value})
    for name, when in zip(("dtstart", "dtend"), _span(session), strict=True):
        if isinstance(when, datetime):
            event[name] = vDatetime(when)
            event[name].params["TZID"] = plan.timezone
        else:
            event.add(name, when)
    status, takes_time = SHOWN[course.status] if _period(session) is None else UNDATED
    event.add("status", status)
    event.add("transp", takes_time)
    place = one_line(course.place_of(offering, session))
    if place:
        event.add("location", place)
    described = text_of(markdown_html(course.description), link=" ({})").strip()
    description = "\n\n".join(part for part in (" ".join(_notes(course, offering, session, language)), described) if part)
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
        named = invitation_subject(replace(course, status=CourseStatus.APPROVED), offering, session, language=language)
        return text(language, "messages.feed.undated", title=named, period=Words(language, {}).period(period))
    said = invitation_subject(course, offering, session, language=language)
    return text(language, "messages.feed.cancelled", title=said) if course.status is CourseStatus.CANCELLED else said


def _zone(name: str, first: int, last: int) -> Timezone:
    zone = Timezone()
    zone.add("tzid", name)
    info = ZoneInfo(name)
    # From the year before, so that the winter in which the first one begins has its offset too.
    changes = [tuple(_changes(info, year)) for year in range(first - 1, last + 2)]
    rules = {tuple(map(_rule, of_year)) for of_year in changes}
    if len(rules) == 1 and changes[0]:
        for change in changes[0]:
            zone.add_component(_observance(change, rule=_rule(change)))
        return zone
    begin = datetime(first - 1, 1, 1, tzinfo=info)
    zone.add_component(_observance((begin.replace(tzinfo=None), _offset(begin), _offset(begin), bool(begin.dst())), rule=None))
    for change in (change for of_year in changes for change in of_year):
        zone.add_component(_observance(change, rule=None))
    return zone


Change = tuple[datetime, timedelta, timedelta, bool]
"""Wall time before the change, offset from, offset to, whether it begins summer time."""


def _changes(zone: ZoneInfo, year: int) -> Iterator[Change]:
    """The changes of offset in a year, found by halving the days on which the offset differs."""
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        after = day + timedelta(days=1)
        if day.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            low, high = day, after
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                middle = middle.replace(second=0, microsecond=0)
                same = middle.astimezone(zone).utcoffset() == low.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            before, then = _offset(low.astimezone(zone)), _offset(high.astimezone(zone))
            yield (high + before).replace(tzinfo=None), before, then, bool(high.astimezone(zone).dst())
        day = after


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    assert offset is not None  # noqa: S101 - a zone always has one
    return offset


def _rule(change: Change) -> tuple[int, str, int, int]:
    """Month, which weekday of it (`-1SU`, `2SU`), hour and minute of the wall clock before the change."""
    wall = change[0]
    month_ends = (wall.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    nth = -1 if month_ends.day - wall.day < 7 else (wall.day - 1) // 7 + 1  # noqa: PLR2004 - days of a week
    return wall.month, f"{nth}{WEEKDAYS[wall.weekday()]}", wall.hour, wall.minute


def _observance(change: Change, *, rule: tuple[int, str, int, int] | None) -> TimezoneStandard | TimezoneDaylight:
    wall, before, after, summer = change
    part = TimezoneDaylight() if summer else TimezoneStandard()
    part["dtstart"] = vDatetime(wall)
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", after)
    if rule is not None:
        part["rrule"] = vRecur({"FREQ": "YEARLY", "BYMONTH": rule[0], "BYDAY": rule[1]})
    return part
