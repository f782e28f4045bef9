"""The text that goes with a cancellation, whatever takes the event away (pure)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.changes import Cancel, Create
from bot.i18n.catalogue import text
from bot.messages.invitation import cancellation_comment

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan


def cancellation_words(plan: CoursePlan, change: Cancel | Create) -> str:
    """Plain text in the course's language; of a new event, for the one whose place it takes."""
    if isinstance(change, Create):
        return text(plan.language, "identity.comment", organiser=plan.organiser)
    planned = plan.session(change.key)
    if planned is None:
        return cancellation_comment(plan, None, None, language=plan.language, reason=change.told)
    head = plan.for_course(planned.course.id)
    return cancellation_comment(
        head, planned.course, planned.session, language=head.language, reason=change.told
    )
