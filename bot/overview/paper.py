"""The overview as a paper for an agenda.

What there is to know first, then what is to be decided, the courses, the money (pure).

section                      has
in short                     how many courses and events, each pool's free money, what is overspent
to be decided                open decisions and what is missing of each course, the most urgent first
a year                       its months (`bot.overview.year_paper`)
a half-year                  its courses and events: whom, when, status, seats, money, responsible, file
money                        `bot.overview.money_paper`, `bot.overview.cost_paper`
what courses were used for   `bot.overview.task_paper`
decisions                    `bot.overview.decision_paper`
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.participation import ON
from bot.domain.plan import CourseStatus
from bot.messages.characters import one_line
from bot.overview.cost_paper import cost_sections
from bot.overview.decision_paper import decision_sections
from bot.overview.document import Cell, Document, PaperColumn, PaperSection, PaperTable, Sentences, cell
from bot.overview.lines import Need
from bot.overview.money_paper import money_in_short, money_sections
from bot.overview.periods import half_of
from bot.overview.task_paper import task_sections
from bot.overview.words import Words
from bot.overview.year_paper import year_sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.people import Language
    from bot.overview.lines import CourseLine, Overview, Seats

Half = tuple[int, int] | None


def paper(overview: Overview, language: Language) -> Document:
    """The whole paper."""
    words = Words(language, overview.questions)
    wall = overview.as_of.astimezone(ZoneInfo(overview.timezone))
    years = overview.years or tuple(
        sorted({half[0] for course in overview.courses if (half := _half(course))})
    )
    span = f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(map(str, years))
    return Document(
        language=language.value,
        title=words("title", years=span).strip(),
        organisation=one_line(overview.organisation),
        made=words("made", moment=words.moment(wall)),
        page=words("page"),
        of=words("of"),
        sections=(
            _in_short(overview, words),
            *_to_decide(overview, words),
            *year_sections(overview, words),
            *_halves(overview, words),
            *money_sections(overview, words),
            *cost_sections(overview, words),
            *task_sections(overview, words),
            *decision_sections(overview, words),
        ),
    )


def _in_short(overview: Overview, words: Words) -> PaperSection:
    counted = Counter(course.status for course in overview.courses)
    undated = sum(Need.DATE in course.needs for course in overview.courses)
    statuses = ", ".join(
        f"{words(f'status.{status.value}')} {counted[status]}" for status in CourseStatus if counted[status]
    )
    lines = [words.count("courses", len(overview.courses)) + (f" ({statuses})" if statuses else "")]
    if undated:
        lines.append(words.count("undated_courses", undated))
    if overview.open_decisions:
        lines.append(words.count("open_decisions", len(overview.open_decisions)))
    return PaperSection(
        heading=words("in_short"),
        blocks=(Sentences(lines=(*lines, *money_in_short(overview, words)), are_points=True),),
    )


def open_matters(overview: Overview, words: Words) -> tuple[tuple[Cell, Cell, Cell], ...]:
    """What is still to be decided, the most urgent first: the matter, what to decide about it, and by when.

    A decision without a deadline stands before what has time: no day brings it back.
    """
    today = overview.as_of.date()
    rows: list[tuple[date, tuple[Cell, Cell, Cell]]] = []
    for decision in overview.open_decisions:
        what, by = cell(*words.to_settle(decision, overview.titles)), decision.needed_by
        rows.append(
            (
                by or today,
                (cell(words.question(decision.assumption.id)), what, cell(_by(by, overview, words))),
            )
        )
    for course in overview.courses:
        needs = words.needs(course)
        if needs and not course.is_over(today):
            rows.append(
                (
                    course.begins or date.max,
                    (cell(one_line(course.title)), cell(*needs), cell(_by(course.begins, overview, words))),
                )
            )
    return tuple(row for _, row in sorted(rows, key=lambda one: one[0]))


def _to_decide(overview: Overview, words: Words) -> Iterator[PaperSection]:
    if rows := open_matters(overview, words):
        columns = tuple(
            PaperColumn(heading=words(f"column.{name}"), share=share)
            for name, share in (("matter", 4), ("decide", 5), ("by", 2))
        )
        table = PaperTable(caption=words("to_decide"), columns=columns, rows=rows)
        yield PaperSection(heading=words("to_decide"), blocks=(table,))


def _by(day: date | None, overview: Overview, words: Words) -> str:
    """The first day that it may begin on; what may have begun already is to be decided now."""
    if day is None:
        return words("no_deadline")
    return words("before", day=words.day(day)) if day > overview.as_of.date() else words("at_once")


def _halves(overview: Overview, words: Words) -> Iterator[PaperSection]:
    columns = tuple(
        PaperColumn(heading=words(f"column.{name}"), share=share)
        for name, share in (
            ("course", 6),
            ("audience", 6),
            ("when", 5),
            ("status", 4),
            ("seats", 4),
            ("money", 6),
            ("responsible", 6),
        )
    )
    for half, courses in groupby(sorted(overview.courses, key=_order), key=_half):
        heading = _heading(half, words)
        rows = tuple(_row(overview, course, words) for course in courses)
        yield PaperSection(heading=heading, blocks=(PaperTable(caption=heading, columns=columns, rows=rows),))


def _half(course: CourseLine) -> Half:
    days = [(session.begins, session.ends) for session in course.sessions if session.begins and session.ends]
    return half_of(*min(days)) if days else None


def _order(course: CourseLine) -> tuple[int, int]:
    """What may be on in either half comes after both, what has no time comes last."""
    half = _half(course)
    return (9999, 0) if half is None else (half[0], half[1] or 3)


def _heading(half: Half, words: Words) -> str:
    if half is None:
        return words("no_time")
    year, number = half
    return words("half", number=number, year=year) if number else words("whole_year", year=year)


def _row(overview: Overview, course: CourseLine, words: Words) -> tuple[Cell, ...]:
    return (
        cell(
            one_line(course.title),
            words("theme", theme=one_line(course.theme)) if course.theme else "",
            words("tags", tags=one_line(", ".join(course.tags))) if course.tags else "",
            words("case", case=one_line(course.case)) if course.case else "",
        ),
        cell(*map(one_line, course.audiences)),
        cell(*(words.times(course.sessions) or (words("no_date"),))),
        cell(*words.status(course)),
        cell(*seat_lines(course, words)),
        cell(*(tuple(_funding(overview, course, words)) or (words("no_funding"),))),
        cell(*map(one_line, course.responsible)),
    )


def seat_lines(course: CourseLine, words: Words) -> Iterator[str]:
    """Who takes part, in numbers; of what nobody comes to only how many seats there would be."""
    seats: Seats = course.seats
    if course.status not in ON:
        if seats.capacity is not None:
            yield words("seats.capacity", count=seats.capacity)
        return
    if seats.capacity is None:
        yield words("seats.registered", count=seats.registered)
    else:
        yield words("seats.registered_of", count=seats.registered, capacity=seats.capacity)
    for name in ("tentative", "waitlisted", "declined", "unanswered"):
        if count := getattr(seats, name):
            yield words(f"seats.{name}", count=count)
    yield words("seats.invited", count=seats.invited)


def _funding(overview: Overview, course: CourseLine, words: Words) -> Iterator[str]:
    pools = {money.pool.id: money.pool for money in overview.pools}
    for line in course.funding:
        pool = pools[line.pool]
        amount = words.planned(line.amounts, pool.currency).text
        said = words("paid_from", pool=one_line(pool.name or pool.id), amount=amount)
        yield f"{said} ({words.condition(line.waits_for)})" if line.waits_for else said
