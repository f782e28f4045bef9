"""Who and what would be in two places at once, or on too many courses in a week (pure).

By the plan and the people as they are known.

    session of a course that is          people                                               room and speakers
    approved, save_the_date              those whom its event wants as required attendees     of the plan
    the same, an audience unknown        nobody: it is not known who they are                 of the plan
    listed: others arrange it            its audiences, as far as they are known              of the plan
    anything else, undated, or over      it does not count

Whom an event wants is what the seats have left: who has chosen one of two alternatives is not counted at the
other. Who has said no on the event in Outlook, or was taken off it there, is not coming, people and speakers
alike. A time or a place that somebody has given it in Outlook, and that stands, counts as it stands; an event
that somebody has deleted there is nowhere.

A difference *makes* a clash where it puts one of the two in the calendars, moves it, or brings in one of
those who are in both. It makes a week too full where it puts one of its courses in the calendars, moves one
into the week, or brings in one of those for whom it is too much. Others were there before.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from bot.domain.busy_weeks import BusyWeek, find_busy_weeks, weeks_of
from bot.domain.changes import Conflict, Create, Reason, Update
from bot.domain.clashes import COURSES_A_WEEK, Clash, Stay, find_clashes
from bot.domain.decided import SENDS
from bot.domain.enrolment import EnrolmentMode
from bot.domain.events import AttendeeType, EventField, ResponseStatus, SessionKey
from bot.domain.plan import CourseStatus
from bot.domain.times import instant
from bot.messages.invitation import invitation_subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.changes import Change
    from bot.domain.events import EventContent
    from bot.domain.people import Audience
    from bot.domain.plan import Course, CoursePlan, CourseSession, PlannedSession
    from bot.invitations.diff import World

Found = TypeVar("Found", Clash, BusyWeek)
COUNTS = SENDS | {CourseStatus.LISTED}
TIMES = frozenset({EventField.START, EventField.END})
MOVING = TIMES | {EventField.LOCATION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clashes:
    """`made` and `weeks` by the key of the change that makes or touches them, each at one change.

    Those `before` stay as they are.

    `titles` of the courses by id.
    """

    made: Mapping[SessionKey, tuple[Clash, ...]] = field(default_factory=dict)
    before: tuple[Clash, ...] = ()
    weeks: Mapping[SessionKey, tuple[BusyWeek, ...]] = field(default_factory=dict)
    weeks_before: tuple[BusyWeek, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


NO_CLASHES = Clashes()


@dataclass(slots=True)
class _Outlook:
    """What people have made of events, by session (part 1).

    Times and places that stand, who is not coming (canonical), events gone.
    """

    times: dict[SessionKey, EventContent] = field(default_factory=dict)
    places: dict[SessionKey, EventContent] = field(default_factory=dict)
    away: defaultdict[SessionKey, set[str]] = field(default_factory=lambda: defaultdict(set))
    gone: set[SessionKey] = field(default_factory=set)


def clashes_of(
    plan: CoursePlan,
    world: World,
    audiences: Mapping[str, Audience],
    changes: Iterable[Change],
    *,
    most: int = COURSES_A_WEEK,
) -> Clashes:
    """By the table above, of a plan as it is decided; `most` courses a week are not too many.

    No request is made.
    """
    changes = tuple(changes)
    outlook = _outlook(world, changes)
    touching: defaultdict[SessionKey, list[Create | Update]] = defaultdict(list)
    for change in changes:
        if isinstance(change, (Create, Update)):
            touching[change.key.first].append(change)
    stays = tuple(_stays(plan, world, audiences, outlook))
    made, before = _by_change(
        find_clashes(stays), lambda clash: (clash.second, clash.first), touching, _makes
    )
    weeks, weeks_before = _by_change(
        find_busy_weeks(stays, most=most),
        lambda week: reversed(week.stays),
        touching,
        lambda change, week: _fills(change, week, plan.timezone),
    )
    return Clashes(
        made=made,
        before=before,
        weeks=weeks,
        weeks_before=weeks_before,
        titles=MappingProxyType(plan.titles),
    )


def _by_change(
    clashes: Iterable[Found],
    stays_of: Callable[[Found], Iterable[Stay]],
    touching: Mapping[SessionKey, Iterable[Create | Update]],
    makes: Callable[[Create | Update, Found], bool],
) -> tuple[Mapping[SessionKey, tuple[Found, ...]], tuple[Found, ...]]:
    """Each at the first change that touches a stay of it and makes it, and those that no change makes."""
    made: defaultdict[SessionKey, list[Found]] = defaultdict(list)
    before: list[Found] = []
    for clash in clashes:
        changes = (
            change
            for stay in stays_of(clash)
            for change in touching.get(stay.key, ())
            if makes(change, clash)
        )
        by = next(changes, None)
        (made[by.key] if by is not None else before).append(clash)
    return MappingProxyType({key: tuple(those) for key, those in made.items()}), tuple(before)


def _outlook(world: World, changes: Iterable[Change]) -> _Outlook:
    """As the events stand, and as they will stand where the difference gives a place back to the plan."""
    outlook = _Outlook()
    for event in world.observed:
        key, desired = event.key.first, world.wanted.events.get(event.key)
        said_no = (
            attendee.email for attendee in event.attendees if attendee.response is ResponseStatus.DECLINED
        )
        outlook.away[key].update(map(world.people.canonical, said_no))
        # Where the plan names no place, that of a person is theirs.
        if desired is not None and desired.content.location is None:
            outlook.places[key] = event.content
    for change in changes:
        key = change.key.first
        if isinstance(change, Update) and EventField.LOCATION in change.fields:
            outlook.places.pop(key, None)
        elif isinstance(change, Conflict):
            _note_edit(change, key, outlook)
    return outlook


def _note_edit(change: Conflict, key: SessionKey, outlook: _Outlook) -> None:
    if change.reason is Reason.VANISHED:
        outlook.gone.add(change.key)
    # Who may be there under an unknown name is counted as being there.
    if change.reason not in {Reason.UNKNOWN_NAME, Reason.DIRECTORY_NAME}:
        outlook.away[key].update(change.missing)
    if change.stands is not None and not TIMES.isdisjoint(change.fields):
        outlook.times[key] = change.stands
    if change.stands is not None and EventField.LOCATION in change.fields:
        outlook.places[key] = change.stands


def _makes(change: Create | Update, clash: Clash) -> bool:
    if isinstance(change, Create):
        return True
    return not MOVING.isdisjoint(change.fields) or not clash.addresses.isdisjoint(change.add)


def _fills(change: Create | Update, week: BusyWeek, zone: str) -> bool:
    if isinstance(change, Create):
        return True
    was = change.observed.content
    stood = weeks_of(_wall(was.start, was.timezone, zone), _wall(was.end, was.timezone, zone))
    return (not TIMES.isdisjoint(change.fields) and week.week not in stood) or not week.people.isdisjoint(
        change.add
    )


def _stays(
    plan: CoursePlan, world: World, audiences: Mapping[str, Audience], outlook: _Outlook
) -> Iterator[Stay]:
    invited = _invited(world, outlook)
    for planned in plan.sessions():
        course, offering, session = planned
        key = plan.key_of(planned)
        when = _when(session, outlook.times.get(key), plan.timezone)
        is_gone = key in outlook.gone and key not in invited
        if course.status not in COUNTS or when is None or is_gone:
            continue
        start, end, all_day = when
        if instant(end, plan.timezone) <= world.now:
            continue
        if course.status is CourseStatus.LISTED:
            people = _members(course, session, audiences)
        else:
            people = frozenset() if key in world.wanted.held else frozenset(invited.get(key, ()))
        yield Stay(
            key=key,
            title=invitation_subject(course, offering, session, language=plan.language),
            start=start,
            end=end,
            all_day=all_day,
            people=people - outlook.away[key],
            speakers=world.wanted.speakers.get(course.id, frozenset()) - outlook.away[key],
            room=_room(planned, outlook.places.get(key)).lower(),
            to_choose=course.enrolment.mode is not EnrolmentMode.INVITE,
            shares_speakers=len(course.speakers) > 1,
        )


def _invited(world: World, outlook: _Outlook) -> Mapping[SessionKey, set[str]]:
    """By session those whom its events want as required attendees, where somebody has not deleted them."""
    invited: defaultdict[SessionKey, set[str]] = defaultdict(set)
    for key, event in world.wanted.events.items():
        if key not in outlook.gone:
            required = (
                attendee.email for attendee in event.attendees if attendee.type is AttendeeType.REQUIRED
            )
            invited[key.first].update(required)
    return invited


def _when(
    session: CourseSession, edited: EventContent | None, zone: str
) -> tuple[datetime, datetime, bool] | None:
    """Start, end (wall times of the plan) and whether it is whole days, as it stands; None without a date."""
    if session.start is None or session.end is None:
        return None
    if edited is None:
        return session.start, session.end, session.all_day
    start, end = (_wall(wall, edited.timezone, zone) for wall in (edited.start, edited.end))
    return start, end, edited.all_day


def _room(planned: PlannedSession, placed: EventContent | None) -> str:
    """The address of the room, by the plan or by the place that stands; "" without one."""
    course, offering, session = planned
    place = course.venue_of(offering, session) if placed is None else placed.location
    return (place.room if place is not None else None) or ""


def _wall(wall: datetime, zone: str, of_plan: str) -> datetime:
    return instant(wall, zone).astimezone(ZoneInfo(of_plan)).replace(tzinfo=None)


def _members(course: Course, session: CourseSession, audiences: Mapping[str, Audience]) -> frozenset[str]:
    """Of what others arrange nobody is read for its own sake.

    The audiences that other courses have as well.
    """
    named = (audiences[name] for name in course.required_of(session) if name in audiences)
    return frozenset(person.email for audience in named if audience.is_known for person in audience.people)
