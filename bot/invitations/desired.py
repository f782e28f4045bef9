"""What the plan wants in the calendar: one `DesiredEvent` for each dated session (and part), pure.

    course status      session dated   wanted                          otherwise told as
    draft              any             nothing                         gone_from_plan
    listed             any             nothing                         listed
    proposed           any             nothing                         not_approved
    save_the_date      yes             a tentative placeholder
    approved           yes             the invitation
    save_the_date/approved  no         nothing                         undated
    cancelled          any             nothing                         status_cancelled

Whom: `invite` and `choose` (via Outlook) put the audience on every session; `choose` via link and
`signup` put nobody there at first. Then the seats have their say (`bot.domain.seats.Attendance`):

    the standing wants   somebody of the session's audience   of another session's only   of neither
    on                   on the event                         not                         on the event
    off                  not                                  not                         not
    stays                on the event; by link: if there      if there                    if there

The optional audience and speakers with an address are optional attendees, a room is a resource. A
person wanted in two ways is required rather than optional.
"""

from __future__ import annotations

import html
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, assert_never

from bot.domain.changes import Reason
from bot.domain.events import Attendee, AttendeeType, DesiredEvent, EventContent, Location, SessionKey
from bot.domain.plan import CourseStatus
from bot.domain.seats import Attendance
from bot.invitations.parts import split_people
from bot.messages.invitation import invitation_subject, render_invitation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.domain.people import Audience, PeopleIndex
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering, PlannedSession
    from bot.domain.programme import Venue


# Where the Teams link of the first part goes in the body of the others. The fingerprint is taken with
# this in place, so that learning the link is not a change.
JOIN_URL_PLACEHOLDER = "https://kursusbot.invalid/join"
NO_WISHES = Attendance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The plan's side of the difference.

    `events` by key; `held` the session keys (part 1) whose audience is unknown, so that nothing of theirs may
    move; `by_seats` who is on or off a session (part 1) because of seats, `released` who of them is off it
    for another reason than the audience; `absent` why a session that the plan knows is not wanted; sessions
    in neither are gone from the plan. `living_courses` are the courses that stand in the plan, drafts apart;
    `speakers` their speakers' canonical addresses by course.
    """

    events: Mapping[SessionKey, DesiredEvent]
    held: frozenset[SessionKey]
    absent: Mapping[SessionKey, Reason]
    living_courses: frozenset[str]
    by_seats: Mapping[SessionKey, frozenset[str]] = field(default_factory=dict)
    released: Mapping[SessionKey, frozenset[str]] = field(default_factory=dict)
    speakers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    turned_away: Mapping[SessionKey, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Invited:
    """The audience part of attendee lists, worked out once for each combination of audiences."""

    audiences: Mapping[str, Audience]
    known: PeopleIndex
    lists: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Attendee, ...]] = field(default_factory=dict)

    def people(self, required: tuple[str, ...], optional: tuple[str, ...]) -> tuple[Attendee, ...]:
        """Sorted by address; somebody in both is required."""
        found = self.lists.get((required, optional))
        if found is None:
            each: dict[str, Attendee] = {}
            for names, kind in ((required, AttendeeType.REQUIRED), (optional, AttendeeType.OPTIONAL)):
                for person in (person for name in names for person in self.audiences[name].people):
                    each.setdefault(person.email, Attendee(email=person.email, name=person.name, type=kind))
            found = tuple(each[email] for email in sorted(each))
            self.lists[required, optional] = found
        return found


def wanted_events(
    plan: CoursePlan,
    audiences: Mapping[str, Audience],
    seated: Mapping[SessionKey, frozenset[str]],
    people: PeopleIndex,
    attendance: Mapping[tuple[str, str], Attendance] | None = None,
    *,
    is_written: bool = True,
) -> Wanted:
    """Everything that the plan wants in the calendar; attendees under the canonical addresses of `people`.

    `seated` tells who is already on which event (part), by canonical address, so that nobody moves
    between the parts of a session with more people than one event holds. `attendance` is what the
    standings want of each (course, offering). Unless `is_written`, bodies are "": who wants to know who is
    where and when needs none, and writing them is what takes long.
    """
    events: dict[SessionKey, DesiredEvent] = {}
    held: set[SessionKey] = set()
    absent: dict[SessionKey, Reason] = {}
    parts: defaultdict[SessionKey, dict[int, frozenset[str]]] = defaultdict(dict)
    for key, members in seated.items():
        parts[key.first][key.part] = members
    invited = _Invited(audiences, people)
    by_seats: dict[SessionKey, frozenset[str]] = {}
    released: dict[SessionKey, frozenset[str]] = {}
    turned_away: dict[SessionKey, frozenset[str]] = {}
    for planned in plan.sessions():
        course, offering, session = planned
        key = plan.key_of(planned)
        reason = _absence(course, session)
        if reason is not None:
            absent[key] = reason
            continue
        if any(not audiences[name].is_known for name in course.audiences_of(session)):
            held.add(key)
        wishes = (attendance or {}).get((course.id, offering.id), NO_WISHES)
        if wishes is not NO_WISHES:
            by_seats[key], released[key] = wishes.on | wishes.released, wishes.released
            turned_away[key] = frozenset(wishes.turned_away)
        of_course = plan.for_course(course.id)
        write = (
            partial(render_invitation, of_course, *planned, language=of_course.language)
            if is_written
            else _unwritten
        )
        for event in _events_of(of_course, planned, key, invited, parts.get(key, {}), wishes, write):
            events[event.key] = event
    living = frozenset(course.id for course in plan.courses if course.status is not CourseStatus.DRAFT)
    speakers = {
        course.id: frozenset(people.canonical(speaker.email) for speaker in course.speakers if speaker.email)
        for course in plan.courses
    }
    return Wanted(
        events=events,
        held=frozenset(held),
        absent=absent,
        living_courses=living,
        by_seats=by_seats,
        released=released,
        speakers=speakers,
        turned_away=turned_away,
    )


def with_link(content: EventContent, join_url: str) -> EventContent:
    """What goes to Outlook for a further part: the first part's link in its place."""
    return replace(content, body=content.body.replace(JOIN_URL_PLACEHOLDER, html.escape(join_url)))


def without_link(content: EventContent, join_url: str) -> EventContent:
    """What came from Outlook for a further part, comparable with what the plan wants."""
    return replace(
        content,
        body=content.body.replace(html.escape(join_url), JOIN_URL_PLACEHOLDER).replace(
            join_url, JOIN_URL_PLACEHOLDER
        ),
    )


def _absence(course: Course, session: CourseSession) -> Reason | None:
    match course.status:
        case CourseStatus.DRAFT:
            return Reason.GONE_FROM_PLAN
        case CourseStatus.LISTED:
            return Reason.LISTED
        case CourseStatus.PROPOSED:
            return Reason.NOT_APPROVED
        case CourseStatus.CANCELLED:
            return Reason.STATUS_CANCELLED
        case CourseStatus.SAVE_THE_DATE | CourseStatus.APPROVED:
            return None if session.start is not None and session.end is not None else Reason.UNDATED
        case _ as unreachable:
            assert_never(unreachable)


def _events_of(
    plan: CoursePlan,
    planned: PlannedSession,
    key: SessionKey,
    invited: _Invited,
    seated: Mapping[int, frozenset[str]],
    wishes: Attendance,
    write: Callable[..., str],
) -> Iterator[DesiredEvent]:
    """Of one session (`planned`), each with the body that `write` gives it; a further part with its link."""
    course, offering, session = planned
    venue = course.venue_of(offering, session)
    online = course.is_online(offering, session)
    present = frozenset[str]().union(*seated.values())
    people = _people(plan, course, offering, session, invited, wishes, present)
    rooms = (
        [Attendee(email=venue.room, name=venue.name, type=AttendeeType.RESOURCE)]
        if venue and venue.room
        else []
    )
    content = _content(plan, planned, venue, online=online, body=write())
    for part, members in split_people(key, people, seated, rooms=len(rooms)):
        if part.part == 1:
            yield DesiredEvent(
                key=part, course=course.id, content=content, attendees=_sorted([*members, *rooms])
            )
            continue
        # The further parts share the first one's meeting: its link stands in their text.
        link = JOIN_URL_PLACEHOLDER if online else None
        yield DesiredEvent(
            key=part,
            course=course.id,
            content=replace(content, body=write(join_url=link), online=False),
            attendees=_sorted(members),
        )


def _unwritten(*, join_url: str | None = None) -> str:  # noqa: ARG001 - called as an invitation is written
    return ""


def _content(
    plan: CoursePlan, planned: PlannedSession, venue: Venue | None, *, online: bool, body: str
) -> EventContent:
    course, offering, session = planned
    assert session.start is not None  # noqa: S101 - undated sessions were sorted out by _absence
    assert session.end is not None  # noqa: S101
    tentative = course.status is CourseStatus.SAVE_THE_DATE
    place = venue.label if venue else ""
    return EventContent(
        subject=invitation_subject(course, offering, session, language=plan.language),
        body=body,
        start=session.start,
        end=session.end,
        timezone=plan.timezone,
        all_day=session.all_day,
        location=Location(name=place or (venue.room or ""), room=venue.room)
        if venue and (place or venue.room)
        else None,
        show_as="tentative" if tentative else "busy",
        response_requested=not tentative,
        hide_attendees=course.hide_attendees,
        online=online,
    )


def _people(
    plan: CoursePlan,
    course: Course,
    offering: Offering,
    session: CourseSession,
    invited: _Invited,
    wishes: Attendance,
    present: frozenset[str],
) -> tuple[Attendee, ...]:
    audience = _audience_of(course, session, invited)
    people = () if course.enrolment.by_link else audience
    if wishes is not NO_WISHES:
        people = _with_seats(people, audience, course, offering, invited, wishes, present)
    speakers = [speaker for speaker in course.speakers if speaker.email and speaker.email != plan.organiser]
    if not speakers:
        return people
    each = {attendee.email: attendee for attendee in people}
    for speaker in speakers:
        email = invited.known.canonical(speaker.email or "")
        each.setdefault(email, Attendee(email=email, name=speaker.name, type=AttendeeType.OPTIONAL))
    return tuple(each[email] for email in sorted(each))


def _audience_of(course: Course, session: CourseSession, invited: _Invited) -> tuple[Attendee, ...]:
    return invited.people(course.required_of(session), course.optional_of(session))


def _with_seats(
    people: tuple[Attendee, ...],
    audience: tuple[Attendee, ...],
    course: Course,
    offering: Offering,
    invited: _Invited,
    wishes: Attendance,
    present: frozenset[str],
) -> tuple[Attendee, ...]:
    """The attendees after the seats have had their say, by the table above."""
    each = {one.email: one for one in people if one.email not in wishes.off}
    of_session = {one.email: one for one in audience}
    of_others = {one.email for other in offering.sessions for one in _audience_of(course, other, invited)}
    named = {email for email in wishes.on if email in of_session or email not in of_others} | (
        wishes.stays & present
    )
    for email in named - each.keys():
        person = invited.known.find(email)
        each[email] = of_session.get(email) or Attendee(email=email, name=person.name if person else "")
    return tuple(each[email] for email in sorted(each))


def _sorted(attendees: Sequence[Attendee]) -> tuple[Attendee, ...]:
    return tuple(sorted(attendees, key=lambda attendee: attendee.email))
