"""That something changed which other programs are told of; see `bot.store.webhooks`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store.upsert import insert_or_replace
from bot.store.webhook_tables import webhook_news

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from bot.domain.webhook_kinds import WebhookKind


def note_news(connection: Connection, plan: str, kind: WebhookKind, courses: Iterable[str]) -> None:
    """Something changed about these courses, in the transaction that changes it."""
    rows = [{"plan": plan, "course": course, "what": kind.value, "again": 1} for course in sorted({*courses})]
    insert_or_replace(connection, webhook_news, rows)
