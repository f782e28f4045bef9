"""The mail that a parcel becomes: who gets it, what it says (pure).

To one person it is personal: their name, their language, their link. To many it says what is equal for all,
and nobody sees the others. A copy names the leaders whom its reader answers for, with the links for that.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.messages import Letter
from bot.domain.reminders import items_of
from bot.domain.templates import MessageKind
from bot.messages.notice import gone_course, render_notice
from bot.messages.reminder import render_reminder
from bot.messages.reminder_copy import render_copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.delivery.parcels import Parcel
    from bot.domain.messages import Message
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.messages.notice import Rendered


def language_of(email: str, plan: CoursePlan, people: PeopleIndex) -> Language:
    """The reader's language, else the plan's."""
    person = people.find(email)
    return (person.language if person else None) or plan.language


def letter(
    parcel: Parcel,
    plan: CoursePlan,
    people: PeopleIndex,
    *,
    link_for: Callable[[str, str], str | None],
    now: datetime,
    link_for_leader: Callable[[str, str, str], str | None] = lambda *_: None,
    written: Rendered | None = None,
) -> Letter:
    """The mail in words; `link_for(address, course)` is a person's own page, `now` UTC.

    `link_for_leader(address, leader, course)` is the page on which they answer for a leader.

    `written`: the words are there already.

    Raises InputError for a course that has left the plan.
    """
    message, *others = parcel.messages
    name = "" if others else name_of(message.email, plan, people)

    def link(course: str) -> str | None:
        return None if others else link_for(message.email, course)

    language = language_of(message.email, plan, people)
    if message.kind is MessageKind.COPY:
        words = render_copy(
            plan,
            items_of(message),
            reader_name=name,
            name_of=lambda leader: name_of(leader, plan, people) or leader,
            language=language,
            link_for=partial(link_for_leader, message.email),
            today=now.astimezone(ZoneInfo(plan.timezone)).date(),
        )
    else:
        words = written or message_words(message, plan, name=name, language=language, link_for=link, now=now)
    to = () if others else ((message.email, name),)
    hidden = tuple(each.email for each in parcel.messages) if others else ()
    return Letter(
        to=to,
        hidden=hidden,
        reply_to=plan.contact,
        subject=words.subject,
        html=words.html,
        attachments=words.attachments,
    )


def name_of(email: str, plan: CoursePlan, people: PeopleIndex) -> str:
    """The name by the directory, or the plan's own for a speaker whom the directory does not know.

    "" for nobody known.
    """
    person = people.find(email)
    if person is not None and person.name:
        return person.name
    speakers = (speaker for course in plan.courses for speaker in course.speakers if speaker.email)
    return next(
        (
            speaker.name
            for speaker in speakers
            if people.canonical(speaker.email or "") == people.canonical(email)
        ),
        "",
    )


def message_words(
    message: Message,
    plan: CoursePlan,
    *,
    name: str,
    language: Language,
    link_for: Callable[[str], str | None],
    now: datetime,
) -> Rendered:
    """A message in words to somebody called `name` ("": nobody known), in a language; `now` UTC.

    Raises InputError for a course that has left the plan.
    """
    if message.is_reminder and message.kind is not MessageKind.ANNOUNCEMENT:
        today = now.astimezone(ZoneInfo(plan.timezone)).date()
        return render_reminder(
            plan, items_of(message), reader_name=name, language=language, link_for=link_for, today=today
        )
    is_off = message.kind is MessageKind.CANCELLED
    course = _as_it_was(message, plan) if is_off else plan.known_course(message.course)
    return render_notice(
        plan,
        course,
        course.offering(message.offering),
        message,
        reader_name=name,
        language=language,
        link=link_for(course.id),
    )


def _as_it_was(message: Message, plan: CoursePlan) -> Course:
    """The course whose dates went, with what HR says of it where the plan has it still."""
    course, written = gone_course(message), plan.course(message.course)
    return course if written is None else replace(course, texts=written.texts)
