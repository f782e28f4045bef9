"""Names in the order in which Danish sorts: æ, ø, å after z, and aa as å (Retskrivningsordbogen § 4).

Pure.
"""

from __future__ import annotations

import unicodedata

DANISH_LETTERS = str.maketrans(
    {"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c", "ü": "y", "ß": "ss", "ð": "d", "þ": "th"}
)
"""What sorts after z sorts after `{`, the character after z."""


def danish_key(words: str) -> str:
    """A key that sorts as Danish does; case and foreign accents do not count."""
    lowered = unicodedata.normalize("NFC", words).casefold().replace("aa", "å").translate(DANISH_LETTERS)
    if lowered.isascii():
        return lowered
    return "".join(sign for sign in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(sign))
