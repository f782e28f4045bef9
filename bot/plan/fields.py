"""What a single value may be: one function for each kind of text in the plan format.

Each takes a scalar and the findings, and gives the value or None after noting `value.invalid` (or
`id.invalid`, `address.invalid`) with the reason. Nothing is guessed: a form that could mean two things
is refused. Times and dates are in `moments`; what belongs under which key is in the `read_` modules.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, TypeVar
from urllib.parse import urlsplit

from bot.domain.addresses import plain_address
from bot.domain.plan_places import PLAN_ID
from bot.plan.findings import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from enum import StrEnum

    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound="StrEnum")
Field: TypeAlias = "Callable[[Scalar, Findings], Value | None]"

TITLE_CHARACTERS = 255  # Outlook's limit on a subject
DESCRIPTION_CHARACTERS = 20_000  # fits an Excel cell (32,767) with room for what escaping adds
MAX_ID = 40
TAG_CHARACTERS = 100
ADDRESS_CHARACTERS = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets
LOCAL_PART_CHARACTERS = 64
OBJECT_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Exchange Online delivers to ASCII addresses only; quoted local parts and literals are not for people.
ADDRESS = re.compile(
    r"(?P<local>[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
)
WHOLE = re.compile(r"\d{1,9}")
AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,2})?")
NO_WIDTH = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
"""Blanks without a width: nobody sees them, and no two words are told apart by them."""
NO_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff")
"""Direction marks, which make a text read differently from what it says, and two that YAML cannot have."""
TRUE_WORDS = frozenset({"true", "yes", "on", "ja", "sand"})
FALSE_WORDS = frozenset({"false", "no", "off", "nej", "falsk"})


def line_text(limit: int = TITLE_CHARACTERS) -> Field[str]:
    """A text on one line, at most `limit` characters: NFC, runs of white space made one space."""

    def read(scalar: Scalar, findings: Findings) -> str | None:
        checked = _clean(scalar, findings, limit)
        return None if checked is None else " ".join(checked.split())

    return read


def text_of(limit: int) -> Field[str]:
    """A text of several lines, at most `limit` characters.

    NFC, line feeds between lines, nothing around it.
    """

    def read(scalar: Scalar, findings: Findings) -> str | None:
        checked = _clean(scalar, findings, limit)
        return None if checked is None else checked.replace("\r\n", "\n").replace("\r", "\n").strip()

    return read


block_text = text_of(DESCRIPTION_CHARACTERS)
"""A description or a note."""


def tag(scalar: Scalar, findings: Findings) -> str | None:
    """A theme of the strategy.

    A line without the signs that stand between several in one cell of a workbook.
    """
    text = line_text(TAG_CHARACTERS)(scalar, findings)
    if text is None or (any(sign.isalnum() for sign in text) and not {",", ";"} & set(text)):
        return text
    findings.error("value.invalid", scalar.spot, reason="tag", value=shown(text))
    return None


def _clean(scalar: Scalar, findings: Findings, limit: int) -> str | None:
    text = scalar.text
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(NO_WIDTH)
    if len(text) > limit:
        findings.error("value.invalid", scalar.spot, reason="long", length=len(text), limit=limit)
        return None
    if not text.isprintable():
        for sign in text:
            if sign not in "\n\r\t" and (
                unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} or sign in NO_TEXT
            ):
                findings.error("value.invalid", scalar.spot, reason="control", character=f"U+{ord(sign):04X}")
                return None
    return text


def plan_id(scalar: Scalar, findings: Findings) -> str | None:
    """The plan's id: a-z, 0-9 and hyphen, 1–40; it is in every session key and in file names."""
    if PLAN_ID.fullmatch(scalar.text):
        return scalar.text
    findings.error("id.invalid", scalar.spot, reason="plan", value=shown(scalar.as_written))
    return None


def local_id(scalar: Scalar, findings: Findings) -> str | None:
    """An id inside the plan: small letters of any alphabet, 0-9 and hyphen, 1–40, at least one no hyphen."""
    text = unicodedata.normalize("NFC", scalar.text)
    if is_local_id(text):
        return text
    findings.error("id.invalid", scalar.spot, reason="local", value=shown(text), suggestion=_id_like(text))
    return None


def is_local_id(text: str) -> bool:
    """Whether `text` (NFC) may be an id of a course, offering, session, audience, pool and so on."""
    if not 1 <= len(text) <= MAX_ID or text.strip("-") == "":
        return False
    return all(
        sign == "-" or sign in "0123456789" or (sign.isalpha() and sign == sign.lower()) for sign in text
    )


def _id_like(text: str) -> str:
    kept = "".join(sign if is_local_id(sign) else "-" for sign in text[:200].lower())
    return re.sub("-+", "-", kept)[:MAX_ID].strip("-") or "id-1"


def address(scalar: Scalar, findings: Findings) -> str | None:
    """A mail address without a display name, lower-cased, ASCII (what Exchange delivers to)."""
    text = plain_address(scalar.text)
    found = ADDRESS.fullmatch(text)
    if found and len(text) <= ADDRESS_CHARACTERS and len(found["local"]) <= LOCAL_PART_CHARACTERS:
        return text
    reason = (
        "display_name"
        if "<" in text
        else "name"
        if "@" not in text and any(sign.isalpha() for sign in text)
        else "letters"
        if not text.isascii()
        else "form"
    )
    findings.error("address.invalid", scalar.spot, reason=reason, value=shown(scalar.as_written))
    return None


def group(scalar: Scalar, findings: Findings) -> str | None:
    """An Entra group: a mail address or an object id, lower-cased."""
    text = plain_address(scalar.text)
    if OBJECT_ID.fullmatch(text):
        return text
    if "@" not in text:
        findings.error("address.invalid", scalar.spot, reason="group", value=shown(scalar.as_written))
        return None
    return address(scalar, findings)


def flag(scalar: Scalar, findings: Findings) -> bool | None:
    """True or false, in English or Danish."""
    word = scalar.text.strip().casefold()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    findings.error("value.invalid", scalar.spot, reason="flag", value=shown(scalar.as_written))
    return None


def choice(options: type[Choice]) -> Field[Choice]:
    """One of a fixed list, exactly as the format spells it."""
    names = {option.value: option for option in options}

    def read(scalar: Scalar, findings: Findings) -> Choice | None:
        found = names.get(scalar.text)
        if found is None:
            note_choice(scalar, findings, names)
        return found

    return read


def note_choice(scalar: Scalar, findings: Findings, names: Collection[str]) -> None:
    """Note that a value is none of `names`, with the nearest."""
    near = findings.near_params(scalar.text, names, near="choice_near", far="choice")
    findings.error(
        "value.invalid", scalar.spot, value=shown(scalar.as_written), choices=", ".join(names), **near
    )


def whole(minimum: int, maximum: int) -> Field[int]:
    """A whole number from `minimum` to `maximum`, digits only."""

    def read(scalar: Scalar, findings: Findings) -> int | None:
        if WHOLE.fullmatch(scalar.text) and scalar.text.isascii():
            number = int(scalar.text)
            if minimum <= number <= maximum:
                return number
        findings.error(
            "value.invalid",
            scalar.spot,
            reason="whole",
            value=shown(scalar.as_written),
            minimum=minimum,
            maximum=maximum,
        )
        return None

    return read


def amount(scalar: Scalar, findings: Findings) -> Decimal | None:
    """Money: digits, with a full stop before one or two decimals.

    `300.000` could mean two things and is refused.
    """
    if AMOUNT.fullmatch(scalar.text) and scalar.text.isascii():
        return Decimal(scalar.text)
    findings.error("value.invalid", scalar.spot, reason="amount", value=shown(scalar.as_written))
    return None


def currency(scalar: Scalar, findings: Findings) -> str | None:
    """A currency by its three letters (ISO 4217)."""
    text = scalar.text.strip().upper()
    if len(text) == 3 and text.isascii() and text.isalpha():  # noqa: PLR2004 - three letters is the standard
        return text
    findings.error("value.invalid", scalar.spot, reason="currency", value=shown(scalar.as_written))
    return None


def web_address(scalar: Scalar, findings: Findings) -> str | None:
    """An https link of at most 2,000 characters."""
    text = scalar.text.strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme == "https" and bool(parts.hostname) and text.isprintable() and " " not in text
    except ValueError:
        good = False
    if good and len(text) <= 2000:  # noqa: PLR2004 - what browsers and Outlook take in a link
        return text
    findings.error("value.invalid", scalar.spot, reason="url", value=shown(scalar.as_written))
    return None
