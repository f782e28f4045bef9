"""HR's report as it is now, by the books alone: what "today" at the desk shows, however large the plan.

Most of a report is about one course and its rows. That is made course by course, and again when something of
the course has changed or its time has come (`bot.opening.counted`); what is about the outbox, about what
waits and about what people wrote is made each time.

| the part of a course stays | until |
|---|---|
| with answers of the last day in it, or a speaker's no | an hour has passed |
| any other | time changes what is decided about it (`bot.seats.at_rest.next_change`), a day at the most |
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from bot.delivery.bounces import still_wanted
from bot.domain.people import PeopleIndex
from bot.domain.templates import MessageKind
from bot.hr_report.compose import report_for
from bot.hr_report.remarks import remarks, unread
from bot.rounds.hr_report import facts_of_books, reported_until
from bot.rounds.steps.count_seats import counting_of
from bot.rounds.steps.decide_seats import load_state
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.seats.at_rest import next_change, surroundings_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.domain.people import Person
    from bot.domain.reports import Remarked, Report
    from bot.hr_report.compose import Facts
    from bot.opening.work import BookWork
    from bot.rounds.steps.count_seats import Counting

Row = TypeVar("Row")

SINCE_YESTERDAY = timedelta(days=1)
WITH_NEWS = timedelta(hours=1)
ALL_KINDS = frozenset(MessageKind)
OF_A_COURSE = ("speakers", "guests", "left_without", "answers", "silent", "seats", "coming", "lapsed")
"""The parts of a report that are made course by course."""


def todays_report(work: BookWork, *, now: datetime, before_each: Callable[[], None] = lambda: None) -> Report:
    """The report of all courses since yesterday; `now` UTC. Raises DatabaseFailed.

    `before_each` is called before some courses are worked out, and may raise to leave it.
    """
    stores, since = work.stores, now - SINCE_YESTERDAY
    people = stores.books.people.load_people(work.plan.id)
    standing = plan_as_it_stands(work.plan, stores)
    digests = stores.digests.load_digests(work.plan.id, kinds=ALL_KINDS)
    together = digests.get("", 0)
    counting = counting_of(work.plan, stores)

    def parts_of(courses: frozenset[str]) -> Mapping[str, tuple[Report, datetime]]:
        before_each()
        return _parts(work, courses, counting, since=since, now=now)

    parts = stores.reported.of_each(
        standing,
        surroundings_of(
            standing,
            people,
            stores.books.audiences.load_members(work.plan.id),
            settings=work.settings.model_copy(update={"now": None}),
            besides=(reported_until(work.settings, work.written, now),),
        ),
        {course: hash((digest, together)) for course, digest in digests.items()},
        parts_of,
        now=now,
    )
    facts = _facts_of_no_course(work, people, now=now)
    of_no_course = report_for("", facts, since=since)
    return _together(replace(of_no_course, remarks=_unread(work, facts)), parts.values())


def _unread(work: BookWork, facts: Facts) -> tuple[Remarked, ...]:
    """What people wrote and nobody of HR has read, however old it is."""
    comments, notes = unread(facts.comments, facts.notes, work.stores.read_remarks.load(work.plan.id))
    if not (comments or notes):
        return ()
    titles = work.written.titles | work.plan.titles
    return tuple(remarks(comments, notes, facts.people, titles, lambda _course: True, since=None))


def _facts_of_no_course(work: BookWork, people: Iterable[Person], *, now: datetime) -> Facts:
    """What is about the outbox, about what waits, and about what people wrote."""
    plan, stores = work.plan, work.stores
    nothing = load_state(plan, stores, course=frozenset(), people=PeopleIndex(people))
    bounces = stores.bounces.load_bounces(plan.id)
    returned = frozenset(bounce.session.course for bounce in bounces)
    entries = stores.books.ledger.load_entries(plan.id, course=returned) if returned else {}
    return replace(
        facts_of_books(work, now=now, state=nothing),
        messages=stores.outbox.load_lately(plan.id, since=now - SINCE_YESTERDAY),
        bounces=still_wanted(bounces, entries.values(), now=now),
    )


def _parts(
    work: BookWork, courses: frozenset[str], counting: Counting, *, since: datetime, now: datetime
) -> Mapping[str, tuple[Report, datetime]]:
    """With the numbers of these courses noted, which are of the same rows: reading them is what costs."""
    state = load_state(work.plan, work.stores, course=courses, people=counting.people)
    entries = _grouped(state.entries.values(), lambda entry: entry.key.course)
    standings = _grouped(state.standings, lambda standing: standing.course)
    found: dict[str, tuple[Report, datetime]] = {}
    together = facts_of_books(work, now=now, state=state)
    counting.take(state, together.rows)
    for course, facts in _by_course(together).items():
        part = report_for("", facts, since=since)
        changes = next_change(
            state.plan,
            state.plan.course(course),
            entries[course],
            standings[course],
            now=now,
            quiet_hours=work.settings.seats.quiet_hours,
        )
        is_news = part.answers or part.speakers
        found[course] = part, min(changes, now + WITH_NEWS) if is_news else changes
    return found


def _by_course(facts: Facts) -> dict[str, Facts]:
    """The facts of each course, without what is about none."""
    rows = _grouped(facts.rows, lambda row: row.course)
    answers = _grouped(facts.answers, lambda answer: answer.key.course)
    reminders = _grouped(facts.reminders, lambda reminder: reminder.item.course)
    said_no = _grouped(facts.said_no, lambda answer: answer.where.key.course)
    left_without = _grouped(facts.left_without, lambda standing: standing.course)
    return {
        course.id: replace(
            facts,
            plan=facts.plan.only({course.id}),
            rows=rows[course.id],
            answers=answers[course.id],
            reminders=reminders[course.id],
            said_no=said_no[course.id],
            left_without=left_without[course.id],
            waiting=(),
            messages=(),
            bounces=(),
            unplaced=(),
            comments=(),
            notes=(),
            erasure=None,
            untold=(),
        )
        for course in facts.plan.courses
    }


def _grouped(rows: Iterable[Row], course_of: Callable[[Row], str]) -> defaultdict[str, tuple[Row, ...]]:
    lists: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        lists[course_of(row)].append(row)
    return defaultdict(tuple, {course: tuple(some) for course, some in lists.items()})


def _together(of_no_course: Report, parts: Iterable[Report]) -> Report:
    """One report of all of them, in the order that a report has."""
    parts = [*parts]
    all_of: dict[str, Any] = {
        name: tuple(chain.from_iterable(getattr(part, name) for part in parts)) for name in OF_A_COURSE
    }
    coming = sorted(all_of["coming"], key=lambda one: (one.day, one.course, one.rule, one.template))
    lapsed = sorted(all_of["lapsed"], key=lambda one: (one.start, one.course))
    return replace(of_no_course, **(all_of | {"coming": tuple(coming), "lapsed": tuple(lapsed)}))
