"""The courses of somebody who is signed in, each with the way to their own page of it.

| the course | is listed |
|---|---|
| people can save the date, or it is approved, and the person is in an audience of it | yes |
| the same, and they have a place of any kind on it | yes |
| it was called off, and they had something to do with it | yes, as cancelled |
| only proposed, or of others | no: nobody has been told of it |

For a leader of theirs (`bot.domain.delegates`) the same courses are listed, with the way to the leader's page
that a delegate has.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.desks.afterwards.own_certificates import OwnCertificateDesk, certificate_grant
from bot.desks.afterwards.own_tasks import OwnTaskDesk
from bot.desks.belonging import HEARD_OF, belongs, invites
from bot.desks.registrations.question_answers import given_answers
from bot.domain.delegates import leaders_of
from bot.domain.links import Grant, Purpose, feed_owner, generation_of, owner_of
from bot.domain.pages import PersonCourse, PersonCourses
from bot.domain.participation import insiders
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseStatus
from bot.domain.questions import SeenBy
from bot.opening.clock import clock_of
from bot.registrations.attendance import attendance_in_plan
from bot.registrations.export import registration_objects
from bot.registrations.listing import wall_time
from bot.registrations.own_places import answer_by, own_places
from bot.registrations.said import NOTHING_SAID
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.people import Person
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.questions import GivenAnswer
    from bot.domain.registrations import Registration
    from bot.domain.sign_in import Visitor
    from bot.opening.stores import Stores
    from config.settings import Settings


def leaders(plan: CoursePlan, stores: Stores, visitor: Visitor) -> tuple[Person, ...]:
    """Those whom the visitor answers for by this plan and the books know, in the plan's order.

    Nobody for whom only an address speaks that the provider does not vouch for.
    """
    if not plan.delegates:
        return ()
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    me = _person(people, visitor)
    address = me.email if me is not None else visitor.email if visitor.vouches else ""
    found = map(people.find, leaders_of(plan.delegates, address, people)) if address else ()
    return tuple(one for one in found if one is not None)


def own_courses(
    settings: Settings, plan: CoursePlan, stores: Stores, visitor: Visitor, leader: Person | None = None
) -> PersonCourses | None:
    """What of the plan in force is the visitor's, or one of their `leaders`'.

    None where the person has nothing to do with it.
    """
    now, people = clock_of(settings).now(), PeopleIndex(stores.books.people.load_people(plan.id))
    person = leader or _person(people, visitor)
    if person is None:
        return None
    ways = _Ways(plan, people, visitor, leader, stores.links.load_generations(plan.id), now)
    # What the books say of everybody is not needed for one: their own rows are kept for those who only read.
    rows = insiders(stores.answers.load_registrations(plan.id, emails=person.addresses))
    audiences = _audiences(plan, stores, people, person)
    members = dict.fromkeys(audiences, frozenset({person.email}))
    if not belongs(plan, person.email, members=members, rows=rows, people=people, now=now):
        return None
    standing = plan_as_it_stands(plan, stores)
    given = given_answers(standing, stores, rows, people, reader=SeenBy.HR, emails=person.addresses)
    over = _over(standing, now)
    courses = tuple(
        _own(
            course,
            standing,
            rows,
            ways.to(person, course),
            now,
            is_over=course.id in over,
            unanswered=_unanswered(course, given),
        )
        for course in standing.courses
        if _is_listed(course, plan, rows, audiences)
    )
    return PersonCourses(
        organisation=plan.organisation,
        contact=plan.contact,
        courses=courses,
        feeds=tuple(_feeds(plan, audiences, ways.generations, now)) if courses and leader is None else (),
        certificates=tuple(
            (
                one.paper.title,
                certificate_grant(
                    plan,
                    person,
                    one.course,
                    generation=generation_of(person, person.email, ways.generations),
                    now=now,
                ),
            )
            for one in OwnCertificateDesk(settings, plan, stores).of_person(person, people)
            if one.holds and leader is None
        ),
        tasks=() if leader is not None else _to_answer(settings, plan, stores, person, ways),
        language=person.language or plan.language,
    )


def _to_answer(
    settings: Settings, plan: CoursePlan, stores: Stores, person: Person, ways: _Ways
) -> tuple[tuple[str, Grant], ...]:
    """The courses about whose tasks the person can answer, with the way to their page."""
    desk = OwnTaskDesk(settings, plan, stores)
    open_ones = ((one.title, ways.to(person, one)) for one in plan.courses if one.after)
    return tuple((title, grant) for title, grant in open_ones if desk.has_any(grant))


def own_grant(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    visitor: Visitor,
    course: str,
    leader: Person | None,
    people: PeopleIndex,
) -> Grant | None:
    """What opens the page of one course (by its id today), None where it is not theirs to see.

    The same courses as in `own_courses`, without what stands on them; `people` is everybody known.
    """
    person = leader or _person(people, visitor)
    known = next((one for one in plan.courses if one.id == course), None)
    if person is None or known is None:
        return None
    rows = insiders(stores.answers.load_registrations(plan.id, emails=person.addresses))
    if not _is_listed(known, plan, rows, _audiences(plan, stores, people, person)):
        return None
    generations, now = stores.links.load_generations(plan.id), clock_of(settings).now()
    return _Ways(plan, people, visitor, leader, generations, now).to(person, known)


def own_person(stores: Stores, plan: str, visitor: Visitor) -> str | None:
    """The canonical address of the visitor in a plan, None where its books do not know them."""
    person = _person(PeopleIndex(stores.books.people.load_people(plan)), visitor)
    return person.email if person else None


def _audiences(plan: CoursePlan, stores: Stores, people: PeopleIndex, person: Person) -> frozenset[str]:
    """The plan's audiences that the person is in."""
    members = stores.books.audiences.load_members(plan.id)
    return frozenset(
        rule.id
        for rule in plan.audiences
        if any(
            people.canonical(one) == person.email
            for one in person.addresses & members.get(rule.id, frozenset())
        )
    )


def _feeds(
    plan: CoursePlan, audiences: frozenset[str], generations: Mapping[str, int], now: datetime
) -> Iterator[tuple[str, Grant]]:
    """The calendar of each audience that they are in: courses and nobody's name, as HR's link gives it."""
    for rule in plan.audiences:
        if rule.id in audiences:
            yield (
                rule.name,
                Grant(
                    purpose=Purpose.FEED,
                    plan=plan.id,
                    made_at=now,
                    generation=generations.get(feed_owner(None), 0),
                    audience=rule.id,
                ),
            )


def own_registrations(plan: CoursePlan, stores: Stores, visitor: Visitor) -> list[dict[str, object]]:
    """The visitor's own rows, as the list of all of them has them; none where the books do not know them."""
    state = load_state(plan, stores)
    person = _person(state.people, visitor)
    if person is None:
        return []
    rows = [row for row in rows_of(state) if row.email == person.email]
    words = stores.attendance.load_words(plan.id, course=frozenset(row.course for row in rows))
    came = attendance_in_plan(state.plan, rows, words, state.people)
    return registration_objects(rows, state.plan, replace(NOTHING_SAID, attendance=came))


def _person(people: PeopleIndex, visitor: Visitor) -> Person | None:
    """By the directory's id; by the address only where the provider vouches for it."""
    return people.with_id(visitor.subject) or (people.find(visitor.email) if visitor.vouches else None)


def _is_listed(
    course: Course, plan: CoursePlan, rows: tuple[Registration, ...], audiences: frozenset[str]
) -> bool:
    has_place = any(row.course == course.id for row in rows)
    if course.status is CourseStatus.CANCELLED:
        return has_place
    return course.status in HEARD_OF and (has_place or invites(plan, course, audiences))


def _over(plan: CoursePlan, now: datetime) -> frozenset[str]:
    """The courses of which every date is over; one without a date is none of them."""
    return frozenset(
        course.id
        for course in plan.courses
        if course.offerings and all(one.is_over(now) for one in rules_of(plan, course).offerings.values())
    )


def _unanswered(course: Course, given: Mapping[tuple[str, str], Sequence[GivenAnswer]]) -> int:
    """How many questions of the course wait for the person's answer."""
    return sum(
        not one.answer for (about, _), answers in given.items() if about == course.id for one in answers
    )


def _own(
    course: Course,
    plan: CoursePlan,
    rows: Iterable[Registration],
    grant: Grant,
    now: datetime,
    *,
    is_over: bool,
    unanswered: int,
) -> PersonCourse:
    starts = [
        session.start for offering in course.offerings for session in offering.sessions if session.start
    ]
    return PersonCourse(
        course=course.id,
        title=course.title,
        first=min(starts, default=None),
        cancelled=course.status is CourseStatus.CANCELLED,
        places=own_places(plan, course, rows),
        answer_by=answer_by(course, wall_time(now, plan)),
        grant=grant,
        unanswered=0 if is_over else unanswered,
        over=is_over,
    )


class _Ways(NamedTuple):
    """The way to pages: of the visitor to their own, of a delegate to the leader's."""

    plan: CoursePlan
    people: PeopleIndex
    visitor: Visitor
    leader: Person | None
    generations: Mapping[str, int]
    now: datetime

    def to(self, person: Person, course: Course) -> Grant:
        acts = person if self.leader is None else _person(self.people, self.visitor)
        address = acts.email if acts is not None else self.visitor.email
        return Grant(
            purpose=Purpose.PERSON if self.leader is None else Purpose.DELEGATE,
            plan=self.plan.id,
            person=owner_of(person, person.email),
            course=course.id,
            made_at=self.now,
            generation=generation_of(acts, address, self.generations),
            delegate="" if self.leader is None else owner_of(acts, address),
        )
