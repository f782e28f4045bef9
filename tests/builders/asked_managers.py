"""Sign-ups that wait for managers, in the books."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.manager_approval import ApprovalAsk, AskedOf
from bot.store.manager_asks import SqlManagerAskBook


def fill_asks(database, gone, stays, now):
    """The sign-up of who goes, and one of somebody else's that they are asked about."""
    book = SqlManagerAskBook(database)
    for course in ("i-fjor", "i-år"):
        own = ApprovalAsk(
            course=course, offering="main", email=gone, wished_at=now, who=AskedOf.MANAGER, approver=stays, name="Bo",
            due_at=now, looked_at=now,
        )  # fmt: skip
        kept = book.load_asks("by")
        book.save_asks("by", [*kept, own, replace(own, email=stays, approver=gone, name="Lærke Navnesen")])
