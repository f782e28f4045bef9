"""When something in somebody else's list is held: the days and hours as its cells say them (pure).

The table is that of `bot.plan.foreign_list`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.plan.cells import PERIOD_LIKE
from bot.plan.desk_cells import KEPT_MOMENT
from bot.plan.written_dates import MONTHS, read_clock, read_date, read_period

if TYPE_CHECKING:
    from collections.abc import Mapping

CLOCK = r"\d{1,2}(?:[.:]\d{2})?"
SPAN = re.compile(
    rf"(?:^|(?<=\s)|(?<=,))(?:kl\.?\s*|klokken\s+|fra\s+|at\s+)?"
    rf"({CLOCK})\s*(?:-|–|—|til|to)\s*(?:kl\.?\s*)?({CLOCK})(?:\s*(?:h|hrs))?$",
    re.IGNORECASE,
)
DAYS = re.compile(
    r"(?:d\.\s*|den\s+)?(\d{1,2})\.?\s*(?:-|–|—|og|til|and|to)\s*(\d{1,2})\.?\s+([a-zæøå]+)\.?\s+(\d{4})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTimes:
    """The cells of a row of the list that are about time, each "" where it says nothing.

    `hours` may be both from and to, `day` a day with its hours or several days.
    """

    day: str = ""
    hours: str = ""
    begins: str = ""
    ends: str = ""
    last_day: str = ""


def read_times(said: SaidTimes) -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:
    """The session's cells, {} where no day is understood; and what is not: the field's name and its text."""
    from_hours, unclear = _hours(said)
    days = _several_days(said.day)
    rest, in_day = _split_span(said.day)
    day = read_date(rest)[0]
    if days or day is None:
        unclear += _without_a_day(from_hours, said.last_day)
        period = read_period(said.day)
        has_period = PERIOD_LIKE.fullmatch(period) is not None
        if said.day and not days and not has_period:
            unclear.append(("day", said.day))
        return days or ({"period": period} if has_period else {}), tuple(unclear)
    date, _, clock = day.partition("T")
    begins, ends = in_day or (clock, "")
    return _on_day(date, begins or from_hours[0], ends or from_hours[1], said.last_day, unclear)


def _on_day(
    date: str, begins: str, ends: str, last_day: str, unclear: list[tuple[str, str]]
) -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:
    """A day that is understood, with its hours or its last day; hours of several days are told."""
    hours = _shown(begins, ends)
    last = (read_date(last_day)[0] or "")[:10] if last_day else date
    if last > date:
        return {"start": date, "end": last}, (*unclear, *([("hours", hours)] if hours else []))
    if last < date:
        unclear = [*unclear, ("last_day", last_day)]
    if begins and ends and begins < ends:
        return {"start": f"{date}T{begins}", "end": f"{date}T{ends}"}, tuple(unclear)
    return {"start": date}, (*unclear, *([("hours", hours)] if hours else []))


def _without_a_day(hours: tuple[str, str], last_day: str) -> list[tuple[str, str]]:
    """What is said beside no single day: nothing of it is lost."""
    said = (("hours", _shown(*hours)), ("last_day", last_day))
    return [(name, words) for name, words in said if words]


def _shown(begins: str, ends: str) -> str:
    return " – ".join(filter(None, (begins, ends)))


def _hours(said: SaidTimes) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """From and to by the columns for hours, "" where they say none; and what is not understood."""
    found, unclear = ["", ""], []
    if said.hours:
        rest, span = _split_span(said.hours)
        clock = _clock(said.hours)
        if span is not None and not rest:
            found = [*span]
        elif clock is not None:
            found[0] = clock
        else:
            unclear.append(("hours", said.hours))
    for number, (name, typed) in enumerate((("from", said.begins), ("to", said.ends))):
        if typed and (clock := _clock(typed)) is not None:
            found[number] = clock
        elif typed:
            unclear.append((name, typed))
    return (found[0], found[1]), unclear


def _clock(typed: str) -> str | None:
    """An hour; also one that a spreadsheet gives with seconds, or a whole moment's."""
    moment = KEPT_MOMENT.fullmatch(read_date(typed)[0] or "")
    return moment[4] if moment and moment[4] else read_clock(typed)


def _split_span(typed: str) -> tuple[str, tuple[str, str] | None]:
    """What stands before the hours, and the hours from and to; None where there are none."""
    found = SPAN.search(typed)
    if found is None:
        return typed, None
    clocks = read_clock(found[1]), read_clock(found[2])
    if clocks[0] is None or clocks[1] is None:
        return typed, None
    return typed[: found.start()].strip(" ,"), (clocks[0], clocks[1])


def _several_days(typed: str) -> dict[str, str]:
    """`17.-18. marts 2027` as the first day and the last."""
    found = DAYS.fullmatch(typed.strip())
    month = MONTHS.get(found[3].casefold()) if found else None
    if found is None or month is None or int(found[1]) >= int(found[2]):
        return {}
    first, last = (f"{found[4]}-{month:02}-{int(day):02}" for day in (found[1], found[2]))
    return {"start": first, "end": last}
