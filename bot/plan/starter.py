"""The plan that `init` writes: a commented example in YAML, and the same as a workbook.

The texts stand in `starters/<language>.yaml`; everybody and everything in them is invented.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bot.plan.parse import parse_plan
from bot.plan.workbook_writer import render_workbook

if TYPE_CHECKING:
    from bot.domain.people import Language

FOLDER = Path(__file__).parent / "starters"
# Any moment before the example's dates: it is only asked what is past.
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def starter(kind: Literal["yaml", "xlsx"], language: Language) -> bytes:
    """The starter plan as the bytes of a file; it parses without problems until its dates (2030) are past.

    A workbook has Danish headings whatever the language; its comments and rows are in `language`.
    """
    source = (FOLDER / f"{language.value}.yaml").read_bytes()
    if kind == "yaml":
        return source
    return render_workbook(parse_plan(source, name="starter.yaml", now=BEFORE).usable(), language)
