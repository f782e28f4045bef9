"""What the sections of HR's report are made of: lists of sentences, tables, and names (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.i18n.catalogue import load_area, plural, text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.people import Language

SHOWN_NAMES = 25
NO_WAY = ("", "")
"""For what is about no course."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSection:
    """A heading, lines under it, and what it lists.

    Things with sentences about each, or a table of short cells after a name.

    `items` are (what, sentences …), `columns` the headings of `rows`, `after` the lines below, `commands`
    (what for, command) where there is no desk, `ways` (words, address) for each item where there is one.
    """

    heading: str
    lines: tuple[str, ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    after: tuple[str, ...] = ()
    commands: tuple[tuple[str, str], ...] = ()
    ways: tuple[tuple[str, str], ...] = ()

    @property
    def lists_something(self) -> bool:
        """Whether there is anything in it; a list or a table of nothing is left out."""
        return bool(self.items or self.rows)


def list_section(
    name: str,
    language: Language,
    items: Iterable[tuple[str, ...]],
    *,
    lines: tuple[str, ...] = (),
    ways: Iterable[tuple[str, str]] = (),
) -> ReportSection:
    """What it lists, with sentences about each; `lines` stand above it, `ways` lead on from each."""
    return ReportSection(
        heading=text(language, f"report.section.{name}"), lines=lines, items=tuple(items), ways=tuple(ways)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWays:
    """Where a report leads: `home` begins the desk's addresses, "" where there is none; `plan` is its id."""

    home: str
    plan: str
    language: Language

    def to_course(self, courses: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """The page of each of these courses; () without a desk."""
        words = text(self.language, "report.way.course")
        return self._ways(
            (words, f"/courses/{quote(course, safe='')}?plan={self.plan}" if course else "")
            for course in courses
        )

    def to_change(self, courses: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Where the change of each of these courses is looked at and approved; () without a desk."""
        words = text(self.language, "report.way.change")
        return self._ways(
            (words, f"/changes?plan={self.plan}#{quote(course, safe='')}") for course in courses
        )

    def to_runs(self) -> tuple[tuple[str, str], ...]:
        """What the service did, and what it could not do; () without a desk."""
        return self._ways([(text(self.language, "report.way.runs"), "/runs")])

    def _ways(self, paths: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        if not self.home:
            return ()
        return tuple((words, f"{self.home}{path}") if path else NO_WAY for words, path in paths)


def table_section(
    name: str, language: Language, rows: Iterable[tuple[str, ...]], *, after: tuple[str, ...] = ()
) -> ReportSection:
    """A table; `after` stand below it."""
    heading, columns = text(language, f"report.section.{name}"), _columns(name, language)
    return ReportSection(heading=heading, columns=columns, rows=tuple(rows), after=after)


def _columns(name: str, language: Language) -> tuple[str, ...]:
    area = load_area(language, "report")
    return tuple(heading for code, heading in area.items() if code.startswith(f"column.{name}."))


def names_text(names: Sequence[str], language: Language) -> str:
    """The names on one line, and how many more there are than are shown."""
    shown = ", ".join(one_line(name) for name in names[:SHOWN_NAMES])
    more = len(names) - SHOWN_NAMES
    return f"{shown} {plural(language, 'reminders.more', more)}" if more > 0 else shown


def on_one_line(section: ReportSection) -> ReportSection:
    """The section with every text on one line: titles and names come from outside."""
    return ReportSection(
        heading=section.heading,
        lines=tuple(map(one_line, section.lines)),
        columns=section.columns,
        items=tuple(tuple(map(one_line, item)) for item in section.items),
        rows=tuple(tuple(map(one_line, row)) for row in section.rows),
        after=tuple(map(one_line, section.after)),
        commands=section.commands,
        ways=section.ways,
    )
