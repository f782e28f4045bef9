"""What the bot says to who asks for help, is misread, is new, or has nothing here (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.parts import finished, headline, list_button
from bot.domain.conversations import PressVerb
from bot.i18n.catalogue import text
from bot.messages.card_parts import card_line
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from bot.domain.chat_views import HelpCard, StrangerCard
    from bot.domain.people import Language
    from bot.messages.card_parts import JsonObject

LISTS = (PressVerb.MINE, PressVerb.UNANSWERED, PressVerb.COMING)
LINES = ("mine", "unanswered", "coming", "course")


def render_help(answer: HelpCard) -> JsonObject:
    """What can be written, with buttons that do the same."""
    language = answer.language
    first = text(language, "cards.help.misread" if answer.misread else "cards.help.title")
    return finished(language, [headline(first), *_can(language, answer.contact)], _lists(language))


def render_hello(language: Language, *, contact: str = "") -> JsonObject:
    """The first word to somebody who has got the app; `contact` of HR, "" where nobody knows."""
    body = [headline(text(language, "cards.hello.title")), card_line(text(language, "cards.hello.text"))]
    return finished(language, [*body, *_can(language, contact)], _lists(language))


def render_stranger(answer: StrangerCard) -> JsonObject:
    """A kind word, and whom to write to."""
    language = answer.language
    lines = [card_line(text(language, f"cards.stranger.{answer.why.value}"))]
    return finished(language, [*lines, *_contact(language, answer.contact)])


def _can(language: Language, contact: str) -> list[JsonObject]:
    lines = [card_line(text(language, f"cards.help.{name}")) for name in LINES]
    return [card_line(text(language, "cards.help.can")), *lines, *_contact(language, contact)]


def _contact(language: Language, contact: str) -> list[JsonObject]:
    return [card_line(text(language, "cards.contact", contact=one_line(contact)))] if contact else []


def _lists(language: Language) -> list[JsonObject]:
    return [list_button(language, verb) for verb in LISTS]
