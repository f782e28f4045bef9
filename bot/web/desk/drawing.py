"""How the desk's pages say what stands on them: how many mails, and what would be at the same time."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.i18n.catalogue import plural, text
from bot.i18n.clashes import clash_text
from bot.web.rendering import Templates

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.reports import PendingCourse


def _words(language: Language) -> dict[str, object]:
    return {"mails": partial(_mails, language), "clash_words": partial(clash_text, language=language)}


def _mails(language: Language, change: PendingCourse) -> str:
    """How many get how many mails."""
    if not change.mails:
        return text(language, "approvals.uncounted" if change.people else "approvals.no_mails")
    mails = plural(language, "approvals.mails", change.mails)
    return f"{mails} {plural(language, 'approvals.people', change.people)}"


PAGES = Templates(Path(__file__).parent / "templates", _words)
