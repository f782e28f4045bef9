"""HR's own words in a message, filled in and made safe: before what the template says, and after it (pure).

| a line with a field that says   | is                                                 |
|---|---|
| something                       | the line with it                                   |
| nothing, the reader's name      | the line without it and the comma and blank before |
| nothing, anything else          | left out                                           |

Markdown as in a mail that HR types (`typed_html`): lines end where they end. What is filled in is never
Markdown, a link or a tag, whatever stands in it: it takes its place after HR's words have become HTML. Words
in another language than the message say so (`lang`), for whoever hears them read aloud. Which fields and
whose words: `bot.domain.wording`.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.wording import InsertField, Unread, pieces
from bot.messages.characters import one_line
from bot.messages.markdown import typed_html
from bot.messages.plain_text import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.wording import Wording

_FIRST, _LAST = "\ue000", "\ue001"
"""Around the number of what is filled in: signs for private use, which no text of HR's keeps."""
_PLACE = re.compile(f"{_FIRST}(\\d+){_LAST}")
_IN_LINK = re.compile(f"(?:{_FIRST}|{quote(_FIRST)})(\\d+)(?:{_LAST}|{quote(_LAST)})", re.IGNORECASE)
_HREF = re.compile(r'(?<= href=")[^"]*(?=")')
_OWN_SIGNS = str.maketrans({_FIRST: " ", _LAST: " "})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """Both parts as safe HTML, "" for what HR did not write."""

    opening: str = ""
    closing: str = ""

    @property
    def given(self) -> dict[str, str]:
        """As templates get them."""
        return {"hr_opening": self.opening, "hr_closing": self.closing}

    @property
    def plain(self) -> tuple[str, str]:
        """Both as text, on as many lines as they have."""
        opening, closing = (text_of(part).strip() if part else "" for part in (self.opening, self.closing))
        return opening, closing


NO_WORDS = OwnWords()


def own_words_of(
    plan: CoursePlan,
    course: Course,
    message: str,
    *,
    language: Language,
    values: Mapping[InsertField, str],
) -> OwnWords:
    """HR's words in a message about the course to a reader of the language.

    `values` are what the fields say, each on one line; what is not among them says nothing.
    """
    wording = plan.wording(course, message, language)
    return NO_WORDS if wording is None else filled_in(wording, language=language, values=values)


def filled_in(wording: Wording, *, language: Language, values: Mapping[InsertField, str]) -> OwnWords:
    """The same of words that are known."""
    opening, closing = (
        _html(part, wording.language, language, values) for part in (wording.opening, wording.closing)
    )
    return OwnWords(opening=opening, closing=closing)


def values_of(
    plan: CoursePlan,
    course: Course,
    *,
    deadline: str,
    name: str = "",
    offering: str = "",
    date: str = "",
    place: str = "",
) -> dict[InsertField, str]:
    """What the fields say in one message; the deadline as people write it."""
    return {
        InsertField.NAME: one_line(name),
        InsertField.COURSE: one_line(course.title),
        InsertField.OFFERING: one_line(offering),
        InsertField.DATE: date,
        InsertField.PLACE: one_line(place),
        InsertField.DEADLINE: deadline,
        InsertField.CONTACT: one_line(plan.contact),
        InsertField.ORGANISATION: one_line(plan.organisation),
    }


def _html(text: str, written_in: Language, language: Language, values: Mapping[InsertField, str]) -> str:
    filled: list[str] = []
    lines = (_line(line, values, filled) for line in text.translate(_OWN_SIGNS).split("\n"))
    safe = typed_html("\n".join(line for line in lines if line is not None))
    safe = _HREF.sub(lambda link: _IN_LINK.sub(lambda at: quote(filled[int(at[1])], safe=""), link[0]), safe)
    safe = _PLACE.sub(lambda at: html.escape(filled[int(at[1])]), safe)
    return f'<div lang="{written_in.value}">{safe}</div>' if safe and written_in is not language else safe


def _line(line: str, values: Mapping[InsertField, str], filled: list[str]) -> str | None:
    """One line with places for what is filled in, which is added to `filled`; None where it is left out."""
    made = ""
    for piece in pieces(line):
        if isinstance(piece, InsertField):
            value = values.get(piece, "")
            if value:
                made += f"{_FIRST}{len(filled)}{_LAST}"
                filled.append(value)
            elif piece is InsertField.NAME:
                made = made.removesuffix(" ").removesuffix(",")
            else:
                return None
        else:
            made += f"{{{piece.word}}}" if isinstance(piece, Unread) else piece
    return made
