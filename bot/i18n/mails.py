"""How many mails a change would cause, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n.catalogue import plural, text

if TYPE_CHECKING:
    from bot.domain.people import Language


def mails_text(language: Language, *, mails: int, people: int) -> str:
    """`58 mails til 58 personer.`; where an audience is not known, nobody can count them."""
    if not mails:
        return text(language, "approvals.uncounted" if people else "approvals.no_mails")
    return f"{plural(language, 'approvals.mails', mails)} {plural(language, 'approvals.people', people)}"
