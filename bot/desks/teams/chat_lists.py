"""Which of a person's courses stand in a list of the bot, in which order; which are meant by words (pure).

| list | has |
|---|---|
| `mine` | those with an answer or a place of theirs, that are not over |
| `coming` | those that are not over and not called off |
| `unanswered` | of those, the ones without an answer, and the ones with open questions |

Nearest first: by the person's own next date, else the course's first; what has no date stands last. `now` is
wall time where the plan is.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.conversations import ChatWish

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.chat_views import ListedCourse
    from bot.domain.pages import PersonCourse


def listed(which: ChatWish, courses: Iterable[ListedCourse], now: datetime) -> list[ListedCourse]:
    """The courses of a list by the table above."""
    return nearest_first((one for one in courses if _is_in(which, one.course)), now)


def nearest_first(courses: Iterable[ListedCourse], now: datetime) -> list[ListedCourse]:
    """What is ahead of today first, then what is undated, then what has begun, the latest first."""
    return sorted(courses, key=lambda one: _nearness(one.course, now))


def called(words: str, courses: Iterable[ListedCourse]) -> list[ListedCourse]:
    """The courses that are called so: the very title, else those whose title has all the words.

    Words are read without case and signs, and their beginning is enough.
    """
    wanted, known = _words(words), [(_words(one.course.title), one) for one in courses]
    if not wanted:
        return []
    exact = [one for title, one in known if title == wanted]
    return exact or [one for title, one in known if all(_begins(word, title) for word in wanted)]


def _is_in(which: ChatWish, course: PersonCourse) -> bool:
    if course.over:
        return False
    if which is ChatWish.MINE:
        return bool(course.places)
    if course.cancelled:
        return False
    return which is ChatWish.COMING or not course.places or bool(course.unanswered)


def _nearness(course: PersonCourse, now: datetime) -> tuple[int, float, str]:
    known = [one.when for one in course.places if one.when is not None]
    if not known and course.first is not None:
        known = [course.first]
    ahead = [one for one in known if one >= now]
    if ahead:
        return 0, (min(ahead) - now).total_seconds(), course.title
    return (2, (now - max(known)).total_seconds(), course.title) if known else (1, 0.0, course.title)


def _begins(word: str, title: list[str]) -> bool:
    return any(one.startswith(word) for one in title)


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFC", text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in plain).split()
