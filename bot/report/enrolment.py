"""Who is coming, as HR is told of it: new answers, the silent, and the seats (pure).

A person's answer to a course is taken from all their dates together, the first that fits:

    any date is                  the answer is
    registered, or in line       yes
    tentative                    maybe
    invited                      none yet: another date is still open
    declined, or given up        no

It is new when one of them came about after the last report, or was read after it (Outlook tells late). What HR or a rule
did is no answer. Silent is who has been asked, has answered no date, and can still come; whoever may only sign up is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from bot.domain.plan import CourseStatus, EnrolmentMode
from bot.domain.registrations import AnswerSource, RegistrationStatus, is_stand_in
from bot.domain.reports import CourseAnswers, SeatCount, Silent
from bot.messages.notice import named
from bot.registrations.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from bot.domain.people import PeopleIndex
    from bot.domain.plan import Course, CoursePlan
    from bot.domain.registrations import Answer, Registration
    from bot.registrations.enrolment_rules import CourseRules

Status = RegistrationStatus
VERDICTS = (
    (frozenset({Status.REGISTERED, Status.WAITLISTED}), "yes"),
    (frozenset({Status.TENTATIVE}), "maybe"),
    (frozenset({Status.INVITED}), ""),
    (frozenset({Status.DECLINED, Status.WITHDRAWN}), "no"),
)
BY_THEMSELVES = frozenset({AnswerSource.OUTLOOK, AnswerSource.WEB, AnswerSource.TEAMS})


def new_answers(
    courses: Iterable[Course], rows: Iterable[Registration], answers: Iterable[Answer], people: PeopleIndex, *, since: datetime | None
) -> Iterator[CourseAnswers]:
    """The answers since `since` (UTC; None: all there are), course by course, of courses with any."""
    read_since = {
        (one.key.course, one.key.offering, people.canonical(one.email)) for one in answers if since is None or one.seen_at > since
    }
    by_course: defaultdict[str, defaultdict[str, list[Registration]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_course[row.course][row.email].append(row)
    for course in courses:
        said: defaultdict[str, list[str]] = defaultdict(list)
        for email, mine in by_course[course.id].items():
            verdict = next(word for statuses, word in VERDICTS if any(row.status in statuses for row in mine))
            own = [row for row in mine if row.source in BY_THEMSELVES and row.status is not Status.INVITED]
            if verdict and any(since is None or row.since > since or (course.id, row.offering, email) in read_since for row in own):
                said[verdict].append("" if is_stand_in(email) else next((row.name for row in mine if row.name), email))
        if said:
            numbers = {word: len(said[word]) for word in ("yes", "maybe", "no")}
            yield CourseAnswers(course=course.id, title=course.title, **numbers, declined=tuple(sorted(filter(None, said["no"]))))


def silent_people(
    plan: CoursePlan,
    courses: Iterable[Course],
    rows: Iterable[Registration],
    asked: Mapping[tuple[str, str], datetime],
    members: Mapping[str, frozenset[str]],
    *,
    now: datetime,
) -> Iterator[Silent]:
    """How many are silent, of courses with any. `asked` (course, address) who was asked by link, `members` the audiences."""
    rows = tuple(rows)
    for course in courses:
        rules = rules_of(plan, course)
        ahead = {offering for offering, one in rules.offerings.items() if not one.has_begun(now)}
        if course.status is not CourseStatus.APPROVED or not ahead:
            continue
        mine = [row for row in rows if row.course == course.id]
        answered = {row.email for row in mine if row.status is not Status.INVITED}
        silent = {row.email for row in mine if row.offering in ahead} - answered
        if course.enrolment.mode is EnrolmentMode.CHOOSE and course.enrolment.by_link:
            still_meant = frozenset[str]().union(*(members.get(name, frozenset()) for name in _audiences(rules)))
            silent |= ({email for of, email in asked if of == course.id} & still_meant) - {row.email for row in mine}
        if silent:
            is_past = rules.deadline is not None and rules.deadline <= now
            deadline = course.enrolment.deadline
            yield Silent(course=course.id, title=course.title, count=len(silent), deadline=deadline, is_past=is_past)


def seat_counts(plan: CoursePlan, courses: Iterable[Course], rows: Iterable[Registration], *, now: datetime) -> Iterator[SeatCount]:
    """The seats of each dated offering that has not begun, of approved courses."""
    counted = Counter((row.course, row.offering, row.status) for row in rows)
    for course in courses:
        rules = rules_of(plan, course)
        for offering in course.offerings:
            one = rules.offerings[offering.id]
            if course.status is CourseStatus.APPROVED and one.begins is not None and not one.has_begun(now):
                yield SeatCount(
                    course=course.id,
                    offering=offering.id,
                    title=f"{course.title} – {named(offering)}" if len(course.offerings) > 1 else course.title,
                    registered=counted[course.id, offering.id, Status.REGISTERED],
                    tentative=counted[course.id, offering.id, Status.TENTATIVE],
                    waiting=counted[course.id, offering.id, Status.WAITLISTED],
                    capacity=one.capacity,
                )


def _audiences(rules: CourseRules) -> frozenset[str]:
    return frozenset[str]().union(*(one.audiences for one in rules.offerings.values()))
