"""What of a plan fits the sheet of simple courses, and what other things are called in cells that name them.

The courses at the beginning of the plan that say no more than that sheet has room for stand on it, up to the
first that says more: so the order of the plan is the same when it is read again.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from itertools import takewhile
from typing import TYPE_CHECKING

from bot.plan.cells import EMPTY_LIST, SEPARATORS
from bot.plan.columns import folded
from bot.plan.moments import LAST_MINUTE
from bot.plan.workbook_names import THE_SESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.plan.document import Document

COURSE_KEYS = frozenset(
    {"id", "title", "status", "audience", "responsible", "enrolment", "venue", "sessions"}
)
ENROLMENT_KEYS = frozenset({"deadline", "capacity"})
SESSION_KEYS = frozenset({"id", "start", "end", "period"})


def simple_courses(courses: list[Document]) -> list[Document]:
    """The courses from the first that each fit one row, as the rows are flat: see `_in_short`."""
    rows = map(_in_short, courses)
    return list(takewhile(bool, rows))


def _in_short(course: Document) -> Document:
    """The course's row; empty where it says more than a row has room for."""
    enrolment, venue = course.get("enrolment", {}), course.get("venue", {})
    times = _times(course.get("sessions", []))
    if (
        times is None
        or course.keys() - COURSE_KEYS
        or enrolment.keys() - ENROLMENT_KEYS
        or venue.keys() - {"name"}
    ):
        return {}
    row = {key: course[key] for key in ("id", "title", "status", "audience", "responsible") if key in course}
    deadline = enrolment.get("deadline")
    if deadline is not None and deadline - datetime.combine(deadline, time()) == LAST_MINUTE:
        deadline = deadline.date()
    more = {
        "venue.name": venue.get("name"),
        "enrolment.capacity": enrolment.get("capacity"),
        "enrolment.deadline": deadline,
    }
    return row | more | times


def _times(sessions: list[Document]) -> Document | None:
    """`day`, `from` and `to` of the only session; None where they cannot say it."""
    if not sessions:
        return {}
    if len(sessions) > 1 or sessions[0]["id"] != THE_SESSION or sessions[0].keys() - SESSION_KEYS:
        return None
    start, end, period = (sessions[0].get(key) for key in ("start", "end", "period"))
    if period is not None:
        return {"day": period}
    if not isinstance(start, datetime):
        return {"day": start} if end is None else None
    if not isinstance(end, datetime) or end.date() != start.date() or time() in {start.time(), end.time()}:
        return None
    return {"day": start.date(), "from": start.time(), "to": end.time()}


def plain_names(named: Mapping[str, str]) -> dict[str, str]:
    """What each id is called.

    The id, where that is not one thing only, or cannot stand among others in a cell.
    """
    known = {folded(word) for pair in named.items() for word in pair}
    for name in named.values():
        parts = SEPARATORS.split(name)
        if len(parts) > 1 and known.issuperset(map(folded, parts)):
            return {own: own for own in named}  # among others it could be read as several of them
    times = Counter(folded(word) for own, name in named.items() for word in {folded(own), folded(name)})
    return {
        own: name
        if folded(name)
        and times[folded(name)] == 1
        and name == name.strip() != EMPTY_LIST
        and not SEPARATORS.search(name)
        else own
        for own, name in named.items()
    }
