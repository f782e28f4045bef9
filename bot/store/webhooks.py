"""What other programs are to be told, and what became of it. Implements `bot.ports.webhooks.WebhookBook`.

    news     something changed: one line for a plan, a course and a kind, in the transaction of the change
    calls    one line for each program that is told of it; it goes when it was taken

Nothing here names a person. That a line is `news` for as long as nobody has taken it means that many changes
in a row are one call.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import delete, func, select, update

from bot.domain.webhook_kinds import WebhookKind
from bot.domain.webhooks import GivenUp, WebhookCall, WebhookTroubles
from bot.store.approval_tables import waiting
from bot.store.schema import registrations
from bot.store.webhook_tables import webhook_calls, webhook_news

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.store.database import Database


class SqlWebhookBook:
    """The lines in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def spread(
        self,
        plan: str,
        targets: Collection[str],
        body_of: Callable[[WebhookKind, dict[str, object]], str],
        *,
        now: datetime,
    ) -> None:
        """Make calls of the news; what is for nobody (any more) goes.

        What was given up stays until it is tried again, or its program is told no more.
        """
        mine = webhook_calls.c.plan == plan
        if not self._has_any(plan):
            return
        with self._database.write() as connection:
            connection.execute(delete(webhook_calls).where(mine, webhook_calls.c.target.not_in([*targets])))
            taken = connection.execute(
                delete(webhook_news).where(webhook_news.c.plan == plan).returning(webhook_news)
            ).mappings()
            told = {(str(row["course"]), WebhookKind(row["what"])) for row in taken}
            rows = _calls(connection, plan, told, targets, body_of, now)
            if rows:
                connection.execute(webhook_calls.insert(), rows)

    def try_again(
        self,
        plan: str,
        target: str,
        body_of: Callable[[WebhookKind, dict[str, object]], str],
        *,
        now: datetime,
    ) -> int:
        """Tell a program anew of all that was given up, as it is by now and after what it knows.

        Returns how many calls that makes: several of a course and a kind are one.
        """
        gone = (
            delete(webhook_calls)
            .where(
                webhook_calls.c.plan == plan,
                webhook_calls.c.target == target,
                webhook_calls.c.ended_at.is_not(None),
            )
            .returning(webhook_calls.c.course, webhook_calls.c.kind)
        )
        with self._database.write() as connection:
            told = {(row.course, WebhookKind(row.kind)) for row in connection.execute(gone)}
            rows = _calls(connection, plan, told, (target,), body_of, now)
            if rows:
                connection.execute(webhook_calls.insert(), rows)
        return len(rows)

    def _has_any(self, plan: str) -> bool:
        """Nearly every minute there is nothing, and then nobody waits for a writer."""
        with self._database.read() as connection:
            return any(
                connection.execute(select(table.c.plan).where(table.c.plan == plan).limit(1)).first()
                for table in (webhook_news, webhook_calls)
            )

    def take(self, plan: str, target: str, *, now: datetime, until: datetime) -> WebhookCall | None:
        """The next call that is due, which is nobody else's `until` then; None where there is none.

        Of one course the earlier one goes first, also where it waits.
        """
        earlier = webhook_calls.alias()
        stands_before = (
            select(earlier.c.number)
            .where(
                earlier.c.plan == webhook_calls.c.plan,
                earlier.c.target == webhook_calls.c.target,
                earlier.c.course == webhook_calls.c.course,
                earlier.c.ended_at.is_(None),
                earlier.c.number < webhook_calls.c.number,
            )
            .exists()
        )
        due = (
            select(webhook_calls)
            .where(
                webhook_calls.c.plan == plan,
                webhook_calls.c.target == target,
                webhook_calls.c.ended_at.is_(None),
                webhook_calls.c.next_at <= now,
                ~stands_before,
            )
            .order_by(webhook_calls.c.number)
            .limit(1)
        )
        with self._database.write() as connection:
            row = connection.execute(due).mappings().first()
            if row is None:
                return None
            mine = (
                update(webhook_calls)
                .where(webhook_calls.c.number == row["number"], webhook_calls.c.next_at == row["next_at"])
                .values(next_at=until)
            )
            if connection.execute(mine).rowcount == 0:
                return None
        return WebhookCall(
            number=row["number"],
            event=row["event"],
            plan=plan,
            course=row["course"],
            kind=WebhookKind(row["kind"]),
            target=target,
            body=json.dumps(row["body"], ensure_ascii=False),
            tries=row["tries"],
        )

    def end(self, call: WebhookCall) -> None:
        """It was taken."""
        with self._database.write() as connection:
            connection.execute(delete(webhook_calls).where(webhook_calls.c.number == call.number))

    def put_off(self, call: WebhookCall, *, again_at: datetime | None, now: datetime) -> None:
        """It was not taken: again then, or never (None)."""
        values = {"tries": call.tries + 1} | ({"next_at": again_at} if again_at else {"ended_at": now})
        with self._database.write() as connection:
            connection.execute(
                update(webhook_calls).where(webhook_calls.c.number == call.number).values(**values)
            )

    def troubles(self, plan: str) -> WebhookTroubles:
        """What was not taken."""
        mine, ended = webhook_calls.c.plan == plan, webhook_calls.c.ended_at
        counted = select(func.count(), func.min(webhook_calls.c.made_at)).where(mine)
        lost = (
            select(webhook_calls.c.target, func.count(), func.min(webhook_calls.c.made_at))
            .where(mine, ended.is_not(None))
            .group_by(webhook_calls.c.target)
            .order_by(webhook_calls.c.target)
        )
        with self._database.read() as connection:
            given_up = tuple(
                GivenUp(target=target, count=count, since=since)
                for target, count, since in connection.execute(lost)
            )
            waits = counted.where(ended.is_(None), webhook_calls.c.tries > 0)
            count, since = connection.execute(waits).one()
        return WebhookTroubles(given_up=given_up, waiting=count, since=since)


def _calls(
    connection: Connection,
    plan: str,
    told: Iterable[tuple[str, WebhookKind]],
    targets: Collection[str],
    body_of: Callable[[WebhookKind, dict[str, object]], str],
    now: datetime,
) -> list[dict[str, Any]]:
    """The rows of these news (course, kind) for each target; of each the same id and words for all."""
    rows: list[dict[str, Any]] = []
    for course, kind in sorted(told):
        facts = {"plan": plan, "course": course, **_numbers(connection, plan, course, kind)}
        event, body = f"msg_{uuid4().hex}", body_of(kind, facts)
        rows += [
            {
                "plan": plan, "course": course, "kind": kind.value, "event": event, "target": target,
                "body": json.loads(body), "tries": 0, "made_at": now, "next_at": now, "ended_at": None,
            }
            for target in sorted(targets)
        ]  # fmt: skip
    return rows


def _numbers(connection: Connection, plan: str, course: str, kind: WebhookKind) -> dict[str, object]:
    """How many, and of whom nothing else."""
    if kind is WebhookKind.REGISTRATION_CHANGED:
        counted = (
            select(registrations.c.status, func.count())
            .where(registrations.c.plan == plan, registrations.c.course == course)
            .group_by(registrations.c.status)
        )
        return {"counts": dict(sorted(map(tuple, connection.execute(counted))))}
    if kind is WebhookKind.APPROVAL_NEEDED:
        asked = select(waiting.c.checksum, waiting.c.mails, waiting.c.people).where(
            waiting.c.plan == plan, waiting.c.course == course
        )
        row = connection.execute(asked).mappings().first()
        return dict(row) if row is not None else {}
    return {}
