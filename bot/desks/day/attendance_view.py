"""How many came to the courses of a plan, and how many did not: numbers for HR, to look at or take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n.catalogue import text
from bot.registrations.attendance import attendance_in_plan
from bot.registrations.attendance_counts import attendance_counts
from bot.registrations.count_sheets import count_sheets
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.registrations.attendance_counts import AttendanceCount, AttendanceCounts

NUMBERS = ("seats", "came", "absent", "unknown")


def counts_of_attendance(plan: CoursePlan, stores: Stores) -> AttendanceCounts:
    """Of the plan in force, by the books. Raises DatabaseFailed."""
    state = load_state(plan, stores)
    rows = rows_of(state)
    words = stores.attendance.load_words(plan.id)
    return attendance_counts(state.plan, rows, attendance_in_plan(state.plan, rows, words, state.people))


def attendance_workbook(found: AttendanceCounts, language: Language) -> bytes:
    """Two sheets: by course and by department."""

    def said(key: str) -> str:
        return text(language, f"attendance.{key}")

    def row(one: AttendanceCount) -> list[str | int | None]:
        return [one.called or said("no_department"), *(getattr(one, name) for name in NUMBERS), one.share]

    headings = [*(said(f"column.{name}") for name in NUMBERS), said("column.share")]
    courses = [[*row(one), one.walk_ins] for one in found.courses]
    departments = [row(one) for one in found.departments]
    return count_sheets(
        [
            (
                said("by_course"),
                [said("column.course"), *headings, said("column.walk_ins")],
                courses,
            ),
            (said("by_department"), [said("column.department"), *headings], departments),
        ]
    )
