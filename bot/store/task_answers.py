"""What people say of the tasks that they took home. Implements `bot.ports.task_answers.TaskAnswerBook`.

One row for each person, date and task: what is said anew takes the place of what was said before.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.striking import struck
from bot.domain.task_answers import TaskAnswer, TaskState
from bot.store.anonymity import same_row
from bot.store.columns import of_plan
from bot.store.task_answer_table import task_answers
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from bot.store.database import Database

YES = "yes"


class SqlTaskAnswerBook:
    """The answers in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_answers(
        self,
        plan: str,
        *,
        course: str | frozenset[str] | None = None,
        emails: Collection[str] | None = None,
    ) -> tuple[TaskAnswer, ...]:
        """All of the plan, or of some of its courses, by course, date, task and address.

        Of everybody, or of these addresses only.
        """
        wanted = select(task_answers).where(of_plan(task_answers, plan, course))
        if emails is not None:
            wanted = wanted.where(task_answers.c.email.in_(sorted(emails)))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(*task_answers.primary_key)).mappings().all()
        return tuple(
            TaskAnswer(
                **{
                    **row,
                    "state": TaskState(row["state"]) if row["state"] else None,
                    "names": row["names"] == YES,
                }
            )
            for row in rows
        )

    def save_answer(self, answer: TaskAnswer, *, others: frozenset[str] = frozenset()) -> None:
        """Insert or replace; `others` are more addresses of the person, whose rows it replaces as well."""
        row = asdict(answer) | {
            "state": answer.state.value if answer.state else "",
            "names": YES if answer.names else "",
        }
        table = task_answers
        about = (table.c[name] == row[name] for name in ("plan", "course", "offering", "task"))
        with self._database.write() as connection:
            connection.execute(table.delete().where(*about, table.c.email.in_(others - {answer.email})))
            insert_or_replace(connection, table, [row])


def erase_from_tasks(connection: Connection, addresses: frozenset[str], names: frozenset[str]) -> None:
    """Delete what they said, and strike their names from what others wrote."""
    table = task_answers
    connection.execute(table.delete().where(table.c.email.in_(addresses)))
    for row in connection.execute(select(table).where(table.c.said != "")).mappings().all():
        said = row["said"].lower()
        if any(word.lower() in said for word in addresses | names):
            left = struck(row["said"], names)
            connection.execute(table.update().where(*same_row(table, row)).values(said=left))
