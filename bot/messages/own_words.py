"""HR's own templates.

Whether all of them can be rendered, before anybody is mailed, and ours to begin with.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.changes import NewsKind
from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.domain.templates import MessageKind
from bot.domain.wording import IN_CALENDAR, INVITATION, ON_PAPER, SAVE_THE_DATE, WORDED, Wording
from bot.messages.environment import TEMPLATES, read_words, take_words
from bot.messages.examples import (
    BY_THE_DAY,
    COURSE,
    LINK,
    ONLINE_WITHOUT_A_DEADLINE,
    THE_DAY_BEFORE,
    TO_BOTH,
    TO_SIGN_UP_FOR,
    Example,
    examples,
    message_html,
)
from bot.messages.invitation import cancellation_comment, render_invitation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.domain.plan import Course, CoursePlan

_KNOWS_BOTH = re.compile(r"\basked\b|\bsuper\(\)")
"""What says something of its own to those who were asked, or leaves it to ours."""
THE_DAY, LONG_BEFORE = THE_DAY_BEFORE + timedelta(days=1), THE_DAY_BEFORE - timedelta(days=30)
STATUSES = (CourseStatus.APPROVED, CourseStatus.SAVE_THE_DATE, CourseStatus.PROPOSED, CourseStatus.LISTED)
"""Each has words of its own in an invitation or a cancellation."""
STATUS_OF = {INVITATION: CourseStatus.APPROVED, SAVE_THE_DATE: CourseStatus.SAVE_THE_DATE}
MARKS = ("kursusbot-opening", "kursusbot-closing")
_DEPTH = 2
"""How many folders a template of one message stands in: its language's, and the message's."""
_OF_EVENTS = frozenset({*IN_CALENDAR, "cancellation"})
_EVERYTHING = frozenset({*MessageKind, *_OF_EVENTS})


def check_words(plan: CoursePlan, words: Mapping[str, str] | None = None) -> None:
    """Render every message that the plan's own words have a part in, `words` where they were read already.

    From then on messages are made with them.

    Raises InputError: as `read_words`, and `words_broken` with file and line.
    """
    folder = plan.own_words or ""
    taken = read_words(folder) if words is None else words
    take_words(folder, taken)
    try:
        _render_everything(plan, _messages_of(taken))
    except InputError as error:
        raise InputError("words_broken", **error.params) from error


def same_for_both(plan: CoursePlan) -> tuple[str, ...]:
    """HR's own texts that tell those who were asked to sign up the same as those in line, as files.

    None where ours are used.

    A copy of ours from before the two were told apart speaks to both of a waiting list. `plan` has passed
    `check_words`.
    """
    if plan.own_words is None:
        return ()
    files = (
        Path(plan.own_words) / language.value / kind.value / "body.html.j2"
        for language in Language
        for kind in sorted(TO_BOTH)
    )
    return tuple(
        str(file)
        for file in files
        if file.is_file() and _KNOWS_BOTH.search(file.read_text(encoding="utf-8")) is None
    )


def unseen_texts(plan: CoursePlan) -> tuple[str, ...]:
    """HR's own templates in which the words that the plan has for their message do not stand, as files.

    A copy of ours from before there were such words has no place for them. `plan` has passed `check_words`.
    """
    if plan.own_words is None:
        return ()
    texts = (*plan.texts, *(wording for course in plan.courses for wording in course.texts))
    worded = {wording.message for wording in texts}
    unseen = dict.fromkeys(
        _file_of(plan.own_words, message, language)
        for message in WORDED
        if message in worded - ON_PAPER
        for language in Language
        if not _is_worded(plan, message, language)
    )
    return tuple(unseen)


def _file_of(own: str, message: str, language: Language) -> str:
    """What is to blame: the message's own file, or what all of them are built on."""
    folder = Path(own)
    own_file = folder / language.value / message / "body.html.j2"
    shared = folder / ("layout.html.j2" if message in IN_CALENDAR else "notice.html.j2")
    return str(own_file if own_file.is_file() else shared)


def _is_worded(plan: CoursePlan, message: str, language: Language) -> bool:
    """Whether both parts of HR's words would stand in the message."""
    wording = Wording(message=message, language=language, opening=MARKS[0], closing=MARKS[1])
    course = replace(COURSE, texts=(wording,))
    if message in IN_CALENDAR:
        of_status = replace(course, status=STATUS_OF[message])
        offering = course.offerings[0]
        html = render_invitation(plan, of_status, offering, offering.sessions[0], language=language)
    else:
        html = message_html(plan, course, MessageKind(message), language)
    return all(mark in html for mark in MARKS)


def _messages_of(words: Mapping[str, str]) -> frozenset[str]:
    """What these templates have a part in, by the folders that templates of a message stand in.

    A template of a message is used by no other, unless HR's own takes it in. What stands above those folders
    is shared.
    """
    if any(name.count("/") != _DEPTH for name in words):
        return _EVERYTHING
    return frozenset(name.split("/")[1] for name in words)


def _render_everything(plan: CoursePlan, messages: frozenset[str]) -> None:
    kinds = [kind for kind in MessageKind if kind.value in messages]
    by_the_day = [kind for kind in BY_THE_DAY if kind in kinds]
    for course, link in ((COURSE, LINK), (TO_SIGN_UP_FOR, None), (ONLINE_WITHOUT_A_DEADLINE, LINK)):
        for again in (False, True):
            _render(examples(plan, course, link=link, again=again, kinds=kinds))
            for today in (THE_DAY, LONG_BEFORE):
                _render(examples(plan, course, link=link, today=today, again=again, kinds=by_the_day))
        if MessageKind.CANCELLED in kinds:
            for news in NewsKind:
                _render(examples(plan, course, link=link, news=news, kinds=(MessageKind.CANCELLED,)))
        if messages & _OF_EVENTS:
            _render_events(plan, course)


def _render_events(plan: CoursePlan, course: Course) -> None:
    for language, status in product(Language, STATUSES):
        of_status, offering = replace(course, status=status), course.offerings[0]
        render_invitation(plan, of_status, offering, offering.sessions[0], language=language)
        for session in (offering.sessions[0], replace(offering.sessions[0], start=None, end=None)):
            cancellation_comment(plan, of_status, session, language=language)


def _render(messages: Iterator[Example]) -> None:
    for _ in messages:
        pass


def our_words() -> Iterator[tuple[str, bytes]]:
    """Our templates: path below the folder, and content."""
    for file in sorted(TEMPLATES.rglob("*.j2")):
        yield file.relative_to(TEMPLATES).as_posix(), file.read_bytes()
