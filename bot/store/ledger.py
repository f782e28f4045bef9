"""The ledger: what we applied in Outlook for each session (and part), and what Outlook echoed.

Implements `bot.ports.memory.Ledger`. Does not decide anything: the rules on entries are `bot.invitations`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, String, bindparam, cast, select

from bot.domain.events import EventField, LedgerEntry, LedgerState, OutlookEdit, SessionKey
from bot.store.columns import from_text, is_of_plan, of_plan
from bot.store.schema import ledger
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import RowMapping, Select

    from bot.store.database import Database

KEY_COLUMNS = ("plan", "course", "offering", "session", "part")
ENTRY_COLUMNS = tuple(
    cast(ledger.c[name], String) if isinstance(ledger.c[name].type, JSON) else ledger.c[name]
    for name in (
        *KEY_COLUMNS,
        "state",
        "transaction_id",
        "event_id",
        "subject",
        "starts_at",
        "ends_at",
        "desired_fields",
        "observed_fields",
        "desired_attendees",
        "invited_since",
        "join_url",
        "edit",
        "rooms_declined",
        "moved_at",
        "organiser",
        "listed_at",
    )
)
"""In the order in which `_entry` takes them, documents as they are written."""
_EDITS = select(*(ledger.c[name] for name in KEY_COLUMNS), ledger.c.edit).where(
    is_of_plan(ledger), ledger.c.edit.is_not(None)
)
_COURSES = select(ledger.c.course).where(is_of_plan(ledger)).distinct()
_PLACES = select(ledger.c.course, ledger.c.offering, ledger.c.session).where(
    is_of_plan(ledger), ledger.c.event_id.is_not(None)
)
"""Made once: each round asks them several times."""


class SqlLedger:
    """The ledger in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_entries(
        self, plan: str, *, course: str | frozenset[str] | None = None
    ) -> dict[SessionKey, LedgerEntry]:
        """Every entry, of one course or all, in the order of course, offering, session, part."""
        with self._database.read() as connection:
            rows = connection.execute(_entries_of(plan, course)).all()
        # One list of people stands at many sessions, word for word, and is read once.
        document, moments = cache(from_text), cache(_moments)
        # By the key, which stands first in a row and is never twice.
        entries = [_entry(document, moments, *row) for row in sorted(rows)]
        return {entry.key: entry for entry in entries}

    def load_plans(self) -> tuple[str, ...]:
        """The ids of the plans that have entries, sorted, whether they are served or not."""
        with self._database.read() as connection:
            return tuple(sorted(connection.execute(select(ledger.c.plan).distinct()).scalars()))

    def load_edits(self, plan: str) -> dict[SessionKey, OutlookEdit]:
        """What people have made of the plan's events in Outlook, by session (and part).

        Those that stand as we wrote them are left out.
        """
        with self._database.read() as connection:
            rows = connection.execute(_EDITS, {"of_plan": plan}).mappings().all()
        return {session_key(row): _edit(row["edit"]) for row in rows}

    def load_courses(self, plan: str) -> frozenset[str]:
        """The ids of the courses that have entries."""
        with self._database.read() as connection:
            return frozenset(connection.execute(_COURSES, {"of_plan": plan}).scalars())

    def load_places(self, plan: str) -> frozenset[tuple[str, str, str]]:
        """Course, offering and session of what has an event in Outlook."""
        with self._database.read() as connection:
            return frozenset(
                (course, offering, session)
                for course, offering, session in connection.execute(_PLACES, {"of_plan": plan})
            )

    def save_entries(self, entries: Iterable[LedgerEntry]) -> None:
        """Insert or replace, in one transaction; of two with the same key the last one stays."""
        rows = [_row(entry) for entry in entries]
        if rows:
            with self._database.write() as connection:
                insert_or_replace(connection, ledger, rows)

    def remove_entries(self, keys: Iterable[SessionKey]) -> None:
        """Drop entries, in one transaction; unknown keys are no error."""
        rows = [
            {f"key_{name}": value for name, value in zip(KEY_COLUMNS, key_values(key), strict=True)}
            for key in keys
        ]
        if rows:
            statement = ledger.delete().where(
                *(ledger.c[name] == bindparam(f"key_{name}") for name in KEY_COLUMNS)
            )
            with self._database.write() as connection:
                connection.execute(statement, rows)


@lru_cache(maxsize=256)
def _entries_of(plan: str, course: str | frozenset[str] | None) -> Select[Any]:
    """What `_entry` takes; kept as `of_plan` is."""
    return select(*ENTRY_COLUMNS).where(of_plan(ledger, plan, course))


def key_values(key: SessionKey) -> tuple[str, str, str, str, int]:
    """A session key in the order of `KEY_COLUMNS`."""
    return key.plan, key.course, key.offering, key.session, key.part


def session_key(row: RowMapping) -> SessionKey:
    """The session key of a row that has `KEY_COLUMNS`."""
    return SessionKey(
        plan=row["plan"],
        course=row["course"],
        offering=row["offering"],
        session=row["session"],
        part=row["part"],
    )


def _row(entry: LedgerEntry) -> dict[str, Any]:
    return {
        **dict(zip(KEY_COLUMNS, key_values(entry.key), strict=True)),
        "state": entry.state.value,
        "transaction_id": entry.transaction_id,
        "event_id": entry.event_id,
        "subject": entry.subject,
        "starts_at": entry.start,
        "ends_at": entry.end,
        "desired_fields": dict(entry.desired_fields),
        "observed_fields": dict(entry.observed_fields),
        "desired_attendees": dict(entry.desired_attendees),
        "invited_since": {email: _written(instant) for email, instant in entry.invited_since.items()},
        "join_url": entry.join_url,
        "edit": _edit_json(entry.edit) if entry.edit else None,
        "rooms_declined": [*entry.rooms_declined] or None,
        "moved_at": entry.moved_at,
        "organiser": entry.organiser or None,
        "listed_at": entry.listed_at,
    }


def _moments(written: str) -> dict[str, datetime]:
    """Of a document whose values are instants."""
    return {email: datetime.fromisoformat(at) for email, at in from_text(written).items()}


# There are thousands of rows, so they come as tuples: to ask each for its columns by name is as much again.
def _entry(
    document: Callable[[str], Any],
    moments: Callable[[str], dict[str, datetime]],
    plan: str,
    course: str,
    offering: str,
    session: str,
    part: int,
    state: str,
    transaction_id: str,
    event_id: str | None,
    subject: str,
    start: datetime,
    end: datetime,
    desired_fields: str,
    observed_fields: str,
    desired_attendees: str,
    invited_since: str,
    join_url: str | None,
    edit: str | None,
    rooms_declined: str | None,
    moved_at: datetime | None,
    organiser: str | None,
    listed_at: datetime | None,
) -> LedgerEntry:
    made_of_it = document(edit) if edit else None
    return LedgerEntry(
        key=SessionKey(plan=plan, course=course, offering=offering, session=session, part=part),
        state=LedgerState(state),
        transaction_id=transaction_id,
        event_id=event_id,
        subject=subject,
        start=start,
        end=end,
        desired_fields=document(desired_fields),
        observed_fields=document(observed_fields),
        desired_attendees=document(desired_attendees),
        invited_since=moments(invited_since),
        join_url=join_url,
        edit=_edit(made_of_it) if made_of_it else None,
        rooms_declined=tuple(document(rooms_declined) or ()) if rooms_declined else (),
        moved_at=moved_at,
        organiser=organiser or "",
        listed_at=listed_at,
    )


def _edit_json(edit: OutlookEdit) -> dict[str, Any]:
    return {
        "fields": [field.value for field in edit.fields],
        "subject": edit.subject,
        "start": edit.start.isoformat(),
        "end": edit.end.isoformat(),
        "all_day": edit.all_day,
        "location": edit.location,
        "modified_at": _written(edit.modified_at) if edit.modified_at else None,
    }


def _edit(written: dict[str, Any]) -> OutlookEdit:
    return OutlookEdit(
        fields=tuple(EventField(name) for name in written["fields"]),
        subject=written["subject"],
        start=datetime.fromisoformat(written["start"]),
        end=datetime.fromisoformat(written["end"]),
        all_day=written["all_day"],
        location=written["location"],
        modified_at=datetime.fromisoformat(written["modified_at"]) if written["modified_at"] else None,
    )


def _written(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError(instant)
    return instant.astimezone(UTC).isoformat()
