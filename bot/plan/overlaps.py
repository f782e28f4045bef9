"""One audience in two places at once: a sweep over the sessions of each audience, sorted by start.

Cost n log n however many sessions overlap: for each session only the two latest-ending earlier ones of
different courses, and the latest-ending of its own course, need to be remembered: once for each condition (`when`) that there is,
because what can never be together never clashes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.assumptions import can_both_hold
from bot.domain.plan import EnrolmentMode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.assumptions import Condition
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot
    from bot.plan.read_course import PlacedCourse


@dataclass(frozen=True, slots=True)
class _Stay:
    """A session as time that an audience spends; alternatives of one course differ in `alternative` only."""

    start: datetime
    end: datetime
    course: int
    alternative: int
    name: str
    spot: Spot
    when: Condition


def note_overlaps(courses: tuple[PlacedCourse, ...], findings: Findings, *, since: datetime | None) -> None:
    """Note `session.overlap` at each session that begins while its audience is in another; once a session.

    What has ended by `since` (the plan's wall clock) clashes with nothing any more.
    """
    stays: dict[str, list[_Stay]] = defaultdict(list)
    for number, placed in enumerate(courses):
        is_all = placed.course.enrolment.mode is EnrolmentMode.INVITE
        for position, offering in enumerate(placed.offerings):
            for item in offering.sessions:
                session = item.session
                if session.start is None or session.end is None or (since is not None and session.end <= since):
                    continue
                name = f"{placed.course.id}/{offering.offering.id}/{session.id}"
                when = (*placed.course.when, *offering.offering.when, *session.when)
                stay = _Stay(session.start, session.end, number, 0 if is_all else position, name, item.start, when)
                for audience in placed.course.required_of(session):
                    stays[audience].append(stay)
    noted: set[int] = set()
    for audience, its_stays in stays.items():
        for stay, other in _clashes(its_stays):
            if id(stay) not in noted:
                noted.add(id(stay))
                findings.warn("session.overlap", stay.spot, audience=audience, session=stay.name, other=other.name)


def _clashes(stays: list[_Stay]) -> Iterable[tuple[_Stay, _Stay]]:
    """Each stay that begins before an earlier one (not an alternative to it) has ended, with that one."""
    earlier: dict[Condition, _Earlier] = defaultdict(_Earlier)
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.end, stay.spot.order)):
        found = [before.latest_against(stay) for when, before in earlier.items() if can_both_hold(when, stay.when)]
        other = max((one for one in found if one is not None), key=lambda one: one.end, default=None)
        if other is not None and other.end > stay.start:
            yield stay, other
        earlier[stay.when].add(stay)


class _Earlier:
    """The earlier stays under one condition, as far as they can clash with a later one."""

    def __init__(self) -> None:
        self._latest: _Stay | None = None  # the latest-ending so far
        self._runner_up: _Stay | None = None  # the latest-ending of any other course than that one's
        self._own: dict[tuple[int, int], _Stay] = {}  # the latest-ending of each course and alternative

    def latest_against(self, stay: _Stay) -> _Stay | None:
        """The latest-ending one that is no alternative to this."""
        latest = self._latest
        elsewhere = self._runner_up if latest is not None and latest.course == stay.course else latest
        within = self._own.get((stay.course, stay.alternative))
        return max((one for one in (elsewhere, within) if one is not None), key=lambda one: one.end, default=None)

    def add(self, stay: _Stay) -> None:
        """Remember it."""
        latest, within = self._latest, self._own.get((stay.course, stay.alternative))
        if within is None or stay.end > within.end:
            self._own[stay.course, stay.alternative] = stay
        if latest is None or stay.end > latest.end:
            if latest is not None and latest.course != stay.course:
                self._runner_up = latest
            self._latest = stay
        elif latest.course != stay.course and (self._runner_up is None or stay.end > self._runner_up.end):
            self._runner_up = stay
