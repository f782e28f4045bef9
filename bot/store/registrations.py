"""The plan's current registrations: what the log of answers says now, kept for those who only read.

A part of `bot.store.answers.SqlAnswerLog`, which opens the transactions. Only rows that differ are
written: a round every few minutes finds nearly always nothing new.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam

from bot.domain.registrations import AnswerSource, Registration, RegistrationStatus
from bot.domain.webhook_kinds import WebhookKind
from bot.store.columns import rows_about
from bot.store.schema import registrations
from bot.store.upsert import insert_or_replace
from bot.store.webhook_news import note_news

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, RowMapping

KEY_COLUMNS = ("course", "offering", "email")
STATUSES = {one.value: one for one in RegistrationStatus}
SOURCES = {one.value: one for one in AnswerSource}
"""Looking there is a tenth of what calling the enum costs, and there are rows by the hundred thousand."""


def load_registrations(
    connection: Connection,
    plan: str,
    *,
    course: str | frozenset[str] | None = None,
    emails: Collection[str] | None = None,
) -> tuple[Registration, ...]:
    """The current registrations of the plan, of one course of it, of these addresses.

    Sorted by course, offering, address.
    """
    wanted = rows_about(registrations, plan, course)
    if emails is not None:
        wanted = wanted.where(registrations.c.email.in_(emails))
    rows = connection.execute(wanted).mappings()
    return tuple(sorted((_registration(row) for row in rows), key=_key))


def replace_registrations(
    connection: Connection,
    plan: str,
    wanted: Iterable[Registration],
    *,
    course: str | frozenset[str] | None = None,
) -> None:
    """Make the rows of the plan, or of one course of it, the wanted ones, each person and offering once."""
    before = {_key(one): one for one in load_registrations(connection, plan, course=course)}
    after = {_key(one): one for one in wanted}
    gone = [
        dict(zip(("key_course", "key_offering", "key_email"), key, strict=True))
        for key in before.keys() - after.keys()
    ]
    if gone:
        matches = (registrations.c[name] == bindparam(f"key_{name}") for name in KEY_COLUMNS)
        connection.execute(registrations.delete().where(registrations.c.plan == plan, *matches), gone)
    changed = [one for key, one in after.items() if before.get(key) != one]
    insert_or_replace(connection, registrations, [_row(plan, one) for one in changed])
    told = {one.course for one in changed} | {course for course, _, _ in before.keys() - after.keys()}
    note_news(connection, plan, WebhookKind.REGISTRATION_CHANGED, told)


def _key(one: Registration) -> tuple[str, str, str]:
    return one.course, one.offering, one.email


def _row(plan: str, one: Registration) -> dict[str, Any]:
    return {
        "plan": plan,
        "course": one.course,
        "offering": one.offering,
        "email": one.email,
        "name": one.name,
        "status": one.status.value,
        "since": one.since,
        "source": one.source.value,
        "position": one.position,
        "department": one.department,
        "invited": one.invited,
        "answers": [[session, status.value] for session, status in one.answers],
        "late": one.late,
        "cause": one.cause,
        "said": one.said.value if one.said else None,
        "said_at": one.said_at,
        "unconfirmed": one.unconfirmed,
        "reopened": one.reopened,
        "answered_by": one.answered_by,
    }


def _registration(row: RowMapping) -> Registration:
    return Registration(
        course=row["course"],
        offering=row["offering"],
        email=row["email"],
        name=row["name"],
        status=STATUSES[row["status"]],
        since=row["since"],
        source=SOURCES[row["source"]],
        position=row["position"],
        department=row["department"],
        invited=row["invited"],
        answers=tuple((session, STATUSES[status]) for session, status in row["answers"]),
        late=row["late"],
        cause=row["cause"],
        said=STATUSES[row["said"]] if row["said"] else None,
        said_at=row["said_at"],
        unconfirmed=row["unconfirmed"],
        reopened=row["reopened"],
        answered_by=row["answered_by"],
    )
