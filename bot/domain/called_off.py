"""Why something that was sent is not on any more: what people are told with its cancellation (pure).

    as it is decided the plan has        as it is written                        the grounds are
    the course, called cancelled         any                                     its reason
    the course, but not the part         the part's `when` failed, and the       the course's reason, else the decision
                                         course has none of its own
    the course, but not the part         the part's `when` failed                the decision
    not the course                       its `when` failed                       its reason, else the decision
    anything else                        any                                     none

The course's reason is `cancel_reason`, in its author's words. Of a decision only who made it and when is
told, where that is written: the question and the note are for those who decide. A course that is a draft, or
in no file any more, has no grounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.assumptions import OutcomeStanding, standing
from bot.domain.decided import values_of
from bot.domain.plan import CourseStatus

if TYPE_CHECKING:
    from datetime import date

    from bot.domain.assumptions import Assumption, Condition
    from bot.domain.plan import Course, CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """The author's words, or else who decided and when; nothing at all is `NO_GROUNDS`."""

    written: str = ""
    decided_by: str = ""
    decided_on: date | None = None


NO_GROUNDS = Grounds()


def grounds_of(plan: CoursePlan, course: str, offering: str = "", session: str = "") -> Grounds:
    """By the table above; `plan` as it is decided, the ids as they were sent.

    Without offering and session: of the course.
    """
    there = plan.course(course)
    if there is not None and there.status is CourseStatus.CANCELLED:
        return Grounds(written=there.cancel_reason)
    whole = plan.whole or plan
    written = whole.course(course)
    if written is None or written.status is CourseStatus.DRAFT:
        return NO_GROUNDS
    if there is None:
        failed = _failed(whole, written.when)
        return NO_GROUNDS if failed is None else _grounds(written.cancel_reason, failed)
    failed = _failed(whole, _condition_of_part(written, offering, session))
    return NO_GROUNDS if failed is None else _grounds("" if written.when else written.cancel_reason, failed)


def title_in_whole(plan: CoursePlan, course: str) -> str:
    """What a course is called that a decision has taken away; "" where it is in no plan."""
    written = (plan.whole or plan).course(course)
    return "" if written is None else written.title


def _condition_of_part(course: Course, offering: str, session: str) -> Condition:
    there = course.offering(offering)
    its = there.session(session) if there else None
    return (*(there.when if there else ()), *(its.when if its else ()))


def _failed(plan: CoursePlan, condition: Condition) -> Assumption | None:
    """The first decision that came to something else than the condition asks for."""
    decided = values_of(plan)
    against = [term.assumption for term in condition if standing((term,), decided) is OutcomeStanding.FAILS]
    return next((assumption for assumption in plan.assumptions if assumption.id in against[:1]), None)


def _grounds(reason: str, decision: Assumption) -> Grounds:
    return (
        Grounds(written=reason)
        if reason
        else Grounds(decided_by=decision.decided_by, decided_on=decision.decided_on)
    )
