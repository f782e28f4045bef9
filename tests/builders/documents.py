"""Small plans to be right or wrong in one place."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import xlsxwriter

from bot.plan import parse_plan

NOW = datetime(2025, 1, 10, 12, 0, tzinfo=UTC)

HEAD = """\
version: 1
id: demo
organisation: Demo Kommune
timezone: Europe/Copenhagen
language: da
organiser: kurser@demo.example
contact: hr@demo.example
audiences:
  ledere: {name: Ledere, groups: [ledere@demo.example]}
  tr: {name: TR, groups: [tr@demo.example]}
"""
HEAD_LINES = HEAD.count("\n")
COURSE = """\
  - id: kursus
    title: Et kursus
    status: approved
    audience: ledere
"""


def parse(text, *, now=NOW, name="plan.yaml"):
    return parse_plan(text if isinstance(text, bytes) else text.encode(), name=name, now=now)


def plan_of(text, *, now=NOW):
    parsed = parse(text, now=now)
    assert parsed.plan is not None, parsed.problems
    return parsed.plan


def found(text, *, now=NOW, name="plan.yaml"):
    """The problems as (code, reason, place, line)."""
    return [
        (problem.code, problem.params.get("reason"), problem.place, problem.line) for problem in parse(text, now=now, name=name).problems
    ]


def codes(text, *, now=NOW):
    return [problem.code for problem in parse(text, now=now).problems]


def with_sessions(*sessions, extra=""):
    """A plan with one course and these sessions, each the inside of a flow mapping."""
    rows = "".join(f"      - {{{session}}}\n" for session in sessions)
    return f"{HEAD}{extra}courses:\n{COURSE}    sessions:\n{rows}"


def with_course(inside, *, extra=""):
    """A plan with one course that has a session and these further lines."""
    body = "".join(f"    {line}\n" for line in inside.splitlines())
    return f"{HEAD}{extra}courses:\n{COURSE}{body}    sessions:\n      - {{id: dag, start: 2025-06-17T09:00, end: 2025-06-17T15:00}}\n"


PLAN_ROWS = (
    ("Navn", "Værdi"), ("Version", 1), ("Id", "demo"), ("Organisation", "Demo Kommune"), ("Tidszone", "Europe/Copenhagen"),
    ("Sprog", "dansk"), ("Organisator", "kurser@demo.example"), ("Kontakt", "hr@demo.example"),
)  # fmt: skip
AUDIENCE_ROWS = (("Id", "Navn", "Grupper"), ("ledere", "Ledere", "ledere@demo.example"), ("tr", "TR", "tr@demo.example"))
COURSE_ROWS = (("Id", "Titel", "Status", "Målgruppe"), ("kursus", "Et kursus", "godkendt", "ledere"))
SESSION_ROWS = (
    ("Kursus", "Hold", "Session", "Start", "Slut"),
    ("kursus", None, "dag", datetime(2025, 6, 17, 9, 0), datetime(2025, 6, 17, 15, 0)),
)


def workbook(change=None, **sheets):
    """A small good workbook; a sheet given by its name replaces that one or is added. `change(book)` does what rows cannot."""
    pages = {"Plan": PLAN_ROWS, "Målgrupper": AUDIENCE_ROWS, "Kurser": COURSE_ROWS, "Sessioner": SESSION_ROWS} | sheets
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        moment = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        for name, rows in pages.items():
            if rows is None:
                continue
            page = book.add_worksheet(name)
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if value is None:
                        continue
                    if isinstance(value, str):
                        page.write_string(row, column, value)
                    elif isinstance(value, bool | int | float):
                        page.write(row, column, value)
                    else:
                        page.write_datetime(row, column, value, moment)
        if change is not None:
            change(book)
    return stream.getvalue()


def sessions(*rows, headings=SESSION_ROWS[0]):
    """A workbook with these rows of sessions."""
    return workbook(Sessioner=(headings, *rows))
