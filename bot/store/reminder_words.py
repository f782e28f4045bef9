"""What HR said about single reminders. Implements `bot.ports.reminder_words.ReminderWordBook`.

Lines are only added, and the later one counts (`bot.reminders.words`), so that it can always be seen who said
what and why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.reminders import ReminderTopic, ReminderWord, WordKind
from bot.store.actions import write_lines
from bot.store.columns import of_plan, rows_about
from bot.store.one_at_a_time import Alone, are_still
from bot.store.reminder_table import reminder_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import RowMapping

    from bot.domain.actions import Action
    from bot.store.database import Database

TOPIC = ("rule", "course", "offering", "session", "about")


class SqlReminderWordBook:
    """The words in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_words(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> tuple[ReminderWord, ...]:
        """All of the plan, or of some of its courses, oldest first."""
        lines = rows_about(reminder_words, plan, course)
        with self._database.read() as connection:
            found = connection.execute(lines.order_by(reminder_words.c.number)).mappings()
            return tuple(map(_word, found))

    def add_words(
        self, plan: str, words: Iterable[ReminderWord], *, known: int, noted: Iterable[Action] = ()
    ) -> bool:
        """Write down what was said of one course, with the lines that tell of it: all or nothing.

        False where the course has not `known` words any more: somebody else said something meanwhile.
        """
        rows = [_row(plan, one) for one in words]
        if not rows:
            return True
        about = of_plan(reminder_words, plan, rows[0]["course"])
        with self._database.write() as connection:
            if not are_still(
                connection, Alone.REMINDER_WORDS, plan, rows=reminder_words, about=about, known=known
            ):
                return False
            connection.execute(reminder_words.insert(), rows)
            write_lines(connection, noted)
        return True


def _row(plan: str, one: ReminderWord) -> dict[str, Any]:
    return {
        "plan": plan,
        **{name: getattr(one.topic, name) for name in TOPIC},
        "email": one.email,
        "kind": one.kind.value,
        "by": one.by,
        "at": one.at,
        "reason": one.reason,
        "goes_from": one.goes_from,
    }


def _word(row: RowMapping) -> ReminderWord:
    return ReminderWord(
        topic=ReminderTopic(**{name: row[name] for name in TOPIC}),
        email=row["email"],
        kind=WordKind(row["kind"]),
        by=row["by"],
        at=row["at"],
        reason=row["reason"],
        goes_from=row["goes_from"],
    )
