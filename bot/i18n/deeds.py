"""What the log of who did what calls an act, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.domain.people import Language


def deed_words(command: str, language: Language) -> str | None:
    """What the log calls `command`, in words; None for what an older or newer program wrote."""
    try:
        return text(language, f"person.action.{command.partition(' --')[0].replace(' ', '_')}")
    except KeyError:
        return None
