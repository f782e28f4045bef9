"""A plan whose run is cut off, and the hour at which it is noticed."""

from __future__ import annotations

NOON = "2025-06-17T12:00:00+02:00"
NOBODY_LISTENS = "http://127.0.0.1:9/v1.0"
TO_ALL = {"before": "start", "days": 1, "at": "12:00", "to": "everyone", "channels": "mail"}
