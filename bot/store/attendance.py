"""Who came, as it was said. Implements `bot.ports.attendance.AttendanceBook`."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.meeting_reports import ReadingState, ReportReading
from bot.store.actions import write_lines
from bot.store.attendance_table import attendance_log, meeting_readings
from bot.store.columns import rows_about, rows_of_plan
from bot.store.upsert import insert_new, insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Select

    from bot.domain.actions import Action
    from bot.store.database import Database


class SqlAttendanceBook:
    """The words in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_words(
        self,
        plan: str,
        *,
        course: str | frozenset[str] | None = None,
        emails: Collection[str] | None = None,
    ) -> tuple[AttendanceWord, ...]:
        """All of the plan, or of some of its courses, about anybody or these addresses, as they were said."""
        wanted = _words_about(plan, course)
        if emails is not None:
            wanted = wanted.where(attendance_log.c.email.in_(sorted(emails)))
        with self._database.read() as connection:
            rows = connection.execute(wanted).mappings().all()
        return tuple(
            AttendanceWord(
                **{**row, "said": AttendanceSaid(row["said"]), "source": AttendanceSource(row["source"])}
            )
            for row in rows
        )

    def add(self, words: Iterable[AttendanceWord], *, noted: Iterable[Action] = ()) -> int:
        """Add those whose key is not there yet, with the lines that tell of it; how many that were."""
        with self._database.write() as connection:
            added = insert_new(connection, attendance_log, _rows(words))
            write_lines(connection, noted)
        return added

    def load_readings(self, plan: str) -> dict[tuple[str, str, str], ReportReading]:
        """By course, offering and session, how far it is with the reports of the plan's meetings."""
        with self._database.read() as connection:
            rows = connection.execute(rows_of_plan(meeting_readings), {"of_plan": plan}).mappings().all()
        readings = (
            ReportReading(
                **{**row, "state": ReadingState(row["state"]), "reports": frozenset(row["reports"])}
            )
            for row in rows
        )
        return {(one.course, one.offering, one.session): one for one in readings}

    def save_reading(self, reading: ReportReading, words: Iterable[AttendanceWord] = ()) -> None:
        """Insert or replace, with what the reports say: both or nothing."""
        row = {**asdict(reading), "state": reading.state.value, "reports": sorted(reading.reports)}
        with self._database.write() as connection:
            insert_new(connection, attendance_log, _rows(words))
            insert_or_replace(connection, meeting_readings, [row])


@lru_cache(maxsize=256)
def _words_about(plan: str, course: str | frozenset[str] | None) -> Select[Any]:
    """The words in the order in which they were said; kept as `of_plan` is."""
    order = (attendance_log.c.at, attendance_log.c.noted_at, attendance_log.c.key)
    return rows_about(attendance_log, plan, course).order_by(*order)


def _rows(words: Iterable[AttendanceWord]) -> list[dict[str, object]]:
    return [{**asdict(one), "said": one.said.value, "source": one.source.value} for one in words]
