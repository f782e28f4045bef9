"""The books under new names.

Every row of every table that says a plan, course, offering, session or task by an old id.

Which tables there are is asked of the schema, so that a new one is not forgotten; what stands inside of JSON
is named here.

| rows | what happens |
|---|---|
| of a table with `plan`, `course`, `offering`, `session` | the columns get today's ids |
| versions of the plan, and what it said before | the ids within the document as well |
| messages | their key, and what they say, as well (`Renames.message`) |
| registrations | the answers to single sessions as well |
| answers to tasks, and what HR said of reminders | the task as well |
| seat log and revisions of a plan's old id | before those that the new id has by now, so that the order stays |
| ledger, where the new name has an event of its own | left: that event is another one, and is gone from the plan |
| who did what | left: it was done under the name of then, and what a plan was called is known (`bot.store.links`) |
| what offerings and sessions were called (`old_parts`) | kept under what they are called by now, for what was printed |
| else, where the new name has the same row | the old row goes: what the new name says is later |

One transaction: all of it or nothing, and a second time there is nothing left to do. The run lock is the
caller's. Outlook's stamps are not touched here (`bot.rounds.steps.follow_names`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, false, func, or_, select

from bot.domain.local_tasks import rule_of
from bot.domain.messages import REMINDER_PREFIX, DeliveryState
from bot.domain.renames import renamed_document
from bot.store.all_tables import metadata
from bot.store.anonymity import same_row
from bot.store.filled import filled, plan_tables
from bot.store.outbox import message_of, message_row
from bot.store.reminder_table import reminder_words
from bot.store.revision_table import plan_revisions
from bot.store.schema import (
    ledger,
    messages,
    old_names,
    old_parts,
    registrations,
    seat_log,
)
from bot.store.task_answer_table import task_answers
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column, ColumnElement, Connection, RowMapping, Select, Table

    from bot.domain.renames import Renames
    from bot.store.database import Database

LEVELS = ("course", "offering", "session")
DOCUMENTS = (("course_versions", "document"), ("plan_revisions", "document"))
"""Tables that keep what the plan said, and the column."""
Move = tuple[dict[str, Any], dict[str, Any]]


def has_old_names(database: Database, renames: Renames) -> bool:
    """Whether anything of the books stands under an old name."""
    with database.read() as connection:
        return _has_old_names(connection, renames)


def rename_books(database: Database, renames: Renames) -> None:
    """Put today's names in all the books, in one transaction."""
    with database.write() as connection:
        if not _has_old_names(connection, renames):
            return
        for number in (seat_log.c.seq, plan_revisions.c.seq):
            _join_numbered(connection, renames, number)
        _rename_answers_of_sessions(connection, renames)
        _rename_documents(connection, renames)
        _rename_messages(connection, renames)
        for table in _tables(connection, renames):
            if table is not messages:
                for old, new in [*_moves(connection, table, renames)]:
                    _move(connection, table, old, new)
        for table, old, new in [*_moves_of_tasks(connection, renames)]:
            _move(connection, table, old, new)
        _keep_old_names(connection, renames)


def copy_books(source: Database, target: Database, plans: tuple[str, ...]) -> None:
    """Every row of these plans into an empty database, to look at what a change would come to."""
    with source.read() as reading, target.write() as writing:
        empty = {*plan_tables()} - filled(reading, plan_tables(), plans)
        for table in metadata.tables.values():
            if table in empty:
                continue
            condition = [table.c.plan.in_(plans)] if "plan" in table.c else []
            rows = [{**row} for row in reading.execute(select(table).where(*condition)).mappings()]
            if rows:
                writing.execute(table.insert(), rows)


def _tables(connection: Connection, renames: Renames) -> Iterator[Table]:
    """Those that say plans by their id and have rows of this one."""
    having = filled(connection, plan_tables(), renames.plans)
    return (table for table in plan_tables() if table in having)


def _has_old_names(connection: Connection, renames: Renames) -> bool:
    return (
        any(True for table in _tables(connection, renames) for _ in _moves(connection, table, renames))
        or any(True for _ in _moves_of_tasks(connection, renames))
        or _has_told_tasks(connection, renames)
    )


def _moves_of_tasks(
    connection: Connection, renames: Renames
) -> Iterator[tuple[Table, dict[str, Any], dict[str, Any]]]:
    """The tasks, and the rules that tell of them, with what they are called by now."""
    if not renames.tasks:
        return
    for table, name, today in (
        (task_answers, "task", renames.task),
        (reminder_words, "rule", renames.rule),
    ):
        names = ("plan", "course", name)
        wanted = select(*(table.c[one] for one in names)).where(table.c.plan.in_(renames.plans)).distinct()
        for row in connection.execute(wanted).mappings():
            old = dict(row)
            new = old | {name: today(old["course"], old[name])}
            if new != old:
                yield table, old, new


def _has_told_tasks(connection: Connection, renames: Renames) -> bool:
    """Whether somebody was told of a task by its old name, in a message of its own."""
    keys = [
        messages.c.key.startswith(f"{REMINDER_PREFIX}{rule_of(old)}/{course}/", autoescape=True)
        for course, old in renames.tasks
    ]
    told = select(messages.c.key).where(messages.c.plan.in_(renames.plans), or_(false(), *keys)).limit(1)
    return bool(keys) and connection.execute(told).first() is not None


def _moves(connection: Connection, table: Table, renames: Renames) -> Iterator[Move]:
    """The ids that rows of the table have, with those that they get; only where they differ."""
    levels = [level for level in LEVELS if level in table.c]
    for row in connection.execute(_ids_in(table), {"of_plans": renames.plans}).mappings():
        old = dict(row)
        new = old | {
            "plan": renames.plan,
            **dict(zip(levels, _renamed(renames, [row[level] for level in levels]), strict=True)),
        }
        if new != old and not (table is ledger and _is_there(connection, ledger, new)):
            yield old, new


# Made once: each command asks it of each table that has rows, for as long as the plan says an old name.
@cache
def _ids_in(table: Table) -> Select[Any]:
    names = ["plan", *(level for level in LEVELS if level in table.c), *(["part"] if table is ledger else [])]
    mine = table.c.plan.in_(bindparam("of_plans", expanding=True))
    return select(*(table.c[name] for name in names)).where(mine).distinct()


def _renamed(renames: Renames, ids: list[str]) -> tuple[str, ...]:
    match ids:
        case [course, offering, session]:
            return renames.session(course, offering, session)
        case [course, offering]:
            return renames.offering(course, offering)
        case [course]:
            return (renames.course(course),)
        case _:
            return ()


def _move(connection: Connection, table: Table, old: dict[str, Any], new: dict[str, Any]) -> None:
    if not _is_there(connection, table, new):
        connection.execute(table.update().where(*_condition(table, old)).values(**new))
        return
    key = [column.name for column in table.primary_key]
    for row in connection.execute(select(table).where(*_condition(table, old))).mappings().all():
        moved = {**row, **new}
        if any(moved[name] != row[name] for name in key) and _is_there(
            connection, table, {name: moved[name] for name in key}
        ):
            connection.execute(table.delete().where(*same_row(table, row)))
        else:
            connection.execute(table.update().where(*same_row(table, row)).values(**new))


def _join_numbered(connection: Connection, renames: Renames, number: Column[int]) -> None:
    """Rows of the plan's old id keep their numbers; those that the new id has by now come after them."""
    if renames.was is None:
        return
    table = number.table
    old, new = (table.c.plan == name for name in (renames.was, renames.plan))
    last = connection.execute(select(func.max(number)).where(old)).scalar()
    if last is None:
        return
    highest = connection.execute(select(func.max(number)).where(new)).scalar() or 0
    # Far enough that no number is taken on the way.
    connection.execute(table.update().where(new).values({number.name: number + last + highest}))
    connection.execute(table.update().where(old).values(plan=renames.plan))


def _keep_old_names(connection: Connection, renames: Renames) -> None:
    """Links that were sent, and what was printed, say the ids of then.

    Of two that were called the same one after the other, it is the later one's.
    """
    for (course, old), new in renames.offerings.items():
        _keep_old_part(connection, renames.plan, (course, "", old), (new, ""))
    for (course, offering, old), new in renames.sessions.items():
        _keep_old_part(connection, renames.plan, (course, offering, old), (offering, new))
    rows = [
        {"plan": renames.plan, "level": "course", "old": old, "course": new}
        for old, new in renames.courses.items()
    ]
    if renames.was is not None:
        rows.append({"plan": renames.plan, "level": "plan", "old": renames.was, "course": ""})
    if rows:
        insert_or_replace(connection, old_names, rows)


def _keep_old_part(
    connection: Connection, plan: str, old: tuple[str, str, str], today: tuple[str, str]
) -> None:
    """What an offering (of a course), or a session (of an offering), was called; `today` has no session."""
    course, within, name = old
    offering, session = today
    same = [old_parts.c.plan == plan, old_parts.c.course == course, old_parts.c.old == name]
    same.append(
        (old_parts.c.offering == within) & (old_parts.c.session != "")
        if session
        else old_parts.c.session == ""
    )
    connection.execute(old_parts.delete().where(*same))
    row = {"plan": plan, "course": course, "offering": offering, "session": session, "old": name}
    insert_new(connection, old_parts, [row])


def _rename_answers_of_sessions(connection: Connection, renames: Renames) -> None:
    if not renames.sessions:
        return
    for row in (
        connection.execute(select(registrations).where(registrations.c.plan.in_(renames.plans)))
        .mappings()
        .all()
    ):
        said = [
            [renames.session(row["course"], row["offering"], session)[2], status]
            for session, status in row["answers"]
        ]
        if said != row["answers"]:
            connection.execute(
                registrations.update().where(*same_row(registrations, row)).values(answers=said)
            )


def _rename_documents(connection: Connection, renames: Renames) -> None:
    """The ids within what is kept of a plan in its own format."""
    for name, column in DOCUMENTS:
        table = metadata.tables.get(name)
        if table is None:
            continue
        for row in connection.execute(select(table).where(table.c.plan.in_(renames.plans))).mappings().all():
            document = renamed_document(renames, row[column])
            if document != row[column]:
                connection.execute(table.update().where(*same_row(table, row)).values(**{column: document}))


def _rename_messages(connection: Connection, renames: Renames) -> None:
    for row in (
        connection.execute(select(messages).where(messages.c.plan.in_(renames.plans))).mappings().all()
    ):
        new = message_row(renames.message(message_of(row)))
        if new == {**row}:
            continue
        key = {"plan": new["plan"], "key": new["key"]}
        if key != {"plan": row["plan"], "key": row["key"]}:
            there = (
                connection.execute(select(messages).where(*_condition(messages, key)))
                .mappings()
                .one_or_none()
            )
            if there is not None and _is_further(there, row):
                connection.execute(messages.delete().where(*same_row(messages, row)))
                continue
            connection.execute(messages.delete().where(*_condition(messages, key)))
        connection.execute(messages.update().where(*same_row(messages, row)).values(**new))


def _is_further(there: RowMapping, old: RowMapping) -> bool:
    """Whether more became of the one that is there: what is only due gives way."""
    return (
        DeliveryState(there["state"]) is not DeliveryState.DUE
        or DeliveryState(old["state"]) is DeliveryState.DUE
    )


def _is_there(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    return bool(connection.execute(select(exists(select(table).where(*_condition(table, values))))).scalar())


def _condition(table: Table, values: dict[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in values.items()]
