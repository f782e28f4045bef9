"""What stands in a column, on SQLite and on PostgreSQL alike.

Instants that are UTC and aware on both sides, text that people wrote, and documents that are seldom read.
"""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json
from sqlalchemy import DateTime, LargeBinary, String, TypeDecorator, bindparam, select

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement, Dialect, Select, Table


class Instant(TypeDecorator[datetime]):
    """An aware datetime, UTC: `timestamptz` on PostgreSQL, naive UTC text on SQLite. Refuses a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(value)
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """From the database, at once where it is text: there are instants by the hundred thousand."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return _of_text


def from_text(value: str) -> Any:
    """What a column's JSON says.

    Pydantic's reader takes half the time of the standard one, and there are columns by the ten thousand; what
    it will not have (half a surrogate pair) the other may.
    """
    try:
        return from_json(value)
    except ValueError:
        return json.loads(value)


def _of_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


class FreeText(TypeDecorator[str]):
    """Text that people or Exchange wrote: what no database stores (NUL, half a surrogate pair) is dropped."""

    impl = String
    cache_ok = True

    # The signature is SQLAlchemy's.
    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """To the database."""
        return None if value is None else value.replace("\0", "").encode("utf-8", "ignore").decode()


class Packed(TypeDecorator[dict[str, Any]]):
    """A document as compressed JSON: many of one plan say nearly the same. No database looks into it."""

    impl = LargeBinary
    cache_ok = True

    # The signature is SQLAlchemy's.
    def process_bind_param(
        self,
        value: dict[str, Any] | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> bytes | None:
        """To the database."""
        return None if value is None else zlib.compress(json.dumps(value).encode(), 9)

    def process_result_value(
        self,
        value: bytes | None,
        dialect: Dialect,  # noqa: ARG002 - the signature is SQLAlchemy's
    ) -> dict[str, Any] | None:
        """From the database."""
        return None if value is None else json.loads(zlib.decompress(value))


def is_of_plan(table: Table) -> ColumnElement[bool]:
    """The rows of the plan that a statement is run with, `{"of_plan": plan}`: for one that is made once."""
    return table.c.plan == bindparam("of_plan")


@lru_cache(maxsize=1024)
def of_plan(table: Table, plan: str, course: str | frozenset[str] | None = None) -> ColumnElement[bool]:
    """The rows of a plan, or of one course of it, or of several.

    Kept, because it is asked for before every look, and to make one takes longer than to look.
    """
    if course is None:
        return table.c.plan == plan
    return (table.c.plan == plan) & (
        table.c.course == course if isinstance(course, str) else table.c.course.in_(sorted(course))
    )


@lru_cache(maxsize=256)
def rows_about(table: Table, plan: str, course: str | frozenset[str] | None = None) -> Select[Any]:
    """The whole rows by `of_plan`, in no order; kept as that is."""
    return select(table).where(of_plan(table, plan, course))


@cache
def rows_of_plan(table: Table, *order: str) -> Select[Any]:
    """A plan's rows in the order of these columns, to be run with `{"of_plan": plan}`; made once."""
    return select(table).where(is_of_plan(table)).order_by(*(table.c[name] for name in order))
