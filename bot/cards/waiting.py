"""What waits for a person of HR, as a card: numbers and courses, and the way to the desk (pure).

Approving stays on the desk; here is only what there is to look at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.parts import button_title, finished, headline, strong
from bot.i18n.catalogue import text
from bot.messages.card_parts import card_line
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.reports import Pending
    from bot.messages.card_parts import JsonObject

MOST_COURSES = 15


def render_waiting(pending: Pending, *, organisation: str, language: Language, desk: str) -> JsonObject:
    """The changes that wait, course by course; `desk` is where they are looked at, "" for none."""
    count = len(pending.courses)
    body = [headline(text(language, "cards.waiting.title", count=count, organisation=one_line(organisation)))]
    for course in pending.courses[:MOST_COURSES]:
        mails = text(language, "cards.waiting.mails", mails=course.mails, people=course.people)
        body.append(card_line(mails, lead=f"{one_line(course.title)}:"))
    if count > MOST_COURSES:
        body.append(strong(text(language, "cards.waiting.more", count=count - MOST_COURSES)))
    if pending.waiting:
        body.append(card_line(text(language, "cards.waiting.groups", count=pending.waiting)))
    name = button_title(text(language, "cards.waiting.desk"))
    return finished(language, body, [{"type": "Action.OpenUrl", "title": name, "url": desk}] if desk else [])
