"""Everything that the books hold, as a query or the file tells it: what of somebody can still be found."""

from __future__ import annotations

import zlib

from sqlalchemy import text

from bot.store.all_tables import metadata
from tests.builders.known_people import TRACES


def dump(database, *tables):
    """Everything that a query can find, as it is stored; what is packed, as it was before."""
    with database.read() as connection:
        names = tables or metadata.tables
        rows = [row for name in names for row in connection.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608 - our tables
    return "\n".join(sorted(" ".join(map(_unpacked, row)) for row in rows))


def _unpacked(value):
    """What a cell says; bytes are packed, or a file as it was read."""
    if not isinstance(value, bytes | memoryview):
        return str(value)
    try:
        return zlib.decompress(value).decode()
    except zlib.error:
        return bytes(value).decode()


def traces(database, words=TRACES):
    """What of these can still be found, in tables, statistics and files."""
    found = dump(database)
    if database.file is None:
        return [word for word in words if word in found + dump(database, "pg_stats")]
    read = b"".join(file.read_bytes() for file in sorted(database.file.parent.glob(f"{database.file.name}*")))
    return [word for word in words if word in found or word.encode() in read]
