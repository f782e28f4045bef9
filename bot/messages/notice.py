"""The text of a message about seats: subject and HTML, in the reader's language (pure).

One folder of templates for each kind of `bot.domain.templates.MessageKind` and each language,
`subject.txt.j2` and `body.html.j2`. Dates stand in the text, because no event shows them to somebody who is
not on it. What is given to the templates:

    greets, name  whether there is a reader to greet (what goes to HR has none), and the name, "" for nobody known
    speaker       whether the reader speaks
    title, what   the course; the course with the offering where there are several
    dates         (offering's title or "", ((when, where), …)) of the offering, or of all where one is to be chosen
    theme, description, speakers     of the course; programmes: (whose, text), once for all where it is the same on every date
    deadline      as people write it, "" without one
    link          the person's own page, "" where there is none: then the contact is the way
    by_link, limited, waiting_list, unanswered, alternatives     the course's rules
    seats         how many the offering has; of the whole course how many each has, "" without a limit or where they differ
    gone          (what, when) of a date that goes, "" each where nobody knows, where the reader may choose another
    position, colleague, registered, minimum, stage, command     what only the moment knows, "" otherwise
    anew          whether what the message tells of takes the place of an earlier one
    asked         whether the reader was asked to sign up or choose, and has not answered
    hr_opening, hr_closing     HR's own words (`bot.messages.wording`), safe HTML

Does not send anything (`bot.rounds.steps.deliver_mail`), nor decide who gets what
(`bot.seats.seat_messages`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.domain.messages import ANEW, ASKED
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.domain.reminders import items_of
from bot.domain.templates import MessageKind
from bot.i18n.dates import moment_text, span_text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT, markdown_html
from bot.messages.wording import own_words_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.domain.messages import Attachment, Message
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.wording import InsertField

LONGEST_SUBJECT = 255
# The offering stands after the course's title, and is what tells two messages apart.
LONGEST_TITLE_IN_SUBJECT = 150
CHOOSING = frozenset({MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE, MessageKind.OFFERING_GONE})
PARAMS = ("position", "colleague", "registered", "minimum", "command")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message ready to send: a subject on one line, a body in HTML, and what hangs on it."""

    subject: str
    html: str
    attachments: tuple[Attachment, ...] = ()


def render_notice(
    plan: CoursePlan,
    course: Course,
    offering: Offering | None,
    message: Message,
    *,
    reader_name: str,
    language: Language,
    link: str | None,
) -> Rendered:
    """The message in words.

    `offering` None where it is about the whole course (or the offering has left the plan).
    """
    title, which = one_line(course.title), _which(course, offering)
    given: dict[str, Any] = {
        "language": language.value,
        "font": FONT,
        "greets": message.kind is not MessageKind.MINIMUM,
        "name": one_line(reader_name),
        "speaker": any(item.speaker for item in items_of(message)),
        "title": title,
        "what": title + which,
        "link": link or "",
        "contact": one_line(plan.contact),
        "contact_link": f"mailto:{quote(one_line(plan.contact), safe='@+')}",
        "organisation": one_line(plan.organisation),
        **_of_course(course, offering, language, is_choice=message.kind in CHOOSING),
        **_of_dates(course, offering, message, language),
        **_of_moment(course, message, language),
    }
    words = own_words_of(
        plan, course, message.kind, language=language, values=_values(plan, course, offering, given)
    )
    given |= words.given
    folder = f"{language.value}/{message.kind.value}"
    short = cut_at_word(title, LONGEST_TITLE_IN_SUBJECT)
    shortened = given | {"title": short, "what": short + which}
    subject = one_line(render(f"{folder}/subject.txt.j2", shortened, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html)


def _values(
    plan: CoursePlan, course: Course, offering: Offering | None, given: Mapping[str, Any]
) -> dict[InsertField, str]:
    """What HR's own words may be filled in with; of several dates all of them."""
    told = [each for _, sessions in given["dates"] for each in sessions]
    return values_of(
        plan,
        course,
        deadline=given["deadline"],
        name=given["name"],
        offering=named(offering) if offering is not None and len(course.offerings) > 1 else "",
        date="; ".join(when for when, _ in told),
        place="; ".join(dict.fromkeys(place for _, place in told if place)),
    )


def _which(course: Course, offering: Offering | None) -> str:
    """The offering as it stands after the course's title, where there are several."""
    return f" – {named(offering)}" if offering is not None and len(course.offerings) > 1 else ""


def _of_course(
    course: Course, offering: Offering | None, language: Language, *, is_choice: bool
) -> dict[str, object]:
    """What the plan says of the course, and its rules."""
    enrolment = course.enrolment
    capacities = [course.capacity_of(each) for each in course.offerings]
    if is_choice:
        seats = capacities[0] if len(set(capacities)) == 1 else None
    else:
        seats = enrolment.capacity if offering is None else course.capacity_of(offering)
    return {
        "theme": one_line(course.theme),
        "description": markdown_html(course.description),
        "speakers": [one_line(speaker.name) for speaker in course.speakers],
        "deadline": moment_text(language, enrolment.deadline) if enrolment.deadline else "",
        "by_link": enrolment.by_link,
        "limited": any(capacity is not None for capacity in capacities),
        "waiting_list": enrolment.waiting_list,
        "unanswered": enrolment.unanswered.value,
        "alternatives": len(course.offerings) > 1,
        "seats": "" if seats is None else str(seats),
    }


def _of_dates(
    course: Course, offering: Offering | None, message: Message, language: Language
) -> dict[str, object]:
    """The dates that are told of, each with its offering's title where there are several."""
    is_choice = message.kind in CHOOSING
    offerings = tuple(_offerings_told(course, offering, message))
    dates = [
        (
            named(each) if len(offerings) > 1 else "",
            tuple(times_of(course, each, language, titled=is_choice)),
        )
        for each in offerings
    ]
    return {
        "programmes": _programmes(offerings),
        "dates": [(which, sessions) for which, sessions in dates if sessions],
    }


def _of_moment(course: Course, message: Message, language: Language) -> dict[str, object]:
    """What only the moment knows."""
    is_cancelled = course.status is CourseStatus.CANCELLED
    reason = course.cancel_reason if is_cancelled else message.params.get("reason", "")
    return {
        "gone": _what_goes(message, language) if message.kind is MessageKind.OFFERING_GONE else (),
        "stage": message.params.get("when", ""),
        "asked": ASKED in message.params,
        "anew": ANEW in message.params,
        "reason": one_line(reason),
        **{name: one_line(message.params.get(name, "")) for name in PARAMS},
    }


def gone_course(message: Message) -> Course:
    """The course of a message about events that go, as it was: the plan may not have it any more."""
    sessions = tuple(
        CourseSession(
            id=str(number),
            start=datetime.fromisoformat(start),
            end=datetime.fromisoformat(end),
            all_day=all_day,
        )
        for number, (start, end, all_day) in enumerate(json.loads(message.params["dates"]))
    )
    offering = Offering(id=message.offering, sessions=sessions)
    return Course(
        id=message.course,
        title=message.params["title"],
        status=CourseStatus.CANCELLED,
        cancel_reason=message.params.get("reason", ""),
        offerings=(offering,),
    )


def named(offering: Offering) -> str:
    """What people call an offering: its title, else its id."""
    return one_line(offering.title) or offering.id


def _offerings_told(course: Course, offering: Offering | None, message: Message) -> Iterator[Offering]:
    """The offerings whose dates are told.

    the message             tells of
    where one is chosen     all of them
    offering_gone           those with a date, but the one that goes
    to who was asked        the offering, else all of them
    any other               the offering
    """
    if message.kind is MessageKind.OFFERING_GONE:
        for each in course.offerings:
            if each.begins and each.id != message.offering:
                yield each
    elif message.kind in CHOOSING or (offering is None and ASKED in message.params):
        yield from course.offerings
    elif offering is not None:
        yield offering


def _what_goes(message: Message, language: Language) -> tuple[str, str]:
    dates = json.loads(message.params.get("dates", "[]"))
    spans = [
        span_text(language, datetime.fromisoformat(start), datetime.fromisoformat(end), all_day=all_day)
        for start, end, all_day in dates
    ]
    return one_line(message.params.get("title", "")), ", ".join(spans[:1])


def times_of(
    course: Course, offering: Offering, language: Language, *, titled: bool
) -> Iterator[tuple[str, str]]:
    """When and where, session by session; `titled`: with the sessions' own titles before it."""
    for session in offering.sessions:
        title = f"{one_line(session.title)}: " if titled and session.title else ""
        if session.start is not None and session.end is not None:
            when = span_text(language, session.start, session.end, all_day=session.all_day)
            yield title + when, _place(course, offering, session)
        elif session.period:
            yield title + session.period, _place(course, offering, session)


def _programmes(offerings: Sequence[Offering]) -> list[tuple[str, str]]:
    """Each programme once, with what it is the programme of where there are several."""
    by_text: dict[str, dict[str, None]] = {}
    for offering in offerings:
        for session in offering.sessions:
            if session.description:
                whose = one_line(session.title) or (named(offering) if len(offerings) > 1 else "")
                by_text.setdefault(session.description, {})[whose] = None
    return [
        (", ".join(filter(None, whose)) if len(by_text) > 1 else "", markdown_html(text))
        for text, whose in by_text.items()
    ]


def _place(course: Course, offering: Offering, session: CourseSession) -> str:
    return one_line(course.place_of(offering, session)) or (
        "Teams" if course.is_online(offering, session) else ""
    )
