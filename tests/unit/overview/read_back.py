"""The overview's files read back by other libraries."""

from io import BytesIO

import openpyxl
import pypdf

from bot.domain.people import Language
from bot.overview.as_workbook import overview_xlsx


def book(overview, language=Language.DA):
    return openpyxl.load_workbook(BytesIO(overview_xlsx(overview, language)))


def rows_of(sheet):
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def text_of(data):
    """The text without hyphens and line breaks, which the setter puts in."""
    pages = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages)
    return "".join(pages.replace("\u00ad", "").replace("-\n", "").split())
