"""A certificate as a PDF (`bot.typesetting`), one page where its words fit on one.

A word too long for a line, which no name of anybody's is, is broken where the line ends.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.certificates import written_code
from bot.i18n.catalogue import text
from bot.messages.characters import cut_at_word
from bot.typesetting import set_paper

if TYPE_CHECKING:
    from bot.domain.certificates import CertificatePaper
    from bot.domain.people import Language

TEMPLATE = Path(__file__).with_name("certificate.typ")
MOST_TOGETHER = 24
"""Letters without a blank that fit on a line in the largest letters."""
LONGEST_LINE = 600
_LONG_WORD = re.compile(rf"\S{{{MOST_TOGETHER}}}(?=\S)")


def certificate_pdf(paper: CertificatePaper, language: Language, *, code: str, check_at: str) -> bytes:
    """The file; `code` "" of an example, `check_at` is the page where a code is checked, "" for none."""
    made = datetime(*paper.date, 12, tzinfo=UTC)
    return set_paper(TEMPLATE, "paper", _given(paper, language, code, check_at), made=made)


def _given(paper: CertificatePaper, language: Language, code: str, check_at: str) -> dict[str, Any]:
    said = {name: _fitting(value) for name, value in asdict(paper).items()}
    foot = [paper.made]
    if code:
        foot.append(text(language, "certificate.code", code=written_code(code)))
    if code and check_at:
        foot.append(text(language, "certificate.check_at", address=check_at))
    return said | {"foot": foot}


def _fitting(value: Any) -> Any:
    """A line that fits, whatever it is: no longer than can be read, broken where nothing else breaks it."""
    match value:
        case str():
            return _LONG_WORD.sub(lambda found: f"{found[0]}\u200b", cut_at_word(value, LONGEST_LINE))
        case tuple() | list():
            return [_fitting(one) for one in value]
        case _:
            return value
