"""What must be known about a workbook before it is handed to the reader: is it safe, and what would it hide.

`python-calamine` (0.9.1, tried 2026-11-28) unpacks without limit, makes a dense table from a sheet's first to
its last cell that has a value, and gives an empty text both for an error (`#REF!`) and for a formula that
nobody has calculated; rows of them below the last value it does not give at all. So the archive is unpacked
here once, counting, and each sheet's cells are walked with expat.

    cell                                        stored                              is
    an error                                    any                                 hidden: `error`
    a formula, shared ones and arrays too       no value                            hidden: `formula`
    a cell of an array's area                   no value                            hidden: `formula`
    a formula, file to be calculated on load    0, as libraries write it            hidden: `formula`
    a formula                                   an empty text                       blank: it was calculated, and says nothing
    anything else                               a value or a text                   filled: the reader must give it
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias
from xml.parsers import expat

from bot.plan.nodes import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.plan.findings import Findings

MEGABYTE = 1_000_000
MOST_UNPACKED = 40 * MEGABYTE
MOST_ENTRIES = 1_000
CHUNK = 1 << 16
# 5,000 sessions are 90,000 cells. The table that is made from them is dense, so its corner counts.
MOST_CELLS = 200_000
MOST_TABLE_CELLS = 2_000_000
# Texts are stored once and copied into every cell that uses them.
MOST_TEXT = 40 * MEGABYTE
# Cells of one array's area that are looked for; a longer one is told of at its first cells.
MOST_OF_AREA = 5_000
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class Unsafe(Exception):
    """The workbook is refused; the argument is the reason under `problems.workbook.unreadable`."""


Cell: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class SheetScan:
    """The cells of one sheet by (row, column) from 1, told apart as in the table above.

    `hidden` with the reason.
    """

    hidden: dict[Cell, str] = field(default_factory=dict)
    blank: set[Cell] = field(default_factory=set)
    filled: set[Cell] = field(default_factory=set)

    def at(self, cell: Cell, *, given: bool) -> str:
        """Why there is no value to use.

        `error`, `formula`, `unread` (filled, and not given by the reader), or "".
        """
        return self.hidden.get(cell, "" if given or cell not in self.filled else "unread")

    @property
    def rows(self) -> frozenset[int]:
        """The rows with a cell that must not be taken for empty."""
        return frozenset(row for row, _ in (*self.hidden, *self.filled))


def scan_workbook(data: bytes, findings: Findings) -> dict[str, SheetScan] | None:
    """What each sheet hides, by the sheet's name; None (and noted) when the bytes are no workbook to open."""
    try:
        parts = _unpacked(data)
        _refuse_others(parts)
        texts = _text_lengths(parts.get("xl/sharedstrings.xml", b""))
        stale = _calculates_on_load(parts["xl/workbook.xml"])
        return {
            name: _scan_sheet(parts[path], texts, stale=stale) for name, path in _sheet_paths(parts).items()
        }
    except Unsafe as unsafe:
        findings.error("workbook.unreadable", ROOT, reason=str(unsafe))
    except (
        zipfile.BadZipFile,
        zlib.error,
        expat.ExpatError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        LookupError,
        EOFError,
        OSError,
    ):
        # What zipfile and expat raise for broken, encrypted or oddly packed archives.
        findings.error("workbook.unreadable", ROOT, reason="broken")
    return None


def _unpacked(data: bytes) -> dict[str, bytes]:
    """Every part, unpacked under a common limit whatever the directory says about sizes."""
    left = MOST_UNPACKED
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Unsafe("too_big")
        for entry in entries:
            entry.file_size = left + 1  # read until the data ends, not until the directory says so
            chunks: list[bytes] = []
            with archive.open(entry) as stream:
                while chunk := stream.read(CHUNK):
                    left -= len(chunk)
                    if left < 0:
                        raise Unsafe("too_big")
                    chunks.append(chunk)
            name = entry.filename.replace("\\", "/").lower()  # calamine finds parts whatever their case
            if name in parts:
                raise Unsafe("broken")
            parts[name] = b"".join(chunks)
    return parts


def _refuse_others(parts: dict[str, bytes]) -> None:
    if b"opendocument" in parts.get("mimetype", b""):
        raise Unsafe("open_document")
    if "xl/workbook.bin" in parts:
        raise Unsafe("binary")
    if "xl/workbook.xml" not in parts:
        raise Unsafe("no_workbook")


def _sheet_paths(parts: dict[str, bytes]) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name."""
    targets: dict[str, str] = {}
    names: dict[str, str] = {}

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            reference = next((value for name, value in attributes.items() if _local(name) == "id"), "")
            names[attributes.get("name", "")] = reference

    _walk(parts.get("xl/_rels/workbook.xml.rels", b""), relation)
    _walk(parts["xl/workbook.xml"], sheet)
    paths = {name: targets.get(reference, "") for name, reference in names.items()}
    return {
        name: posixpath.normpath(posixpath.join("/xl", path)).lstrip("/").lower()
        for name, path in paths.items()
    }


def _walk(
    xml: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    if not xml:
        return
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position only


def _refuse_declaration(*_: object) -> None:
    raise Unsafe("broken")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _text_lengths(xml: bytes) -> list[int]:
    """The length of each shared text, by its number."""
    lengths: list[int] = []

    def start(tag: str, _: dict[str, str]) -> None:
        if _local(tag) == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    _walk(xml, start, None, text)
    return lengths


def _calculates_on_load(xml: bytes) -> bool:
    """Whether the file says that its values are still to be calculated.

    Excel takes that away when it saves.
    """
    said: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "calcPr":
            said.append(attributes.get("fullCalcOnLoad", ""))

    _walk(xml, start)
    return not {"1", "true"}.isdisjoint(said)


def _scan_sheet(xml: bytes, texts: list[int], *, stale: bool) -> SheetScan:
    walker = _SheetWalker(texts, stale=stale)
    _walk(xml, walker.start, walker.end, walker.text)
    return walker.finished()


class _SheetWalker:
    """expat's handlers for one sheet.

    A cell without a reference is the one after the last (ECMA-376, 18.3.1.4).
    """

    def __init__(self, texts: list[int], *, stale: bool) -> None:
        self._found = SheetScan()
        self._texts = texts
        self._stale = stale
        self._row = self._column = 0
        self._cells = self._text = 0
        self._corner = (0, 0)
        self._areas: list[str] = []
        self._kind = ""
        self._value = self._inline = ""
        self._has_formula = self._has_value = self._has_text = False
        self._in_value = self._in_inline = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter a row, a cell or what a cell holds."""
        match _local(tag):
            case "c":
                self._enter_cell(attributes)
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
            case "f":
                self._has_formula = True
                if attributes.get("t") == "array":
                    self._areas.append(attributes.get("ref", ""))
            case "v":
                self._in_value = self._has_value = True
            case "is":
                self._in_inline = self._has_text = True
            case _:
                pass

    def text(self, characters: str) -> None:
        """Collect a value."""
        if self._in_value:
            self._value += characters
        elif self._in_inline:
            self._inline += characters

    def end(self, tag: str) -> None:
        """Leave a value or a cell."""
        match _local(tag):
            case "v":
                self._in_value = False
            case "is":
                self._in_inline = False
            case "c":
                self._leave_cell()
            case _:
                pass

    def finished(self) -> SheetScan:
        """What was found, with the cells of arrays that have no value of their own."""
        for area in self._areas:
            for cell in _cells_of(area):
                if cell not in self._found.filled and cell not in self._found.blank:
                    self._found.hidden.setdefault(cell, "formula")
        return self._found

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        self._column += 1
        if reference := attributes.get("r"):
            found = REFERENCE.fullmatch(reference)
            if found is None:
                raise Unsafe("broken")
            self._row, self._column = int(found[2]), _column_number(found[1])
        self._kind = attributes.get("t", "n")
        self._value = self._inline = ""
        self._has_formula = self._has_value = self._has_text = False

    def _leave_cell(self) -> None:
        if not (self._value or self._has_formula or self._has_text):
            return
        length = self._shared_length()
        self._count_cell(length or 0)
        cell = (self._row, self._column)
        if self._kind == "e":
            self._found.hidden[cell] = "error"
        elif self._has_formula and self._is_uncalculated:
            self._found.hidden[cell] = "formula"
        elif self._has_formula and not self._value:
            self._found.blank.add(cell)
        elif length or (length is None and (self._value or self._inline)):
            self._found.filled.add(cell)

    def _count_cell(self, length: int) -> None:
        """Raises Unsafe when it is one too many, too far out, or too much text."""
        self._cells += 1
        self._corner = (max(self._corner[0], self._row), max(self._corner[1], self._column))
        self._text += length
        if (
            self._cells > MOST_CELLS
            or self._corner[0] * self._corner[1] > MOST_TABLE_CELLS
            or self._text > MOST_TEXT
        ):
            raise Unsafe("too_big")

    @property
    def _is_uncalculated(self) -> bool:
        if not self._value:
            return not (self._has_value and self._kind == "str")
        return self._stale and self._kind == "n" and self._value == "0"

    def _shared_length(self) -> int | None:
        """How long the shared text is that the cell shows; None where it shows none."""
        if self._kind == "s" and self._value.isdigit() and int(self._value) < len(self._texts):
            return self._texts[int(self._value)]
        return None


def _cells_of(area: str) -> Iterator[Cell]:
    """The cells of `A2:B9`, the first of them where there are very many; none of what is no area."""
    first, _, last = area.partition(":")
    corners = REFERENCE.fullmatch(first), REFERENCE.fullmatch(last or first)
    if corners[0] is None or corners[1] is None:
        return
    (left, top), (right, bottom) = ((_column_number(found[1]), int(found[2])) for found in corners if found)
    cells = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
    yield from islice(cells, MOST_OF_AREA)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
