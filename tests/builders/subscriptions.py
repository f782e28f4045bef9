"""Subscriptions of a plan."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.domain.notifications import Resource, Subscription, digest

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADDRESS = "https://kurser.kommune.example"
EVENTS, INBOX = "users/1/events", "users/1/mailfolders/inbox/messages"


def mine(number=1, **changes):
    given = {
        "plan": "demo", "resource": Resource.EVENTS, "id": f"s-{number}", "address": ADDRESS, "path": EVENTS, "client_state": digest("x"),
        "expires_at": NOW + timedelta(hours=40), "renew_at": NOW + timedelta(hours=5), "created_at": NOW - timedelta(hours=30),
    }  # fmt: skip
    return Subscription(**(given | changes))


BOTH = (mine(), mine(2, resource=Resource.INBOX, path=INBOX))
