"""The times of sessions as a workbook's cells say them → `start`, `end` and `period` of the format.

A table for each sheet:

on the sheet of sessions         is
a time alone under `Slut`        that hour of the day under `Start`

on a course's own row            is a session `dag`
`Dato`                           the whole day
`Dato` `Fra` `Til`               from that hour to that of the same day
`Dato` with its hour, `Til`      the same; `Fra` is empty then
a period under `Dato`            without a date yet
`Fra` or `Til` without `Dato`    an error: the date is missing
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.plan import sheets
from bot.plan.cells import PERIOD_LIKE
from bot.plan.moments import CLOCK
from bot.plan.nodes import Broken, Mapping, Node, NodeEntry, Scalar
from bot.plan.workbook_names import THE_SESSION

if TYPE_CHECKING:
    from bot.plan.findings import Findings
    from bot.plan.workbook_rows import Row

ONE_SESSION = tuple(column.key for column in sheets.ONE_SESSION)
DAY, FROM, TO = (column.danish for column in sheets.ONE_SESSION)
HEADINGS = MappingProxyType({"id": "Session", "start": DAY, "end": TO, "period": DAY})


def with_full_end(cells: dict[str, Node]) -> dict[str, Node]:
    """A session's cells, a time alone under its end made one of the day of its start."""
    end, start = cells.get("end"), cells.get("start")
    if not isinstance(end, Scalar) or CLOCK.fullmatch(end.text) is None:
        return cells
    if isinstance(start, Scalar):
        return {**cells, "end": _at(start, end)}
    # Without a day, or with one that cannot be read, there is nothing more to say of the hour.
    return {key: node for key, node in cells.items() if key != "end"} | (
        {"end": Broken(end.spot)} if start is not None else {}
    )


def own_session(row: Row, findings: Findings) -> Mapping | None:
    """The session that a course's row says itself; None where it says none."""
    day, begins, ends = (row.cells.get(key) for key in ONE_SESSION)
    given = [node for node in (day, begins, ends) if node is not None]
    if not given:
        return None
    if not isinstance(day, Scalar):
        if day is None:
            findings.error("key.missing", given[0].spot, key=DAY)
        return _session(row, {"start": Broken(given[0].spot), "end": Broken(given[0].spot)})
    if PERIOD_LIKE.fullmatch(day.text):
        if len(given) > 1:
            findings.error("cell.invalid", given[1].spot, reason="hour_of_period", day=day.as_written)
        return _session(row, {"period": day})
    if begins is not None and "T" in day.text:
        findings.error("cell.invalid", begins.spot, reason="two_hours", day=day.as_written)
        return _session(row, {"start": day, "end": Broken(begins.spot)})
    times: dict[str, Node] = {"start": day if begins is None else _at(day, begins)}
    return _session(row, times if ends is None else times | {"end": _at(day, ends)})


def _at(day: Scalar, clock: Node) -> Node:
    """The hour on the day of another cell; one that cannot be read stays that."""
    if not isinstance(clock, Scalar):
        return clock
    return replace(clock, text=f"{day.text.partition('T')[0]}T{clock.text}", written=clock.as_written)


def _session(row: Row, times: dict[str, Node]) -> Mapping:
    spot = next(iter(times.values())).spot
    entries = [NodeEntry("id", spot, Scalar(THE_SESSION, spot, plain=False))]
    entries += [NodeEntry(key, node.spot, node) for key, node in times.items()]
    return Mapping(tuple(entries), row.spot, HEADINGS)
