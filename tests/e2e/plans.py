"""Plans as HR would write them, in small: plain mappings that become YAML, each part with a sensible default."""

from __future__ import annotations

from typing import Any

from bot.sandbox.municipality import ALL_LEADERS, DOMAIN, ORGANISER

JsonObject = dict[str, Any]


def make_plan(*courses: JsonObject, **changes: Any) -> JsonObject:
    """A plan `demo` of these courses; keys given as None are left out."""
    plan = {
        "version": 1,
        "id": "demo",
        "organisation": "Demokommunen",
        "timezone": "Europe/Copenhagen",
        "language": "da",
        "organiser": ORGANISER,
        "contact": f"hr@{DOMAIN}",
        "audiences": {"ledere": {"name": "Alle ledere", "groups": [ALL_LEADERS]}},
        "courses": list(courses),
    }
    return _changed(plan, changes)


def make_course(identity: str = "lederdag", *sessions: JsonObject, **changes: Any) -> JsonObject:
    """An approved course for all leaders, with one session on 18 June 2025 unless told otherwise."""
    course = {
        "id": identity,
        "title": identity.replace("-", " ").capitalize(),
        "status": "approved",
        "audience": "ledere",
        "sessions": list(sessions) or [make_session()],
    }
    if "offerings" in changes:
        del course["sessions"]
    return _changed(course, changes)


def make_session(identity: str = "dag", day: str = "2025-06-18", start: str = "09:00", end: str = "12:00", **changes: Any) -> JsonObject:
    """A session on one day, from wall time to wall time."""
    return _changed({"id": identity, "start": f"{day}T{start}", "end": f"{day}T{end}"}, changes)


def people(*addresses: str) -> JsonObject:
    """Audiences for a plan: `ledere` are exactly these people, listed by address."""
    return {"ledere": {"people": [{"email": address} for address in addresses]}}


def some_courses(count: int, **changes: Any) -> list[JsonObject]:
    """Courses `kursus-1` and on, a week apart, all alike otherwise."""
    days = [f"2025-{4 + number // 4:02}-{7 * (number % 4) + 2:02}" for number in range(count)]
    return [make_course(f"kursus-{number + 1}", make_session(day=day), **changes) for number, day in enumerate(days)]


def _changed(part: JsonObject, changes: JsonObject) -> JsonObject:
    return {key: value for key, value in (part | changes).items() if value is not None}
