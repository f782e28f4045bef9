"""The rows of a workbook → the same tree that YAML gives: rows of one sheet are put under those of another.

A row belongs to the course, offering, audience or pool that its parent column names; one that names
nothing known is an error, since its session would otherwise be lost in silence. An offering may be
named by its sessions alone; where the sheet `Hold` lists any of a course, it lists all of them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.shape import NO_SHAPE
from bot.plan import sheets
from bot.plan.fields import is_local_id
from bot.plan.findings import shown
from bot.plan.moments import UNTIL
from bot.plan.nodes import ROOT, Broken, Mapping, Node, NodeEntry, Scalar, Sequence
from bot.plan.shapes import shape_of
from bot.plan.workbook_evaluation import listed_questions, with_evaluation
from bot.plan.workbook_names import with_ids
from bot.plan.workbook_rows import Row, read_tables
from bot.plan.workbook_sessions import DAY, ONE_SESSION, own_session, with_full_end

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.shape import Shape
    from bot.plan.columns import Sheet
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot
    from bot.plan.workbook_rows import RowTable

HEADINGS = {
    sheet.key: MappingProxyType({column.key.rpartition(".")[2]: column.danish for column in sheet.columns})
    for sheet in sheets.SHEETS
}
ROOT_HEADINGS = MappingProxyType({**HEADINGS["plan"], **{sheet.key: sheet.danish for sheet in sheets.SHEETS}})
COURSE_HEADINGS = MappingProxyType(
    {**HEADINGS["courses"], "sessions": sheets.SESSIONS.danish, "offerings": sheets.OFFERINGS.danish}
)
SIMPLE_HEADINGS = MappingProxyType({**COURSE_HEADINGS, "sessions": DAY})
# What stands under a course besides its sessions: the sheet, and the key it fills.
COURSE_PARTS = (
    (sheets.SPEAKERS, "speakers"),
    (sheets.FUNDING, "funding"),
    (sheets.MATERIALS, "materials"),
    (sheets.QUESTIONS, "questions"),
    (sheets.AFTER, "after"),
    (sheets.REMINDERS, "reminders"),
    (sheets.TEXTS, "texts"),
)

OF_PLAN_OR_COURSE = (sheets.REMINDERS, sheets.TEXTS)
"""Whose rows are the plan's where they name no course."""


def read_workbook(data: bytes, findings: Findings) -> tuple[Node | None, Shape]:
    """The document's mapping and its shape.

    None when the workbook could not be read (the problems say why).
    """
    tables = read_tables(data, findings)
    if tables is None:
        return None, NO_SHAPE
    if not {"plan", "courses", "simple_courses"} & tables.keys():
        findings.error(
            "workbook.unreadable",
            ROOT,
            reason="no_sheets",
            sheets=", ".join(sheet.danish for sheet in sheets.SHEETS),
        )
        return None, NO_SHAPE
    return tree_of(tables, findings), shape_of(tables.values())


def tree_of(tables: dict[str, RowTable], findings: Findings) -> Mapping:
    """The document's mapping, of the rows of each sheet by its key."""
    return _Assembly(with_ids(tables, findings), findings).root()


def _nested(row: Row, headings: MappingProxyType[str, str], leave_out: Iterable[str] = ()) -> list[NodeEntry]:
    """A row's cells as entries, `venue.name` under `venue`."""
    entries: list[NodeEntry] = []
    inner: dict[str, list[NodeEntry]] = {}
    for key, node in row.cells.items():
        if key in leave_out:
            continue
        outer, _, name = key.rpartition(".")
        entry = NodeEntry(name, node.spot, node)
        if not outer:
            entries.append(entry)
        else:
            inner.setdefault(outer, []).append(entry)
    for outer, parts in inner.items():
        entries.append(NodeEntry(outer, parts[0].spot, Mapping(tuple(parts), parts[0].spot, headings)))
    return entries


def _sequence(nodes: list[Mapping]) -> Sequence:
    return Sequence(tuple(nodes), nodes[0].spot)


def _listed(key: str, nodes: list[Mapping]) -> list[NodeEntry]:
    """The key with its list, or nothing where there is nothing to list."""
    return [NodeEntry(key, nodes[0].spot, _sequence(nodes))] if nodes else []


def _id_of(row: Row) -> str:
    name = row.cells.get("id")
    return name.text if isinstance(name, Scalar) else ""


def _named_by_sessions(name: Scalar) -> list[NodeEntry]:
    """An offering that only its sessions name; what it is called there is its title, where it is no id."""
    title = (
        []
        if is_local_id(name.as_written)
        else [NodeEntry("title", name.spot, replace(name, text=name.as_written))]
    )
    return [NodeEntry("id", name.spot, name), *title]


class _Assembly:
    """The tables of one workbook on their way to be a tree."""

    def __init__(self, tables: dict[str, RowTable], findings: Findings) -> None:
        self._tables = tables
        self._findings = findings

    def root(self) -> Mapping:
        """The plan's own keys, and every list that has a sheet."""
        entries = [entry for row in self._rows(sheets.PLAN) for entry in _nested(row, HEADINGS["plan"])]
        entries += self._named(
            sheets.AUDIENCES, "id", {"people": self._children(sheets.PEOPLE, "audience", sheets.AUDIENCES)}
        )
        entries += _listed(
            sheets.DELEGATES.key,
            [self._mapping(row, sheets.DELEGATES) for row in self._rows(sheets.DELEGATES)],
        )
        reserved: dict[str, Node] = {
            pool: self._reserved(rows)
            for pool, rows in self._grouped(sheets.RESERVED, "pool", sheets.POOLS).items()
        }
        expenses = self._children(sheets.EXPENSES, "pool", sheets.POOLS)
        entries += self._named(sheets.POOLS, "id", {"reserved": reserved, "expenses": expenses})
        entries += self._named(sheets.ASSUMPTIONS, "id", {})
        if days := self._rows(sheets.CLOSING_DAYS):
            entries.append(
                NodeEntry(
                    "closing_days", days[0].spot, Sequence(tuple(map(self._closing_day, days)), days[0].spot)
                )
            )
        if holidays := self._rows(sheets.SCHOOL_HOLIDAYS):
            entries.append(
                NodeEntry(
                    "school_holidays",
                    holidays[0].spot,
                    Sequence(tuple(map(self._school_holiday, holidays)), holidays[0].spot),
                )
            )
        for sheet in OF_PLAN_OR_COURSE:
            mine = [self._mapping(row, sheet) for row in self._rows(sheet) if "course" not in row.cells]
            entries += _listed(sheet.key, mine)
        if table := self._tables.get("simple_courses") or self._tables.get("courses"):
            entries.append(NodeEntry("courses", table.spot, Sequence(tuple(self._courses()), table.spot)))
        return Mapping(tuple(entries), ROOT, ROOT_HEADINGS)

    def _rows(self, sheet: Sheet) -> tuple[Row, ...]:
        """The sheet's rows; courses stand on two."""
        if sheet is sheets.COURSES:
            return self._rows(sheets.SIMPLE_COURSES) + self._own_rows(sheet)
        return self._own_rows(sheet)

    def _own_rows(self, sheet: Sheet) -> tuple[Row, ...]:
        table = self._tables.get(sheet.key)
        return table.rows if table else ()

    def _mapping(self, row: Row, sheet: Sheet) -> Mapping:
        parents = {column.key for column in sheet.columns if column.parent}
        if sheet is sheets.SESSIONS:
            row = Row(with_full_end(row.cells), row.spot)
        return Mapping(tuple(_nested(row, HEADINGS[sheet.key], parents)), row.spot, HEADINGS[sheet.key])

    def _named(self, sheet: Sheet, key: str, parts: dict[str, dict[str, Node]]) -> list[NodeEntry]:
        """A sheet whose ids are the keys of a mapping: audiences, pools and assumptions."""
        named: list[NodeEntry] = []
        for row in self._rows(sheet):
            name = row.cells.get(key)
            if not isinstance(name, Scalar):
                self._note_missing(row, sheet, key)
                continue
            inside = _nested(row, HEADINGS[sheet.key], (key,))
            inside += [
                NodeEntry(part, owned[name.text].spot, owned[name.text])
                for part, owned in parts.items()
                if name.text in owned
            ]
            named.append(
                NodeEntry(name.text, name.spot, Mapping(tuple(inside), row.spot, HEADINGS[sheet.key]))
            )
        return [NodeEntry(sheet.key, named[0].spot, Mapping(tuple(named), named[0].spot))] if named else []

    def _grouped(self, sheet: Sheet, parent: str, owners: Sheet) -> dict[str, list[Row]]:
        """The rows of a sheet by the owner that they name.

        Rows that name none are noted, or left out where that is allowed.
        """
        known = self._ids(owners)
        needed = any(column.key == parent and column.needed for column in sheet.columns)
        grouped: dict[str, list[Row]] = defaultdict(list)
        for row in self._rows(sheet):
            name = row.cells.get(parent)
            if isinstance(name, Scalar) and name.text in known:
                grouped[name.text].append(row)
            elif isinstance(name, Scalar):
                self._note_unknown(owners, name, known)
            elif needed:
                self._note_missing(row, sheet, parent)
        return grouped

    def _ids(self, sheet: Sheet) -> dict[str, None]:
        names = (row.cells.get("id") for row in self._rows(sheet))
        return {name.text: None for name in names if isinstance(name, Scalar)}

    def _children(self, sheet: Sheet, parent: str, owners: Sheet) -> dict[str, Node]:
        grouped = self._grouped(sheet, parent, owners)
        return {
            owner: _sequence([self._mapping(row, sheet) for row in rows]) for owner, rows in grouped.items()
        }

    def _courses(self) -> Iterable[Mapping]:
        parts = [(key, self._children(sheet, "course", sheets.COURSES)) for sheet, key in COURSE_PARTS]
        asked = self._children(sheets.EVALUATION_QUESTIONS, "course", sheets.COURSES)
        offerings = self._grouped(sheets.OFFERINGS, "course", sheets.COURSES)
        sessions = self._grouped(sheets.SESSIONS, "course", sheets.COURSES)
        seen: set[str] = set()
        in_short = {row.spot for row in self._rows(sheets.SIMPLE_COURSES)}
        for row in self._rows(sheets.COURSES):
            entries = _nested(row, HEADINGS["courses"], ONE_SESSION)
            own = own_session(row, self._findings)
            entries += [] if own is None else [NodeEntry("sessions", own.spot, Sequence((own,), own.spot))]
            name = row.cells.get("id")
            if isinstance(name, Scalar) and name.text not in seen:  # of two equal ids the first has the rows
                seen.add(name.text)
                entries += [
                    NodeEntry(key, owned[name.text].spot, owned[name.text])
                    for key, owned in parts
                    if name.text in owned
                ]
                entries += listed_questions(asked.get(name.text))
                listed, there = offerings.get(name.text, []), sessions.get(name.text, [])
                if own is None:
                    entries += self._offerings(listed, there)
                elif listed or there:
                    self._findings.error(
                        "cell.invalid", (there or listed)[0].spot, reason="two_places", day=DAY
                    )
            yield Mapping(
                with_evaluation(entries),
                row.spot,
                SIMPLE_HEADINGS if row.spot in in_short else COURSE_HEADINGS,
            )

    def _offerings(self, listed: list[Row], sessions: list[Row]) -> list[NodeEntry]:
        """Either the course's `sessions`, or its `offerings` with theirs."""
        if not listed and not any("offering" in row.cells for row in sessions):
            return _listed("sessions", [self._mapping(row, sheets.SESSIONS) for row in sessions])
        heads = [(_id_of(row), _nested(row, HEADINGS["offerings"], ("course",)), row.spot) for row in listed]
        rows: dict[str, list[Row]] = {text: [] for text, _, _ in heads}
        known = [text for text in rows if text]
        for row in sessions:
            name = row.cells.get("offering")
            if not isinstance(name, Scalar):
                self._note_missing(row, sheets.SESSIONS, "offering")
            elif listed and name.text not in known:
                self._note_unknown(sheets.OFFERINGS, name, known)
            else:
                if name.text not in rows:
                    heads.append((name.text, _named_by_sessions(name), name.spot))
                rows.setdefault(name.text, []).append(row)
        return _listed(
            "offerings", [self._offering(entries, spot, rows.pop(text, [])) for text, entries, spot in heads]
        )

    def _offering(self, entries: list[NodeEntry], spot: Spot, sessions: list[Row]) -> Mapping:
        own = _listed("sessions", [self._mapping(row, sheets.SESSIONS) for row in sessions])
        return Mapping((*entries, *own), spot, HEADINGS["offerings"])

    def _reserved(self, rows: list[Row]) -> Mapping:
        """What is reserved of one pool, by purpose."""
        entries: list[NodeEntry] = []
        for row in rows:
            purpose, share = row.cells.get("purpose"), row.cells.get("amount")
            if isinstance(purpose, Scalar) and share is not None:
                entries.append(NodeEntry(purpose.text, purpose.spot, share))
            else:
                self._note_missing(
                    row, sheets.RESERVED, "amount" if isinstance(purpose, Scalar) else "purpose"
                )
        return Mapping(tuple(entries), rows[0].spot)

    def _closing_day(self, row: Row) -> Node:
        """The date, without its year when it is every year."""
        day, yearly = row.cells.get("date"), row.cells.get("yearly")
        if day is None:
            self._note_missing(row, sheets.CLOSING_DAYS, "date")
            return Broken(row.spot)
        if isinstance(day, Scalar) and isinstance(yearly, Scalar) and yearly.text == "true":
            return Scalar(day.text[5:], day.spot, plain=False)
        return day

    def _school_holiday(self, row: Row) -> Node:
        """The first day and the last; without a last it is one day."""
        first, last = row.cells.get("first"), row.cells.get("last")
        if first is None:
            self._note_missing(row, sheets.SCHOOL_HOLIDAYS, "first")
            return Broken(row.spot)
        if isinstance(first, Scalar) and isinstance(last, Scalar):
            return Scalar(f"{first.text}{UNTIL}{last.text}", last.spot, plain=False)
        return first

    def _note_missing(self, row: Row, sheet: Sheet, key: str) -> None:
        if not isinstance(row.cells.get(key), Broken):
            self._findings.error("key.missing", row.spot, key=HEADINGS[sheet.key][key])

    def _note_unknown(self, owners: Sheet, name: Scalar, known: Iterable[str]) -> None:
        kind = {"audiences": "audience", "funding": "pool", "courses": "course", "offerings": "offering"}[
            owners.key
        ]
        near = self._findings.near_params(name.text, known, near=f"{kind}_near", far=kind)
        self._findings.error("reference.unknown", name.spot, value=shown(name.text), **near)
