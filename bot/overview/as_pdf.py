"""The overview as a PDF for the agenda (`bot.typesetting`), with page numbers and the date."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.overview.document import Chart, PaperTable, Sentences
from bot.typesetting import set_paper

if TYPE_CHECKING:
    from datetime import datetime

    from bot.overview.document import Block, Document

TEMPLATE = Path(__file__).with_name("overview.typ")


def overview_pdf(document: Document, *, made: datetime) -> bytes:
    """The file; `made` (UTC) is when the overview was."""
    return set_paper(TEMPLATE, "document", _paper(document, made.astimezone(UTC)), made=made)


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
