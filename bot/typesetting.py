"""Paper as PDF: tagged, the same bytes for the same facts.

Typst sets it, from a wheel that brings its own fonts and needs nothing of the machine. What people wrote goes
to it as data and is set as text, never into its source; it reads no file and asks no network. PDF/UA-1 wants
every letter to be shown:

    the letters are all in        fonts                    it says that it is PDF/UA-1
    typst's own fonts             those                    yes
    these and the machine's       both                     yes
    neither: emoji, rare script   both, boxes for these    no, but it is tagged as ever
"""

from __future__ import annotations

import functools
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import typst


def set_paper(template: Path, name: str, facts: dict[str, Any], *, made: datetime) -> bytes:
    """The PDF of a template that reads facts as JSON from the input `name`; it is dated `made` (aware)."""
    import typst

    source, given = template.read_bytes(), json.dumps(facts, ensure_ascii=False)

    def compiled(standards: list[typst.PDFStandard], *, own_fonts: bool) -> bytes:
        pdf: bytes = typst.compile(
            source,
            format="pdf",
            sys_inputs={name: given},
            pdf_standards=standards,
            font_paths=_fonts(own=own_fonts),
            ignore_system_fonts=own_fonts,
            timestamp=int(made.timestamp()),
        )
        return pdf

    for own_fonts in (True, False):
        with suppress(typst.TypstError):
            return compiled(["ua-1"], own_fonts=own_fonts)
    return compiled([], own_fonts=False)


@functools.cache
def _fonts(*, own: bool) -> typst.Fonts:
    """Found once in a process, which is a third of a short paper: typst's own, or the machine's as well."""
    import typst

    return typst.Fonts(include_system_fonts=not own)
