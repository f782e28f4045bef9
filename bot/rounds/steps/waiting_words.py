"""What waits, in words: what a person reads who has only the books before them (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n.catalogue import plural, text
from bot.invitations.preview_changes import change_lines
from bot.invitations.preview_page import plain

if TYPE_CHECKING:
    from bot.domain.changes import ChangeSet
    from bot.invitations.clashes import Clashes
    from bot.invitations.overspending import Overspending
    from bot.invitations.preview_reader import Reader

Words = tuple[tuple[str, ...], ...]


def words_of(
    course: str, change_set: ChangeSet, reader: Reader, clashes: Clashes, overspending: Overspending
) -> Words:
    """Each change of the course as a preview tells it, and how many messages of ours go with them."""
    told = [
        tuple(map(plain, change_lines(change, reader, clashes, overspending, done=False)))
        for change in change_set.changes
        if change.course == course
    ]
    messages = sum(message.course == course for message in change_set.messages)
    if messages:
        heading = text(reader.language, "preview.section.messages")
        told.append((heading, plural(reader.language, "approvals.mails", messages)))
    return tuple(told)
