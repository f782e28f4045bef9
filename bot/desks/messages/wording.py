"""HR's own words, tried out on a real course before they are written in the plan (pure).

Nothing is kept or sent. The message is about the course's first date, to somebody who is made up, as are a
colleague and a place in line; what may be filled in is what the plan may say there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from bot.desks.messages.shown import made_up_message
from bot.domain.changes import NewsKind
from bot.domain.plan import CourseStatus
from bot.domain.reminders import ReminderItem
from bot.domain.templates import TEMPLATES, MessageKind
from bot.domain.wording import (
    IN_CALENDAR,
    INVITATION,
    ON_PAPER,
    WORDED,
    About,
    Wording,
    chosen,
    in_braces,
)
from bot.i18n.catalogue import text
from bot.messages.certificate import certificate_paper, paper_shown
from bot.messages.examples import with_task
from bot.messages.invitation import invitation_subject, render_invitation
from bot.messages.notice import Rendered, render_notice
from bot.messages.reminder import render_reminder
from bot.plan.labels import MESSAGES, danish
from bot.plan.read_wording import problems_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.desks.messages.shown import MessageReader
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering
    from bot.domain.problems import Problem

CHOICES = tuple(WORDED)
"""The messages that take HR's words, in the order in which they are offered."""
OF_THE_WHOLE = frozenset({MessageKind.ANNOUNCEMENT, MessageKind.CHOOSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedWords:
    """What came of it: what is wrong with the words, by the part that it is in, and the message else."""

    problems: Mapping[str, tuple[Problem, ...]]
    mail: Rendered | None


def courses_to_try(plan: CoursePlan) -> tuple[Course, ...]:
    """The courses that a message can be shown about: those that have a session."""
    return tuple(course for course in plan.courses if any(True for _ in course.sessions()))


def message_name(message: str, language: Language) -> str:
    """What a message is called in lists of messages, with its word on the sheet where that is another."""
    name = {INVITATION: "invitation", "save_the_date": "placeholder"}.get(message, message)
    called = text(language, f"messages.kind.{name}")
    word = danish(MESSAGES, message)
    return called if called.casefold() == word.casefold() else f"{called} (»{word}«)"


def fields_of(message: str, language: Language) -> tuple[tuple[str, str], ...]:
    """What can be filled into a message: as it is written, and what it becomes."""
    return tuple(
        (in_braces(field, language), text(language, f"wording.field.{field.value}"))
        for field in WORDED[message].fields
    )


def words_now(plan: CoursePlan, course: Course, message: str, language: Language) -> Wording:
    """The words that the message has in that language by the plan as it is written; empty for none."""
    found = chosen(course.texts, plan.texts, message, language)
    if found is None or found.language is not language:
        return Wording(message=message, language=language)
    return found


def try_words(
    plan: CoursePlan, course: Course, wording: Wording, reader: MessageReader, *, today: date
) -> TriedWords:
    """The words in their message about the course; raises InputError for templates of HR's own that break.

    `course` has a session, `today` is the day in the plan's zone.
    """
    problems = {
        part: found
        for part in ("opening", "closing")
        if (found := problems_of(getattr(wording, part), WORDED[wording.message]))
    }
    if problems:
        return TriedWords(problems=problems, mail=None)
    worded = replace(course, texts=(wording,))
    return TriedWords(problems={}, mail=_shown(plan, worded, wording, reader, today))


def _shown(
    plan: CoursePlan, course: Course, wording: Wording, reader: MessageReader, today: date
) -> Rendered:
    course = with_task(course)
    offering, session = _first(course)
    if wording.message in IN_CALENDAR:
        return _event(plan, course, offering, session, wording)
    if wording.message in ON_PAPER:
        return _paper(plan, course, offering, wording, reader, today)
    kind, about = MessageKind(wording.message), replace(plan, courses=(course,))
    if kind.value in TEMPLATES and kind is not MessageKind.ANNOUNCEMENT:
        rule = course.after[0].rule.id if kind is MessageKind.LOCAL_TASK else ""
        item = ReminderItem(rule, course.id, offering.id, session.id, "", "mail", kind.value)
        return render_reminder(
            about, [item], reader_name=reader.name, language=wording.language, link_for=lambda _: reader.link,
            today=today,
        )  # fmt: skip
    if kind is MessageKind.CANCELLED:
        course = replace(course, status=CourseStatus.CANCELLED)
    return render_notice(
        about,
        course,
        None if kind in OF_THE_WHOLE else offering,
        made_up_message(plan, course, kind, _made_up(wording.language)),
        reader_name=reader.name,
        language=wording.language,
        link=reader.link,
    )


def _first(course: Course) -> tuple[Offering, CourseSession]:
    """What is shown: the first with a date, else the first."""
    sessions = list(course.sessions())
    return next((each for each in sessions if each[1].start is not None), sessions[0])


def _event(
    plan: CoursePlan, course: Course, offering: Offering, session: CourseSession, wording: Wording
) -> Rendered:
    early = WORDED[wording.message].about is About.PLACEHOLDER
    status = CourseStatus.SAVE_THE_DATE if early else CourseStatus.APPROVED
    invited = replace(course, status=status)
    return Rendered(
        subject=invitation_subject(invited, offering, session, language=wording.language),
        html=render_invitation(plan, invited, offering, session, language=wording.language),
    )


def _paper(
    plan: CoursePlan, course: Course, offering: Offering, wording: Wording, reader: MessageReader, today: date
) -> Rendered:
    """The certificate of somebody who came to everything."""
    paper = certificate_paper(
        plan,
        course,
        offering,
        name=reader.name,
        came=[session.id for session in offering.sessions],
        language=wording.language,
        today=datetime.combine(today, time()),
    )
    return paper_shown(paper)


def _made_up(language: Language) -> dict[str, str]:
    """What only the moment knows."""
    return {
        "position": "3",
        "colleague": text(language, "messages.made_up_colleague"),
        "when": NewsKind.CANCELLED.value,
    }
