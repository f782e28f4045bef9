"""What people answered to a course's questions. Implements `bot.ports.question_answers.QuestionAnswerBook`.

One row for each person and question: what is said anew takes the place of what was said before.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.questions import QuestionAnswer, QuestionKind
from bot.store.actions import write_lines
from bot.store.columns import of_plan
from bot.store.question_table import question_answers
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.domain.actions import Action
    from bot.store.database import Database


class SqlQuestionAnswerBook:
    """The answers in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_answers(
        self,
        plan: str,
        *,
        course: str | frozenset[str] | None = None,
        emails: Collection[str] | None = None,
    ) -> tuple[QuestionAnswer, ...]:
        """All of the plan, or of some of its courses, by course, address and question.

        Of everybody, or of these addresses only.
        """
        columns = (question_answers.c.course, question_answers.c.email, question_answers.c.question)
        wanted = select(question_answers).where(of_plan(question_answers, plan, course)).order_by(*columns)
        if emails is not None:
            wanted = wanted.where(question_answers.c.email.in_(sorted(emails)))
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(QuestionAnswer(**{**row, "kind": QuestionKind(row["kind"])}) for row in rows)

    def save_answers(self, answers: Iterable[QuestionAnswer], *, noted: Iterable[Action] = ()) -> None:
        """Insert or replace, an empty answer deletes its row; with the lines that tell of it.

        All or nothing.
        """
        rows = [{**asdict(one), "kind": one.kind.value} for one in answers]
        with self._database.write() as connection:
            insert_or_replace(connection, question_answers, [row for row in rows if row["answer"]])
            for row in rows:
                if not row["answer"]:
                    key = (column == row[column.name] for column in question_answers.primary_key)
                    connection.execute(question_answers.delete().where(*key))
            write_lines(connection, noted)
