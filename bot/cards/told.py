"""A message to one person as a card in their chat: the words of the mail, and what can be done (pure).

Subject and paragraphs are the mail's own, so that a card says neither more nor less than the mail would, HR's
own words among it. The links of the mail are buttons. *See the course* shows the course as it is by then,
with what the person can do about it, so that nothing of yesterday can be pressed here.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from bot.domain.conversations import Press, PressVerb, press_data
from bot.i18n.catalogue import text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.plain_text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.people import Language

JsonObject = dict[str, Any]

LONGEST_LINE, MOST_LINES, LONGEST_BUTTON, LONGEST_ADDRESS, MOST_BUTTONS = 500, 30, 60, 1000, 6
LINK = re.compile(r'<a [^>]*href="(https?://[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
COURSE_BUTTON, LIST_BUTTON = "see_course", "see_mine"


def render_told(
    subject: str, body: str, *, language: Language, plan: str, course: str = "", offering: str = ""
) -> JsonObject:
    """The card of a mail's `subject` and HTML `body`; `course` "" where it is about several."""
    lines = [_line(subject, size="Medium", weight="Bolder")]
    said = [line for line in text_of(body, link="").split("\n") if line]
    lines += [_line(line, spacing="Small") for line in said[:MOST_LINES]]
    press = Press(verb=PressVerb.COURSE, plan=plan, course=course, offering=offering)
    if not course:
        press = Press(verb=PressVerb.MINE)
    card: JsonObject = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": language.value,
        "fallbackText": " ".join([_plain(subject), *map(_plain, said[:MOST_LINES])]),
        "body": lines,
        "actions": [_button(press, language, COURSE_BUTTON if course else LIST_BUTTON), *_links(body)][
            :MOST_BUTTONS
        ],
    }
    return card


def _button(press: Press, language: Language, title: str) -> JsonObject:
    return {
        "type": "Action.Execute",
        "title": text(language, f"teams.{title}"),
        "verb": press.verb.value,
        "data": press_data(press) | {"verb": press.verb.value},
        "fallback": {
            "type": "Action.Submit",
            "title": text(language, f"teams.{title}"),
            "data": press_data(press) | {"verb": press.verb.value},
        },
    }


def _links(body: str) -> Iterator[JsonObject]:
    """Where the mail leads, each place once, by the words that it leads there by."""
    seen: set[str] = set()
    for target, words in LINK.findall(body):
        url, title = html.unescape(target), _plain(text_of(words, link=""))
        if url not in seen and title and len(url) <= LONGEST_ADDRESS:
            seen.add(url)
            yield {"type": "Action.OpenUrl", "title": cut_at_word(title, LONGEST_BUTTON), "url": url}


def _line(words: str, *, spacing: str = "Default", **looks: str) -> JsonObject:
    run = {"type": "TextRun", "text": _plain(words), **looks}
    return {"type": "RichTextBlock", "spacing": spacing, "inlines": [run]}


def _plain(words: str) -> str:
    """Cut, and without what cards read as a formula, such as `{{DATE(…)}}`."""
    return cut_at_word(one_line(words).replace("{{", "{ {"), LONGEST_LINE)
