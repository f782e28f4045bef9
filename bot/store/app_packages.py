"""The packages of our Teams app that were made last. Implements `bot.ports.teams.PackageBook`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.teams import AppPackage, package_version
from bot.store.conversation_tables import app_packages
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from datetime import date

    from bot.store.database import Database


class SqlPackageBook:
    """The table in a database: of each app the latest package."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def version_of(self, app: str, digest: str, *, today: date) -> str:
        """The version of a package with this in it (`bot.domain.teams.package_version`), and remember it."""
        with self._database.write() as connection:
            row = connection.execute(select(app_packages).where(app_packages.c.app == app)).mappings().first()
            version = package_version(AppPackage(**row) if row else None, digest, today=today)
            insert_or_replace(connection, app_packages, [{"app": app, "digest": digest, "version": version}])
        return version
