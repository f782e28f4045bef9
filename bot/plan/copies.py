"""A course, one of its offerings, or a whole year of a plan once more, as new rows to go on with (pure).

    of what is copied                      the copy has
    ids                                    new ones, where there is such an id already
    title                                  the new one; of a year's, the new year's number in place of the old
    status                                 `proposed`; what others arrange stays `listed`
    dates, hours, deadlines, periods       moved, all of one course by the same number of days
    sessions, offerings, speakers, money   their own copies, in the same order
    money from a pool                      of a year's: the pool that is called the same with the new year;
                                           nothing, where there is none (`unfunded`)
    what was spent, why it was cancelled,  nothing: that is of the old one alone
    its file's number, its earlier id

A year is moved to the same weekdays: each course by the whole weeks that bring its first day nearest to
that day of the new year. What was cancelled is not done again. A cell that is not understood stays as it
was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.domain.plan import MAIN_OFFERING, CourseStatus
from bot.plan import sheets
from bot.plan.columns import CellKind
from bot.plan.desk_cells import KEPT_MOMENT, MOMENTS, new_id
from bot.plan.desk_rows import BY_KEY, owned_by, row_name
from bot.plan.moments import PERIOD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.drafts import Cells, Lines, RowKey, Rows
    from bot.plan.columns import Sheet

WEEK = 7
LEFT_BEHIND = frozenset({"was", "cancel_reason", "case", "spent"})
"""Columns that are of the old course alone."""

Change = Callable[["Sheet", "Cells"], "Cells | None"]
"""What becomes of a row's cells; None where the copy has no such row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedYear:
    """The plan with the copies; `courses` are (old, new) ids in the plan's order.

    `there` are old ones whose like the new year has already; `unfunded` new ones that have lost money of a
    pool that the new year has none like.
    """

    rows: Rows
    courses: tuple[tuple[str, str], ...]
    there: tuple[str, ...] = ()
    unfunded: tuple[str, ...] = ()


def copied_course(rows: Rows, course: str, *, title: str, days: int = 0) -> tuple[Rows, str]:
    """The plan with the course once more under another title, `days` later, and the new id.

    Raises KeyError where there is no such course.
    """
    taken = {row for sheet, row in rows if sheet == sheets.COURSES.key}
    new = new_id(title, taken, otherwise="kursus")

    def change(sheet: Sheet, cells: Cells) -> Cells:
        moved = _moved(sheet, _fresh(cells), days)
        return {**moved, "title": title} if sheet is sheets.COURSES else moved

    return _copied(rows, course, new, change), new


def offerings_of(rows: Rows, course: str) -> tuple[tuple[str, str], ...]:
    """What of a course `copied_offering` can copy: each offering's id and title.

    The sessions straight under a course are one without a title.
    """
    found = tuple(
        (lines[0]["id"], lines[0].get("title", ""))
        for (sheet, row), lines in rows.items()
        if sheet == sheets.OFFERINGS.key and row.startswith(f"{course}/")
    )
    has_own = any(sheet == sheets.SESSIONS.key and row.startswith(f"{course}//") for sheet, row in rows)
    return found or (((MAIN_OFFERING, ""),) if has_own else ())


def copied_offering(
    rows: Rows, course: str, offering: str, *, title: str, first: str, days: int = 0
) -> tuple[Rows, str]:
    """The course with one of its offerings once more, `days` later, and the new offering's id.

    Of a course that only has sessions, they are from then on its offering called `first`, under the id that
    they have had in calendars all the time. Raises KeyError where there is no such offering.
    """
    made = _with_main(rows, course, first) if offering == MAIN_OFFERING else dict(rows)
    mine = f"{course}/{offering}"
    cells = made[sheets.OFFERINGS.key, mine][0]
    taken = {
        row.split("/")[1]
        for sheet, row in made
        if sheet == sheets.OFFERINGS.key and row.startswith(f"{course}/")
    }
    new = new_id(title, taken, otherwise="hold")
    copy = {**_fresh(cells), "id": new, "title": title}
    made[sheets.OFFERINGS.key, row_name(sheets.OFFERINGS, copy)] = (copy,)
    for (sheet, row), lines in [*made.items()]:
        if sheet == sheets.SESSIONS.key and row.startswith(f"{mine}/"):
            session = {**_moved(sheets.SESSIONS, _fresh(lines[0]), days), "offering": new}
            made[sheet, row_name(sheets.SESSIONS, session)] = (session,)
    return made, new


def _with_main(rows: Rows, course: str, title: str) -> dict[RowKey, Lines]:
    """The rows with an offering of its own for the sessions that stand straight under a course."""
    made: dict[RowKey, Lines] = {}
    for key, lines in rows.items():
        sheet, row = key
        if sheet == sheets.SESSIONS.key and row.startswith(f"{course}//"):
            cells = {**lines[0], "offering": MAIN_OFFERING}
            made[sheet, row_name(sheets.SESSIONS, cells)] = (cells,)
        else:
            made[key] = lines
    has_offerings = any(sheet == sheets.OFFERINGS.key and row.startswith(f"{course}/") for sheet, row in rows)
    if not has_offerings and (sheets.COURSES.key, course) in rows:
        head = {"course": course, "id": MAIN_OFFERING, "title": title}
        made[sheets.OFFERINGS.key, row_name(sheets.OFFERINGS, head)] = (head,)
    return made


def copied_year(rows: Rows, old: int, new: int) -> CopiedYear:
    """The plan with the courses of one year once more in another.

    A course is of the year of its first day, or of its first period where it has no day yet.
    """
    made = rows
    courses: list[tuple[str, str]] = []
    there: list[str] = []
    unfunded: list[str] = []
    pools = _pools_of_new_year(rows, old, new)
    known = {row for sheet, row in rows if sheet == sheets.COURSES.key}
    for course in _courses_of(rows, old):
        named = _with_year(course, old, new)
        wanted = named if named != course else f"{course}-{new}"
        if wanted in known:
            there.append(course)
            continue
        fresh = new_id(wanted, {*known, *(copy for _, copy in courses)}, otherwise="kursus")
        days = days_to(_first_day(rows, course) or date(old, 1, 1), new)
        made = _copied(made, course, fresh, _year_change(old, new, days=days, pools=pools))
        courses.append((course, fresh))
        if _paid(rows, course) > _paid(made, fresh):
            unfunded.append(fresh)
    return CopiedYear(rows=made, courses=tuple(courses), there=tuple(there), unfunded=tuple(unfunded))


def _courses_of(rows: Rows, year: int) -> Iterator[str]:
    for (sheet, course), lines in rows.items():
        if sheet == sheets.COURSES.key and lines[0].get("status") != CourseStatus.CANCELLED:
            first = _first_day(rows, course)
            if first is not None and first.year == year:
                yield course


def days_to(first: date, year: int) -> int:
    """By how many days, in whole weeks, a day comes nearest to the same day of another year."""
    last_of_february = (first.month, first.day) == (2, 29)
    there = date(year, 3, 1) if last_of_february else first.replace(year=year)
    return round((there - first).days / WEEK) * WEEK


def _year_change(old: int, new: int, *, days: int, pools: dict[str, str]) -> Change:
    def change(sheet: Sheet, cells: Cells) -> Cells | None:
        made = {**_moved(sheet, _fresh(cells), days)}
        for key in ("period", "day"):
            if PERIOD.fullmatch(made.get(key, "")):
                made[key] = _with_year(made[key], old, new)
        if "title" in made:
            made["title"] = _with_year(made["title"], old, new)
        if sheet is sheets.FUNDING:
            pool = pools.get(made.get("pool", ""))
            return None if pool is None else {**made, "pool": pool}
        return made

    return change


def _copied(rows: Rows, course: str, new: str, change: Change) -> Rows:
    """The plan with a course's rows once more, each behind the last of its sheet that is the old one's."""
    own = owned_by(rows, course)
    if (sheets.COURSES.key, course) not in own:
        raise KeyError(course)
    copies: dict[RowKey, tuple[RowKey, Lines]] = {}
    for key in own:
        sheet = BY_KEY[key[0]]
        owner = "id" if sheet is sheets.COURSES else "course"
        lines: Lines = tuple(
            {**cells, owner: new} for line in rows[key] if (cells := change(sheet, line)) is not None
        )
        if lines:
            copies[key] = ((sheet.key, row_name(sheet, lines[0])), lines)
    last = {key[0]: key for key in own}
    made: dict[RowKey, Lines] = {}
    for key, lines in rows.items():
        made[key] = lines
        if last.get(key[0]) == key:
            made |= dict(copy for old, copy in copies.items() if old[0] == key[0])
    return made


def _fresh(cells: Cells) -> Cells:
    """Without what is of the old course alone, and back to being proposed."""
    kept = {key: cell for key, cell in cells.items() if key not in LEFT_BEHIND}
    if "status" in kept and kept["status"] != CourseStatus.LISTED:
        kept["status"] = CourseStatus.PROPOSED.value
    return kept


def _moved(sheet: Sheet, cells: Cells, days: int) -> Cells:
    """Every date in the cells so many days later."""
    dated = {
        column.key
        for column in sheet.columns
        if column.kind in MOMENTS or column.kind is CellKind.DAY_OR_PERIOD
    }
    return {key: _later(cell, days) if key in dated else cell for key, cell in cells.items()}


def _later(cell: str, days: int) -> str:
    found = KEPT_MOMENT.fullmatch(cell)
    if found is None:
        return cell
    try:
        day = date(*map(int, found.groups()[:3])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return cell
    return f"{day}T{found[4]}" if found[4] else f"{day}"


def _first_day(rows: Rows, course: str) -> date | None:
    """The first day of a course, or the first of its earliest period; None where it has neither."""
    days: list[date] = []
    for key in owned_by(rows, course):
        if key[0] == sheets.SESSIONS.key:
            cells = rows[key][0]
            when = cells.get("start") or cells.get("period", "")
            found = KEPT_MOMENT.fullmatch(when)
            if found is not None:
                days += _day(found.groups()[:3])
            elif PERIOD.fullmatch(when):
                days.append(date(int(when[:4]), 1, 1))
    return min(days, default=None)


def _day(parts: Iterable[str]) -> list[date]:
    try:
        return [date(*map(int, parts))]
    except ValueError:
        return []


def _with_year(words: str, old: int, new: int) -> str:
    return re.sub(rf"(?<!\d){old}(?!\d)", str(new), words)


def _pools_of_new_year(rows: Rows, old: int, new: int) -> dict[str, str]:
    """For each pool the one that pays for the same in the new year; itself where it is of no year."""
    pools = {row: lines[0] for (sheet, row), lines in rows.items() if sheet == sheets.POOLS.key}
    named = {cells.get("name", ""): pool for pool, cells in pools.items()}
    found: dict[str, str] = {}
    for pool, cells in pools.items():
        name = cells.get("name", "")
        by_id, by_name = _with_year(pool, old, new), _with_year(name, old, new)
        if (by_id, by_name) == (pool, name) and cells.get("year") != str(old):
            found[pool] = pool
        elif by_id != pool and by_id in pools:
            found[pool] = by_id
        elif by_name != name and by_name in named:
            found[pool] = named[by_name]
    return found


def _paid(rows: Rows, course: str) -> int:
    return sum(len(rows[key]) for key in owned_by(rows, course) if key[0] == sheets.FUNDING.key)
