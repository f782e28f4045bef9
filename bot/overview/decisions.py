"""What each decision means, its outcomes side by side: courses, dates, mails and money (pure).

    of an outcome   is
    courses         those that depend on the decision, also through their funding, and are there if it comes to this
    sessions        the sessions of these courses that are there then, or may be if other decisions allow
    mails           people on invitations that go only because of it: approved or saved dates that lie ahead and are in no calendar
                    yet, each person once for each event; of a course that asks by link its audience once, and speakers by event
    amounts         what depends on it, by pool, at the dearest of what else is open

People are those of the audiences as they were last read; of an audience with groups that nobody has read yet
only those that the plan names are known, and it is named in `unread`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from bot.domain.assumptions import OutcomeStanding, standing
from bot.domain.decided import SENDS, as_decided, values_of
from bot.domain.money import dearest_of, shares_of
from bot.domain.noted import changes_of, news
from bot.domain.plan import CourseStatus
from bot.overview.courses import conditions_of, is_there, session_lines
from bot.overview.lines import DecisionLine, OutcomeLine, PoolAmount

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.domain.assumptions import Condition, Outcome
    from bot.domain.money import Share
    from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession
    from bot.overview.lines import Counts, Place

Values = dict[str, "Outcome | None"]
Events: TypeAlias = "dict[Place, tuple[Course, CourseSession]]"


def decision_lines(plan: CoursePlan, counts: Counts, *, now: datetime) -> Iterator[DecisionLine]:
    """The decisions in the order of the plan, decided ones too; `plan` as it is written, `now` UTC."""
    shares = tuple(shares_of(plan))
    naming = _courses_by_name(plan)
    noted = (*counts.noted, *news(plan, counts.noted, now=now))
    people = _People(plan, counts.members)
    wall = now.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None)
    for assumption in plan.assumptions:
        # What it has come to says nothing of what it would mean to come to something else.
        others: Values = {**values_of(plan), assumption.id: None}
        courses = tuple(
            course for course in naming.get(assumption.id, ()) if _depends(course, assumption.id, others)
        )
        concerned = [share for share in shares if _names(share.condition, assumption.id)]
        sending = _sending(plan, courses, wall)
        before = _events(sending, others, wall)
        begins = [
            line.begins
            for course in courses
            for line in session_lines(course, others)
            if line.begins is not None
        ]
        outcomes = []
        for value in assumption.options:
            values: Values = {**others, assumption.id: value}
            mails, unread = people.mails(before, _events(sending, values, wall), counts.on_events)
            outcomes.append(_outcome(plan, values, value, courses, concerned, mails, unread))
        yield DecisionLine(
            assumption=assumption,
            courses=tuple(course.id for course in courses),
            outcomes=tuple(outcomes),
            needed_by=min(begins, default=None),
            changes=tuple(changes_of(assumption.id, noted)),
        )


def _courses_by_name(plan: CoursePlan) -> Mapping[str, list[Course]]:
    """The courses whose conditions name each assumption, drafts apart, in the order of the plan."""
    found: defaultdict[str, list[Course]] = defaultdict(list)
    for course in plan.courses:
        if course.status is not CourseStatus.DRAFT:
            for name in {term.assumption for condition in conditions_of(course) for term in condition}:
                found[name].append(course)
    return found


def _depends(course: Course, assumption: str, others: Mapping[str, Outcome | None]) -> bool:
    return any(
        _names(condition, assumption) and standing(condition, others) is not OutcomeStanding.FAILS
        for condition in conditions_of(course)
    )


def _names(condition: Condition, assumption: str) -> bool:
    return any(term.assumption == assumption for term in condition)


def _outcome(
    plan: CoursePlan,
    values: Values,
    value: Outcome,
    courses: tuple[Course, ...],
    shares: Sequence[Share],
    mails: int,
    unread: tuple[str, ...],
) -> OutcomeLine:
    there = tuple(course for course in courses if is_there(course, values))
    return OutcomeLine(
        value=value,
        courses=tuple(course.id for course in there),
        sessions=tuple(line for course in there for line in session_lines(course, values)),
        mails=mails,
        unread=unread,
        amounts=tuple(_amounts(plan, shares, values)),
    )


def _sending(plan: CoursePlan, courses: Iterable[Course], wall: datetime) -> CoursePlan:
    """The plan with those of the courses that may mail.

    Events of others do not change with the decision, or are over.
    """
    sending = (
        course
        for course in courses
        if course.status in SENDS and any(_is_ahead(session, wall) for _, session in course.sessions())
    )
    return replace(plan, courses=tuple(sending))


def _is_ahead(session: CourseSession, wall: datetime) -> bool:
    return session.end is not None and session.end > wall


def _events(plan: CoursePlan, values: Values, wall: datetime) -> Events:
    """What would stand in the calendar, of what lies ahead."""
    return {
        (course.id, offering.id, session.id): (course, session)
        for course, offering, session in as_decided(plan, values).sessions()
        if course.status in SENDS and _is_ahead(session, wall)
    }


def _amounts(plan: CoursePlan, shares: Sequence[Share], values: Values) -> Iterator[PoolAmount]:
    depending = [share for share in shares if standing(share.condition, values) is not OutcomeStanding.FAILS]
    for pool in plan.funding:
        amounts = dearest_of(plan, [share for share in depending if share.pool == pool.id], values)
        if amounts.planned or amounts.unknown:
            yield PoolAmount(pool=pool.id, amounts=amounts)


class _People:
    """Who belongs to the audiences, as far as it is known."""

    def __init__(self, plan: CoursePlan, members: Mapping[str, frozenset[str]]) -> None:
        self._rules = {rule.id: rule for rule in plan.audiences}
        self._members = members

    def mails(
        self, before: Events, after: Events, on_events: Collection[Place]
    ) -> tuple[int, tuple[str, ...]]:
        """How many mails the events of `after` are that are new, and which audiences are not in it."""
        events = {
            place: event for place, event in after.items() if place not in before and place not in on_events
        }
        asked_before = {course for course, _, _ in (*before, *on_events)}
        total, unread, by_link = 0, dict[str, None](), dict[str, set[str]]()
        for course, session in events.values():
            speakers = {speaker.email for speaker in course.speakers if speaker.email}
            names = course.audiences_of(session)
            audience = frozenset[str]().union(*map(self._of, names))
            if course.enrolment.by_link:
                total += len(speakers)
                if course.status is CourseStatus.APPROVED and course.id not in asked_before:
                    by_link.setdefault(course.id, set()).update(audience)
            else:
                total += len(speakers | audience)
            unread |= dict.fromkeys(name for name in names if self._is_unread(name))
        total += sum(map(len, by_link.values()))
        return total, tuple(self._rules[name].name or name for name in unread)

    def _of(self, name: str) -> frozenset[str]:
        if name in self._members:
            return self._members[name]
        rule: AudienceRule | None = self._rules.get(name)
        return (
            frozenset()
            if rule is None
            else frozenset(person.email for person in rule.people) - frozenset(rule.exclude)
        )

    def _is_unread(self, name: str) -> bool:
        return name in self._rules and name not in self._members and bool(self._rules[name].groups)
