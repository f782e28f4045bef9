"""Who did what: a log that only grows. Implements `bot.ports.actions.ActionBook`.

Triggers of the database (revision 0019) hold every program to it, whatever it is:

    a line may       when
    be added         always
    lose a name      an address or a name becomes a stand-in, or is emptied: erasure of a person (`pseudonymise`)
    go               its time is over, and how many went until when was written down first (`let_go`), for good
    be changed       never
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import func, select

from bot.domain.actions import Action
from bot.store.columns import of_plan
from bot.store.schema import actions, actions_over, old_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.store.database import Database


class SqlActionBook:
    """The lines in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, action: Action) -> None:
        """Write a line down, for good."""
        with self._database.write() as connection:
            write_lines(connection, [action])

    def last_at(self, command: str) -> datetime | None:
        """When something was done last, of whatever plan, as far as lines are kept; UTC."""
        newest = select(actions.c.at).where(actions.c.command == command).order_by(actions.c.at.desc())
        with self._database.read() as connection:
            return connection.execute(newest.limit(1)).scalar()

    def load_actions(self, plan: str | None = None, *, about: Collection[str] = ()) -> tuple[Action, ...]:
        """The lines of a plan, under any id it had, and those for all plans, or all.

        Newest first; of these subjects only (`about`).
        """
        wanted = select(actions).order_by(actions.c.at.desc(), actions.c.id)
        if plan is not None:
            before = select(old_names.c.old).where(of_plan(old_names, plan), old_names.c.level == "plan")
            wanted = wanted.where(actions.c.plan.in_((plan, "")) | actions.c.plan.in_(before))
        if about:
            wanted = wanted.where(actions.c.subject.in_(sorted(about)))
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(Action(**{name: value for name, value in row.items() if name != "id"}) for row in rows)


def write_lines(connection: Connection, noted: Iterable[Action]) -> None:
    """Write lines down in the transaction of what they tell of."""
    if rows := [{"id": uuid4().hex, **asdict(action)} for action in noted]:
        connection.execute(actions.insert(), rows)


def pseudonymise(
    connection: Connection, addresses: Collection[str], names: Collection[str], stand_in: str
) -> None:
    """Put `stand_in` for a person in what they did and what was done to them; no line goes.

    Details that name them are dropped.
    """
    connection.execute(actions.update().where(actions.c.subject.in_(addresses)).values(subject=stand_in))
    for word in sorted({*addresses, *names}):
        connection.execute(
            actions.update().where(func.lower(actions.c.by) == word.lower()).values(by=stand_in)
        )
        connection.execute(
            actions.update().where(actions.c.detail.icontains(word, autoescape=True)).values(detail="")
        )


def let_go(database: Database, *, until: datetime, plan: str, besides: Collection[str]) -> int:
    """Let go of what was done before `until`.

    In the plan, for all plans, and in those that the books have nothing else of.

    `besides` are the plans that they have something of. How many went is written down. `until` UTC.
    """
    over = (actions.c.at < until) & (actions.c.plan.in_((plan, "")) | actions.c.plan.not_in(sorted(besides)))
    with database.write() as connection:
        lines = connection.execute(select(func.count()).select_from(actions).where(over)).scalar() or 0
        if lines:
            connection.execute(actions_over.insert(), [{"id": uuid4().hex, "until": until, "lines": lines}])
            connection.execute(actions.delete().where(over))
    return lines
