"""Workbooks taken apart and put together again."""

from __future__ import annotations

import io
import zipfile

from tests.builders.documents import workbook


def archive(parts, *, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def changed(**replacements):
    """A good workbook with texts in its sheet of sessions (the fourth) replaced."""
    parts = unpacked(workbook())
    for old, new in replacements.items():
        parts["xl/worksheets/sheet4.xml"] = parts["xl/worksheets/sheet4.xml"].replace(old.encode(), new)
    return archive(parts)


def with_cells(cells):
    """A good workbook with these cells in its sheet of sessions."""
    return changed(**{"</sheetData>": cells + b"</sheetData>"})
