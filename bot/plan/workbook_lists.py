"""The document of a plan → the rows of each sheet, as plain values under the columns' keys."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.domain.sending import SendingRules
from bot.plan import sheets
from bot.plan.labels import DECISIONS, FLAGS, READY_EVALUATIONS, READY_MADE, danish
from bot.plan.moments import UNTIL
from bot.plan.read_assumptions import UNDECIDED
from bot.plan.sheets import SHEETS
from bot.plan.workbook_evaluation import EVALUATION_CELLS
from bot.plan.workbook_short import plain_names, simple_courses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.plan.document import Document
    from bot.plan.labels import Labels

# What holds where the plan is silent, so that HR sees it.
SENDING_HOURS = {"sending.from": SendingRules().from_time, "sending.to": SendingRules().to_time}


def rows_by_sheet(document: Document, *, has_short: bool = True) -> dict[str, list[Document]]:
    """Every row of every sheet, each a mapping from the column's key.

    Without `has_short` no course stands on the narrow sheet, but each on the full one.
    """
    rows: dict[str, list[Document]] = {sheet.key: [] for sheet in SHEETS}
    rows["plan"] = [SENDING_HOURS | _flat(document)]
    rows["closing_days"] = [_closing_day(day) for day in document.get("closing_days", [])]
    rows["school_holidays"] = [_school_holiday(days) for days in document.get("school_holidays", [])]
    for key, audience in document.get("audiences", {}).items():
        rows["audiences"].append({"id": key, **audience})
        rows["people"] += [{"audience": key, **person} for person in audience.get("people", [])]
    rows["delegates"] = list(document.get("delegates", []))
    for key, pool in document.get("funding", {}).items():
        rows["funding"].append({"id": key, **pool})
        rows["reserved"] += [
            {"pool": key, "purpose": purpose, "amount": share}
            for purpose, share in pool.get("reserved", {}).items()
        ]
        rows["expenses"] += [{"pool": key, **expense} for expense in pool.get("expenses", [])]
    rows["assumptions"] = [
        {"id": key, **_assumption(said)} for key, said in document.get("assumptions", {}).items()
    ]
    rows["reminders"] = [_flat(rule) for rule in document.get("reminders", [])]
    rows["texts"] = list(document.get("texts", []))
    rows[sheets.SIMPLE_COURSES.key] = simple_courses(document["courses"]) if has_short else []
    for course in document["courses"][len(rows[sheets.SIMPLE_COURSES.key]) :]:
        _add_course(rows, course)
    return rows


Names: TypeAlias = "Mapping[str, Mapping[str, str]]"
"""By the key of a column that names something: what each id is called."""


def names_in(document: Document) -> Names:
    """What courses, audiences and pools are called where they are named, by the column's key."""
    audiences = plain_names(
        {key: said.get("name", key) for key, said in document.get("audiences", {}).items()}
    )
    return {
        "course": plain_names({course["id"]: course["title"] for course in document["courses"]}),
        "audience": audiences,
        "optional_audience": audiences,
        "pool": plain_names(
            {key: said.get("name", key) for key, said in document.get("funding", {}).items()}
        ),
    }


def with_names(row: Document, names: Names) -> Document:
    """The row with names in place of ids, as far as it names what has one."""
    return row | {
        key: [called.get(one, one) for one in row[key]]
        if isinstance(row[key], list)
        else called.get(row[key], row[key])
        for key, called in names.items()
        if row.get(key) is not None
    }


def _add_course(rows: dict[str, list[Document]], course: Document) -> None:
    mine = {"course": course["id"]}
    said = course.get("evaluation")
    evaluation = {"form": said} if isinstance(said, str) else said or {}
    cells = {key: evaluation.get(name) for key, name in EVALUATION_CELLS.items()}
    rows["courses"].append(_flat(course) | cells)
    rows["evaluation_questions"] += [
        mine | _in_full(item, READY_EVALUATIONS) for item in evaluation.get("questions", [])
    ]
    for part, sheet in (
        ("speakers", "speakers"),
        ("funding", "course_funding"),
        ("materials", "materials"),
        ("questions", "questions"),
        ("after", "after"),
        ("reminders", "reminders"),
        ("texts", "texts"),
    ):
        rows[sheet] += [mine | _in_full(item, READY_MADE) for item in course.get(part, [])]
    rows["sessions"] += [mine | _flat(session) for session in course.get("sessions", [])]
    for offering in course.get("offerings", []):
        rows["offerings"].append(mine | _flat(offering))
        rows["sessions"] += [
            mine | {"offering": offering["id"]} | _flat(session) for session in offering.get("sessions", [])
        ]


def _in_full(item: Document | str, ready_made: Labels) -> Document:
    """An item, a ready-made question with its id and its Danish name."""
    said = {"id": item, "text": item} if isinstance(item, str) else item
    ready = dict(ready_made).get(said.get("text", ""))
    return said if ready is None else {"id": said["text"]} | said | {"text": ready}


def _assumption(said: Any) -> Document:
    """An assumption in its long form, with the words that the drop-down has."""
    written = said if isinstance(said, dict) else {"value": said}
    options = [
        danish(FLAGS, "true" if one else "false") if isinstance(one, bool) else one
        for one in written.get("options", [])
    ]
    value = danish(DECISIONS, UNDECIDED) if written["value"] == UNDECIDED else written["value"]
    return written | {"value": value, "options": options or None}


def _flat(item: Document) -> Document:
    """`{"venue": {"name": …}}` as `{"venue.name": …}`; lists of rows stay, no column has their key."""
    flat: Document = {}
    for key, value in item.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{name}": inner for name, inner in value.items()}
        else:
            flat[key] = value
    return flat


def _closing_day(day: str) -> Document:
    """Every year is a date with a tick; the leap year 2024 has them all."""
    is_yearly = day.count("-") == 1
    return {
        "date": date.fromisoformat(f"2024-{day}" if is_yearly else day),
        "yearly": True if is_yearly else None,
    }


def _school_holiday(days: str) -> Document:
    """The first day and the last, each a date of its own."""
    first, _, last = days.partition(UNTIL)
    return {"first": date.fromisoformat(first), "last": date.fromisoformat(last) if last else None}
