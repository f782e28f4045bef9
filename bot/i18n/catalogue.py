"""Texts by language and code: `bot/i18n/<language>/<area>.toml`, read once, filled in.

A text that counts has `<code>.one` and `<code>.other` where the whole sentence differs (`plural`). Where only
the noun does, or several things are counted, it stands with the number: `{courses:kursus|kurser}` gives
`1 kursus` and `3 kurser`. A wall time or a day among the parameters is written as people write it
(`bot.i18n.dates`).

A code is the area and the key: `errors.run_locked` is `run_locked` in `errors.toml`; nested tables are
further dots. Both languages have the same codes and the same parameters (a test holds them together).
Does not hold the texts of mails and invitations: those are templates in `bot.messages`.
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from bot.domain.people import Language

if TYPE_CHECKING:
    from bot.domain.errors import KursusbotError

FOLDER = Path(__file__).parent


def text(language: Language, code: str, /, **params: object) -> str:
    """The text of `code` with its parameters.

    Raises KeyError for a code that no catalogue has, and for a parameter that is missing.
    """
    area, _, key = code.partition(".")
    pieces = _pieces(load_area(language, area)[key])
    return "".join(
        [
            before if name is None else before + _filled(language, params[name], form)
            for before, name, form in pieces
        ]
    )


@cache
def _pieces(words: str) -> tuple[tuple[str, str | None, str], ...]:
    """A text taken apart, once: what stands before a parameter, its name, and its form.

    After the last there is no name.
    """
    return tuple((before, name, form or "") for before, name, form, _ in Formatter().parse(words))


def _filled(language: Language, value: object, form: str) -> str:
    """A parameter as it is written.

    `{number:one|several}`, a day or a wall time, or what its form makes of it.
    """
    one, counts, several = form.partition("|")
    if counts:
        return f"{value} {one if value == 1 else several}"
    if not form and isinstance(value, date):
        from bot.i18n.dates import short_day_text, short_moment_text

        return (
            short_moment_text(language, value)
            if isinstance(value, datetime)
            else short_day_text(language, value)
        )
    return format(value, form)


def plural(language: Language, code: str, count: int, /, **params: object) -> str:
    """`<code>.one` or `<code>.other` by `count` (which the text may use as {count})."""
    return text(language, f"{code}.{'one' if count == 1 else 'other'}", count=count, **params)


def error_text(language: Language, error: KursusbotError) -> str:
    """What an error of ours says to a person."""
    return text(language, f"errors.{error.code}", **error.params)


def desk_text(language: Language, error: KursusbotError) -> str:
    """The same to somebody at the desk or of HR, who opens no shell: without commands and settings."""
    code = f"at_desk.{error.code}"
    known = code in load_area(language, "errors")
    return text(language, f"errors.{code}", **error.params) if known else error_text(language, error)


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
