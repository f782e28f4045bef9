"""A mail address as it is compared, kept and written to: lower case, without what nobody can see (pure).

Addresses are copied from mails, web pages and spreadsheets, which bring along characters that are not drawn.
What nobody sees can be no part of what they meant, so it goes, wherever an address comes in:

    character                                                      in the address
    format characters: zero width, byte order mark, soft hyphen,   taken out, wherever they stand
    marks of direction; fillers and variation selectors
    control characters other than blanks                           stay: the address is refused
    blanks of any kind (also tab, no-break, ideographic)           taken out at both ends and around the `@`
    blanks elsewhere                                               stay: `anne hansen@` may be meant in two ways

A directory name (`/o=…/ou=…/cn=…`) is how Exchange shows some people instead of an address. It finds a person
by Entra's `X500:` addresses and is never written to.
"""

from __future__ import annotations

import re
import unicodedata

# Drawn as nothing, though Unicode counts them as letters or marks.
_SELECTORS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0").union(map(chr, _SELECTORS))
_AROUND_THE_SIGN = re.compile(r"\s*@\s*")


def plain_address(text: str) -> str:
    """The address lower-cased and without what is invisible, by the table above.

    Nothing is said about whether it is one.
    """
    seen = visible(text).strip().lower()
    return seen if seen.isprintable() and " " not in seen else _AROUND_THE_SIGN.sub("@", seen)


def visible(text: str) -> str:
    """The text without the characters of the table's first line."""
    if text.isascii():
        return text
    return "".join(sign for sign in text if sign not in _FILLERS and unicodedata.category(sign) != "Cf")


def is_directory_name(address: str) -> bool:
    """Whether it is a name of Exchange's own directory (X.500) and no mail address."""
    return address.lstrip().lower().startswith(("/o=", "/dc=", "/cn="))
