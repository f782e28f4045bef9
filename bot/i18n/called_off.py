"""Why something is not on any more, in a line for those who were to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.called_off import grounds_of
from bot.i18n.catalogue import text
from bot.i18n.dates import date_text

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan


def called_off_because(
    plan: CoursePlan, course: str, offering: str = "", session: str = "", *, language: Language
) -> str:
    """The words for `bot.domain.called_off.grounds_of`, "" where there are none."""
    grounds = grounds_of(plan, course, offering, session)
    if grounds.written:
        return " ".join(grounds.written.split())
    by = " ".join(grounds.decided_by.split())
    if grounds.decided_on is None:
        return text(language, "approvals.grounds.by", by=by) if by else ""
    day = date_text(language, grounds.decided_on)
    return (
        text(language, "approvals.grounds.by_on", by=by, day=day)
        if by
        else text(language, "approvals.grounds.on", day=day)
    )
