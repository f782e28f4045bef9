"""Cells put into a workbook as they stand in its file: what reads and writes whole workbooks takes a hundred times as long."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ET.register_namespace("", MAIN)


def formula(words: str) -> ET.Element:
    """As a library writes it that calculates nothing."""
    cell = ET.Element(f"{{{MAIN}}}c")
    ET.SubElement(cell, f"{{{MAIN}}}f").text = words
    ET.SubElement(cell, f"{{{MAIN}}}v")
    return cell


def unticked() -> ET.Element:
    """A box that nobody ticked."""
    cell = ET.Element(f"{{{MAIN}}}c", t="b")
    ET.SubElement(cell, f"{{{MAIN}}}v").text = "0"
    return cell


def with_cells(data: bytes, cells: Mapping[str, Mapping[tuple[int, int], ET.Element]]) -> bytes:
    """The workbook with these cells, by the sheet's name, row and column (both from 1), whatever stood there before."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheets = [html.unescape(name) for name in re.findall(r'<sheet name="([^"]*)"', parts["xl/workbook.xml"].decode())]
    for sheet, put in cells.items():
        part = f"xl/worksheets/sheet{sheets.index(sheet) + 1}.xml"
        parts[part] = _with_cells(parts[part], put)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def _with_cells(part: bytes, put: Mapping[tuple[int, int], ET.Element]) -> bytes:
    root = ET.fromstring(part)  # noqa: S314 - we wrote it
    grid = root.find(f"{{{MAIN}}}sheetData")
    assert grid is not None
    rows = {int(row.attrib["r"]): row for row in grid}
    for (number, column), cell in put.items():
        cell.set("r", f"{letters(column)}{number}")
        row = rows.setdefault(number, ET.Element(f"{{{MAIN}}}row", r=str(number)))
        others = {one.attrib["r"]: one for one in row} | {cell.attrib["r"]: cell}
        row[:] = sorted(others.values(), key=lambda one: (len(one.attrib["r"]), one.attrib["r"]))
    grid[:] = [row for _, row in sorted(rows.items())]
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def letters(column: int) -> str:
    """1 is A, 27 is AA."""
    return ("" if column <= 26 else letters((column - 1) // 26)) + chr(ord("A") + (column - 1) % 26)
