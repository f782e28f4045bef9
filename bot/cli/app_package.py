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
from dataclasses import dataclass
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
LONGEST_COMMAND = 32
VERSION_WITH_BOT = "1.1.0"
"""Above the manifest's own: Teams takes an app that it has already only with a higher version."""
COMMANDS = ("mine", "coming", "unanswered", "help")
"""What Teams offers to write to the bot; each is understood (`bot.cards.words`)."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class BotInApp:
    """The bot that comes with the app: its registration's id, and the host of our pages."""

    app_id: str
    host: str


def teams_package(
    *,
    app_id: str,
    client_id: str,
    organisation: str,
    website: str,
    language: Language,
    bot: BotInApp | None = None,
) -> bytes:
    """The zip file.

    `client_id` is the app registration's, `website` an https address for the developer's links, `bot` the one
    that is in the app, None without one.
    """
    packed = BytesIO()
    manifest = teams_manifest(
        app_id=app_id,
        client_id=client_id,
        organisation=organisation,
        website=website,
        language=language,
        bot=bot,
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
    *,
    app_id: str,
    client_id: str,
    organisation: str,
    website: str,
    language: Language,
    bot: BotInApp | None = None,
) -> dict[str, Any]:
    """The manifest as JSON data."""
    named = one_line(organisation)
    said = {"about": "about_bot", "description": "description_bot"} if bot is not None else {}
    words = {
        name: text(language, f"teams.app.{said.get(name, name)}", organisation=named)
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
    return filled if bot is None else filled | _parts_of(bot, language)


def _parts_of(bot: BotInApp, language: Language) -> dict[str, Any]:
    """What the manifest has more where there is a bot: the bot itself, and sharing a course in any chat."""

    def said(name: str, longest: int) -> str:
        return cut_at_word(text(language, f"teams.bot.{name}"), longest)

    commands = [
        {"title": said(name, LONGEST_COMMAND), "description": said(f"{name}_about", LONGEST_ACTIVITY)}
        for name in COMMANDS
    ]
    words = {
        "name": "words",
        "title": said("words", LONGEST_COMMAND),
        "description": said("words_about", LONGEST_ACTIVITY),
    }
    share = {
        "id": "share",
        "type": "query",
        "title": said("share", LONGEST_COMMAND),
        "description": said("share_about", LONGEST_ACTIVITY),
        "context": ["compose"],
        "initialRun": True,
        "parameters": [words],
    }
    return {
        "version": VERSION_WITH_BOT,
        "bots": [
            {
                "botId": bot.app_id,
                "scopes": ["personal", "team"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": ["personal"], "commands": commands}],
            }
        ],
        "composeExtensions": [{"botId": bot.app_id, "commands": [share]}],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [bot.host],
    }


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
