"""HR has read what somebody wrote about a course: it waits no more for anybody of HR.

| written | waits |
|---|---|
| until what was shown as read | no |
| later, by the same person about the same course | anew |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.actions import Action

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.approvals import Door
    from bot.opening.work import BookWork


def who_wrote(work: BookWork, course: str) -> frozenset[str]:
    """The canonical addresses of those who wrote anything about a course; raises DatabaseFailed."""
    notes = work.stores.notes.load_notes(work.written.id)
    comments = work.stores.comments.load_comments(work.written.id)
    return frozenset(
        (
            *(one.email for one in notes if one.course == course),
            *(one.email for one in comments if one.key.course == course),
        )
    )


def mark_read(work: BookWork, course: str, email: str, *, until: datetime, by: str, door: Door) -> bool:
    """What `email` (canonical) wrote about the course until an instant (UTC) is read.

    What lies ahead nobody has read. False where it was read already. Raises DatabaseFailed.
    """
    now = work.now()
    line = Action(
        at=now,
        by=by,
        command="read",
        plan=work.written.id,
        course=course,
        subject=email,
        door=door.value,
    )
    return work.stores.read_remarks.mark(work.written.id, course, email, until=min(until, now), noted=(line,))
