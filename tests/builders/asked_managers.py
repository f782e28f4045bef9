"""Sign-ups that wait for managers, and whose manager is who, in the books."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.manager_approval import ApprovalAsk, AskedOf
from bot.domain.manager_people import ManagedPerson, ManagerCopy
from bot.store.managed_people import SqlManagedPeopleBook
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
    led = ManagedPerson(email=gone, manager_id="id", manager=stays, name="Bo", looked_at=now, read_at=now)
    SqlManagedPeopleBook(database).save_managed("by", [led, replace(led, email=stays, manager=gone, name="Lærke Navnesen")])
    copies = [ManagerCopy(email=one, period="2025-W23", digest="0", looked_at=now) for one in (gone, stays)]
    SqlManagedPeopleBook(database).save_copies("by", copies)
