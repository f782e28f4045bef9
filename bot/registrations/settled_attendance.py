"""Since when it is settled who came to a date, so that somebody may be told that they were missed (pure).

A list that is filled in the evening, or by a phone that was without a net, must tell nobody falsely. All of
this has to hold of a date:

| what | why |
|---|---|
| each of its sessions has a day | of what has none, nobody can have been missed |
| each of its lists is closed, or tells of everybody; so are the course's others of its days | who is missing here may be there |
| somebody came to each of its sessions | a list that nobody ticked was forgotten, and not left by all |
| `QUIET` since anything of these lists was last noted | somebody is still filling them in |

Who came to another date of the course was not missed at all, whatever their own list says.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.attendance import AttendanceWord, SessionAttendance
    from bot.domain.plan import Course, Offering

QUIET = timedelta(hours=12)
"""After the last change: a night."""
Lists = tuple[tuple[str, str], ...]
"""The lists of sessions, by offering and session."""


def settled_from(
    course: Course,
    sessions: Mapping[tuple[str, str], SessionAttendance],
    words: Iterable[AttendanceWord],
) -> dict[str, datetime]:
    """By offering the instant (UTC) from which it is settled; one of which it is not, is not there.

    `sessions` are who came to the course's sessions, `words` what was said of them.
    """
    noted: dict[tuple[str, str], datetime] = {}
    for word in words:
        place = (word.offering, word.session)
        noted[place] = max(word.noted_at, noted.get(place, word.noted_at))
    found: dict[str, datetime] = {}
    for offering in course.offerings:
        lists = _lists(course, offering)
        own = [(offering.id, session.id) for session in offering.sessions]
        came = bool(lists) and all(sessions[place].came for place in own)
        if came and all(_is_done(sessions[place]) for place in lists):
            found[offering.id] = max(noted[place] for place in lists if place in noted) + QUIET
    return found


def _lists(course: Course, offering: Offering) -> Lists:
    """Those that have to be done; () where a session has no day."""
    days = {session.start.date() for session in offering.sessions if session.start is not None}
    if any(session.start is None for session in offering.sessions):
        return ()
    return tuple(
        (of.id, session.id)
        for of, session in course.sessions()
        if of is offering or (session.start is not None and session.start.date() in days)
    )


def _is_done(known: SessionAttendance) -> bool:
    return known.closed or not known.unknown
