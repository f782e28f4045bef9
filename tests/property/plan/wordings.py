"""HR's own words as a plan may have them, drawn."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from bot.domain.people import Language
from bot.domain.wording import FIELD_WORDS, WORDED, Wording

MESSAGES, LANGUAGES = st.sampled_from(sorted(WORDED)), st.sampled_from(Language)


@cache
def texts(blocks):
    """Each message and language once, with words (of `blocks`) and fields that it may have."""
    plain = blocks.map(lambda text: text.replace("{", "{{").replace("}", "}}"))

    @cache
    def words(message):
        fields = [f"{{{word}}}" for word, field in FIELD_WORDS.items() if field in WORDED[message].fields]
        return st.lists(plain | st.sampled_from(fields), min_size=1, max_size=4).map(lambda parts: " ".join(parts).strip())

    @st.composite
    def wordings(draw):
        message = draw(MESSAGES)
        said = words(message)
        opening, closing = draw(said), draw(said)
        if not opening and not closing:
            closing = "Ses."
        return Wording(message=message, language=draw(LANGUAGES), opening=opening, closing=closing)

    return st.lists(wordings(), max_size=2, unique_by=lambda one: (one.message, one.language)).map(tuple)
