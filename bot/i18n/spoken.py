"""Names and outcomes as they are said (pure)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.domain.people import Language

AN_ID = re.compile(r"[a-zæøå0-9]+(?:-[a-zæøå0-9]+)+")


def spoken(name: str) -> str:
    """A name as it is said: `flere dage` for the id `flere-dage`; what somebody wrote as a text stays."""
    return name.replace("-", " ") if AN_ID.fullmatch(name) else name


def outcome_text(language: Language, outcome: bool | str) -> str:
    """`ja`, `nej`, or the option as it is called."""
    if isinstance(outcome, bool):
        return text(language, "overview.yes" if outcome else "overview.no")
    return spoken(outcome)


def reason_text(reason: str, language: Language) -> str:
    """Why a message was not sent, as people say it."""
    try:
        return text(language, f"reminders.reason.{reason}")
    except KeyError:  # Graph's own: the code of an error
        return reason
