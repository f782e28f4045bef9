"""Archives that would hurt whoever unpacks them, and files that only look like workbooks: refused at once, no traceback."""

from __future__ import annotations

import time

import pytest

from bot.plan.workbook_scan import MOST_UNPACKED
from tests.builders.documents import found, workbook
from tests.unit.plan.archives import archive, changed, unpacked, with_cells


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "broken"),
        (workbook()[:-200], "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old"),
        (archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "open_document"),
        (archive({"xl/workbook.bin": "x"}), "binary"),
        (archive({"word/document.xml": "<a/>"}), "no_workbook"),
        (archive({"xl/workbook.xml": "<a"}), "broken"),
        (archive(unpacked(workbook()) | {"XL/Workbook.xml": b"<a/>"}), "broken"),
        (archive({f"{number}": "" for number in range(1001)}), "too_big"),
        (changed(**{"<sheetData>": b"<!-- -->"}), "broken"),
    ],
)
def test_what_is_no_workbook_says_so(data, reason):
    """`workbook.unreadable`, at the root, with what to do."""
    assert found(data, name="plan.xlsx") == [("workbook.unreadable", reason, "", 1)]


BOMBS = {
    "declared": lambda: archive({"xl/workbook.xml": b" " * (MOST_UNPACKED + 1)}),
    "many": lambda: archive({f"{number}": b" " * 1_000_000 for number in range(41)}),
    "far corner": lambda: with_cells(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    "far corner without references": lambda: with_cells(b'<row r="1048576">' + b"<c><v>1</v></c>" * 10 + b"</row>"),
    "many cells": lambda: with_cells(b'<row r="9">' + b"<c><v>1</v></c>" * 200_001 + b"</row>"),
    "declarations": lambda: changed(**{"<worksheet": b'<!DOCTYPE a [<!ENTITY b "bbbb">]><worksheet'}),
}


# One that goes off takes minutes and gigabytes; this leaves room for a slow machine under a tracer.
SECONDS = 20


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_before_it_goes_off(name):
    """Sizes are counted while unpacking, and the corner of each sheet before a table is made of it."""
    data = BOMBS[name]()
    began = time.process_time()
    assert [problem[0] for problem in found(data)] == ["workbook.unreadable"]
    assert time.process_time() - began < SECONDS


def test_an_archive_that_lies_about_its_size_is_refused():
    """The directory says ten bytes; the data go on."""
    data = bytearray(archive({"xl/workbook.xml": b" " * (MOST_UNPACKED + 1)}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert [problem[0] for problem in found(bytes(data))] == ["workbook.unreadable"]


def test_a_long_text_used_in_many_cells_is_refused():
    """It is stored once and would be copied into each."""
    parts = unpacked(workbook())
    parts["xl/sharedStrings.xml"] = b"<sst> <si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    cells = b'<row r="9">' + b'<c t="s"><v>0</v></c>' * 5_000 + b"</row></sheetData>"
    parts["xl/worksheets/sheet4.xml"] = parts["xl/worksheets/sheet4.xml"].replace(b"</sheetData>", cells)
    assert found(archive(parts)) == [("workbook.unreadable", "too_big", "", 1)]


def test_formatted_empty_cells_to_the_last_row_are_nothing():
    """What a person makes by formatting a whole column."""
    assert found(with_cells(b'<row r="1048576"><c r="XFD1048576" s="1"/></row>')) == []
