"""Texts by language and code: `bot/i18n/<language>/<area>.toml`, read once, filled with `str.format`.

A code is the area and the key: `errors.run_locked` is `run_locked` in `errors.toml`; nested tables are
further dots. Both languages have the same codes and the same parameters (a test holds them together).
Does not hold the texts of mails and invitations: those are templates in `bot.messages`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.people import Language

if TYPE_CHECKING:
    from bot.errors import KursusbotError

FOLDER = Path(__file__).parent


def text(language: Language, code: str, /, **params: object) -> str:
    """The text of `code` with its parameters; raises KeyError for a code that no catalogue has."""
    area, _, key = code.partition(".")
    return load_area(language, area)[key].format(**params)


def plural(language: Language, code: str, count: int, /, **params: object) -> str:
    """`<code>.one` or `<code>.other` by `count` (which the text may use as {count})."""
    return text(language, f"{code}.{'one' if count == 1 else 'other'}", count=count, **params)


def error_text(language: Language, error: KursusbotError) -> str:
    """What an error of ours says to a person."""
    return text(language, f"errors.{error.code}", **error.params)


@cache
def load_area(language: Language, area: str) -> dict[str, str]:
    """One file of the catalogue, flattened to dotted keys."""
    with (FOLDER / language.value / f"{area}.toml").open("rb") as file:
        return dict(_flatten("", tomllib.load(file)))


def _flatten(prefix: str, table: dict[str, object]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            rows += _flatten(f"{prefix}{key}.", value)
        else:
            rows.append((f"{prefix}{key}", str(value)))
    return rows
