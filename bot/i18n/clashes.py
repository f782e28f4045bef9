"""What a change would put at the same time as something else, in a line, without saying whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.clashes import Shared
from bot.i18n.catalogue import plural
from bot.i18n.dates import span_text

if TYPE_CHECKING:
    from bot.domain.approvals import WaitingClash
    from bot.domain.people import Language

WEEK = "week"
"""The kind of a week with too many courses, beside those of `bot.domain.clashes.Shared`."""
SHOWN_COURSES = 6


def clash_text(clash: WaitingClash, language: Language) -> str:
    """Of one clash or one week; people, rooms and speakers are counted."""
    if clash.kind == WEEK:
        year, week, _ = clash.start.isocalendar()
        titles = ", ".join(clash.titles[:SHOWN_COURSES]) + (" …" if len(clash.titles) > SHOWN_COURSES else "")
        return plural(
            language,
            "approvals.clash_week",
            clash.count,
            week=week,
            year=year,
            limit=clash.limit,
            courses=titles,
        )
    when = span_text(language, clash.start, clash.end, all_day=clash.all_day)
    return plural(
        language, f"approvals.clash_{Shared(clash.kind)}", clash.count, title=clash.titles[0], when=when
    )
