"""The overview as a page to read and to print: one file, nothing fetched, no script.

Every chart has its table beside it (pure).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messages.environment import render
from bot.overview.document import Chart, PaperTable, Sentences

if TYPE_CHECKING:
    from bot.overview.document import Block, Document, PaperSection


def overview_html(document: Document) -> str:
    """The HTML document; everything that somebody wrote is escaped."""
    return render("overview.html.j2", {"document": document, "sections": _sections(document)})


def overview_body(document: Document) -> str:
    """The same without the page around it, for a page that has the looks of `overview.css`."""
    return render("overview_body.html.j2", {"document": document, "sections": _sections(document)})


def _sections(document: Document) -> list[tuple[PaperSection, list[tuple[str, Block]]]]:
    return [(section, [(_kind(block), block) for block in section.blocks]) for section in document.sections]


def _kind(block: Block) -> str:
    if isinstance(block, PaperTable):
        return "table"
    return (
        "chart"
        if isinstance(block, Chart)
        else "points"
        if isinstance(block, Sentences) and block.are_points
        else "text"
    )
