"""A calendar event as the organiser's mailbox holds it, and its identifiers.

Data and derived names only. Two forms of id: the immutable one, and the ordinary one that changes when
the item moves to another folder. Facts: graph-facts sections 1 and 2 (2026-11-22).
"""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.wire import JsonObject
from bot.sandbox.zones import Moment

IMMUTABLE_PREFIX = "AAkALg"
ORDINARY_PREFIX = "AAMkAD"


def make_token(*parts: object) -> str:
    """Return 32 URL-safe characters that stand for `parts`."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def immutable_id(token: str) -> str:
    """Return the immutable id of an item."""
    return f"{IMMUTABLE_PREFIX}{token}AAA="


def ordinary_id(token: str, moves: int) -> str:
    """Return the ordinary id of an item that has moved `moves` times."""
    return f"{ORDINARY_PREFIX}{make_token(token, moves)}AAA="


def looks_like_id(text: str) -> bool:
    """Whether this could be the id of an item (else Exchange says it is malformed)."""
    return text.startswith((IMMUTABLE_PREFIX, ORDINARY_PREFIX)) and text.endswith("AAA=")


@dataclass(slots=True, eq=False)
class Attendee:
    """One entry of the organiser's attendee list.

    `own_response` is what the person's copy says, `timeless` an answer without a time.

    `shown_as` is the directory name that reads show in the place of the address, "" where they show that.

    Equal only to itself: who is removed and invited again is another entry.
    """

    address: str
    name: str
    type: str = "required"
    response: str = "none"
    time: datetime | None = None
    own_response: str = "none"
    timeless: bool = False
    shown_as: str = ""

    def reset(self) -> None:
        """Forget the answer, as after a change of time."""
        self.forget()
        self.own_response = "none"

    def forget(self) -> None:
        """Forget what the organiser knew of the answer; the person's own copy still has it."""
        self.response, self.time, self.timeless = "none", None, False


@dataclass(slots=True, kw_only=True)
class Event:
    """One event. `plain` holds the properties that are stored and given back unchanged.

    Monotonic seconds: from `visible_from` on reads find a new event, from `listed_from` on lists do too, and
    from `stamped_from` on filters go by `extended` and no more by `stamped_before`; from `link_from` on a
    read brings the link that an online meeting waits for. `content` stands for what was sent to make it.
    """

    token: str
    mailbox_id: str
    ical_uid: str
    created: datetime
    modified: datetime
    start: Moment
    end: Moment
    plain: dict[str, Any]
    html: str
    location: JsonObject
    locations: list[JsonObject]
    attendees: list[Attendee] = field(default_factory=list)
    extended: dict[str, str] = field(default_factory=dict)
    transaction_id: str | None = None
    join_url: str | None = None
    is_cancelled: bool = False
    in_calendar: bool = True
    gone: bool = False
    moves: int = 0
    version: int = 1
    sequence: int = 0
    visible_from: float = 0.0
    listed_from: float = 0.0
    stamped_from: float = 0.0
    stamped_before: dict[str, str] = field(default_factory=dict)
    content: str = ""
    is_draft: bool = False
    link_from: float = 0.0
    link_waits: bool = False

    @property
    def is_visible(self) -> bool:
        """Whether reads find it yet."""
        return time.monotonic() >= self.visible_from

    @property
    def is_listed(self) -> bool:
        """Whether lists find it yet."""
        return time.monotonic() >= max(self.visible_from, self.listed_from)

    @property
    def indexed(self) -> dict[str, str]:
        """The extended properties that filters go by."""
        return self.extended if time.monotonic() >= self.stamped_from else self.stamped_before

    @property
    def is_online(self) -> bool:
        """Whether it is an online meeting, with its link or before it."""
        return self.join_url is not None or self.link_waits

    @property
    def immutable_id(self) -> str:
        """The id that survives a move."""
        return immutable_id(self.token)

    @property
    def ordinary_id(self) -> str:
        """The id until the next move."""
        return ordinary_id(self.token, self.moves)

    @property
    def change_key(self) -> str:
        """A new value after every modification, answers too."""
        stamp = f"{self.token[:12]}:{self.version}".encode()
        return base64.b64encode(stamp).decode()

    @property
    def etag(self) -> str:
        """The weak etag that `If-Match` is held against."""
        return f'W/"{self.change_key}"'

    @property
    def subject(self) -> str:
        """The title."""
        return str(self.plain["subject"])

    @property
    def is_all_day(self) -> bool:
        """Whether it lasts whole days."""
        return bool(self.plain["isAllDay"])

    def attendee(self, address: str) -> Attendee | None:
        """Return the entry of this address, whatever its letter case."""
        wanted = address.lower()
        return next((a for a in self.attendees if a.address.lower() == wanted), None)

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether it takes place at some time in the window (UTC); a touching end does not count."""
        return self.start.utc < end and self.end.utc > start
