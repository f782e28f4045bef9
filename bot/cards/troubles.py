"""What the bot says where it cannot answer: nothing was changed, try again (pure).

In both languages, because whose words they are to be is in the books that did not answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.parts import finished, strong
from bot.domain.people import Language
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.messages.card_parts import JsonObject


def render_trouble(first: Language = Language.DA) -> JsonObject:
    """The same card for everybody; `first` is the language that stands on top."""
    both = (first, *(one for one in Language if one is not first))
    return finished(first, [strong(text(one, "cards.trouble")) for one in both])
