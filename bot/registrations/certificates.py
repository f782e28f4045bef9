"""Who has earned a certificate, and whether one still holds, by what was said of who came (pure).

Whose session a session was, of an offering:

| somebody | theirs are |
|---|---|
| had a seat, or said maybe, for any of its sessions | those, and whatever else they came to |
| had none, and came | all of them |

Somebody known by name alone gets none: there is nobody to give it to. How many are enough is
`bot.domain.certificates`'.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.domain.attendance import attendance_of
from bot.domain.certificates import Earner, sessions_needed
from bot.domain.participation import COMING
from bot.domain.registrations import is_stand_in
from bot.registrations.attendance import part_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.attendance import AttendanceWord
    from bot.domain.certificates import Certificate
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, Offering
    from bot.domain.registrations import Registration
    from bot.registrations.attendance import CourseAttendance


def earners_of(
    course: Course, rows: Iterable[Registration], known: CourseAttendance, *, wall: datetime
) -> tuple[Earner, ...]:
    """Who has earned one by now, by offering in the plan's order and address.

    `rows` are the course's; `wall` is the plan's time.
    """
    if course.certificate is None:
        return ()
    by_place = {(row.offering, row.email): row for row in rows if row.invited}
    found: list[Earner] = []
    for offering in course.offerings:
        if not _is_over(offering, wall):
            continue
        came = _came(offering, known)
        for email in sorted(came):
            theirs = _theirs(offering, by_place.get((offering.id, email)), came[email])
            if len(came[email]) >= sessions_needed(course.certificate, theirs):
                found.append(
                    Earner(course=course.id, offering=offering.id, email=email, came=came[email], of=theirs)
                )
    return tuple(found)


def still_holds(certificate: Certificate, words: Iterable[AttendanceWord], people: PeopleIndex) -> bool:
    """Whether it holds, by the table of `bot.domain.certificates`; `words` are its course's."""
    if certificate.paper is None:
        return True
    by_session: defaultdict[str, list[AttendanceWord]] = defaultdict(list)
    for word in words:
        mine = word.email and people.canonical(word.email) == people.canonical(certificate.email)
        if word.offering == certificate.offering and mine:
            by_session[word.session].append(word)
    came = sum(bool(attendance_of(said, ()).came) for said in by_session.values())
    return came >= len(certificate.paper.sessions)


def _is_over(offering: Offering, wall: datetime) -> bool:
    ends = [session.end for session in offering.sessions]
    return bool(ends) and all(end is not None and end <= wall for end in ends)


def _came(offering: Offering, known: CourseAttendance) -> Mapping[str, tuple[str, ...]]:
    """By address the sessions that they came to, in their order."""
    came: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    for session in offering.sessions:
        for who in known.sessions[offering.id, session.id].came:
            if "@" in who and not who.startswith("name:") and not is_stand_in(who):
                came[who] += (session.id,)
    return came


def _theirs(offering: Offering, row: Registration | None, came: tuple[str, ...]) -> int:
    """How many of its sessions were somebody's."""
    mine = {one.id for one in offering.sessions if row is not None and part_at(row, one.id) in COMING}
    return len(mine | {*came}) if mine else len(offering.sessions)
