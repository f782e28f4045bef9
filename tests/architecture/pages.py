"""The pages as the tests read them: which there are, what stands in quotes, and the rows of tables."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

README, ARCHITECTURE, CHANGELOG, DOCS = ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md", ROOT / "docs"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
GUIDE = DOCS / "hr-guide.da.md"
FOLLOWING, ADDING, DECISIONS = DOCS / "following.md", DOCS / "adding.md", sorted((DOCS / "decisions").glob("[0-9]*.md"))
PLACE = re.compile(r"(?:bot|config|docs|jobs|tests)(?:[/.][\w./-]*)?|[\w.-]+\.(?:toml|lock|md)")
QUOTED = re.compile(r"`([^`\n]+)`")


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    return FENCE.sub("", text_of(page))


def rows(page: Path, *headings: str) -> list[list[str]]:
    """The cells of every table that begins with these headings."""
    found: list[list[str]] = []
    inside = False
    for line in prose(page).splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip("|"))] if line.startswith("|") else []
        if not cells:
            inside = False
        elif cells[: len(headings)] == list(headings):
            inside = True
        elif inside and not all(re.fullmatch(":?-+:?", cell) for cell in cells):
            found.append(cells)
    assert found, f"{page.name} has no table {headings}"
    return found


def quoted(cell: str) -> list[str]:
    return QUOTED.findall(cell)
