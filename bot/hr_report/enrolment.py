"""Who is coming, as HR is told of it.

New answers, the silent, the seats, and whom HR has to decide about (pure).

A person's answer to a course is what they said themselves last, of all their dates together, whoever moved
them since; the first that fits:

    they are asked, and may still choose     none yet (`bot.domain.participation`)
    they said no, and are asked elsewhere    none yet: another date is still open
    they have said, of any date              the answer is
    yes                                      yes
    maybe                                    maybe
    no, or gave the seat up                  no

It is new when one of them came about after the last report, or was read after it (Outlook tells late). What
HR or a rule did is no answer. Everybody counts once in a course; who was not invited counts nowhere, and is
for HR to decide about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.participation import Part, asked_by_link, insiders, is_on, outsiders, part_of, parts_of_course
from bot.domain.plan import CourseStatus
from bot.domain.registrations import BY_THEMSELVES, RegistrationStatus, is_stand_in
from bot.domain.reports import CourseAnswers, Guests, LeftWithout, SeatCount, SignUpsForHr, Silent
from bot.i18n.sorting import danish_key
from bot.messages.notice import named
from bot.registrations.participants import silent_list, without_place_list
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.manager_approval import ApprovalAsk
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan, Offering
    from bot.domain.registrations import Answer, Registration
    from bot.domain.seats import Standing, StandingKey

Status = RegistrationStatus
VERDICTS = (
    (frozenset({Status.REGISTERED, Status.WAITLISTED, Status.AWAITING}), "yes"),
    (frozenset({Status.TENTATIVE}), "maybe"),
    (frozenset({Status.DECLINED, Status.WITHDRAWN}), "no"),
)
REFUSED = frozenset({Status.DECLINED, Status.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class _PersonAnswer:
    """What one person answered to a course: yes, maybe or no, and whether HR has not been told of it."""

    name: str
    answer: str
    is_new: bool


def new_answers(
    courses: Iterable[Course],
    rows: Iterable[Registration],
    answers: Iterable[Answer],
    people: PeopleIndex,
    *,
    since: datetime | None,
) -> Iterator[CourseAnswers]:
    """The answers since `since` (UTC; None: all), course by course, and how many in all.

    Of courses that are on and have any.
    """
    read_since = {
        (line.key.course, line.key.offering, people.canonical(line.email))
        for line in answers
        if since is None or line.seen_at > since
    }
    by_course = _by_course(rows)
    for course in filter(is_on, courses):
        given = _person_answers(by_course.get(course.id, ()), read_since, since)
        new = [person for person in given if person.is_new]
        if new:
            in_all = Counter(person.answer for person in given)
            counted = Counter(person.answer for person in new)
            declined = (person.name for person in new if person.answer == "no" and person.name)
            yield CourseAnswers(
                course=course.id,
                title=course.title,
                yes=counted["yes"],
                maybe=counted["maybe"],
                no=counted["no"],
                in_all=(in_all["yes"], in_all["maybe"], in_all["no"]),
                declined=tuple(sorted(declined, key=danish_key)),
            )


def _person_answers(
    rows: Collection[Registration], read_since: Collection[StandingKey], since: datetime | None
) -> list[_PersonAnswer]:
    """What each person has answered to a course, whose rows these are, by the table above."""
    words: defaultdict[str, list[tuple[Registration, tuple[RegistrationStatus, datetime]]]] = defaultdict(
        list
    )
    names: dict[str, str] = {}
    for row in rows:
        if (word := _own_word(row)) is not None:
            words[row.email].append((row, word))
        if row.name:
            names.setdefault(row.email, row.name)
    answers: list[_PersonAnswer] = []
    for email, part in parts_of_course(rows).items():
        own = words[email]
        if part is Part.ASKED or not own:
            continue
        statuses = {status for _, (status, _) in own}
        is_new = any(
            since is None or said_at > since or (row.course, row.offering, email) in read_since
            for row, (_, said_at) in own
        )
        verdict = next(answer for meaning, answer in VERDICTS if not meaning.isdisjoint(statuses))
        answers.append(_PersonAnswer(name=_name_of(email, names), answer=verdict, is_new=is_new))
    return answers


def _name_of(email: str, names: Mapping[str, str]) -> str:
    """What to call somebody, "" for one who was erased."""
    return "" if is_stand_in(email) else names.get(email, email)


def silent_people(
    plan: CoursePlan,
    courses: Iterable[Course],
    rows: Iterable[Registration],
    asked: Mapping[tuple[str, str], datetime],
    members: Mapping[str, frozenset[str]],
    people: PeopleIndex,
    *,
    now: datetime,
) -> Iterator[Silent]:
    """How many are silent, of courses with any.

    `asked` (course, address) who was asked by link, `members` the audiences.
    """
    by_link = {course.id: frozenset(asked_by_link(course, asked, members)) for course in plan.courses}
    counted = Counter(person.course for person in silent_list(rows, plan, by_link, people, now=now))
    for course in courses:
        rules = rules_of(plan, course)
        if counted[course.id]:
            yield Silent(
                course=course.id,
                title=course.title,
                count=counted[course.id],
                deadline=course.enrolment.deadline,
                is_past=rules.deadline is not None and rules.deadline <= now,
            )


def guests(
    plan: CoursePlan, courses: Iterable[Course], rows: Iterable[Registration], *, now: datetime
) -> Iterator[Guests]:
    """Who came with a forwarded invitation and did not say no, of what has not begun.

    HR gives a seat, or takes them off.
    """
    for course, offering in _ahead(plan, courses, now):
        here = [
            row
            for row in outsiders(rows)
            if (row.course, row.offering) == (course.id, offering.id) and row.said not in REFUSED
        ]
        people = sorted(
            ((row.name or row.email, row.email) for row in here if not is_stand_in(row.email)),
            key=lambda person: (danish_key(person[0]), person[1]),
        )
        if people:
            names, emails = zip(*people, strict=True)
            yield Guests(
                course=course.id,
                offering=offering.id,
                title=_title(course, offering),
                names=names,
                emails=emails,
            )


def people_left_without(
    courses: Iterable[Course], lost: Iterable[Standing], people: PeopleIndex
) -> Iterator[LeftWithout]:
    """Who lost a seat because its date went from the plan, and has no other.

    `lost` as `without_a_place` has them.
    """
    courses = tuple(courses)
    by_course: defaultdict[str, list[str]] = defaultdict(list)
    for person in without_place_list(courses, lost, people):
        by_course[person.course].append(person.name)
    for course in courses:
        if names := by_course.get(course.id):
            yield LeftWithout(course=course.id, title=course.title, names=tuple(names))


def sign_ups_for_hr(
    courses: Iterable[Course], asks: Iterable[ApprovalAsk], people: PeopleIndex
) -> Iterator[SignUpsForHr]:
    """The sign-ups that wait and that HR has to decide about, the oldest first."""
    by_course: defaultdict[str, list[str]] = defaultdict(list)
    for ask in asks:
        if ask.is_hrs:
            person = people.find(ask.email)
            by_course[ask.course].append((person.name if person else "") or ask.email)
    for course in courses:
        if names := by_course.get(course.id):
            yield SignUpsForHr(course=course.id, title=course.title, names=tuple(names))


def seat_counts(
    plan: CoursePlan, courses: Iterable[Course], rows: Iterable[Registration], *, now: datetime
) -> Iterator[SeatCount]:
    """The seats of each dated offering that has not begun, of approved courses."""
    rows = insiders(rows)
    counted = Counter((row.course, row.offering, part_of(row)) for row in rows)
    unconfirmed = Counter((row.course, row.offering) for row in rows if row.unconfirmed)
    for course, offering in _ahead(plan, courses, now):
        here = (course.id, offering.id)
        if rules_of(plan, course).offerings[offering.id].begins is not None:
            yield SeatCount(
                course=course.id,
                offering=offering.id,
                title=_title(course, offering),
                registered=counted[*here, Part.SEATED],
                tentative=counted[*here, Part.MAYBE],
                waiting=counted[*here, Part.WAITING],
                capacity=rules_of(plan, course).offerings[offering.id].capacity,
                unconfirmed=unconfirmed[here],
            )


def _ahead(plan: CoursePlan, courses: Iterable[Course], now: datetime) -> Iterator[tuple[Course, Offering]]:
    """The offerings of approved courses that have not begun."""
    for course in courses:
        rules = rules_of(plan, course)
        for offering in course.offerings:
            if course.status is CourseStatus.APPROVED and not rules.offerings[offering.id].has_begun(now):
                yield course, offering


def _by_course(rows: Iterable[Registration]) -> dict[str, list[Registration]]:
    by_course: dict[str, list[Registration]] = {}
    for row in rows:
        by_course.setdefault(row.course, []).append(row)
    return by_course


def _own_word(row: Registration) -> tuple[RegistrationStatus, datetime] | None:
    """What the person said last of the offering, and when.

    Of rows that do not know it, what they stand for by their own act.
    """
    if row.said is not None:
        return row.said, row.said_at or row.since
    if row.source in BY_THEMSELVES and row.status is not Status.INVITED and not row.cause:
        return row.status, row.since
    return None


def _title(course: Course, offering: Offering) -> str:
    return f"{course.title} – {named(offering)}" if len(course.offerings) > 1 else course.title
