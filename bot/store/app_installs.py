"""For whom the app in Teams was installed. Implements `bot.ports.conversations.AppInstallBook`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from bot.domain.app_installs import AppInstall, InstallState
from bot.store.conversation_tables import app_installs
from bot.store.schema import people
from bot.store.upsert import insert_new

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import RowMapping

    from bot.store.database import Database

_KNOWN = select(people.c.directory_id).where(people.c.directory_id.is_not(None))
_OVER = delete(app_installs).where(
    app_installs.c.at < bindparam("before"), app_installs.c.subject.not_in(_KNOWN)
)
"""Made once: each round lets go of them."""


class SqlAppInstallBook:
    """The table in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, subjects: Collection[str]) -> dict[str, AppInstall]:
        """What is known of these people, by directory id."""
        wanted = select(app_installs).where(app_installs.c.subject.in_(sorted(subjects)))
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return {row["subject"]: install_of(row) for row in rows}

    def note(self, install: AppInstall) -> None:
        """Insert or replace; that somebody took it away stays."""
        row = {"email": install.email, "state": install.state.value, "at": install.at}
        theirs = app_installs.c.subject == install.subject
        not_gone = app_installs.c.state != InstallState.GONE.value
        with self._database.write() as connection:
            if not connection.execute(app_installs.update().where(theirs, not_gone).values(row)).rowcount:
                insert_new(connection, app_installs, [{"subject": install.subject, **row}])

    def let_go(self, *, before: datetime) -> None:
        """Delete what was written before this instant (UTC) of people whom no plan knows any more."""
        with self._database.write() as connection:
            connection.execute(_OVER, {"before": before})


def install_of(row: RowMapping) -> AppInstall:
    """What a row of the table is."""
    return AppInstall(**{**row, "state": InstallState(row["state"])})
