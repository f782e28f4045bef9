"""Taking a person out of evaluations: that they have answered, and their name where others wrote it.

What they said stays: nobody can tell which it is. Counts stand, for each form is counted without its person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.evaluation import EvaluationKind
from bot.domain.striking import struck
from bot.store.anonymity import same_row
from bot.store.evaluation_tables import evaluation_answers, evaluation_done

if TYPE_CHECKING:
    from sqlalchemy import Connection


def erase_from_evaluations(connection: Connection, addresses: frozenset[str], names: frozenset[str]) -> None:
    """Forget that they have answered, and strike their names from what anybody wrote."""
    connection.execute(evaluation_done.delete().where(evaluation_done.c.email.in_(addresses)))
    table = evaluation_answers
    texts = select(table).where(table.c.kind == EvaluationKind.TEXT.value)
    for row in connection.execute(texts).mappings().all():
        said = row["answer"].lower()
        if any(word.lower() in said for word in addresses | names):
            left = struck(row["answer"], names)
            connection.execute(table.update().where(*same_row(table, row)).values(answer=left))
