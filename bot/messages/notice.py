"""The text of a message about seats: subject and HTML, in the reader's language (pure).

One folder of templates for each kind of `bot.domain.messages.MessageKind` and each language, `subject.txt.j2` and
`body.html.j2`. Dates stand in the text, because no event shows them to somebody who is not on it.
What is given to the templates:

    name          the reader's name, "" for nobody known and for what goes to HR
    title, what   the course; the course with the offering where there are several
    dates         (offering's title or "", ((when, where), …)) of the offering, or of all where one is to be chosen
    deadline      as people write it, "" without one
    link          the person's own page, "" where there is none: then the contact is the way
    by_link, limited, waiting_list, unanswered, alternatives     the course's rules
    seats         how many the offering has, "" without a limit
    position, colleague, registered, minimum, stage, command     what only the moment knows, "" otherwise

Does not send anything (`bot.delivery`), nor decide who gets what (`bot.registrations.notices`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.messages import MessageKind
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.i18n.dates import moment_text, span_text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan

LONGEST_SUBJECT = 255
# The offering stands after the course's title, and is what tells two messages apart.
LONGEST_TITLE_IN_SUBJECT = 150
CHOOSING = frozenset({MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE})
PARAMS = ("position", "colleague", "registered", "minimum", "command")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message ready to send: a subject on one line, and a body in HTML."""

    subject: str
    html: str


def render_notice(
    plan: CoursePlan,
    course: Course,
    offering: Offering | None,
    message: Message,
    *,
    reader_name: str,
    language: Language,
    link: str | None,
) -> Notice:
    """The message in words; `offering` None where it is about the whole course (or the offering has left the plan)."""
    enrolment, contact, title = course.enrolment, one_line(plan.contact), one_line(course.title)
    told = course.offerings if message.kind in CHOOSING else (offering,) if offering is not None else ()
    which = f" – {named(offering)}" if offering is not None and len(course.offerings) > 1 else ""
    dates = [(named(one) if len(told) > 1 else "", tuple(_sessions(course, one, language))) for one in told]
    capacities = [enrolment.capacity if one.capacity is None else one.capacity for one in course.offerings]
    seats = enrolment.capacity if offering is None or offering.capacity is None else offering.capacity
    given = {
        "language": language.value,
        "font": FONT,
        "name": "" if message.kind is MessageKind.MINIMUM else one_line(reader_name),
        "title": title,
        "what": title + which,
        "dates": [(which, sessions) for which, sessions in dates if sessions],
        "deadline": moment_text(language, enrolment.deadline) if enrolment.deadline else "",
        "link": link or "",
        "by_link": enrolment.by_link,
        "limited": any(capacity is not None for capacity in capacities),
        "waiting_list": enrolment.waiting_list,
        "unanswered": enrolment.unanswered.value,
        "alternatives": len(course.offerings) > 1,
        "seats": "" if seats is None else str(seats),
        "stage": message.params.get("when", ""),
        "contact": contact,
        "contact_link": f"mailto:{quote(contact, safe='@+')}",
        "organisation": one_line(plan.organisation),
        **{name: one_line(message.params.get(name, "")) for name in PARAMS},
    }
    folder = f"{language.value}/{message.kind.value}"
    short = cut_at_word(title, LONGEST_TITLE_IN_SUBJECT)
    subject = one_line(render(f"{folder}/subject.txt.j2", given | {"title": short, "what": short + which}, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Notice(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html)


def gone_course(message: Message) -> Course:
    """The course of a message about events that go, as it was: the plan may not have it any more."""
    sessions = tuple(
        CourseSession(id=str(number), start=datetime.fromisoformat(start), end=datetime.fromisoformat(end), all_day=all_day)
        for number, (start, end, all_day) in enumerate(json.loads(message.params["dates"]))
    )
    offering = Offering(id=message.offering, sessions=sessions)
    return Course(id=message.course, title=message.params["title"], status=CourseStatus.CANCELLED, offerings=(offering,))


def named(offering: Offering) -> str:
    """What people call an offering: its title, else its id."""
    return one_line(offering.title) or offering.id


def _sessions(course: Course, offering: Offering, language: Language) -> Iterator[tuple[str, str]]:
    for session in offering.sessions:
        if session.start is not None and session.end is not None:
            yield span_text(language, session.start, session.end, all_day=session.all_day), _place(course, offering, session)
        elif session.period:
            yield session.period, _place(course, offering, session)


def _place(course: Course, offering: Offering, session: CourseSession) -> str:
    return one_line(course.place_of(offering, session)) or ("Teams" if course.is_online(offering, session) else "")
