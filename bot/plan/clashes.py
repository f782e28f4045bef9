"""Two sessions at once that cannot both be, as far as the plan alone tells.

A sweep over what each audience, room and speaker is in.

    shared                          of one course as well                                       code
    a required audience, by name    unless they are alternatives to choose between              session.overlap, once a session
    a room, by its address          yes                                                         room.twice
    a speaker with an address       where the course has one speaker (`bot.domain.clashes`)     speaker.twice

Cost n log n however many sessions overlap: for each session only the two latest-ending earlier ones of
different courses, and the latest-ending of its own course, need to be remembered: once for each condition
(`when`) that there is, as far as it is still open, because what can never be together never clashes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, assert_never

from bot.domain.assumptions import can_both_hold, still_open
from bot.domain.enrolment import EnrolmentMode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.assumptions import Condition, Outcome
    from bot.domain.plan import Course, CourseSession, Offering
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot
    from bot.plan.read_course import PlacedCourse


class _Kind(Enum):
    AUDIENCE = "audience"
    ROOM = "room"
    SPEAKER = "speaker"


@dataclass(frozen=True, slots=True)
class _Stay:
    """A session as time that somebody or something spends.

    Alternatives of one course differ in `alternative` only.
    """

    start: datetime
    end: datetime
    course: int
    alternative: int
    name: str
    called: str
    spot: Spot
    when: Condition


def note_clashes(
    courses: tuple[PlacedCourse, ...],
    decided: Mapping[str, Outcome | None],
    findings: Findings,
    *,
    since: datetime | None,
    audiences: Mapping[str, str] | None = None,
) -> None:
    """Note the codes above at each session that begins while its audience, room or speaker is in another.

    `courses` are those that may be as it is `decided`. What has ended by `since` (the plan's wall clock)
    clashes with nothing any more. `audiences` are what each is called, by id.
    """
    taken: dict[tuple[_Kind, str], list[_Stay]] = defaultdict(list)
    shown: dict[tuple[_Kind, str], str] = {}
    for what, name, stay in _stays(courses, decided, since):
        taken[what].append(stay)
        shown.setdefault(what, name)
    noted: set[str] = set()
    for what, stays in taken.items():
        for stay, other in _clashes(stays):
            told = {"session": stay.name, "other": other.name, "other_title": other.called}
            match what[0]:
                case _Kind.ROOM:
                    findings.warn("room.twice", stay.spot, room=shown[what], **told)
                case _Kind.SPEAKER:
                    findings.warn("speaker.twice", stay.spot, speaker=shown[what], **told)
                case _Kind.AUDIENCE:
                    if stay.name not in noted:
                        called = (audiences or {}).get(what[1], what[1])
                        findings.warn(
                            "session.overlap", stay.spot, audience=what[1], audience_name=called, **told
                        )
                    noted.add(stay.name)
                case _ as unreachable:
                    assert_never(unreachable)


def _stays(
    courses: tuple[PlacedCourse, ...], decided: Mapping[str, Outcome | None], since: datetime | None
) -> Iterator[tuple[tuple[_Kind, str], str, _Stay]]:
    """(Kind, id), how it is called, and the stay.

    Of every dated session that is not over, by the table above.
    """
    for number, placed in enumerate(courses):
        dated = (
            (position, one.offering, item)
            for position, one in enumerate(placed.offerings)
            for item in one.sessions
        )
        for turn, (position, offering, item) in enumerate(dated):
            session = item.session
            if session.start is None or session.end is None or (since is not None and session.end <= since):
                continue
            name = f"{placed.course.id}/{offering.id}/{session.id}"
            when = still_open((*placed.course.when, *offering.when, *session.when), decided)
            called = " – ".join(filter(None, (placed.course.title, offering.title)))
            stay = _Stay(session.start, session.end, number, 0, name, called, item.start, when)
            for what, known_as, alternative in _taken(placed.course, offering, session, position, turn):
                yield what, known_as, replace(stay, alternative=alternative)


def _taken(
    course: Course, offering: Offering, session: CourseSession, position: int, turn: int
) -> Iterator[tuple[tuple[_Kind, str], str, int]]:
    """(Kind, id), how it is called, and to which alternative of the course it belongs.

    `position` is the offering's in the course, `turn` the session's.
    """
    is_all = course.enrolment.mode is EnrolmentMode.INVITE
    for audience in course.required_of(session):
        yield (_Kind.AUDIENCE, audience), audience, 0 if is_all else position
    venue = course.venue_of(offering, session)
    if venue is not None and venue.room:
        yield (_Kind.ROOM, venue.room), venue.room, 0
    # Of several speakers each session may have its own: in the course it is an alternative to all others.
    own = 0 if len(course.speakers) == 1 else turn
    for email, called in {
        speaker.email: speaker.name for speaker in course.speakers if speaker.email
    }.items():
        yield (_Kind.SPEAKER, email), called, own


def _clashes(stays: list[_Stay]) -> Iterable[tuple[_Stay, _Stay]]:
    """Each stay that begins before an earlier one (not an alternative to it) has ended, with that one."""
    earlier: dict[Condition, _EarlierSession] = defaultdict(_EarlierSession)
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.end, stay.spot.order)):
        found = [
            before.latest_against(stay) for when, before in earlier.items() if can_both_hold(when, stay.when)
        ]
        other = max((one for one in found if one is not None), key=lambda one: one.end, default=None)
        if other is not None and other.end > stay.start:
            yield stay, other
        earlier[stay.when].add(stay)


class _EarlierSession:
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
        return max(
            (one for one in (elsewhere, within) if one is not None), key=lambda one: one.end, default=None
        )

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
