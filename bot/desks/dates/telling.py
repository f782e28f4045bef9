"""What a search for a date says: a short table, why not other days, and what to write in the plan; or JSON.

Counts only, never who.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.people import Language
from bot.domain.plan import MAIN_OFFERING
from bot.free_dates.candidates import DatesLeftOut
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import clock_text, day_text, short_moment_text, span_text
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import timedelta

    from bot.domain.plan import CourseSession, Offering
    from bot.domain.schedules import Room
    from bot.free_dates.ranking import Weighed
    from bot.rounds.free_dates import FoundDates

COLUMNS = ("when", "can", "cannot", "unknown", "room")
NUMBERS = {2, 3, 4}
"""The columns with numbers, the name of the row counted."""

MINUTES = 60


def as_json(found: FoundDates, language: Language, *, most: int) -> str:
    """A list, best first.

    Where several offerings are looked for, those proposed for them come first, each with its `session`.
    """
    zone = ZoneInfo(found.plan.timezone)
    keys = [
        f"{found.plan.id}/{found.course.id}/{offering.id}/{session.id}"
        for offering, session in found.sessions
    ]
    proposed = dict(zip(found.together, keys, strict=False))
    rows = [
        {
            "start": _rfc3339(one.candidate.start, zone),
            "end": _rfc3339(one.candidate.end, zone),
            "free": one.free,
            "busy": one.busy,
            "unknown": one.unknown,
            "required_busy": one.required_busy,
            "required_unknown": one.required_unknown,
            "rooms": [{"email": state.room.email, "free": state.free} for state in one.rooms],
            "reasons": list(_reasons(one, found, language)),
            "session": keys[0] if len(keys) == 1 else proposed.get(one),
        }
        for one in _shown(found, most)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateRow:
    """One time: its name (the offering or the number), the cells of `COLUMNS`, and what is in its way."""

    name: str
    cells: tuple[str, ...]
    under: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateTable:
    """Times, best first; `said` stands above, `by_offering`: each row is for one."""

    said: str
    columns: tuple[str, ...]
    rows: tuple[DateRow, ...]
    by_offering: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatesTold:
    """The page for HR, in the order in which it is read."""

    heading: tuple[str, ...]
    tables: tuple[DateTable, ...]
    notes: tuple[str, ...]
    to_write: tuple[str, ...]


def told_dates(found: FoundDates, language: Language, *, most: int) -> DatesTold:
    """What was found, in words; `most` times at most are shown."""
    return DatesTold(
        heading=tuple(_heading(found, language)),
        tables=tuple(_tables(found, language, most)),
        notes=(
            *(() if found.ranked else (text(language, "dates.none"),)),
            *_why_not(found, language),
            *notes(found, language),
        ),
        to_write=tuple(_what_to_write(found, language)),
    )


def _tables(found: FoundDates, language: Language, most: int) -> Iterator[DateTable]:
    if found.together:
        said = text(language, "dates.together", reached=found.reached, people=found.people)
        yield _table(found.together, found, language, said, _session_names(found))
        others = [one for one in _shown(found, most) if one not in found.together]
        if others:
            yield _table(others, found, language, text(language, "dates.others"))
    elif found.ranked:
        yield _table(_shown(found, most), found, language)


def as_text(found: FoundDates, language: Language, *, most: int) -> str:
    """The page for a terminal."""
    told = told_dates(found, language, most=most)
    tables = [[*([one.said] if one.said else []), *_lines(one)] for one in told.tables]
    parts = [told.heading, *tables, told.notes, told.to_write]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def notes(found: FoundDates, language: Language) -> Iterator[str]:
    """What has to be known of the numbers."""
    if found.never_seen:
        yield plural(language, "dates.never_seen", found.never_seen)
    if found.required_never_seen:
        yield plural(language, "dates.required_never_seen", found.required_never_seen)
    if found.without_address:
        yield plural(language, "dates.without_address", found.without_address)
    if found.contacts:
        yield plural(language, "dates.contacts", found.contacts)
    if 0 < len(found.together) < len(found.sessions):
        yield text(language, "dates.too_few_days", found=len(found.together), wanted=len(found.sessions))
    if found.seated < found.reached:
        yield text(language, "dates.seated", seated=found.seated, reached=found.reached)
    if found.room_note:
        yield text(language, f"dates.{found.room_note}", seats=found.seats)
    if any(session.start is not None for _, session in found.sessions):
        yield text(language, "dates.has_a_date")


def _shown(found: FoundDates, most: int) -> list[Weighed]:
    """Those proposed for the offerings first, then the best of the others."""
    return [*found.together, *(one for one in found.ranked if one not in found.together)][
        : max(most, len(found.together))
    ]


def _heading(found: FoundDates, language: Language) -> list[str]:
    question = found.question
    names = ", ".join(name for name in _session_names(found) if name)
    title = one_line(found.course.title)
    earliest, latest = (
        datetime.combine(question.first, question.earliest),
        datetime.combine(question.last, question.latest),
    )
    lines = [
        text(
            language,
            "dates.heading",
            title=title,
            names=f" ({names})" if names else "",
            length=_length(question.length, language),
        ),
        text(
            language,
            "dates.searched",
            first=day_text(language, earliest),
            last=day_text(language, latest),
            earliest=clock_text(language, earliest),
            latest=clock_text(language, latest),
        ),
        plural(language, "dates.people", found.people),
    ]
    if found.required:
        lines.append(plural(language, "dates.required", found.required))
    if found.rooms:
        lines.append(plural(language, "dates.rooms", len(found.rooms)))
    return lines


def _table(
    rows: Sequence[Weighed], found: FoundDates, language: Language, said: str = "", names: Sequence[str] = ()
) -> DateTable:
    """A row for each time, called by `names` where they are given, else by its number."""
    return DateTable(
        said=said,
        columns=(
            text(language, "dates.column.offering") if names else "",
            *(text(language, f"dates.column.{one}") for one in COLUMNS),
        ),
        rows=tuple(
            DateRow(
                name=names[place] if names else str(place + 1),
                cells=_cells(one, language),
                under=tuple(_under_a_row(one, found, language)),
            )
            for place, one in enumerate(rows)
        ),
        by_offering=bool(names),
    )


def _lines(table: DateTable) -> Iterator[str]:
    """Numbers to the right; under a row stands what is in its way."""
    rows = [table.columns, *((row.name, *row.cells) for row in table.rows)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.columns))]
    under = [(), *(row.under for row in table.rows)]
    for row, said in zip(rows, under, strict=True):
        padded = (
            cell.rjust(width) if place in NUMBERS else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()
        yield from (f"    {one}" for one in said)


def _cells(one: Weighed, language: Language) -> tuple[str, ...]:
    when = span_text(language, one.candidate.start, one.candidate.end, all_day=False)
    room = one.room.email if one.room else "?" if one.rooms and one.room_rank == 1 else "–"
    return when, str(one.free), str(one.busy), str(one.unknown), room


def _reasons(one: Weighed, found: FoundDates, language: Language) -> Iterator[str]:
    """Everything that speaks against a time, in numbers."""
    if one.busy:
        yield text(language, "dates.busy", count=one.busy, people=one.people)
    if one.unknown:
        yield text(language, "dates.not_known", count=one.unknown, people=one.people)
    if one.required_unknown:
        yield text(language, "dates.required_unknown", count=one.required_unknown, people=found.required)
    yield from _obstacles(one, found, language)


def _obstacles(one: Weighed, found: FoundDates, language: Language) -> Iterator[str]:
    if one.required_busy:
        yield text(language, "dates.required_busy", count=one.required_busy, people=found.required)
    if one.room_rank:
        yield text(language, "dates.room_unknown" if one.room_rank == 1 else "dates.room_taken")


def _under_a_row(one: Weighed, found: FoundDates, language: Language) -> Iterator[str]:
    """What is not in the numbers of the row, nor true of every row."""
    if one.required_unknown > found.required_never_seen:
        yield text(language, "dates.required_unknown", count=one.required_unknown, people=found.required)
    yield from _obstacles(one, found, language)


def _why_not(found: FoundDates, language: Language) -> Iterator[str]:
    left_out = found.candidates.left_out
    said = [
        plural(language, f"dates.left_out.{why.value}", left_out[why])
        for why in DatesLeftOut
        if left_out.get(why)
    ]
    if said:
        yield text(language, "dates.why_not", days=", ".join(said))
    if left_out.get(DatesLeftOut.OTHER_COURSE):
        days = found.elsewhere.days
        titles = dict.fromkeys(
            title for day in days if found.question.first <= day <= found.question.last for title in days[day]
        )
        yield text(language, "dates.other_courses", titles=", ".join(map(one_line, titles)))


def _what_to_write(found: FoundDates, language: Language) -> Iterator[str]:
    """Of the best time, or of those proposed.

    The cells where the plan is a workbook, else the lines of YAML.
    """
    chosen = found.together or found.ranked[:1]
    if not chosen:
        return
    is_workbook = bool(found.plan.shape)
    yield text(language, "dates.write_cells" if is_workbook else "dates.write")
    for one, (offering, session) in zip(chosen, found.sessions, strict=False):
        room = _new_room(one, found, offering, session)
        yield "  " + (
            _cells_to_write(one, found, offering, session, room)
            if is_workbook
            else _yaml(one, offering, session, room)
        )
    if any(session.period for _, session in found.sessions):
        yield text(language, "dates.empty_period" if is_workbook else "dates.delete_period")
    yield text(language, "dates.nobody_told")


def _yaml(one: Weighed, offering: Offering, session: CourseSession, room: Room | None) -> str:
    parts = [
        f"id: {session.id}",
        f"start: {one.candidate.start:%Y-%m-%dT%H:%M}",
        f"end: {one.candidate.end:%Y-%m-%dT%H:%M}",
    ]
    if room is not None:
        facts = [("name", room.name), ("address", room.address or room.building)]
        said = [f"{key}: {json.dumps(one_line(value), ensure_ascii=False)}" for key, value in facts if value]
        parts.append(f"venue: {{{', '.join([*said, f'room: {room.email}'])}}}")
    line = f"- {{{', '.join(parts)}}}"
    return line if offering.id == MAIN_OFFERING else f"{offering.id}: {line}"


def _cells_to_write(
    one: Weighed, found: FoundDates, offering: Offering, session: CourseSession, room: Room | None
) -> str:
    """The row of a workbook: its headings are Danish, whatever language is spoken."""
    cells = [
        ("course", found.course.id),
        *([] if offering.id == MAIN_OFFERING else [("offering", offering.id)]),
        ("session", session.id),
        ("start", short_moment_text(Language.DA, one.candidate.start)),
        ("end", short_moment_text(Language.DA, one.candidate.end)),
    ]
    if room is not None:
        facts = (("place", room.name), ("address", room.address or room.building), ("room", room.email))
        cells += [(name, one_line(value)) for name, value in facts if value]
    return " · ".join(f"{text(Language.DA, f'dates.cell.{name}')} {value}" for name, value in cells)


def _new_room(one: Weighed, found: FoundDates, offering: Offering, session: CourseSession) -> Room | None:
    """The free room, unless the plan names it already."""
    venue = found.course.venue_of(offering, session)
    named = (venue.room or "").lower() if venue else ""
    return one.room if one.room is not None and one.room.email != named else None


def _session_names(found: FoundDates) -> list[str]:
    """What HR calls each of the sessions; "" for the only one of a course."""
    several = len(found.sessions) > 1
    names = []
    for offering, session in found.sessions:
        title = "" if offering.id == MAIN_OFFERING else offering.title or offering.id
        others = len(offering.sessions) > 1
        part = (session.title or session.id) if others or (several and not title) else ""
        names.append(one_line(": ".join(one for one in (title, part) if one)))
    return names


def _length(length: timedelta, language: Language) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // MINUTES, MINUTES)
    said = [
        *([plural(language, "dates.hours", hours)] if hours else []),
        *([plural(language, "dates.minutes", minutes)] if minutes else []),
    ]
    return text(language, "dates.and", first=said[0], second=said[1]) if len(said) > 1 else said[0]


def _rfc3339(wall: datetime, zone: ZoneInfo) -> str:
    return wall.replace(tzinfo=zone).isoformat()
