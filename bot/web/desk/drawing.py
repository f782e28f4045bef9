"""How the desk's pages say what stands on them: how many mails, and what would be at the same time."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.i18n.clashes import clash_text
from bot.i18n.dates import short_moment_text
from bot.i18n.mails import mails_text
from bot.messages.characters import unbroken
from bot.web.rendering import Templates

if TYPE_CHECKING:
    from bot.domain.people import Language


def _words(language: Language) -> dict[str, object]:
    return {
        "mails": partial(mails_text, language),
        "clash_words": partial(clash_text, language=language),
        "short": lambda wall: unbroken(short_moment_text(language, wall)),
    }


PAGES = Templates(Path(__file__).parent / "templates", _words)
