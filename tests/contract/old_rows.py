"""A value for any column of any revision."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import JSON, Boolean, DateTime, Integer, LargeBinary

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
WORDS = {
    "state": "applied",
    "status": "registered",
    "before": "registered",
    "response": "accepted",
    "source": "outlook",
    "cause": "answered",
    "kind": "assigned",
    "language": "da",
    "outcome": "done",
    "reason": "bounced_other",
    "said": "registered",
    "who": "manager",
}
"""Columns that hold a word of an enumeration."""
LISTS = {
    "aliases": ["anna@by.example"],
    "members": ["anna.æøå@by.example"],
    "answers": [["dag", "registered"]],
    "desired_attendees": {"anna.æøå@by.example": "required"},
    "invited_since": {"anna.æøå@by.example": AT.isoformat()},
}
ROWS = 3


def value_of(column, number):
    match column.type:
        case JSON():
            return LISTS.get(column.name, {})
        case Boolean():
            return number % 2 == 0
        case Integer():
            return number + 1
        case LargeBinary():
            return zlib.compress(b'{"id": "by", "courses": []}')
        case DateTime():
            at = AT + timedelta(days=number)
            return at if column.type.timezone else at.replace(tzinfo=None)
    # What a table is keyed by alone is another in each row.
    words = {} if [*column.table.primary_key] == [column] else WORDS
    return words.get(column.name, f"Hr. Æble's nr. {number}")
