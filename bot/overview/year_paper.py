"""The year wheel as a part of the paper.

For each year a table with its months from above, which needs neither colour nor picture (pure).

A table, because it is read aloud in order, has headings on every page and says in words what a wheel would
show by place alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.messages.characters import one_line
from bot.overview.document import PaperColumn, PaperSection, PaperTable, cell, without_empty
from bot.overview.year import year_of, years_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.domain.closing_days import SchoolHoliday
    from bot.overview.document import Cell
    from bot.overview.lines import Overview
    from bot.overview.words import Words
    from bot.overview.year import Answers, DecisionDay, FreeDay, Meeting, Span

COLUMNS = (("month", 4), ("meetings", 14), ("due", 7), ("days_off", 6))
"""What stands in which column, and its share of the width."""


def year_sections(overview: Overview, words: Words) -> Iterator[PaperSection]:
    """A section for each year."""
    columns = tuple(PaperColumn(heading=words(f"column.{name}"), share=share) for name, share in COLUMNS)
    for year in years_of(overview):
        heading = words("year.heading", year=year)
        table = PaperTable(
            caption=heading,
            columns=columns,
            rows=tuple(_row(span, overview, words) for span in year_of(overview, year)),
        )
        yield PaperSection(heading=heading, blocks=(without_empty(table),), begins_page=True)


def _row(span: Span, overview: Overview, words: Words) -> tuple[Cell, ...]:
    return (
        cell(span_heading(span, words)),
        cell(*(_meeting(meeting, words, in_month=span.month is not None) for meeting in span.meetings)),
        cell(
            *(_answers(answer, words) for answer in span.answers),
            *(_decision(decision, overview, words) for decision in span.decisions),
        ),
        cell(*(_free(one, words) for one in span.free), *(_school(one, words) for one in span.school)),
    )


def meeting_title(meeting: Meeting) -> str:
    """Course, offering and session by their titles, each once."""
    course, session = meeting.course, meeting.session
    return one_line(
        ", ".join(dict.fromkeys(part for part in (course.title, session.offering, session.title) if part))
    )


def meeting_status(meeting: Meeting, words: Words) -> str:
    """The status, and what it has no word for: the decisions that it waits for."""
    course, session = meeting.course, meeting.session
    waits_for = tuple(dict.fromkeys((*course.waits_for, *session.waits_for)))
    return ", ".join(
        (words(f"status.{course.status.value}"), *((words.condition(waits_for),) if waits_for else ()))
    )


def span_heading(span: Span, words: Words) -> str:
    """The month, or a longer period and that there is no date in it."""
    return words.month(span.month) if span.month else words("undated", period=words.period(span.period))


def _meeting(meeting: Meeting, words: Words, *, in_month: bool) -> str:
    session = meeting.session
    said = words("year.meeting", what=meeting_title(meeting), status=meeting_status(meeting, words))
    if session.begins is not None and session.ends is not None and session.start is not None:
        return words("year.on", day=_days(session.begins, session.ends, words), what=said)
    return words("year.on", day=words("year.no_day"), what=said) if in_month else said


def _days(begins: date, ends: date, words: Words) -> str:
    """`tirs.

    d. 5.`, `tirs. d. 5. – ons. d. 6.`, with the whole date of the last day where it is in another month.
    """
    last = ends - timedelta(days=1)
    if last <= begins:
        return words.day_of_month(begins)
    until = (
        words.day_of_month(last)
        if (last.year, last.month) == (begins.year, begins.month)
        else words.day(last)
    )
    return f"{words.day_of_month(begins)} – {until}"


def _answers(answers: Answers, words: Words) -> str:
    said = words("year.answers", course=one_line(answers.course.title))
    return words("year.on", day=words.day_of_month(answers.day), what=said)


def _decision(decision: DecisionDay, overview: Overview, words: Words) -> str:
    """What may have begun already is to be decided now, as in the paper's own list."""
    said = words("year.decide", decision=words.number(decision.assumption))
    is_ahead = decision.day > overview.as_of.date()
    return words(
        "year.on",
        day=words("before", day=words.day_of_month(decision.day)) if is_ahead else words("at_once"),
        what=said,
    )


def _free(free: FreeDay, words: Words) -> str:
    return words(
        "year.on", day=words.day_of_month(free.day), what=one_line(free.name) or words("year.closed")
    )


def _school(school: SchoolHoliday, words: Words) -> str:
    return words(
        "year.on", day=_days(school.first, school.last + timedelta(days=1), words), what=words("year.school")
    )
