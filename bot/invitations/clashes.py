"""Who and what would be in two places at once by the plan and the people as they are known, and which difference makes it (pure).

    session of a course that is          people                                               room and speakers
    approved, save_the_date              those whom its event wants as required attendees     of the plan
    the same, an audience unknown        nobody: it is not known who they are                 of the plan
    listed: others arrange it            its audiences, as far as they are known              of the plan
    anything else, undated, or over      it does not count

Whom an event wants is what the seats have left: who has chosen one of two alternatives is not counted at the other. A time that
somebody has changed in Outlook, and that stands there, counts as it stands. A difference *makes*
a clash where it puts one of the two in the calendars, moves it, or brings in one of those who are in both; others were there before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.changes import Conflict, Create, Update
from bot.domain.clashes import Clash, Stay, find_clashes
from bot.domain.decided import SENDS
from bot.domain.events import AttendeeType, EventField, SessionKey
from bot.domain.plan import CourseStatus, EnrolmentMode
from bot.invitations.desired import instant, sessions_of
from bot.messages.invitation import invitation_subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.changes import Change
    from bot.domain.events import EventContent
    from bot.domain.people import Audience
    from bot.domain.plan import Course, CoursePlan, CourseSession
    from bot.invitations.diff import World

COUNTS = SENDS | {CourseStatus.LISTED}
TIMES = frozenset({EventField.START, EventField.END})
MOVING = TIMES | {EventField.LOCATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clashes:
    """`made` by the key of the change that makes or touches them, each at one change; `before` were there and stay as they are."""

    made: Mapping[SessionKey, tuple[Clash, ...]] = field(default_factory=dict)
    before: tuple[Clash, ...] = ()


NO_CLASHES = Clashes()


def clashes_of(plan: CoursePlan, world: World, audiences: Mapping[str, Audience], changes: Iterable[Change]) -> Clashes:
    """By the table above, of a plan as it is decided. No request is made."""
    stands: dict[SessionKey, EventContent] = {}
    touching: defaultdict[SessionKey, list[Create | Update]] = defaultdict(list)
    for change in changes:
        if isinstance(change, (Create, Update)):
            touching[replace(change.key, part=1)].append(change)
        elif isinstance(change, Conflict) and change.stands is not None and not TIMES.isdisjoint(change.fields):
            stands[change.key] = change.stands
    made: defaultdict[SessionKey, list[Clash]] = defaultdict(list)
    before: list[Clash] = []
    for clash in find_clashes(_stays(plan, world, audiences, stands)):
        touched = (one for stay in (clash.second, clash.first) for one in touching.get(stay.key, ()) if _makes(one, clash))
        by = next(touched, None)
        (made[by.key] if by is not None else before).append(clash)
    return Clashes(made=MappingProxyType({key: tuple(found) for key, found in made.items()}), before=tuple(before))


def _makes(change: Create | Update, clash: Clash) -> bool:
    if isinstance(change, Create):
        return True
    return not MOVING.isdisjoint(change.fields) or not clash.addresses.isdisjoint(change.add)


def _stays(plan: CoursePlan, world: World, audiences: Mapping[str, Audience], stands: Mapping[SessionKey, EventContent]) -> Iterator[Stay]:
    wanted = world.wanted
    invited: defaultdict[SessionKey, set[str]] = defaultdict(set)
    for key, event in wanted.events.items():
        invited[replace(key, part=1)].update(one.email for one in event.attendees if one.type is AttendeeType.REQUIRED)
    for course, offering, session in sessions_of(plan):
        if course.status not in COUNTS or session.start is None or session.end is None:
            continue
        key = SessionKey(plan=plan.id, course=course.id, offering=offering.id, session=session.id)
        edited = stands.get(key)
        start = session.start if edited is None else _wall(edited.start, edited.timezone, plan.timezone)
        end = session.end if edited is None else _wall(edited.end, edited.timezone, plan.timezone)
        if instant(end, plan.timezone) <= world.now:
            continue
        venue = course.venue_of(offering, session)
        if course.status is CourseStatus.LISTED:
            people = _members(course, session, audiences)
        else:
            people = frozenset() if key in wanted.held else frozenset(invited[key])
        yield Stay(
            key=key,
            title=invitation_subject(course, offering, session, language=plan.language),
            start=start,
            end=end,
            all_day=session.all_day if edited is None else edited.all_day,
            people=people,
            speakers=wanted.speakers.get(course.id, frozenset()),
            room=(venue.room or "").lower() if venue else "",
            to_choose=course.enrolment.mode is not EnrolmentMode.INVITE,
            shares_speakers=len(course.speakers) > 1,
        )


def _wall(wall: datetime, zone: str, of_plan: str) -> datetime:
    return instant(wall, zone).astimezone(ZoneInfo(of_plan)).replace(tzinfo=None)


def _members(course: Course, session: CourseSession, audiences: Mapping[str, Audience]) -> frozenset[str]:
    """Of what others arrange nobody is read for its own sake: the audiences that other courses have as well."""
    named = (audiences[name] for name in course.required_of(session) if name in audiences)
    return frozenset(person.email for audience in named if audience.is_known for person in audience.people)
