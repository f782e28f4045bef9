"""What was edited in Outlook, beside what the plan says: in words and as JSON (pure).

field                            words
start, end on the same day       the time of day
start, end on another day        day and time; the last day of an all-day event
title, place and the like        what stands there
the text                         only that it differs: two invitations side by side help nobody
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.events import EventField
from bot.i18n.catalogue import text
from bot.i18n.dates import clock_text, day_text, moment_text
from bot.invitations.fingerprint import visible_value

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.changes import Conflict
    from bot.domain.events import EventContent
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan

BY_WORD = frozenset(
    {EventField.SHOW_AS, EventField.RESPONSE_REQUESTED, EventField.HIDE_ATTENDEES, EventField.ONLINE}
)


def edit_lines(change: Conflict, plan: CoursePlan, language: Language) -> list[str]:
    """A line for each field that differs, and when Outlook last saw the event change."""
    if change.stands is None or change.planned is None:
        fields = ", ".join(text(language, f"preview.field.{field}") for field in change.fields)
        return [fields] if fields else []
    lines = [difference_text(field, change.stands, change.planned, language) for field in change.fields]
    if lines and change.modified_at is not None:
        wall = change.modified_at.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
        lines.append(text(language, "preview.edited_at", when=moment_text(language, wall)))
    return lines


def difference_text(
    field: EventField, stands: EventContent, planned: EventContent, language: Language
) -> str:
    """`Slut: kl. 14.00 i Outlook, kl. 15.30 i planen`."""
    label = text(language, f"preview.field.{field}")
    if field is EventField.BODY:
        return text(language, "preview.body_differs", field=label)
    return text(
        language,
        "preview.differs",
        field=label,
        stands=_beside(field, stands, planned, language),
        planned=_beside(field, planned, stands, language),
    )


def edit_json(change: Conflict) -> dict[str, object]:
    """`differences` of the fields, and `modified_at` (RFC 3339 UTC, null where Outlook does not tell)."""
    stands, planned = change.stands, change.planned
    differences = [
        {"field": field.value, "outlook": _raw(field, stands), "plan": _raw(field, planned)}
        for field in change.fields
        if stands is not None and planned is not None
    ]
    at = change.modified_at if differences else None
    return {"differences": differences, "modified_at": at.isoformat().replace("+00:00", "Z") if at else None}


def shown_value(content: EventContent, field: EventField, language: Language) -> str:
    """What a person sees of one field (of the text: all of it, on one line)."""
    if field in {EventField.START, EventField.END}:
        wall = _wall(content, field)
        return day_text(language, wall) if content.all_day else moment_text(language, wall)
    value = visible_value(content, field)
    if field in BY_WORD:
        try:
            return text(language, f"preview.value.{value}")
        except KeyError:  # a word of Graph's that we never send, such as "oof"
            return value
    return value or text(language, "preview.empty")


def _beside(field: EventField, content: EventContent, other: EventContent, language: Language) -> str:
    if field in {EventField.START, EventField.END}:
        walls = (_wall(content, field), _wall(other, field))
        if walls[0].date() == walls[1].date() and not (content.all_day or other.all_day):
            return clock_text(language, walls[0])
    elif field in {EventField.SUBJECT, EventField.LOCATION} and visible_value(content, field):
        return text(language, "preview.quoted", value=visible_value(content, field))
    return shown_value(content, field, language)


def _wall(content: EventContent, field: EventField) -> datetime:
    if field is EventField.START:
        return content.start
    return content.end - timedelta(days=1) if content.all_day else content.end


def _raw(field: EventField, content: EventContent) -> str:
    if field in {EventField.START, EventField.END}:
        wall = content.start if field is EventField.START else content.end
        return (
            wall.date().isoformat()
            if content.all_day
            else wall.replace(tzinfo=ZoneInfo(content.timezone)).isoformat()
        )
    return visible_value(content, field)
