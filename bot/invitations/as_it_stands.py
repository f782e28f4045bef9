"""The plan as it stands in people's calendars: with what was edited in Outlook and kept (pure).

Everything that tells people of a session (mails, pages, lists, reminders, the feed, the rules about seats)
says what their calendar says. Only the difference between plan and Outlook is computed from the plan itself.

    edited        becomes
    start, end    the session's
    location      the session's place: a name without an address; the room that the plan books stays
    subject       what follows the titles of course and offering: the session's title
                  else, in a course of one session: the course's title, and the only one
                  else: the session's title

A session in several parts (over 500 people) goes by its first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.events import EventField, SessionKey
from bot.domain.plan import CourseStatus
from bot.domain.programme import Venue
from bot.i18n.catalogue import text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.events import LedgerEntry, OutlookEdit
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering

BETWEEN = " – "


def edits_of(entries: Mapping[SessionKey, LedgerEntry]) -> dict[SessionKey, OutlookEdit]:
    """The edits that the books know of."""
    return {key: entry.edit for key, entry in entries.items() if entry.edit is not None}


def as_it_stands(plan: CoursePlan, edits: Mapping[SessionKey, OutlookEdit]) -> CoursePlan:
    """The plan with the edits by session; the same plan without any. Doing it twice is as doing it once."""
    if not edits:
        return plan
    courses = {key.course for key in edits}
    return replace(
        plan,
        courses=tuple(
            _course(plan, course, edits) if course.id in courses else course for course in plan.courses
        ),
    )


def _course(plan: CoursePlan, course: Course, edits: Mapping[SessionKey, OutlookEdit]) -> Course:
    title, offerings = course.title, []
    for offering in course.offerings:
        named, sessions = offering.title, []
        for session in offering.sessions:
            edit = edits.get(
                SessionKey(plan=plan.id, course=course.id, offering=offering.id, session=session.id)
            )
            if edit is None or session.start is None:
                sessions.append(session)
                continue
            last = session.title
            if EventField.SUBJECT in edit.fields:
                title, named, last = _titles(plan, course, offering, edit.subject)
            sessions.append(replace(_moved(course, offering, session, edit), title=last))
        offerings.append(replace(offering, title=named, sessions=tuple(sessions)))
    return replace(course, title=title, offerings=tuple(offerings))


def _moved(course: Course, offering: Offering, session: CourseSession, edit: OutlookEdit) -> CourseSession:
    if EventField.START in edit.fields:
        session = replace(session, start=edit.start, end=edit.end, all_day=edit.all_day)
    if EventField.LOCATION in edit.fields:
        planned = course.venue_of(offering, session)
        session = replace(session, venue=Venue(name=edit.location, room=planned.room if planned else None))
    return session


def _titles(plan: CoursePlan, course: Course, offering: Offering, subject: str) -> tuple[str, str, str]:
    """What the course, the offering and the session are called, by the subject that people see."""
    if course.status is CourseStatus.SAVE_THE_DATE:
        subject = subject.removeprefix(text(plan.language, "messages.save_the_date")).strip() or subject
    before = "".join(one_line(title) + BETWEEN for title in (course.title, offering.title) if title.strip())
    if subject.startswith(before) and len(subject) > len(before):
        return course.title, offering.title, subject.removeprefix(before)
    if [len(one.sessions) for one in course.offerings] == [1]:
        return subject, "", ""
    return course.title, offering.title, subject
