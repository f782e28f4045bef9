"""A workbook that a reader would not give whole: refused with the cell, and nothing in the calendars moves."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import yaml

from bot.plan import parse_plan, render_workbook
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import World

AUDIENCES = people("anna@norddjurs.example", "bo@norddjurs.example")


def workbook_of(plan: dict[str, Any]) -> bytes:
    """The plan as HR has it in Excel."""
    return render_workbook(parse_plan(yaml.safe_dump(plan).encode(), name="plan.yaml", now=datetime(2025, 1, 1, tzinfo=UTC)).usable())


def save(world: World, change: Callable[[Any], None]) -> None:
    """Edit the workbook with a library that calculates nothing."""
    book = openpyxl.load_workbook(io.BytesIO(world.plan_file.read_bytes()))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    world.plan_file.write_bytes(stream.getvalue())


@pytest.fixture
def sent(world: World) -> World:
    """Two days in Excel, both invited to."""
    course = make_course("lederdag", make_session("dag"), make_session("opfoelgning", "2025-06-25"))
    world.plan_file.write_bytes(workbook_of(make_plan(course, audiences=AUDIENCES)))
    world.sync()
    return world


@pytest.mark.parametrize("row", [2, 3])
def test_a_row_of_formulas_that_nobody_calculated_cancels_nothing(sent: World, row: int) -> None:
    """The last one too, which a reader does not give at all: check, preview and run refuse with sheet and cell, in both languages."""

    def formulas(book: Any) -> None:
        for cell in book["Sessioner"][row]:
            if cell.value is not None:
                cell.value = f"=Datoer!{cell.coordinate}"

    save(sent, formulas)
    for command in ("check", "preview", "run"):
        for language in ("da", "en"):
            ran = sent.run("--lang", language, command)
            assert (ran.code, ran.writes, ran.people_mailed) == (2, (), {})
            assert f"Sessioner!A{row}" in ran.out + ran.err
    assert all(sent.invited(f"lederdag/{name}") for name in ("dag", "opfoelgning"))


def test_a_column_under_another_name_is_refused_with_the_heading_to_write(sent: World) -> None:
    def rename(book: Any) -> None:
        for cell in book["Kurser"][1]:
            if cell.value == "Pladser":
                cell.value = "Antal pladser"

    save(sent, rename)
    ran = sent.run("run")
    assert (ran.code, ran.writes) == (2, ())
    assert "Pladser" in sent.run("check").out


def test_boxes_that_nobody_ticked_and_columns_of_hrs_own_are_no_news(sent: World) -> None:
    def own(book: Any) -> None:
        page = book["Kurser"]
        page.cell(1, page.max_column + 1).value = "Forplejning"
        page.cell(2, page.max_column).value = "kaffe og frugt"
        online = next(cell.column for cell in page[1] if cell.value == "Online")
        for row in range(2, 61):
            page.cell(row, online).value = False

    save(sent, own)
    ran = sent.run("check")
    assert (ran.code, ran.out.strip()) == (0, "Planen er i orden.")
    assert sent.sync().json["changes"] == []


def test_sessions_that_are_over_are_told_once_and_keep_the_plan_from_being_in_order(sent: World) -> None:
    sent.move_clock("2025-07-01T09:00:00+02:00")
    ran = sent.run("check")
    assert (ran.code, ran.out.count("session.past")) == (0, 1)
    assert "2 mødegange er holdt og røres ikke mere" in ran.out
    assert "Planen er i orden" not in ran.out
    assert ran.out.rstrip().endswith("Planen kan bruges, men se advarslerne.")


def test_a_cancellation_says_why_where_hr_wrote_it(sent: World) -> None:
    save(sent, lambda book: _cancel(book["Kurser"], "For få tilmeldte"))
    ran = sent.sync()
    cancelled = [entry.body.decode() for entry in ran.writes if entry.path.endswith("/cancel")]
    assert len(cancelled) == 2
    assert all("Begrundelse: For f" in body for body in cancelled)


def _cancel(page: Any, why: str) -> None:
    columns = {cell.value: cell.column for cell in page[1]}
    page.cell(2, columns["Status"]).value = "aflyst"
    page.cell(2, columns["Aflysningsgrund"]).value = why
