"""Fingerprints of the managed fields: how a side is compared with its own past (pure).

Exchange rewrites HTML, pads subjects and answers times in any zone, so a fingerprint is taken of what
a person would see: the visible text of the body, the instant of a time, the name of a place. For the
same reason `same_value` can tell that Outlook already says what the plan wants.

    field               fingerprint of
    subject             the text with white space collapsed
    body                the visible text with its link targets
    start, end          the UTC instant and whether it is all day; of an all-day event the wall date
    location            the shown name; "" on the plan's side where it names no place (not managed)
    show_as …           the value
    online              whether there is a Teams meeting; "" on the plan's side when not wanted, because
                        Graph cannot turn a meeting off (facts §1)
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo

from bot.domain.events import EventField
from bot.messages.visible_text import visible_text

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.events import EventContent

UNMANAGED = ""


def desired_fingerprints(content: EventContent) -> dict[str, str]:
    """Field name to fingerprint, of what the plan wants; UNMANAGED where the plan leaves the field alone."""
    return {
        field.value: UNMANAGED if _is_unmanaged(content, field) else _digest(visible_value(content, field))
        for field in EventField
    }


def observed_fingerprints(content: EventContent) -> dict[str, str]:
    """Field name to fingerprint, of what stands in Outlook."""
    return {field.value: _digest(visible_value(content, field)) for field in EventField}


def same_value(desired: EventContent, observed: EventContent, field: EventField) -> bool:
    """Whether Outlook already says what the plan wants in this field (or the plan wants nothing there)."""
    return _is_unmanaged(desired, field) or visible_value(desired, field) == visible_value(observed, field)


def visible_value(content: EventContent, field: EventField) -> str:  # noqa: PLR0911 - one for each field
    """What a person sees of one field, as text, for showing and for comparing."""
    match field:
        case EventField.SUBJECT:
            return " ".join(content.subject.split())
        case EventField.BODY:
            return _visible_text(content.body)
        case EventField.START:
            return _moment(content.start, content)
        case EventField.END:
            return _moment(content.end, content)
        case EventField.LOCATION:
            return " ".join(content.location.name.split()) if content.location else ""
        case EventField.SHOW_AS:
            return content.show_as
        case EventField.RESPONSE_REQUESTED:
            return str(content.response_requested)
        case EventField.HIDE_ATTENDEES:
            return str(content.hide_attendees)
        case EventField.ONLINE:
            return str(content.online)
        case _ as unreachable:
            assert_never(unreachable)


# The same text is compared, hashed and written down; a body is worth parsing once.
@lru_cache(maxsize=4096)
def _visible_text(body: str) -> str:
    return visible_text(body)


def _is_unmanaged(content: EventContent, field: EventField) -> bool:
    return (field is EventField.LOCATION and content.location is None) or (
        field is EventField.ONLINE and not content.online
    )


def _moment(wall: datetime, content: EventContent) -> str:
    if content.all_day:
        return wall.date().isoformat()
    return wall.replace(tzinfo=ZoneInfo(content.timezone)).astimezone(UTC).isoformat()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
