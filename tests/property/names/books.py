"""A plan whose things have names that change, and what the books have to say of it: for each thing rows in every table.

A `Thing` stays what it is, whatever it is called. `rows_of` writes down what the books should hold by its names of today.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Integer, LargeBinary, select

from bot.domain.events import SessionKey
from bot.domain.local_tasks import OPEN_FOR, LocalTask
from bot.domain.messages import AWAITS
from bot.domain.plan import Offering
from bot.store.columns import Instant
from bot.store.schema import metadata
from bot.store.task_answer_table import task_answers
from tests.builders.samples import make_course, make_plan, make_session

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Column, Table

    from bot.domain.plan import CoursePlan
    from bot.store.database import Database

LEVELS = ("plan", "course", "offering", "session")
KEPT_NAMES = {"old_names", "old_parts"}
TABLES = tuple(table for table in metadata.sorted_tables if "plan" in table.c and table.name not in {"actions", *KEPT_NAMES})
"""What was done was done under the name of then, and what a link of then says is known by the names of today."""
COUNTED = {"seq", "number"}
"""Columns that the database or the order of lines fills."""
AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
Row = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Thing:
    """A plan, course, offering or session: `tag` is what it is, `name` what it is called, `was` the old name that the plan gives.

    `is_late`: it came after what it is in, whose own rows do not name it.
    """

    tag: int
    name: str
    was: str | None = None
    is_late: bool = False
    parts: list[Thing] = field(default_factory=list)
    tasks: list[Thing] = field(default_factory=list)
    """What a course's people do at home afterwards."""

    @property
    def first_parts(self) -> list[Thing]:
        """Those that were there from the start."""
        return [part for part in self.parts if not part.is_late]


def written(plan: Thing) -> CoursePlan:
    """The plan as HR has it."""
    courses = [
        make_course(
            course.name,
            was=course.was,
            offerings=tuple(map(_offering, course.parts)),
            title=f"Kursus {course.tag}",
            after=tuple(LocalTask(id=one.name, was=one.was, text=f"Opgave {one.tag}", due=OPEN_FOR) for one in course.tasks),
        )
        for course in plan.parts
    ]
    return make_plan(*courses, id=plan.name, was=plan.was)


def _offering(offering: Thing) -> Offering:
    sessions = tuple(make_session(one.name, was=one.was) for one in offering.parts)
    return Offering(id=offering.name, was=offering.was, sessions=sessions)


def paths(*path: Thing) -> Iterator[tuple[Thing, ...]]:
    """Each thing with all that it is in, from the plan down."""
    yield path
    for part in path[-1].parts:
        yield from paths(*path, part)


def rows_of(plan: Thing, *, without: Collection[int] = (), only: Collection[int] | None = None) -> list[tuple[Table, Row]]:
    """All that the books have of the plan: in each table a row for each thing of the deepest level that it names; things by tag."""
    found: list[tuple[Table, Row]] = []
    for path in paths(plan):
        tag = path[-1].tag
        if tag not in without and (only is None or tag in only):
            deep = [table for table in TABLES if len(path) == sum(level in table.c for level in LEVELS)]
            found += [(table, _row(table, path)) for table in deep if table is not task_answers]
        if len(path) == LEVELS.index("offering") + 1:
            for task in path[1].tasks:
                tags = {tag, task.tag}
                if tags.isdisjoint(without) and (only is None or not tags.isdisjoint(only)):
                    found.append((task_answers, _row(task_answers, path) | {"task": task.name, "said": f"of task {task.tag}"}))
    return found


def write(database: Database, rows: list[tuple[Table, Row]]) -> None:
    with database.write() as connection:
        for table in TABLES:
            mine = [row | ({"seq": _tag(row)} if "seq" in table.c else {}) for of, row in rows if of is table]
            if mine:
                connection.execute(table.insert(), mine)


def content(database: Database, *plans: str) -> list[tuple[str, str]]:
    """Every row of these plans, as something to compare."""
    found: list[tuple[str, str]] = []
    with database.read() as connection:
        for table in TABLES:
            rows = connection.execute(select(table).where(table.c.plan.in_(plans))).mappings()
            found += [(table.name, _text({**row})) for row in rows]
    return sorted(found)


def as_content(rows: list[tuple[Table, Row]]) -> list[tuple[str, str]]:
    return sorted((table.name, _text(row)) for table, row in rows)


def _text(row: Row) -> str:
    return str(sorted((name, str(value)) for name, value in row.items() if name not in COUNTED))


def _tag(row: Row) -> int:
    if "email" not in row:
        return int(str(row["by"]).removeprefix("by "))
    return int(str(row["email"]).partition("@")[0].removeprefix("nr-"))


def _row(table: Table, path: tuple[Thing, ...]) -> Row:
    tag, names = path[-1].tag, dict(zip(LEVELS, (one.name for one in path), strict=False))
    row = {column.name: names.get(column.name, _value(column, tag)) for column in table.columns if column.name not in COUNTED}
    match table.name:
        case "messages":
            where = "/".join(one.name for one in path[1:])
            key = SessionKey(plan=names["plan"], course=names["course"], offering=names["offering"], session=path[-1].first_parts[0].name)
            awaits = json.dumps([[str(key), "2026-05-01"]])
            return row | {"kind": "changed", "state": "sent", "key": f"changed/{where}/nr-{tag}", "params": {AWAITS: awaits}}
        case "registrations":
            return row | {"answers": [[one.name, "registered"] for one in path[-1].first_parts]}
        case "course_versions":
            parts = [{"id": one.name, "sessions": [{"id": session.name} for session in one.first_parts]} for one in path[-1].first_parts]
            return row | {"document": {"id": names["plan"], "courses": [{"id": names["course"], "offerings": parts}]}}
        case "plan_revisions":
            return row | {"document": {"id": names["plan"], "courses": []}}
        case _:
            return row


def _value(column: Column[Any], tag: int) -> object:
    if isinstance(column.type, Instant):
        return AT + timedelta(minutes=tag)
    if isinstance(column.type, JSON):
        return [f"{column.name} {tag}"]
    if isinstance(column.type, Boolean):
        return tag % 2 == 0
    if isinstance(column.type, Integer):
        return tag
    if isinstance(column.type, LargeBinary):
        return f"{column.name} {tag}".encode()
    return f"nr-{tag}@demo.example" if column.name == "email" else f"{column.name} {tag}"
