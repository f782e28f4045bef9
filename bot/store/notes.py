"""What people wrote to HR about taking part.

Implements `bot.ports.books.NoteBook`. Erased when the course is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.notes import Note
from bot.store.columns import rows_of_plan
from bot.store.schema import notes
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.store.database import Database


class SqlNoteBook:
    """The notes in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load_notes(self, plan: str) -> tuple[Note, ...]:
        """Every note of the plan, by course and address."""
        lines = rows_of_plan(notes, "course", "email")
        with self._database.read() as connection:
            return tuple(Note(**row) for row in connection.execute(lines, {"of_plan": plan}).mappings())

    def save_note(self, note: Note) -> None:
        """Insert or replace; an empty text deletes it."""
        with self._database.write() as connection:
            if note.text:
                row = {
                    "plan": note.plan,
                    "course": note.course,
                    "email": note.email,
                    "text": note.text,
                    "written_at": note.written_at,
                }
                insert_or_replace(connection, notes, [row])
            else:
                key = (notes.c.plan == note.plan, notes.c.course == note.course, notes.c.email == note.email)
                connection.execute(notes.delete().where(*key))

    def erase_notes(self, plan: str, courses: Iterable[str]) -> int:
        """Delete the notes of these courses and return how many there were."""
        gone = tuple(courses)
        if not gone:
            return 0
        with self._database.write() as connection:
            deleted = (
                notes.delete().where(notes.c.plan == plan, notes.c.course.in_(gone)).returning(notes.c.email)
            )
            return len(connection.execute(deleted).all())
