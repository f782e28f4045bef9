"""What the bot's cards share: buttons that are answered, blocks, and that a card is small enough (pure).

Every button that does something is an `Action.Execute`, and for clients that know none an `Action.Submit`
with the verb in its data. Teams takes 28 KB: a card that is larger, which hostile texts alone can make it, is
cut harder until it fits.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.domain.conversations import Press, PressVerb, press_data
from bot.i18n.catalogue import text
from bot.messages.card_parts import LONGEST_BUTTON, adaptive_card, card_line, card_text, paragraphs
from bot.messages.characters import cut_at_word, one_line
from bot.messages.markdown import markdown_html
from bot.messages.plain_text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.domain.people import Language
    from bot.messages.card_parts import JsonObject

LARGEST = 26 * 1024
"""Bytes of a card as JSON; the message around it needs some of the 28 KB as well."""
CUT_HARDER = (150, 60, 30)
"""Characters of each text in a card that would be too large."""
MOST_SPOKEN = 1_500
"""Characters for who sees no cards."""
SHOWN = ("text", "title", "label", "fallbackText", "placeholder")


def press_button(title: str, press: Press, *, takes_fields: bool = True) -> JsonObject:
    """A button; `takes_fields`: what is typed in the card goes with it, and has to be in order."""
    fields = {} if takes_fields else {"associatedInputs": "None"}
    name, data = button_title(title), press_data(press)
    submit = {"type": "Action.Submit", "title": name, "data": {"verb": press.verb.value, **data}} | fields
    return {
        "type": "Action.Execute",
        "title": name,
        "verb": press.verb.value,
        "data": data,
        "fallback": submit,
    } | fields


def show_button(title: str, body: Sequence[JsonObject], actions: Sequence[JsonObject] = ()) -> JsonObject:
    """A button that unfolds a part of the card."""
    inner: JsonObject = {"type": "AdaptiveCard", "body": list(body)}
    return {
        "type": "Action.ShowCard",
        "title": button_title(title),
        "card": inner | ({"actions": list(actions)} if actions else {}),
    }


def button_title(words: str) -> str:
    """What stands on a button, which reads no Markdown."""
    return cut_at_word(card_text(words), LONGEST_BUTTON)


def headline(words: str) -> JsonObject:
    """What the card, or a part of it, is about."""
    return card_line(words, size="Medium", weight="Bolder")


def strong(words: str) -> JsonObject:
    """A line that is read first."""
    return card_line(words, weight="Bolder")


def rich_lines(markdown: str) -> list[JsonObject]:
    """A text of the plan line by line; of its Markdown, the words."""
    return [card_line(line) for line in paragraphs(text_of(markdown_html(markdown)))] if markdown else []


def block(items: Sequence[JsonObject], actions: Sequence[JsonObject] = ()) -> JsonObject:
    """A part of a card with a line above it, and buttons of its own."""
    inside = [*items, {"type": "ActionSet", "actions": list(actions)}] if actions else list(items)
    return {"type": "Container", "separator": True, "spacing": "Medium", "items": inside}


def page_button(language: Language, link: str) -> list[JsonObject]:
    """The button that opens the course on the reader's own page, where there is one."""
    name = button_title(text(language, "cards.page"))
    return [{"type": "Action.OpenUrl", "title": name, "url": link}] if link else []


def list_button(language: Language, verb: PressVerb) -> JsonObject:
    """The button that leads to one of the reader's lists, or to help."""
    return press_button(text(language, f"cards.go.{verb.value}"), Press(verb=verb), takes_fields=False)


def whose(language: Language, acts_for: str) -> list[JsonObject]:
    """For whom somebody answers, on every card on which they do."""
    return [strong(text(language, "cards.acts_for", name=one_line(acts_for)))] if acts_for else []


def finished(
    language: Language,
    body: Sequence[JsonObject],
    actions: Sequence[JsonObject] = (),
    *,
    refresh: Press | None = None,
) -> JsonObject:
    """The card, small enough. `refresh` is what the client asks whenever somebody sees the card."""
    card = adaptive_card(language, body, spoken=(), actions=actions)
    card["fallbackText"] = cut_at_word(" ".join(_sentences(said_in(body))), MOST_SPOKEN)
    if refresh is not None:
        card["refresh"] = {
            "action": {"type": "Action.Execute", "verb": refresh.verb.value, "data": press_data(refresh)}
        }
    for longest in CUT_HARDER:
        if size(card) <= LARGEST:
            break
        card = _cut(card, longest)
    return card


def size(card: JsonObject) -> int:
    """Bytes of a card as it travels."""
    return len(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode())


def said_in(elements: Iterable[JsonObject]) -> Iterator[str]:
    """The lines of text of these elements, in reading order."""
    for element in elements:
        if element["type"] == "RichTextBlock":
            yield "".join(run["text"] for run in element["inlines"])
        yield from said_in(element.get("items", ()))


def _sentences(lines: Iterable[str]) -> Iterator[str]:
    return (line if line.endswith((".", "?", "!", ":")) else f"{line}." for line in lines if line)


def _cut(value: Any, longest: int) -> Any:
    if isinstance(value, list):
        return [_cut(one, longest) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: cut_at_word(inside, longest)
        if name in SHOWN and isinstance(inside, str)
        else inside
        if name == "data"
        else _cut(inside, longest)
        for name, inside in value.items()
    }
