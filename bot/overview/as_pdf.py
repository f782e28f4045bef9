"""The overview as a PDF for the agenda.

Tagged, with page numbers and the date, the same bytes for the same overview.

Typst sets it, from a wheel that brings its own fonts and needs nothing of the machine. What people wrote goes
to it as data and is set as text, never into its source; it reads no file and asks no network. PDF/UA-1 wants
every letter to be shown:

    the letters are all in        fonts                    it says that it is PDF/UA-1
    typst's own fonts             those                    yes
    these and the machine's       both                     yes
    neither: emoji, rare script   both, boxes for these    no, but it is tagged as ever
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.overview.document import Chart, PaperTable, Sentences

if TYPE_CHECKING:
    from datetime import datetime

    from bot.overview.document import Block, Document

TEMPLATE = Path(__file__).with_name("overview.typ")


def overview_pdf(document: Document, *, made: datetime) -> bytes:
    """The file; `made` (UTC) is when the overview was."""
    import typst

    given = json.dumps(_paper(document, made.astimezone(UTC)), ensure_ascii=False)

    def compiled(standards: list[typst.PDFStandard], *, own_fonts: bool) -> bytes:
        pdf: bytes = typst.compile(
            TEMPLATE.read_bytes(),
            format="pdf",
            sys_inputs={"document": given},
            pdf_standards=standards,
            ignore_system_fonts=own_fonts,
            timestamp=int(made.timestamp()),
        )
        return pdf

    for own_fonts in (True, False):
        with suppress(typst.TypstError):
            return compiled(["ua-1"], own_fonts=own_fonts)
    return compiled([], own_fonts=False)


def _paper(document: Document, made: datetime) -> dict[str, Any]:
    return {
        "language": document.language,
        "title": document.title,
        "organisation": document.organisation,
        "made": document.made,
        "page": document.page,
        "of": document.of,
        "date": [made.year, made.month, made.day],
        "sections": [
            {
                "heading": section.heading,
                "level": section.level,
                "begins_page": section.begins_page,
                "blocks": [_block(block) for block in section.blocks],
            }
            for section in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case PaperTable():
            return {
                "kind": "table",
                "caption": block.caption,
                "total": block.has_total,
                "columns": [
                    {"heading": column.heading, "share": column.share, "number": column.is_number}
                    for column in block.columns
                ],
                "rows": [[cell.lines for cell in row] for row in block.rows],
            }
        case Chart():
            return {
                "kind": "chart",
                "title": block.title,
                "told": block.told,
                "legend": block.legend,
                "bars": [
                    {
                        "label": bar.label,
                        "value": bar.value,
                        "limit": bar.limit,
                        "parts": [
                            {"fill": part.fill, "begins": part.begins, "width": part.width}
                            for part in bar.parts
                        ],
                    }
                    for bar in block.bars
                ],
            }
        case Sentences():
            return {"kind": "points" if block.are_points else "text", "lines": block.lines}
