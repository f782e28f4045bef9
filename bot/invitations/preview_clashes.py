"""The part of a preview that tells of clashes.

With the change that makes each, and of those before in one line (pure).

People are counted and not named. JSON has all of it, by `made`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.approvals import WaitingClash
from bot.domain.clashes import Shared
from bot.i18n.catalogue import plural, text
from bot.i18n.clashes import WEEK, clash_text
from bot.i18n.dates import span_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.domain.busy_weeks import BusyWeek
    from bot.domain.clashes import Clash, Stay
    from bot.domain.events import SessionKey
    from bot.domain.people import Language
    from bot.invitations.clashes import Clashes


def clash_lines(
    clashes: Clashes, key: SessionKey, language: Language, names: Callable[[Sequence[str]], str]
) -> tuple[str, ...]:
    """What the change of this key makes: the other thing, when it is and what they share.

    `names` lists speakers and rooms by address.
    """
    return (
        *(_line(clash, key, language, names) for clash in clashes.made.get(key, ())),
        *(clash_text(_week(week, clashes.titles), language) for week in clashes.weeks.get(key, ())),
    )


def clashes_before(clashes: Clashes, language: Language) -> tuple[str, ...]:
    """A line on the clashes that were there before, and one on the weeks.

    Two things that share both people and a room are one.
    """
    lines = []
    pairs = list(dict.fromkeys((clash.first.key, clash.second.key) for clash in clashes.before))
    if pairs:
        first = clashes.before[0]
        told = {
            "first": first.first.title,
            "second": first.second.title,
            "when": _when(first.second, language),
        }
        lines.append(plural(language, "preview.clashes_before", len(pairs), **told))
    if clashes.weeks_before:
        year, week = clashes.weeks_before[0].week
        lines.append(
            plural(
                language,
                "preview.weeks_before",
                len(clashes.weeks_before),
                limit=clashes.weeks_before[0].most,
                week=week,
                year=year,
            )
        )
    return tuple(lines)


def waiting_clashes(clashes: Clashes, course: str) -> tuple[WaitingClash, ...]:
    """What the changes of a course make, as it is kept while they wait: nobody's address is in it."""
    found = [
        _told(clash, key) for key, those in clashes.made.items() if key.course == course for clash in those
    ]
    return (
        *found,
        *(
            _week(week, clashes.titles)
            for key, those in clashes.weeks.items()
            if key.course == course
            for week in those
        ),
    )


def clashes_json(clashes: Clashes) -> list[dict[str, object]]:
    """Rows of the document.

    Times are the plan's wall clock, and `shared` has addresses of rooms and speakers only.

    A week has all the sessions that make it too full, of the people who have too many, from the first to the
    last of them.
    """
    weeks = [(week, True) for found in clashes.weeks.values() for week in found]
    made = [(clash, True) for found in clashes.made.values() for clash in found]
    pairs: list[dict[str, object]] = [
        {
            "kind": clash.shared.value,
            "sessions": [str(clash.first.key), str(clash.second.key)],
            "start": clash.second.start.isoformat(),
            "end": min(clash.first.end, clash.second.end).isoformat(),
            "count": len(clash.addresses),
            "shared": [] if clash.shared is Shared.PEOPLE else sorted(clash.addresses),
            "made": is_made,
        }
        for clash, is_made in [*made, *((clash, False) for clash in clashes.before)]
    ]
    full: list[dict[str, object]] = [
        {
            "kind": WEEK,
            "sessions": [str(stay.key) for stay in week.stays],
            "start": week.stays[0].start.isoformat(),
            "end": max(stay.end for stay in week.stays).isoformat(),
            "count": len(week.people),
            "shared": [],
            "made": is_made,
        }
        for week, is_made in [*weeks, *((week, False) for week in clashes.weeks_before)]
    ]
    return [*pairs, *full]


def _line(clash: Clash, key: SessionKey, language: Language, names: Callable[[Sequence[str]], str]) -> str:
    if clash.shared is Shared.PEOPLE:
        return clash_text(_told(clash, key), language)
    other = _other(clash, key)
    told = {"title": other.title, "when": _when(other, language)}
    return text(language, f"preview.clash_{clash.shared}", names=names(sorted(clash.addresses)), **told)


def _other(clash: Clash, key: SessionKey) -> Stay:
    return clash.first if clash.second.key == key.first else clash.second


def _told(clash: Clash, key: SessionKey) -> WaitingClash:
    other = _other(clash, key)
    return WaitingClash(
        kind=clash.shared.value,
        titles=(other.title,),
        start=other.start,
        end=other.end,
        all_day=other.all_day,
        count=len(clash.addresses),
    )


def _week(week: BusyWeek, titles: Mapping[str, str]) -> WaitingClash:
    start = datetime.fromisocalendar(*week.week, 1)
    return WaitingClash(
        kind=WEEK,
        titles=tuple(titles.get(course, course) for course in week.courses),
        start=start,
        end=start + timedelta(weeks=1),
        all_day=True,
        count=len(week.people),
        limit=week.most,
    )


def _when(stay: Stay, language: Language) -> str:
    return span_text(language, stay.start, stay.end, all_day=stay.all_day)
