"""The words in a plan's file that the books keep, to find a person in it. Breaks on nothing."""

from __future__ import annotations

from io import BytesIO
from zipfile import BadZipFile, ZipFile

MOST_BYTES = 20 * 1024 * 1024
"""Of each part: what unfolds to more is no workbook of HR's."""


def words_of(content: bytes) -> str | None:
    """All text of a workbook with its marks, or of a plain file; None of what cannot be opened."""
    if not content.startswith(b"PK\x03\x04"):
        return content.decode("utf-8", "replace")
    parts = []
    try:
        with ZipFile(BytesIO(content)) as workbook:
            for name in workbook.namelist():
                with workbook.open(name) as part:
                    parts.append(part.read(MOST_BYTES).decode("utf-8", "replace"))
    except (BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return None
    return "\n".join(parts)
