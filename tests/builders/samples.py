"""Small builders for what the tests of the invitations talk about: people, plans, events on both sides, the books.

Everything has a sensible default and takes the one thing that a test is about. The clock stands at NOW;
the sample session is the morning of 18 June 2025 in Copenhagen, seven weeks ahead.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.domain.events import (
    Attendee,
    AttendeeType,
    DesiredEvent,
    EventContent,
    LedgerEntry,
    Location,
    ObservedAttendee,
    ObservedEvent,
    ResponseStatus,
    SessionKey,
)
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.invitations.desired import Wanted
from bot.invitations.diff import World
from bot.invitations.ledger_entries import creation_intended, settled

if TYPE_CHECKING:
    from collections.abc import Iterable

NOW = datetime(2025, 5, 1, 6, 0, tzinfo=UTC)
START = datetime(2025, 6, 18, 9, 0)
END = START + timedelta(hours=3)
ZONE = "Europe/Copenhagen"
ORGANISER = "kurser@demo.example"
ROOM = "sal-1@demo.example"
KEY = SessionKey(plan="demo", course="kursus", offering="main", session="dag")
NOBODY = PeopleIndex()


def address(name: str) -> str:
    """`anna` is `anna@demo.example`; a whole address is itself."""
    return name if "@" in name else f"{name}@demo.example"


def make_person(name: str, /, *, aliases: Iterable[str] = (), listed: bool = False, **changes: Any) -> Person:
    """Somebody of the directory, or with `listed` of the plan's own list."""
    known_as = name.partition("@")[0]
    values: dict[str, Any] = {"email": address(name), "name": known_as.title(), "directory_id": None if listed else f"id-{known_as}"}
    return Person(aliases=frozenset(map(address, aliases)), **(values | changes))


def make_session(name: str = "dag", /, *, start: datetime | None = START, hours: float = 3, **changes: Any) -> CourseSession:
    """A session of `hours` from `start` (wall time)."""
    return CourseSession(**({"id": name, "start": start, "end": start + timedelta(hours=hours) if start else None} | changes))


def make_course(name: str = "kursus", /, *sessions: CourseSession, **changes: Any) -> Course:
    """An approved course for the audience `ledere`, with one offering `main`."""
    values: dict[str, Any] = {
        "id": name,
        "title": name.title(),
        "status": CourseStatus.APPROVED,
        "audience": ("ledere",),
        "offerings": (Offering(id="main", sessions=sessions or (make_session(),)),),
    }
    return Course(**(values | changes))


def make_rule(
    name: str = "ledere", *, groups: Iterable[str] = (), people: Iterable[Person] = (), exclude: Iterable[str] = ()
) -> AudienceRule:
    """An audience of the plan."""
    return AudienceRule(id=name, name=name.title(), groups=tuple(groups), people=tuple(people), exclude=tuple(exclude))


def make_plan(*courses: Course, audiences: Iterable[AudienceRule] | None = None, **changes: Any) -> CoursePlan:
    """A plan in Danish; without `audiences` there is `ledere`, the members of the group `alle@demo.example`."""
    values: dict[str, Any] = {
        "id": "demo",
        "revision": "sha256:0",
        "organisation": "Demo Kommune",
        "timezone": ZONE,
        "language": Language.DA,
        "organiser": ORGANISER,
        "contact": "hr@demo.example",
        "audiences": tuple(audiences) if audiences is not None else (make_rule(groups=["alle@demo.example"]),),
        "courses": courses or (make_course(),),
    }
    return CoursePlan(**(values | changes))


def make_content(**changes: Any) -> EventContent:
    """The content of the sample session."""
    values: dict[str, Any] = {"subject": "Kursus", "body": "<p>Velkommen</p>", "start": START, "end": END, "timezone": ZONE}
    return EventContent(**(values | changes))


def make_desired(*names: str, key: SessionKey = KEY, room: str | None = None, **changes: Any) -> DesiredEvent:
    """What the plan wants: the people named are required, `room` is a resource (and the place)."""
    if room is not None:
        changes = {"location": Location(name="Sal 1", room=room)} | changes
    rooms = [Attendee(email=room, name="Sal 1", type=AttendeeType.RESOURCE)] if room else []
    people = [Attendee(email=address(name), name=name.title()) for name in names]
    attendees = tuple(sorted([*people, *rooms], key=lambda one: one.email))
    return DesiredEvent(key=key, course=key.course, content=make_content(**changes), attendees=attendees)


def make_observed(desired: DesiredEvent, *, event_id: str = "event-1", **changes: Any) -> ObservedEvent:
    """Outlook's copy of what was sent, its HTML rewritten; `changes` of the content or of the event."""
    content = {name: changes.pop(name) for name in tuple(changes) if name in EventContent.__slots__}
    echo = replace(desired.content, body=f"<html><body>\r\n{desired.content.body}\r\n</body></html>")
    attendees = tuple(ObservedAttendee(email=one.email, name=one.name, type=one.type) for one in desired.attendees)
    values: dict[str, Any] = {"attendees": attendees, "etag": "1", "created_at": NOW - timedelta(days=9)}
    if desired.content.online:
        values["join_url"] = "https://teams.example/meet/1"
    return ObservedEvent(key=desired.key, event_id=event_id, content=replace(echo, **content), **(values | changes))


def make_attendee(name: str, **changes: Any) -> ObservedAttendee:
    """Somebody on the event; `response` an answer."""
    return ObservedAttendee(email=address(name), **({"response": ResponseStatus.NONE} | changes))


def make_entry(desired: DesiredEvent, observed: ObservedEvent, **changes: Any) -> LedgerEntry:
    """The books after `desired` was applied and `observed` came back."""
    intention = creation_intended(desired, "11111111-1111-1111-1111-111111111111")
    return replace(settled(desired, observed, intention, NOBODY, now=NOW - timedelta(days=8)), **changes)


def make_wanted(*events: DesiredEvent, **changes: Any) -> Wanted:
    """The plan's side with these events."""
    values: dict[str, Any] = {
        "events": {event.key: event for event in events},
        "held": frozenset(),
        "absent": {},
        "living_courses": frozenset(event.course for event in events),
    }
    return Wanted(**(values | changes))


def make_world(
    wanted: Wanted | DesiredEvent | None, *observed: ObservedEvent, entries: Iterable[LedgerEntry] = (), **changes: Any
) -> World:
    """The three sides together."""
    sides = make_wanted(wanted) if isinstance(wanted, DesiredEvent) else wanted or make_wanted()
    values: dict[str, Any] = {"people": NOBODY, "restore": False, "now": NOW}
    return World(wanted=sides, observed=tuple(observed), ledger={entry.key: entry for entry in entries}, **(values | changes))
