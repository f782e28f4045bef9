"""What a sync does to offerings, as those who wait in line for them need to know it (pure).

    the sync                                       the offering in the plan      news
    moves a session, or replaces or drops one      still has a dated session     changed, with the dates of the plan
    changes the place of one and nothing else      any                           changed (place only)
    cancels what there was                         of a course proposed again    cancelled (on hold), with the old dates
    cancels what there was                         of a course that is listed    cancelled (others arrange it), with the old dates
    cancels what there was                         without a date                cancelled (a new date comes), with the old dates
    cancels what there was                         anything else                 cancelled, with the old dates
    anything else                                  any                           none

It happens when the books say so: each of `awaits` is an event of the ledger with the start it is to have, or
"" where it is to be gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from bot.domain.changes import Cancel, Create, NewsKind, OfferingNews, Reason, Update
from bot.domain.events import EventField
from bot.domain.plan import CourseStatus
from bot.domain.times import instant
from bot.invitations.fingerprint import desired_fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.domain.changes import Change
    from bot.domain.plan import Course, CoursePlan

TIMES = frozenset({EventField.START, EventField.END})
TOLD = TIMES | {EventField.LOCATION}
INVITING = frozenset({CourseStatus.APPROVED, CourseStatus.SAVE_THE_DATE})


def offering_news(plan: CoursePlan, changes: Iterable[Change]) -> tuple[OfferingNews, ...]:
    """The news of a change set, by the table above; sorted by course and offering."""
    groups: dict[tuple[str, str], list[Create | Update | Cancel]] = {}
    for change in changes:
        if _is_news(change) and change.key.part == 1:
            groups.setdefault((change.key.course, change.key.offering), []).append(change)
    return tuple(
        _news(plan.course(where[0]), where, sorted(group, key=lambda one: str(one.key)))
        for where, group in sorted(groups.items())
        if any(not isinstance(change, Create) for change in group)
    )


def _is_news(change: Change) -> TypeGuard[Create | Update | Cancel]:
    match change:
        case Update():
            return change.reason is not Reason.RESTORED and not TOLD.isdisjoint(change.fields)
        case Create():
            return not change.held
        case Cancel():
            return change.reason is not Reason.DUPLICATE
        case _:
            return False


def _news(
    course: Course | None, where: tuple[str, str], group: Sequence[Create | Update | Cancel]
) -> OfferingNews:
    awaits: list[tuple[str, ...]] = []
    old: list[tuple[str, str, bool]] = []
    title = ""
    for change in group:
        if isinstance(change, Cancel):
            content = change.observed.content
            awaits.append((str(change.key), ""))
            old.append((content.start.isoformat(), content.end.isoformat(), content.all_day))
            title = title or change.subject
        else:
            content = change.desired.content
            moved = isinstance(change, Update) and EventField.LOCATION in change.fields
            place = (desired_fingerprints(content)[EventField.LOCATION.value],) if moved else ()
            awaits.append((str(change.key), instant(content.start, content.timezone).isoformat(), *place))
    place_only = all(isinstance(change, Update) and TIMES.isdisjoint(change.fields) for change in group)
    return OfferingNews(
        course=where[0],
        offering=where[1],
        kind=_kind(course, where[1]),
        title=title,
        old=tuple(old),
        awaits=tuple(awaits),
        place_only=place_only,
        reason=next((change.told for change in group if isinstance(change, Cancel)), ""),
    )


def _kind(course: Course | None, offering_id: str) -> NewsKind:
    offering = course.offering(offering_id) if course is not None else None
    if course is not None and course.status is CourseStatus.PROPOSED:
        return NewsKind.ON_HOLD
    if course is not None and course.status is CourseStatus.LISTED:
        return NewsKind.OTHERS
    if course is None or offering is None or course.status not in INVITING:
        return NewsKind.CANCELLED
    return NewsKind.CHANGED if offering.begins else NewsKind.NEW_DATE
