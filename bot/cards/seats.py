"""News of somebody's seat as a card in their chat: the mail's words, and what can be done about it (pure).

The words are those of `bot.messages.notice`, HR's among them, so that there is one text for each. Paragraphs
that only lead to the reader's page are left out: the buttons do that.

| the message                                            | buttons before the course itself                        |
|---|---|
| choose, announcement, offering_gone; changed, to who was asked | a place on each date to choose                  |
| seat_offered, assigned, moved, confirmed, sign_up_approved, taken_over | giving the seat up; the course's questions      |
| placed_in_line; changed, to who waits                  | leaving the line                                        |
| awaits_approval                                        | taking the sign-up back                                 |
| full, too_late, withdrawn, handed_over, sign_up_refused, cancelled | none                                                    |

A seat from the line is given and not held back: who does not want it gives it up, for the next in line.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from bot.cards.acts import CourseActs, open_offerings
from bot.cards.parts import finished, headline, list_button, page_button, whose
from bot.domain.conversations import PressVerb
from bot.domain.messages import ASKED
from bot.domain.templates import MessageKind
from bot.messages.card_parts import card_line
from bot.messages.plain_text import text_of

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.messages import Message
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.messages.card_parts import JsonObject
    from bot.messages.notice import Rendered

CHOOSING = frozenset({MessageKind.CHOOSE, MessageKind.ANNOUNCEMENT, MessageKind.OFFERING_GONE})
SEATED = frozenset(
    {
        MessageKind.SEAT_OFFERED, MessageKind.ASSIGNED, MessageKind.MOVED, MessageKind.CONFIRMED,
        MessageKind.TAKEN_OVER, MessageKind.APPROVED,
    }
)  # fmt: skip
MOST_LINES = 30
_PARAGRAPH = re.compile(
    r"<p[^>]*>\s*(?:<strong>)?\s*<a href=\"([^\"]*)\"[^>]*>.*?</a>\s*(?:</strong>)?\s*</p>", re.DOTALL
)


def render_seat_message(
    message: Message,
    plan: CoursePlan,
    words: Rendered,
    *,
    link: str | None,
    language: Language,
    today: date,
    acts_for: str = "",
    acts_for_id: str = "",
) -> JsonObject:
    """The card of a message whose mail would be `words`, made with the reader's page at `link`.

    `today` is the day in the plan's zone, `acts_for` the name of whom the reader answers for, "" for
    themselves. The course may have left the plan.
    """
    course = plan.course(message.course)
    lines = [line for line in text_of(_without_ways(words.html, link), link="").split("\n") if line]
    body = [*whose(language, acts_for), headline(words.subject), *map(card_line, lines[:MOST_LINES])]
    if course is None:
        return finished(language, body, [list_button(language, PressVerb.MINE)])
    acts = CourseActs(plan, course, language, acts_for_id)
    buttons = [*_buttons(message, course, acts, today), *acts.see(), *page_button(language, link or "")]
    return finished(language, body, buttons)


def _buttons(message: Message, course: Course, acts: CourseActs, today: date) -> list[JsonObject]:
    """By the table above."""
    if message.kind in CHOOSING or (message.kind is MessageKind.CHANGED and ASKED in message.params):
        but = message.offering if message.kind is MessageKind.OFFERING_GONE else ""
        return acts.choose(open_offerings(course, like=message.offering, but=but, today=today))
    if message.kind in SEATED:
        asked = acts.questions() if course.questions else []
        return [*acts.give_up(message.offering, "web.action.give_up_seat"), *asked]
    if message.kind in {MessageKind.PLACED_IN_LINE, MessageKind.CHANGED}:
        return acts.give_up(message.offering, "web.action.give_up_place")
    if message.kind is MessageKind.AWAITS_APPROVAL:
        return acts.give_up(message.offering, "web.action.give_up_wish")
    return []


def _without_ways(body: str, link: str | None) -> str:
    """The mail without the paragraphs that only lead to the reader's page."""
    return _PARAGRAPH.sub(lambda found: "" if html.unescape(found[1]) == link else found[0], body)
