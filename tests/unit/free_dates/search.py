"""Small searches, in Copenhagen in 2025 unless told otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.domain.schedules import Room, Schedule, Span, Unseen
from bot.free_dates.candidates import Candidate, Search
from bot.free_dates.ranking import RoomState, Weighed

ZONE = "Europe/Copenhagen"
NOW = datetime(2025, 3, 3, 8, tzinfo=UTC)
ROOM = Room(email="sal@kommune.example", name="Sal", capacity=40)


def search(first: str = "2025-06-16", last: str | None = None, hours: float = 3, **changes: Any) -> Search:
    given = {"zone": ZONE, "first": date.fromisoformat(first), "last": date.fromisoformat(last or first), "now": NOW}
    return Search(**{**given, "length": timedelta(hours=hours), **changes})


def at(text: str) -> datetime:
    """An instant by its wall time in Copenhagen in summer: `06-16 09:00`."""
    return datetime.fromisoformat(f"2025-{text}:00+02:00").astimezone(UTC)


def span(start: str, end: str) -> Span:
    """Two wall times: `06-16 09:00`, `10:00` of the same day."""
    return at(start), at(f"{start[:5]} {end}")


def candidate(start: str, hours: float = 3) -> Candidate:
    begins, wall = at(start), datetime.fromisoformat(f"2025-{start}:00")
    return Candidate(start=wall, end=wall + timedelta(hours=hours), span=(begins, begins + timedelta(hours=hours)))


def schedule(address: str, *taken: Span, unseen: tuple[Span, ...] = (), why: Unseen = Unseen.UNSAID) -> Schedule:
    return Schedule(address=address, taken=taken, unseen=tuple((one, why) for one in unseen))


def weighed(start: str, can: str, *, room: bool | None = True, unseen: str = "", **changes: Any) -> Weighed:
    """`can` and `unseen` as bits, the first person last: `"011"`."""
    given = {"candidate": candidate(start), "people": len(can), "can": int(can, 2), "unseen": int(unseen or "0", 2)}
    return Weighed(**{**given, "rooms": (RoomState(room=ROOM, free=room),), **changes})


def clock(hour: int, minute: int = 0) -> time:
    return time(hour, minute)
