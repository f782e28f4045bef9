"""The books of approvals, read and written.

Versions in force as plans, and the plan that every round but a sync works by.

A version is kept as a document of the plan's format and read by the plan's own reader, so that a later
program understands it. One that it does not understand counts as unknown: its course waits for a person, as
after an upgrade.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.approvals.versions import changed_courses, plan_in_force, version_of
from bot.domain.approvals import AcceptedPlan, Record
from bot.plan import parse_plan
from bot.plan.document import json_document

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.approvals.versions import Changed
    from bot.domain.plan import CoursePlan
    from bot.opening.kept import Versions
    from bot.opening.stores import Stores

ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""A version was checked when it was written; what is past by now is no fault of it."""


def load_record(plan: CoursePlan, stores: Stores) -> Record:
    """All that the books say of approvals of the plan."""
    book = stores.approvals
    return replace(
        _standing_of(plan.id, stores),
        waiting=book.load_waiting(plan.id),
        decisions=book.load_decisions(plan.id),
    )


def _standing_of(plan: str, stores: Stores) -> Record:
    """What is in force and was accepted, and nothing of what waits or was decided."""
    book = stores.approvals
    documents = book.load_versions(plan)
    versions, unreadable = stores.kept.versions.of(plan, (), documents, lambda: _versions(plan, documents))
    return Record(versions=versions, unreadable=unreadable, accepted=book.load_accepted(plan))


def in_force(plan: CoursePlan, stores: Stores) -> CoursePlan:
    """The plan that people are told of: of each course what was approved last (`bot.approvals.versions`)."""
    record, with_events = _standing_of(plan.id, stores), courses_with_events(plan, stores)
    return stores.kept.in_force.of(
        plan.id,
        (plan, record.versions),
        (record.unreadable, record.accepted, with_events),
        lambda: plan_in_force(
            plan, record, with_events=with_events, changed=changed_by_now(plan, record, stores)
        ),
    )


def changed_by_now(plan: CoursePlan, record: Record, stores: Stores) -> tuple[Changed, ...]:
    """The courses written otherwise than in `record`, which was loaded just now."""
    return stores.kept.changed.of(
        plan.id, (plan, record.versions), record.unreadable, lambda: changed_courses(plan, record)
    )


def plan_of_books(plan: str, stores: Stores) -> CoursePlan | None:
    """What was approved of a plan whose file cannot be read, put together from its versions.

    None where the books know none.

    Heading and audiences are the versions' own. Enough for people's pages; rules for reminders, money and
    decisions are in no version.
    """
    record = _standing_of(plan, stores)
    some = next(iter(record.versions.values()), None)
    return (
        None
        if some is None
        else plan_in_force(replace(some, audiences=(), courses=()), record, with_events=())
    )


def courses_with_events(plan: CoursePlan, stores: Stores) -> frozenset[str]:
    """The courses that the ledger knows."""
    return stores.books.ledger.load_courses(plan.id)


def put_in_force(
    plan: CoursePlan,
    record: Record,
    courses: Collection[str],
    stores: Stores,
    *,
    accepted: AcceptedPlan | None = None,
    now: datetime,
) -> None:
    """Make what is written of these courses the version in force, with `accepted` the plan as well.

    Where that is so nothing is written.
    """
    written = {course.id: version_of(plan, course) for course in plan.courses if course.id in courses}
    news = {course: version for course, version in written.items() if record.versions.get(course) != version}
    gone = [
        course
        for course in courses
        if course not in written and (course in record.versions or course in record.unreadable)
    ]
    documents = {course: json_document(version) for course, version in news.items()}
    stores.approvals.save_versions(plan.id, documents, gone, accepted=accepted, now=now)


def accepted_of(plan: CoursePlan) -> AcceptedPlan:
    """What the plan says as a whole, as the books keep it once it is accepted."""
    return AcceptedPlan(
        organiser=plan.organiser,
        timezone=plan.timezone,
        shape=tuple(sorted(plan.shape)),
        revision=plan.revision,
    )


def _versions(plan: str, documents: Mapping[str, str]) -> Versions:
    read = {course: _read(document) for course, document in documents.items()}
    return (
        {course: replace(version, id=plan) for course, version in read.items() if version is not None},
        frozenset(course for course, version in read.items() if version is None),
    )


@lru_cache(maxsize=4096)
def _read(document: str) -> CoursePlan | None:
    plan = parse_plan(document.encode(), name="version.yaml", now=ANY_TIME, doubts=False).plan
    return None if plan is None else replace(version_of(plan, plan.courses[0]), revision="")
