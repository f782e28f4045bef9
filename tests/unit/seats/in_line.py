"""Transitions of those who wait in line."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.changes import NewsKind, OfferingNews, Reason, Update
from bot.domain.events import EventField, SessionKey
from tests.builders.samples import KEY, make_desired, make_observed

AT = "2025-06-18T07:00:00+00:00"
MOVED = OfferingNews(course="kursus", offering="main", kind=NewsKind.CHANGED, title="", old=(), awaits=((str(KEY), AT),))
GONE = replace(
    MOVED, kind=NewsKind.CANCELLED, title="Kursus", old=(("2025-06-18T09:00:00", "2025-06-18T12:00:00", False),), awaits=((str(KEY), ""),)
)


def update(key: SessionKey = KEY, *fields: EventField, reason: Reason = Reason.PLAN) -> Update:
    desired = make_desired("anna", key=key)
    return Update(
        key=key, course=key.course, subject="Kursus", reason=reason, desired=desired, observed=make_observed(desired), fields=fields
    )
