"""The package of our Teams app: its manifest and two icons in a zip file, as the Teams admin centre takes it.

The manifest's template is `config/teams/manifest.json`; its activity types are those of
`bot.domain.templates`. The icons are drawn here: a calendar sheet in white on the manifest's accent colour
(192 × 192), and on nothing (32 × 32). The same settings give the same bytes.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from importlib.resources import files
from io import BytesIO
from string import Template
from typing import TYPE_CHECKING, Any

from bot.domain.templates import ACTIVITIES
from bot.i18n.catalogue import text
from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from bot.domain.people import Language

LONGEST = {"short": 30, "name": 100, "about": 80, "description": 4000, "organisation": 32}
LONGEST_ACTIVITY = 128
COLOR_SIZE, OUTLINE_SIZE = 192, 32
INK, ACCENT, NOTHING = bytes.fromhex("ffffffff"), bytes.fromhex("1f4e79ff"), bytes.fromhex("ffffff00")
UNCHANGING_DATE = (2025, 1, 1, 0, 0, 0)
Colour = bytes
DRAWING = (
    "................",
    "................",
    "....#......#....",
    "....#......#....",
    "..############..",
    "..############..",
    "..############..",
    "..#..........#..",
    "..#.##.##.##.#..",
    "..#.##.##.##.#..",
    "..#..........#..",
    "..#.##.##....#..",
    "..#..........#..",
    "..############..",
    "................",
    "................",
)


def teams_package(
    *, app_id: str, client_id: str, organisation: str, website: str, language: Language
) -> bytes:
    """The zip file.

    `client_id` is the app registration's, `website` an https address for the developer's links.
    """
    packed = BytesIO()
    manifest = teams_manifest(
        app_id=app_id, client_id=client_id, organisation=organisation, website=website, language=language
    )
    parts = (
        ("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2).encode()),
        ("color.png", _png(COLOR_SIZE, ACCENT)),
        ("outline.png", _png(OUTLINE_SIZE, NOTHING)),
    )
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name, UNCHANGING_DATE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def teams_manifest(
    *, app_id: str, client_id: str, organisation: str, website: str, language: Language
) -> dict[str, Any]:
    """The manifest as JSON data."""
    named = one_line(organisation)
    words = {
        name: text(language, f"teams.app.{name}", organisation=named)
        for name in ("short", "name", "about", "description")
    }
    words = {
        name: cut_at_word(value, LONGEST[name]) for name, value in (words | {"organisation": named}).items()
    }
    kinds = {
        kind: cut_at_word(text(language, f"messages.activity.{kind}"), LONGEST_ACTIVITY)
        for kind in ACTIVITIES
    }
    template = json.loads(files("config").joinpath("teams", "manifest.json").read_text(encoding="utf-8"))
    filled: dict[str, Any] = _fill(
        template, {**words, **kinds, "app_id": app_id, "client_id": client_id, "website": website}
    )
    return filled


def _fill(part: Any, words: dict[str, str]) -> Any:
    match part:
        case str():
            return Template(part).substitute(words)
        case list():
            return [_fill(one, words) for one in part]
        case dict():
            return {name: _fill(value, words) for name, value in part.items()}
        case _:
            return part


def _png(size: int, ground: Colour) -> bytes:
    """The drawing as a square picture of `size` points, a multiple of 16."""
    scale = size // len(DRAWING)
    rows = b"".join(
        (b"\0" + b"".join((INK if dot == "#" else ground) * scale for dot in line)) * scale
        for line in DRAWING
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
