"""What every card in Teams is made of, whatever it says (pure).

No colour means anything, and who sees no cards gets `fallbackText`. Words of the plan and of people stand in
`TextRun`s, which read no Markdown, so that a title with a star or a bracket looks as it was written. All
texts are cut, so that the size of a card cannot come near Teams' limit of 28 KB. Facts: the schema of
Adaptive Cards 1.5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.people import Language

JsonObject = dict[str, Any]

CARD_VERSION = "1.5"
LONGEST_LINE, LONGEST_BUTTON, LONGEST_ADDRESS, MOST_BUTTONS = 300, 60, 1000, 6
LONGEST_WORDS, MOST_LINES = 900, 12
"""Of a longer text, such as HR's own words; the mail or the page has all of it."""
_FORMULA = re.compile(r"\{(?=\{)")


def adaptive_card(
    language: Language,
    body: Sequence[JsonObject],
    *,
    spoken: Iterable[str],
    actions: Sequence[JsonObject] = (),
) -> JsonObject:
    """A card with these elements and buttons; `spoken` are its lines for who sees no cards."""
    card: JsonObject = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": CARD_VERSION,
        "lang": language.value,
        "fallbackText": " ".join(card_text(words).rstrip(".") + "." for words in spoken),
        "body": list(body),
    }
    return card | ({"actions": list(actions)} if actions else {})


def card_line(words: str, *, lead: str = "", **looks: str) -> JsonObject:
    """One line of text, what leads it in bold; `looks` are a `TextRun`'s."""
    runs: list[JsonObject] = (
        [{"type": "TextRun", "text": card_text(lead) + " ", "weight": "Bolder"}] if lead else []
    )
    runs.append({"type": "TextRun", "text": card_text(words), **looks})
    return {"type": "RichTextBlock", "inlines": runs}


def card_text(words: str) -> str:
    """Cut, and without what cards read as a formula, such as `{{DATE(…)}}`."""
    return cut_at_word(_FORMULA.sub("{ ", one_line(words)), LONGEST_LINE)


def paragraphs(words: str) -> list[str]:
    """A text on several lines as the lines of a card, as far as there is room."""
    lines = [line for line in cut_at_word(words, LONGEST_WORDS).split("\n") if line]
    return [line for line in lines[:MOST_LINES] if line]


def link_buttons(links: Iterable[tuple[str, str]]) -> list[JsonObject]:
    """Buttons that lead to these addresses, by their titles; one that is unfit to be opened has none."""
    return [
        {"type": "Action.OpenUrl", "title": cut_at_word(card_text(title), LONGEST_BUTTON), "url": url}
        for title, url in links
        if url and len(url) <= LONGEST_ADDRESS
    ][:MOST_BUTTONS]
