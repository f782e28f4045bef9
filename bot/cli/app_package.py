"""The package of our Teams app, as the Teams admin centre takes it: a zip file.

    manifest.json, en.json    `bot.cli.app_manifest`
    color.png, outline.png    drawn here: a calendar sheet in white, on the manifest's accent colour
                              (192 × 192) and on nothing (32 × 32)

The same facts and version give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from bot.cli.app_manifest import teams_manifest, translations

if TYPE_CHECKING:
    from bot.cli.app_manifest import AppFacts

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


def package_digest(app: AppFacts) -> str:
    """What tells packages apart: of everything in it but the version."""
    whole = hashlib.sha256()
    for name, content in _parts(app, version=""):
        whole.update(f"{name} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def teams_package(app: AppFacts, *, version: str) -> bytes:
    """The zip file."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _parts(app, version=version):
            archive.writestr(zipfile.ZipInfo(name, UNCHANGING_DATE), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _parts(app: AppFacts, *, version: str) -> tuple[tuple[str, bytes], ...]:
    texts = {"manifest.json": teams_manifest(app, version=version), **translations(app)}
    return (
        *((name, json.dumps(one, ensure_ascii=False, indent=2).encode()) for name, one in texts.items()),
        ("color.png", _png(COLOR_SIZE, ACCENT)),
        ("outline.png", _png(OUTLINE_SIZE, NOTHING)),
    )


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
