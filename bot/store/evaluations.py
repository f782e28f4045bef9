"""What people say of courses that are over. Implements `bot.ports.evaluations.EvaluationBook`.

Anonymous by construction: nothing that stands in the database joins an answer to a person.

| what could join them | why it does not |
|---|---|
| a person, a link, a common id, a time | no answer has one, and "has answered" has no time |
| the answers of one form to each other | each is a row of its own, with a key made by chance |
| the order of rows (`rowid`, `ctid`, `xmin`) | with each form all of that date is written anew, by chance and by address |
| the log of who did what, what is told to other programs | nothing is written there |
| SQLite's own log of changes (`-wal`) | emptied after each form, where no other program reads just then |

Two copies of the database, one from before a form and one from after it, differ by that form: who may read
backups or a server's archive of changes is to be trusted with that (docs/privacy.md).
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import asdict, astuple, fields
from random import SystemRandom
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.errors import DatabaseFailed
from bot.domain.evaluation import FORM, EvaluationAnswer
from bot.store.columns import of_plan
from bot.store.evaluation_tables import evaluation_answers, evaluation_done, evaluation_shown
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection, Table

    from bot.store.database import Database

CHANCE = SystemRandom()
NAMES = tuple(one.name for one in fields(EvaluationAnswer))


class SqlEvaluationBook:
    """The answers in a database, and apart from them who has answered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_answered(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> frozenset[tuple[str, str, str]]:
        """(Course, offering, address) of everybody who has answered."""
        table = evaluation_done
        wanted = select(table.c.course, table.c.offering, table.c.email)
        with self._database.read() as connection:
            rows = connection.execute(wanted.where(of_plan(table, plan, course))).all()
        return frozenset((row.course, row.offering, row.email) for row in rows)

    def load_answers(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> tuple[EvaluationAnswer, ...]:
        """What was said in the plan, or of some of its courses, sorted by what was said."""
        table = evaluation_answers
        wanted = select(table).where(of_plan(table, plan, course))
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        found = (EvaluationAnswer(**{name: row[name] for name in NAMES}) for row in rows)
        return tuple(sorted(found, key=astuple))

    def load_shown(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> dict[tuple[str, str], int]:
        """By (course, offering) the number of the batch that a date was shown in."""
        wanted = select(evaluation_shown).where(of_plan(evaluation_shown, plan, course))
        with self._database.read() as connection:
            return {(row.course, row.offering): row.batch for row in connection.execute(wanted)}

    def note_shown(self, plan: str, course: str, batches: Mapping[int, Collection[str]]) -> None:
        """These dates (offerings) of a course are shown now, each in its batch; what is noted stays."""
        rows = [
            {"plan": plan, "course": course, "offering": offering, "batch": number}
            for number, offerings in batches.items()
            for offering in offerings
        ]
        with self._database.write() as connection:
            insert_new(connection, evaluation_shown, rows)

    def add(
        self, plan: str, email: str, said: Iterable[EvaluationAnswer], *, others: frozenset[str] = frozenset()
    ) -> bool:
        """Keep one form; False, and nothing is kept, where the person has answered for that date already.

        Neither where the date has been shown.
        `said` are of one course and offering, at least one; `others` are more addresses of the person.
        """
        answers = [*said]
        about = {"plan": plan, "course": answers[0].course, "offering": answers[0].offering}
        form = EvaluationAnswer(
            course=about["course"], offering=about["offering"], question="", kind=FORM, asked="", answer=""
        )
        with self._database.write() as connection:
            if self._database.file is None:
                # Two at once would each write the other's rows anew.
                names = f"{evaluation_done.name}, {evaluation_answers.name}"
                connection.exec_driver_sql(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
            done = _rows(connection, evaluation_done, about)
            if _rows(connection, evaluation_shown, about) or any(
                row["email"] in {email, *others} for row in done
            ):
                return False
            rows = _rows(connection, evaluation_answers, about)
            rows += [{**asdict(one), "plan": plan} for one in (*answers, form)]
            _write_anew(connection, about, rows, {email, *(row["email"] for row in done)})
        self._empty_log()
        return True

    def _empty_log(self) -> None:
        """Leave nothing of the order in SQLite's log of changes; who reads just then keeps it for a while."""
        if self._database.file is None:
            return
        with suppress(DatabaseFailed), self._database.outside_transactions() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            # Its impatience was ours alone.
            connection.invalidate()


def _rows(connection: Connection, table: Table, about: dict[str, str]) -> list[dict[str, Any]]:
    wanted = select(table).where(*(table.c[name] == value for name, value in about.items()))
    return [dict(row) for row in connection.execute(wanted).mappings()]


def _write_anew(
    connection: Connection, about: dict[str, str], rows: list[dict[str, str]], done: set[str]
) -> None:
    """All that was said of a date, in an order and with keys made by chance, and who said it by address."""
    for table in (evaluation_answers, evaluation_done):
        connection.execute(table.delete().where(*(table.c[name] == one for name, one in about.items())))
    CHANCE.shuffle(rows)
    connection.execute(evaluation_answers.insert(), [{**row, "key": secrets.token_hex(16)} for row in rows])
    connection.execute(evaluation_done.insert(), [{**about, "email": one} for one in sorted(done)])
