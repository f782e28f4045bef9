"""Drawing pages: Jinja2 templates, texts in the catalogue under `web.`.

A part of the pages has templates of its own (`bot/web/PART/templates`), beside those in `templates/` that all
have in common: the frame, what stands on more than one page, and the page that says why there is no other.
Nothing is decided here.

Everything is escaped; the only HTML that is let through is a course's description, made safe by
`bot.messages.markdown`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.domain.people import Language
from bot.i18n.catalogue import text
from bot.i18n.dates import moment_text
from bot.messages.characters import one_line, unbroken
from bot.messages.invitation import web_address
from bot.messages.plain_html import structured_html

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
STATIC = HERE / "static"

COMMON = HERE / "templates"


class Templates:
    """The templates of one part, `folder` before those that all have; `words` say what its pages show."""

    def __init__(
        self,
        folder: Path = COMMON,
        words: Callable[[Language], Mapping[str, object]] = lambda _language: {},
    ) -> None:
        self._words = words
        self._environment = Environment(
            loader=FileSystemLoader([folder, COMMON]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def draw(self, name: str, language: Language, **facts: object) -> str:
        """The page of `<name>.html.j2` in a language."""
        others = [(other.value, text(other, "web.language")) for other in Language if other is not language]
        return self._environment.get_template(f"{name}.html.j2").render(
            language=language.value,
            other_languages=others,
            t=partial(text, language),
            moment=lambda wall: unbroken(moment_text(language, wall)),
            rich=structured_html,
            web_address=web_address,
            line=one_line,
            **self._words(language),
            **facts,
        )
