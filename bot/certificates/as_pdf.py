"""A certificate as a PDF: tagged, one page where its words fit on one, the same bytes for the same facts.

Typst sets it, as it sets the overview for directors: from a wheel that brings its own fonts, without a file
or the network. What people wrote goes to it as data and is set as text, never into its source. PDF/UA-1 wants
every letter to be shown:

    the letters are all in        fonts                    it says that it is PDF/UA-1
    typst's own fonts             those                    yes
    these and the machine's       both                     yes
    neither: emoji, rare script   both, boxes for these    no, but it is tagged as ever

A word too long for a line, which no name of anybody's is, is broken where the line ends.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.domain.certificates import written_code
from bot.i18n.catalogue import text
from bot.messages.characters import cut_at_word

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
    import typst

    given = json.dumps(_given(paper, language, code, check_at), ensure_ascii=False)
    made = int(datetime(*paper.date, 12, tzinfo=UTC).timestamp())

    def compiled(standards: list[typst.PDFStandard], *, own_fonts: bool) -> bytes:
        pdf: bytes = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"paper": given},
            pdf_standards=standards,
            ignore_system_fonts=own_fonts,
            timestamp=made,
        )
        return pdf

    for own_fonts in (True, False):
        with suppress(typst.TypstError):
            return compiled(["ua-1"], own_fonts=own_fonts)
    return compiled([], own_fonts=False)


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
