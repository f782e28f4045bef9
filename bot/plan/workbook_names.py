"""Names in a workbook → the ids that the format has.

People need to invent none, and may write what a thing is called.

    in an id's cell                       its id is
    an id                                 that
    anything else (`Lederdag 2027`)       made of it: small letters, digits and hyphens; æ ø å are ae oe aa
    nothing                               made in that way of the title, name, question
    nothing, of a ready-made question     its own
    nothing, of a reminder                made of its message and what it goes before or after: `praktisk-foer-start`
    nothing, of a session without title   `dag`, where it is the only such one of its course or offering

    in a cell that names another thing    is
    its id                                that one
    its name, or its id as it was written that one, where one thing only is called so; else an error
    anything else                         left, and not found

Ids that were made are told once a sheet: a title that changes is another id then, unless `Var` says the old
one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.domain.plan_places import PLAN_ID
from bot.plan import fields, labels, sheets
from bot.plan.columns import folded
from bot.plan.findings import shown
from bot.plan.nodes import Broken, Node, Scalar, Sequence
from bot.plan.read_assumptions import UNDECIDED_WORDS
from bot.plan.read_condition import JOINER, NEGATION
from bot.plan.workbook_rows import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Sequence as Many

    from bot.plan.columns import Sheet
    from bot.plan.findings import Findings
    from bot.plan.workbook_rows import RowTable

THE_SESSION = "dag"
MOST_TOLD = 20
LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss", "þ": "th", "ð": "d"})
STRONG_SEPARATORS = re.compile(r"[;\n]")
YES_OR_NO = fields.TRUE_WORDS | fields.FALSE_WORDS


def id_of(words: str) -> str:
    """The id made of a title: `Fælles lederdag – 2027` is `faelles-lederdag-2027`.

    "" where no letter is in it.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", words).lower().translate(LETTERS))
    kept = "".join(
        sign if fields.is_local_id(sign) and sign != "-" else "" if unicodedata.combining(sign) else "-"
        for sign in plain
    )
    short = re.sub("-+", "-", kept).strip("-")
    if len(short) > fields.MAX_ID:
        whole_words = short[: fields.MAX_ID + 1].rpartition("-")[0]
        short = whole_words or short[: fields.MAX_ID]
    return short


class Names:
    """What the rows of a sheet are called, by id and by name."""

    def __init__(self, sheet: Sheet, findings: Findings) -> None:
        self._kind = KINDS.get(sheet.key, "")
        self._findings = findings
        self._ids: dict[str, None] = {}
        self._named: dict[str, set[str]] = defaultdict(set)

    def add(self, row: Row, names: Iterable[str]) -> None:
        """Take in a row that has its id."""
        own = row.cells.get("id")
        if isinstance(own, Scalar):
            self._ids[own.text] = None
            for name in (own.text, own.as_written, *names):
                self._named[folded(name)].add(own.text)

    def id_for(self, reference: Scalar) -> Scalar | Broken:
        """The reference as an id; as it was where nothing is called so, broken (noted) where several are."""
        text = unicodedata.normalize("NFC", reference.text)
        if text in self._ids:
            return reference
        found = sorted(self._named.get(folded(text), ()))
        if len(found) > 1:
            self._findings.error(
                "reference.unclear", reference.spot, value=shown(reference.as_written), ids=", ".join(found)
            )
            return Broken(reference.spot)
        return replace(reference, text=found[0], written=reference.as_written) if found else reference

    def ids_for(self, node: Node) -> Node:
        """The same of a cell with several, of which a name with a comma in it is one thing."""
        if isinstance(node, Scalar):
            return self.id_for(node)
        if not isinstance(node, Sequence):
            return node
        words = [one.text for one in node.items if isinstance(one, Scalar)]
        if not all(word in self._ids for word in words):
            for parts in ([node.written], STRONG_SEPARATORS.split(node.written)):
                if len(parts) < len(words) and self._knows(parts):
                    if self._knows(words):
                        return self._unclear(node, (*parts, *words))
                    words = [part.strip() for part in parts]
                    break
        return replace(node, items=tuple(self.id_for(Scalar(word, node.spot, plain=False)) for word in words))

    def _knows(self, words: list[str]) -> bool:
        return all(folded(word) in self._named for word in words)

    def _unclear(self, node: Sequence, readings: tuple[str, ...]) -> Broken:
        """Nobody can know whether it is the longer name or the shorter ones."""
        self._findings.error(
            "reference.unclear", node.spot, value=shown(node.written), ids=", ".join(readings)
        )
        return Broken(node.spot)


# The sheets whose rows have an id: what it is made of where it is empty.
NAMED_BY = {
    sheets.SIMPLE_COURSES: "title",
    sheets.COURSES: "title",
    sheets.AUDIENCES: "name",
    sheets.POOLS: "name",
    sheets.ASSUMPTIONS: "question",
    sheets.OFFERINGS: "title",
}
KINDS = {"audiences": "audience", "funding": "pool", "courses": "course", "offerings": "offering"}


def with_ids(tables: dict[str, RowTable], findings: Findings) -> dict[str, RowTable]:
    """The tables with an id in every row that can have one, and ids where other things are named."""
    return _Naming(tables, findings).tables()


class _Naming:
    """The tables of one workbook on their way to speak of ids alone."""

    def __init__(self, tables: dict[str, RowTable], findings: Findings) -> None:
        self._tables = dict(tables)
        self._findings = findings
        self._made: list[Scalar] = []

    def tables(self) -> dict[str, RowTable]:
        """Every table anew: first what has ids, then what names it."""
        self._each(sheets.PLAN, self._plan)
        for sheet, source in NAMED_BY.items():
            if sheet is not sheets.OFFERINGS:
                self._each(sheet, partial(self._named, source=source))
                self._tell("title" if source == "title" else "name")
        self._each(sheets.ASSUMPTIONS, _with_options)
        courses = self._names((sheets.SIMPLE_COURSES, sheets.COURSES), "title")
        audiences, pools = self._names((sheets.AUDIENCES,), "name"), self._names((sheets.POOLS,), "name")
        assumptions = self._names((sheets.ASSUMPTIONS,), "question")
        for sheet in (sheets.PEOPLE, sheets.RESERVED, sheets.EXPENSES):
            self._each(
                sheet, _changing({"audience": audiences.ids_for, "pool": pools.ids_for, "purpose": _as_id})
            )
        for sheet in OF_COURSES:
            self._each(
                sheet, _changing({"course": courses.ids_for, "pool": pools.ids_for, "purpose": _as_id})
            )
        for sheet in (sheets.SIMPLE_COURSES, sheets.COURSES, sheets.SESSIONS):
            self._each(
                sheet,
                _changing({"audience": audiences.ids_for, "optional_audience": audiences.ids_for}),
            )
        for sheet in WITH_WHEN:
            self._each(sheet, _changing({"when": lambda node: _condition(node, assumptions)}))
        self._offerings()
        self._sessions()
        self._each(sheets.QUESTIONS, partial(self._question, ready_made=labels.READY_MADE))
        self._each(sheets.EVALUATION_QUESTIONS, partial(self._question, ready_made=labels.READY_EVALUATIONS))
        self._each(sheets.AFTER, partial(self._named, source="text"))
        self._made = []  # nobody sees the id of a question or a task
        self._each(sheets.REMINDERS, self._reminder)
        return self._tables

    def _each(self, sheet: Sheet, change: Callable[[Row], Row]) -> None:
        if table := self._tables.get(sheet.key):
            self._tables[sheet.key] = replace(table, rows=tuple(map(change, table.rows)))

    def _rows(self, sheet: Sheet) -> tuple[Row, ...]:
        table = self._tables.get(sheet.key)
        return table.rows if table else ()

    def _names(self, owners: Many[Sheet], source: str) -> Names:
        names = Names(owners[-1], self._findings)
        for sheet in owners:
            for row in self._rows(sheet):
                names.add(row, _words(row, source))
        return names

    def _plan(self, row: Row) -> Row:
        """The plan's id, of the organisation where it says none; without letters of other alphabets."""
        row = self._named(row, "organisation", is_id=lambda text: PLAN_ID.fullmatch(text) is not None)
        self._tell()
        return row

    def _named(self, row: Row, source: str, is_id: Callable[[str], bool] = fields.is_local_id) -> Row:
        """The row with its id, and with the one from before (`Var`) as an id."""
        was = row.cells.get("was")
        if isinstance(was, Scalar) and not is_id(was.text):
            row = _with(row, "was", replace(was, text=id_of(was.text) or was.text, written=was.as_written))
        own = row.cells.get("id")
        if own is not None and (not isinstance(own, Scalar) or is_id(unicodedata.normalize("NFC", own.text))):
            return row
        written = own or row.cells.get(source)
        if not isinstance(written, Scalar):
            # What it would be made of is missing itself, and is told.
            return _with(row, "id", Broken(row.spot)) if source == "title" else row
        made = replace(written, text=id_of(written.text), written=written.as_written)
        if not is_id(made.text):
            self._findings.error("id.invalid", written.spot, reason="none", value=shown(written.as_written))
            return _with(row, "id", Broken(written.spot))
        self._made.append(made)
        return _with(row, "id", made)

    def _tell(self, reason: str = "title") -> None:
        """The ids that were made on one sheet, in one line.

        `reason` is `title` where another one would be another thing.
        """
        if self._made:
            told = ", ".join(one.text for one in self._made[:MOST_TOLD])
            more = ", …" if len(self._made) > MOST_TOLD else ""
            self._findings.note("id.made", self._made[0].spot, reason=reason, ids=told + more)
            self._made = []

    def _offerings(self) -> None:
        """Offerings with ids, and sessions that name them, course by course."""
        self._each(sheets.OFFERINGS, self._offering)
        self._tell()
        names: dict[str, Names] = defaultdict(lambda: Names(sheets.OFFERINGS, self._findings))
        for row in self._rows(sheets.OFFERINGS):
            names[_text(row, "course")].add(row, _words(row, "title"))
        self._each(
            sheets.SESSIONS,
            lambda row: _changing(
                {"offering": lambda node: _as_id(names[_text(row, "course")].ids_for(node))}
            )(row),
        )

    def _offering(self, row: Row) -> Row:
        """What stands as its name is its title too, where it is no id and there is no other."""
        written = row.cells.get("id")
        named = self._named(row, "title") if written is not None or "title" in row.cells else row
        if isinstance(written, Scalar) and "title" not in row.cells and not fields.is_local_id(written.text):
            return _with(named, "title", written)
        return named

    def _sessions(self) -> None:
        """Ids of sessions: by the title, and `dag` for the only one without."""
        nameless: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self._rows(sheets.SESSIONS):
            if not {"id", "title"} & row.cells.keys():
                nameless[_text(row, "course"), _text(row, "offering")].append(row)
        alone = {rows[0].spot for rows in nameless.values() if len(rows) == 1}

        def name(row: Row) -> Row:
            if row.spot in alone:
                return _with(row, "id", Scalar(THE_SESSION, row.spot, plain=False))
            return self._named(row, "title") if {"id", "title"} & row.cells.keys() else row

        self._each(sheets.SESSIONS, name)
        self._tell()

    def _question(self, row: Row, *, ready_made: labels.Labels) -> Row:
        """A question's id is its words; a ready-made one has its own."""
        words = row.cells.get("text")
        name = labels.word_for(ready_made, words.text) if isinstance(words, Scalar) else None
        return row if name is not None and "id" not in row.cells else self._named(row, "text")

    def _reminder(self, row: Row) -> Row:
        """A reminder's id says which message it is and what it goes before or after."""
        template, side = row.cells.get("template"), "before" if "before" in row.cells else "after"
        anchor = row.cells.get(side)
        if "id" in row.cells or not isinstance(template, Scalar) or not isinstance(anchor, Scalar):
            return self._named(row, "id") if "id" in row.cells else row
        message = labels.danish(labels.TEMPLATES, template.text)
        what_for = labels.danish(labels.ANCHORS, anchor.text)
        made = id_of(f"{message} {'før' if side == 'before' else 'efter'} {what_for}")
        return _with(row, "id", Scalar(made, template.spot, plain=False))


OF_COURSES = (
    sheets.OFFERINGS, sheets.SESSIONS, sheets.SPEAKERS, sheets.FUNDING, sheets.MATERIALS, sheets.QUESTIONS,
    sheets.EVALUATION_QUESTIONS, sheets.AFTER, sheets.REMINDERS, sheets.TEXTS,
)  # fmt: skip
WITH_WHEN = (
    sheets.SIMPLE_COURSES, sheets.COURSES, sheets.OFFERINGS, sheets.SESSIONS, sheets.FUNDING, sheets.EXPENSES,
)  # fmt: skip


def _with(row: Row, key: str, node: Node) -> Row:
    return Row({**row.cells, key: node}, row.spot)


def _text(row: Row, key: str) -> str:
    found = row.cells.get(key)
    return found.text if isinstance(found, Scalar) else ""


def _words(row: Row, key: str) -> tuple[str, ...]:
    found = row.cells.get(key)
    return (found.text,) if isinstance(found, Scalar) else ()


def _changing(changes: dict[str, Callable[[Node], Node]]) -> Callable[[Row], Row]:
    """A row with some of its cells changed, where they are there."""

    def change(row: Row) -> Row:
        found = {key: made(row.cells[key]) for key, made in changes.items() if key in row.cells}
        return Row(row.cells | found, row.spot) if found else row

    return change


def _as_id(node: Node) -> Node:
    """A purpose, an option or an offering in free words as the id that is made of them."""
    if not isinstance(node, Scalar) or fields.is_local_id(unicodedata.normalize("NFC", node.text)):
        return node
    return replace(node, text=id_of(node.text) or node.text, written=node.as_written)


def _with_options(row: Row) -> Row:
    """Options in free words, and the value that is one of them; yes, no and undecided stay what they are."""
    options, value = row.cells.get("options"), row.cells.get("value")
    if not isinstance(options, Sequence):
        return row
    words = {folded(one.text) for one in options.items if isinstance(one, Scalar)}
    if words <= YES_OR_NO:
        return row
    row = _with(row, "options", replace(options, items=tuple(map(_as_id, options.items))))
    if isinstance(value, Scalar) and folded(value.text) not in UNDECIDED_WORDS:
        return _with(row, "value", _as_id(value))
    return row


def _condition(node: Node, assumptions: Names) -> Node:
    """A condition whose terms name assumptions by id."""
    if not isinstance(node, Scalar):
        return node
    terms: list[str] = []
    for term in JOINER.split(" ".join(node.text.split())):
        left, equals, right = (part.strip() for part in term.partition("="))
        negation = NEGATION.match(left)
        name = assumptions.id_for(
            Scalar(left[negation.end() :] if negation else left, node.spot, plain=False)
        )
        option = _as_id(Scalar(right, node.spot, plain=False))
        if not isinstance(name, Scalar) or not isinstance(option, Scalar):
            return Broken(node.spot)
        terms.append(f"{'not ' if negation else ''}{name.text}{f' = {option.text}' if equals else ''}")
    return replace(node, text=" and ".join(terms), written=node.as_written)
