"""What a person's page shows and decides, from plan and books alone: `bot.ports.desk.Desk` for one plan.

What can be done is what would be granted: each action is tried on the books without writing, so that a page
never offers what is then refused (but for a seat that somebody else takes in between).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.links import EndedLink, LinkEnd, feed_is_over, feed_owner, generation_of, is_over
from bot.domain.notes import LONGEST_NOTE, Note
from bot.domain.pages import CourseView, OfferingView, PersonPage
from bot.domain.participation import IN_PLAY, insiders, is_on, part_of, people_in
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseStatus
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind, SeatRequest
from bot.opening.clock import clock_of
from bot.overview.calendar_feed import audience_name, calendar_feed
from bot.overview.compose import overview_of
from bot.overview.year_feed import for_audience, year_feed
from bot.registrations.own_page import other_courses, own_sessions, takes_part
from bot.rounds.steps.count_seats import counts_of
from bot.rounds.steps.decide_seats import decide, load_state, rows_of, settle_books
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.links import Grant
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.domain.registrations import Registration
    from bot.domain.seats import OfferingSeats, Refusal
    from bot.opening.stores import Stores
    from bot.rounds.steps.decide_seats import SeatState
    from config.settings import Settings

HOLDS = frozenset({RegistrationStatus.REGISTERED, RegistrationStatus.WAITLISTED})
OFFERED = (RequestKind.CHOOSE, RequestKind.GIVE_UP, RequestKind.HAND_OVER)


class BookDesk:
    """The desk of one plan; every call reads the books anew."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores) -> None:
        self._settings, self._plan, self._stores = settings, plan, stores

    @property
    def plan(self) -> str:
        """The id of the plan today; a link may say an older one."""
        return self._plan.id

    def page(self, grant: Grant) -> PersonPage | EndedLink:
        """The page behind a link to a person and a course, or why it opens nothing any more."""
        plan, now, course = (
            plan_as_it_stands(self._plan, self._stores),
            clock_of(self._settings).now(),
            self._course_of(grant),
        )
        state = load_state(self._plan, self._stores, course=course)
        person = (
            state.people.find(grant.person) if "@" in grant.person else state.people.with_id(grant.person)
        )
        email = person.email if person else plain_address(grant.person)
        chosen = next(iter(state.plan.courses), None)
        here = [row for row in rows_of(state) if row.email == email]
        others = self._stores.answers.load_registrations(
            plan.id, emails=person.addresses if person else {email}
        )
        mine = [*here, *(row for row in others if row.course != course)]
        generation = generation_of(person, email, self._stores.links.load_generations(plan.id))
        if chosen is None:
            why: LinkEnd | None = LinkEnd.GONE
        elif grant.generation < generation:
            why = LinkEnd.RENEWED
        elif not belongs(plan, email, members=state.members, rows=mine, people=state.people, now=now):
            why = LinkEnd.LEFT
        else:
            why = LinkEnd.EXPIRED if is_over(grant, course_ends=_ends(plan, [chosen]), now=now) else None
        if why is not None or chosen is None:
            language = (person.language if person else None) or plan.language
            return EndedLink(why=why or LinkEnd.GONE, language=language, contact=plan.contact)
        notes = {
            note.course: note.text
            for note in self._stores.notes.load_notes(plan.id)
            if state.people.canonical(note.email) == email
        }
        return PersonPage(
            name=(person.name if person else "") or next((row.name for row in mine if row.name), "") or email,
            email=email,
            language=(person.language if person else None) or plan.language,
            organisation=plan.organisation,
            contact=plan.contact,
            course=self._course(
                chosen,
                email,
                state,
                {row.offering: row for row in insiders(here)},
                notes.get(course, ""),
                now,
            ),
            others=tuple(other_courses(plan, mine, course)),
        )

    def _course_of(self, grant: Grant) -> str:
        """The id by which the plan knows the course of a link today, however often it was renamed since."""
        courses = self._plan.courses
        said = {course.was: course.id for course in courses if course.was}
        ids = (
            self._stores.links.load_old_courses(self._plan.id)
            | said
            | {course.id: course.id for course in courses}
        )
        return ids.get(grant.course, grant.course)

    def decide(self, request: SeatRequest) -> Refusal | None:
        """Decide a wish at once and for good; the calendar and the mails follow.

        None when it was granted (or queued).
        """
        settlement = decide(self._settings, self._plan, self._stores, [request])
        return settlement.refusals[0] if settlement.refusals else None

    def colleague(self, *, course: str, offering: str, address: str) -> str | None:
        """The canonical address of who could take over a seat: of the audience; None for others."""
        state = load_state(self._plan, self._stores, course=course)
        chosen = next(iter(state.plan.courses), None)
        rules = rules_of(self._plan, chosen).offerings.get(offering) if chosen else None
        email = state.people.canonical(address.strip())
        if rules is None or not any(email in state.members.get(name, ()) for name in rules.audiences):
            return None
        return email

    def save_note(self, *, email: str, course: str, text: str) -> None:
        """Keep the person's note to HR; an empty text deletes it."""
        people = PeopleIndex(self._stores.books.people.load_people(self._plan.id))
        note = Note(
            plan=self._plan.id,
            course=course,
            email=people.canonical(email),
            text=text.strip()[:LONGEST_NOTE],
            written_at=clock_of(self._settings).now(),
        )
        self._stores.notes.save_note(note)

    def feed(self, grant: Grant, *, host: str) -> bytes | None:
        """The overview of the plan's courses as an iCalendar file.

        None where the link to it has ended, or its audience is gone.
        """
        plan, now = plan_as_it_stands(self._plan, self._stores), clock_of(self._settings).now()
        renewed = grant.generation < self._stores.links.load_generations(plan.id).get(
            feed_owner(grant.reader), 0
        )
        if renewed or feed_is_over(grant, plan_ends=_ends(plan, plan.courses), now=now):
            return None
        if grant.audience and all(rule.id != grant.audience for rule in plan.audiences):
            return None
        if grant.reader is None:
            return calendar_feed(plan, now=now, host=host, language=plan.language, audience=grant.audience)
        # As the overview: all that is written, with the numbers of the plan in force.
        whole = for_audience(self._plan.whole or self._plan, grant.audience)
        wheel = overview_of(whole, counts_of(self._plan, self._stores), now=now)
        return year_feed(
            wheel,
            reader=grant.reader,
            host=host,
            language=plan.language,
            audience=audience_name(plan, grant.audience),
        )

    def _course(
        self,
        course: Course,
        email: str,
        state: SeatState,
        rows: Mapping[str, Registration],
        note: str,
        now: datetime,
    ) -> CourseView:
        rules = rules_of(self._plan, course)
        seats = {one.offering: one for one in settle_books(state, self._settings, now=now).seats}
        over_now = {name for name, one in rules.offerings.items() if one.is_over(now)}
        not_yet = rules.opens is not None and now < rules.opens
        over = bool(over_now) and over_now == rules.offerings.keys()
        has_been = is_on(course) and any(takes_part(row) for name, row in rows.items() if name in over_now)
        return CourseView(
            course=course.id,
            title=course.title,
            theme=course.theme,
            description=course.description,
            mode=course.enrolment.mode,
            deadline=course.enrolment.deadline,
            open=rules.decides and not rules.is_late(now) and not not_yet and not over,
            cancelled=course.status is CourseStatus.CANCELLED,
            over=over,
            offerings=tuple(
                self._offering(course, one, email, state, rows, seats, now) for one in course.offerings
            ),
            note=note,
            cancel_reason=course.cancel_reason,
            materials=course.materials if has_been else (),
            evaluation=(course.evaluation or "") if has_been else "",
        )

    def _offering(
        self,
        course: Course,
        offering: Offering,
        email: str,
        state: SeatState,
        rows: Mapping[str, Registration],
        seats: Mapping[str, OfferingSeats],
        now: datetime,
    ) -> OfferingView:
        row, rules = rows.get(offering.id), rules_of(self._plan, course)
        elsewhere = [one for one in rows.values() if one.offering != offering.id]
        taken = seats.get(offering.id)
        free = (
            max(taken.capacity - taken.registered, 0)
            if taken is not None and taken.capacity is not None
            else None
        )
        offered = OFFERED if row is not None or not elsewhere else (RequestKind.CHOOSE,)
        granted = {kind: self._would_be(kind, course, offering, email, state, now) for kind in offered}
        return OfferingView(
            offering=offering.id,
            title=offering.title or (offering.id if len(course.offerings) > 1 else ""),
            sessions=own_sessions(course, offering, email, row, state.members),
            status=row.status if row else None,
            position=row.position if row else None,
            waiting=taken.waiting if taken else 0,
            free=free,
            queues=granted[RequestKind.CHOOSE] is RegistrationStatus.WAITLISTED,
            switches=rules.exclusive and any(part_of(one) in IN_PLAY for one in elsewhere),
            actions=frozenset(kind for kind, status in granted.items() if status is not None),
            unconfirmed=row.unconfirmed if row else False,
            over=rules.offerings[offering.id].is_over(now),
            reason=_reason(state, course, offering, email) if row is not None else "",
        )

    def _would_be(
        self,
        kind: RequestKind,
        course: Course,
        offering: Offering,
        email: str,
        state: SeatState,
        now: datetime,
    ) -> RegistrationStatus | None:
        """Where the person would stand after asking, None when it would be refused."""
        colleague = "" if kind is not RequestKind.HAND_OVER else self._anybody(course, offering, email, state)
        if kind is RequestKind.HAND_OVER and not colleague:
            return None
        request = SeatRequest(
            kind=kind,
            course=course.id,
            offering=offering.id,
            email=email,
            at=now,
            source=AnswerSource.WEB,
            to=colleague,
        )
        settlement = settle_books(state, self._settings, now=now, requests=[request])
        if settlement.refusals:
            return None
        mine = [
            one.after
            for one in settlement.transitions
            if (one.after.offering, one.after.email) == (offering.id, email)
        ]
        return mine[-1].status if mine else None

    def _anybody(self, course: Course, offering: Offering, email: str, state: SeatState) -> str:
        """Some colleague without a seat: whether a seat could be handed over at all."""
        audiences = rules_of(self._plan, course).offerings[offering.id].audiences
        people = people_in(audiences, state.members)
        seated = {one.email for one in state.standings if one.course == course.id and one.has_seat}
        return min(people - seated - {email}, default="")


def belongs(
    plan: CoursePlan,
    email: str,
    *,
    members: Mapping[str, frozenset[str]],
    rows: Iterable[Registration],
    people: PeopleIndex,
    now: datetime,
) -> bool:
    """Whether a person still has to do with the plan.

    In an audience of it, a speaker, or with a seat or a place in line to come.

    `email` canonical, `members` the audiences as last read, `rows` the person's registrations.
    """
    if any(email in members.get(audience.id, ()) for audience in plan.audiences):
        return True
    if any(
        email == people.canonical(speaker.email)
        for course in plan.courses
        for speaker in course.speakers
        if speaker.email
    ):
        return True
    rules = {
        (course.id, offering): one
        for course in plan.courses
        for offering, one in rules_of(plan, course).offerings.items()
    }
    held = [rules.get((row.course, row.offering)) for row in rows if row.status in HOLDS]
    return any(one is not None and not one.is_over(now) for one in held)


def _reason(state: SeatState, course: Course, offering: Offering, email: str) -> str:
    """What HR wrote with its last decision about this person; "" where the last word is another's."""
    mine = [
        one
        for one in state.standings
        if (one.course, one.offering, one.email) == (course.id, offering.id, email)
    ]
    return next((one.reason for one in mine if one.source is AnswerSource.HR and one.reason_open), "")


def _ends(plan: CoursePlan, courses: Iterable[Course]) -> datetime | None:
    """When the last session of the courses ends, UTC; None without a date."""
    ends = (one.ends for course in courses for one in rules_of(plan, course).offerings.values())
    return max((end for end in ends if end is not None), default=None)
