"""The card of a course for many readers: in its channel, and shared in any chat (pure).

It says when and where, how many seats are free and until when to answer, and no name; what somebody can do is
one press away, in their own chat with the bot.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from bot.cards.course import MOST_OFFERINGS, MOST_SESSIONS, session_lines
from bot.cards.parts import block, button_title, finished, headline, rich_lines, strong
from bot.domain.plan import CourseStatus
from bot.i18n.catalogue import text
from bot.i18n.dates import moment_text
from bot.messages.card_parts import card_line
from bot.messages.characters import cut_at_word, one_line
from bot.messages.notice import named, times_of
from bot.messages.own_place import free_text, seats_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.domain.chat_views import CourseCard
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.seats import OfferingSeats
    from bot.messages.card_parts import JsonObject

CHAT = "https://teams.microsoft.com/l/chat/0/0?{}"
LONGEST_TOLD = 100
"""Characters of a title that are written for the reader in their chat with the bot."""
LONGEST_DIGEST = 32


def chat_link(app_id: str, title: str = "") -> str:
    """The way to the reader's own chat with the bot, with the course's title written there."""
    message = {"message": cut_at_word(one_line(title), LONGEST_TOLD).rstrip("…")} if title else {}
    return CHAT.format(urlencode({"users": f"28:{app_id}"} | message))


def render_standing(
    plan: CoursePlan,
    course: Course,
    seats: Mapping[str, OfferingSeats],
    *,
    app_id: str,
    is_over: bool = False,
) -> JsonObject:
    """The card that stands in the course's channel, in the plan's language.

    `seats` by offering, as the books have them, of those that are not over; `is_over`: the whole course is.
    """
    language, cancelled = plan.language, course.status is CourseStatus.CANCELLED
    deadline = None if is_over else course.enrolment.deadline
    body = _head(language, course.title, course.theme, deadline=deadline, cancelled=cancelled)
    if is_over and not cancelled:
        body.insert(1, strong(text(language, "web.over")))
    for offering in course.offerings[:MOST_OFFERINGS]:
        times = times_of(course, offering, language, titled=True)
        lines = [card_line(", ".join(filter(None, time))) for time in [*times][:MOST_SESSIONS]]
        taken = seats.get(offering.id)
        free = "" if cancelled or taken is None else _free(language, taken)
        title = [strong(named(offering))] if len(course.offerings) > 1 else []
        body.append(block([*title, *lines, *([card_line(free)] if free else [])]))
    sender = text(
        language, "teams.sender", organisation=one_line(plan.organisation), contact=one_line(plan.contact)
    )
    body.append(card_line(sender, size="Small"))
    return finished(language, body, [] if is_over else _way(language, app_id, course.title))


def render_gone(language: Language) -> JsonObject:
    """What stands in the place of a course's card when the plan does not have the course any more."""
    return finished(language, [card_line(text(language, "cards.no_course"))], [])


def render_shared(card: CourseCard, *, app_id: str) -> JsonObject:
    """The card that somebody shares: the course as it is, without where anybody stands."""
    view, language = card.page.course, card.page.language
    body = _head(language, view.title, view.theme, deadline=view.deadline, cancelled=view.cancelled)
    body += rich_lines(view.description)
    for offering in view.offerings[:MOST_OFFERINGS]:
        title = [strong(offering.title or view.title)] if len(view.offerings) > 1 else []
        is_on = not (view.cancelled or view.over or offering.over)
        free = seats_text(language, offering) if is_on else ""
        lines = [*title, *session_lines(language, offering, own=False)]
        body.append(block([*lines, *([card_line(free)] if free else [])]))
    return finished(language, body, _way(language, app_id, view.title))


def digest(card: JsonObject) -> str:
    """What a card is known by: another one as soon as it shows anything else."""
    return sha256(json.dumps(card, sort_keys=True).encode()).hexdigest()[:LONGEST_DIGEST]


def _free(language: Language, seats: OfferingSeats) -> str:
    free = None if seats.capacity is None else max(seats.capacity - seats.registered, 0)
    return free_text(language, free, seats.waiting)


def _head(
    language: Language, title: str, theme: str, *, deadline: datetime | None, cancelled: bool
) -> list[JsonObject]:
    lines = [headline(title)]
    if cancelled:
        lines.append(strong(text(language, "web.cancelled")))
    elif deadline is not None:
        lines.append(card_line(text(language, "web.deadline", moment=moment_text(language, deadline))))
    if theme:
        lines.append(card_line(text(language, "web.theme", theme=one_line(theme))))
    return lines


def _way(language: Language, app_id: str, title: str) -> list[JsonObject]:
    name = button_title(text(language, "cards.in_chat"))
    return [{"type": "Action.OpenUrl", "title": name, "url": chat_link(app_id, title)}]
