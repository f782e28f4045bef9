"""What people write when they answer an invitation in Outlook.

The text of a response message, and what is kept of it.

Personal data with an end, like notes: erased when the course is over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.events import ResponseStatus, SessionKey

LONGEST_COMMENT = 500
"""Characters; HR reads it in a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingReply:
    """A response message in the organiser's mailbox.

    Who answered what, when (UTC), and all that the message says.

    `sender` is the address as it stands there, `text` plain and not yet cut to what the person wrote.
    """

    message_id: str
    sender: str
    response: ResponseStatus
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerComment:
    """What somebody wrote with their last answer to a session.

    `key` is the session's first part, `email` canonical; `at` when it was written and `seen_at` when we read
    it, UTC.
    """

    key: SessionKey
    email: str
    response: ResponseStatus
    text: str
    at: datetime
    seen_at: datetime
