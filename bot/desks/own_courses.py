"""The courses of somebody who is signed in, each with the way to their own page of it.

| the course | is listed |
|---|---|
| people can save the date, or it is approved, and the person is in an audience of it | yes |
| the same, and they have a place of any kind on it | yes |
| it was called off, and they had something to do with it | yes, as cancelled |
| only proposed, or of others | no: nobody has been told of it |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.desks.own_links import HEARD_OF, invites
from bot.desks.person import belongs
from bot.desks.question_answers import given_answers
from bot.domain.links import Grant, Purpose, feed_owner, generation_of, owner_of
from bot.domain.pages import PersonCourse, PersonCourses
from bot.domain.participation import insiders
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseStatus
from bot.domain.questions import SeenBy
from bot.opening.clock import clock_of
from bot.registrations.export import registration_objects
from bot.registrations.listing import wall_time
from bot.registrations.own_places import answer_by, own_places
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


def own_courses(
    settings: Settings, plan: CoursePlan, stores: Stores, visitor: Visitor
) -> PersonCourses | None:
    """What of the plan in force is the visitor's; None where they have nothing to do with it."""
    now, people = clock_of(settings).now(), PeopleIndex(stores.books.people.load_people(plan.id))
    person = _person(people, visitor)
    if person is None:
        return None
    # What the books say of everybody is not needed for one: their own rows are kept for those who only read.
    rows = insiders(stores.answers.load_registrations(plan.id, emails=person.addresses))
    audiences = _audiences(plan, stores, people, person)
    members = dict.fromkeys(audiences, frozenset({person.email}))
    if not belongs(plan, person.email, members=members, rows=rows, people=people, now=now):
        return None
    generations = stores.links.load_generations(plan.id)
    generation = generation_of(person, person.email, generations)
    standing = plan_as_it_stands(plan, stores)
    given = given_answers(standing, stores, rows, people, reader=SeenBy.HR, emails=person.addresses)
    waiting = _unanswered(standing, given, now)
    courses = tuple(
        _own(
            course,
            standing,
            rows,
            _grant(plan, course, person, generation, now),
            now,
            waiting.get(course.id, 0),
        )
        for course in standing.courses
        if _is_listed(course, plan, rows, audiences)
    )
    return PersonCourses(
        organisation=plan.organisation,
        contact=plan.contact,
        courses=courses,
        feeds=tuple(_feeds(plan, audiences, generations, now)) if courses else (),
    )


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
    rows = [row for row in rows_of(state) if person is not None and row.email == person.email]
    return registration_objects(rows, state.plan)


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


def _unanswered(
    plan: CoursePlan, given: Mapping[tuple[str, str], Sequence[GivenAnswer]], now: datetime
) -> dict[str, int]:
    """By course how many questions wait for the person's answer, of those that are not over."""
    ahead = {
        course.id
        for course in plan.courses
        if any(not one.is_over(now) for one in rules_of(plan, course).offerings.values())
    }
    return {
        course: sum(not one.answer for one in answers)
        for (course, _), answers in given.items()
        if course in ahead
    }


def _own(
    course: Course,
    plan: CoursePlan,
    rows: Iterable[Registration],
    grant: Grant,
    now: datetime,
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
        unanswered=unanswered,
    )


def _grant(plan: CoursePlan, course: Course, person: Person, generation: int, now: datetime) -> Grant:
    return Grant(
        purpose=Purpose.PERSON,
        plan=plan.id,
        person=owner_of(person, person.email),
        course=course.id,
        made_at=now,
        generation=generation,
    )
