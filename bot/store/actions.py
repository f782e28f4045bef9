"""Who did what with people's data. Implements `bot.ports.actions.ActionBook`. Expiry and erasure alone change what stands there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import select

from bot.domain.actions import Action
from bot.store.schema import actions

if TYPE_CHECKING:
    from bot.store.database import Database


class SqlActionBook:
    """The deeds in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, action: Action) -> None:
        """Write a deed down."""
        with self._database.write() as connection:
            connection.execute(actions.insert(), [{"id": uuid4().hex, **asdict(action)}])

    def load_actions(self, plan: str | None = None) -> tuple[Action, ...]:
        """The deeds of a plan and those that concern every plan, or all, the newest first."""
        deeds = select(actions).order_by(actions.c.at.desc(), actions.c.id)
        if plan is not None:
            deeds = deeds.where(actions.c.plan.in_((plan, "")))
        with self._database.read() as connection:
            rows = connection.execute(deeds).mappings().all()
        return tuple(Action(**{name: value for name, value in row.items() if name != "id"}) for row in rows)
