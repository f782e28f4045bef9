"""Answers as registrations: kept when Outlook forgets them, found again when Graph has lost its place, exported for Excel."""

from __future__ import annotations

import subprocess
import zipfile
from typing import TYPE_CHECKING

import openpyxl

from tests.e2e.driver import World
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.statuses import statuses

if TYPE_CHECKING:
    from pathlib import Path

ANNA, BO, CARL = (f"{name}@norddjurs.example" for name in ("anna", "bo", "carl"))
THREE = people(ANNA, BO, CARL)
CONVERT_SECONDS = 120


def plan(world: World, *courses: dict[str, object]) -> None:
    world.write(make_plan(*courses, audiences=THREE))


def test_answers_are_collected_and_later_ones_count(world: World) -> None:
    plan(world, make_course())
    world.sync()
    world.answer("lederdag/dag", ANNA, "accept")
    world.answer("lederdag/dag", BO, "tentative")
    assert "2" in world.run("responses").out
    assert statuses(world) == {ANNA: "registered", BO: "tentative", CARL: "invited"}
    world.move_clock("2025-03-10T12:00:00+01:00")
    world.answer("lederdag/dag", ANNA, "decline")
    world.answer("lederdag/dag", BO, "decline")
    world.run("responses")
    assert statuses(world) == {ANNA: "withdrawn", BO: "declined", CARL: "invited"}
    assert world.run("responses").code == 0
    assert statuses(world) == {ANNA: "withdrawn", BO: "declined", CARL: "invited"}


def test_answers_survive_a_moved_session(world: World) -> None:
    """Exchange forgets them when the time changes; a fall back to none is not a withdrawal, also if nobody collected before."""
    plan(world, make_course())
    world.sync()
    world.answer("lederdag/dag", ANNA, "accept")
    plan(world, make_course("lederdag", make_session(day="2025-06-19")))
    world.sync()
    assert {one.response for one in world.event("lederdag/dag").attendees} == {"none"}
    world.run("responses")
    assert statuses(world) == {ANNA: "registered", BO: "invited", CARL: "invited"}
    world.move_clock("2025-03-05T12:00:00+01:00")
    world.answer("lederdag/dag", ANNA, "decline")
    world.run("responses")
    assert statuses(world)[ANNA] == "withdrawn"


def test_who_leaves_the_audience_with_a_seat_is_withdrawn_by_rule(world: World) -> None:
    plan(world, make_course())
    world.sync()
    world.answer("lederdag/dag", ANNA, "accept")
    world.run("responses")
    world.write(make_plan(make_course(), audiences=people(BO, CARL)))
    world.sync()
    world.run("responses")
    rows = world.registrations()
    assert (rows["lederdag", ANNA]["status"], rows["lederdag", ANNA]["source"]) == ("withdrawn", "rule")


def test_quiet_rounds_cost_one_request(world: World) -> None:
    plan(world, make_course())
    world.sync()
    world.run("responses")
    world.answer("lederdag/dag", ANNA, "accept")
    ran = world.run("responses")
    assert len(ran.requests) == 2, "what is new, and whether somebody wrote something with the answer"
    assert statuses(world)[ANNA] == "registered"
    assert len(world.run("responses").requests) == 1


def test_a_lost_delta_state_is_read_anew(world: World) -> None:
    """410 Gone: drop the link, read everything, nobody is lost and nothing is counted twice."""
    plan(world, make_course())
    world.sync()
    world.answer("lederdag/dag", ANNA, "accept")
    world.run("responses")
    world.answer("lederdag/dag", BO, "accept")
    world.tenant.delta_tokens.forget()
    ran = world.run("responses")
    assert ran.code == 0
    assert 410 in {entry.status for entry in ran.requests}
    assert statuses(world) == {ANNA: "registered", BO: "registered", CARL: "invited"}
    assert len(world.run("responses").requests) == 1


def test_items_that_come_twice_in_one_round_count_once(world: World) -> None:
    world.tenant.settings.delta_repeats = True
    plan(world, make_course())
    world.sync()
    world.answer("lederdag/dag", ANNA, "accept")
    assert "1" in world.run("responses").out
    assert statuses(world)[ANNA] == "registered"


def test_an_answer_under_an_alias_is_the_person_s_own(world: World) -> None:
    world.tenant.directory.add_person(
        "Nye Leder", "nye@norddjurs.example", "stab-ledere@norddjurs.example", aliases=("ny@alias.norddjurs.example",)
    )
    world.write(make_plan(make_course()))
    world.sync()
    world.answer("lederdag/dag", "ny@alias.norddjurs.example", "accept")
    world.run("responses")
    assert statuses(world)["nye@norddjurs.example"] == "registered"
    assert "ny@alias.norddjurs.example" not in statuses(world)


def test_a_silent_answer_is_no_answer(world: World) -> None:
    plan(world, make_course())
    world.sync()
    world.tenant.people.answer(world.event("lederdag/dag"), ANNA, "accept", send_response=False)
    world.run("responses")
    assert statuses(world)[ANNA] == "invited"


def test_nobody_is_registered_on_a_cancelled_course_and_list_and_log_say_who_was(world: World) -> None:
    plan(world, make_course())
    world.sync()
    world.answer("lederdag/dag", ANNA, "accept")
    world.run("responses")
    plan(world, make_course(status="cancelled"))
    world.sync()
    world.run("responses")
    assert statuses(world) == {ANNA: "withdrawn"}, "who had nothing there has no row"
    assert "Aflyst (havde plads)" in world.run("registrations").out
    assert ANNA.partition("@")[0] in world.run("seats", "lederdag").out.lower()


def with_answers(world: World) -> Path:
    """Two courses with answers of every kind, one from somebody with a formula for a name; the exported workbook."""
    course, evil = make_course("lederdag", title="Ledelse & [trivsel]: 2025/26?"), '=HYPERLINK("http://evil.example")'
    guests = {"ledere": {"people": [{"email": ANNA, "name": evil}, {"email": BO, "name": "+45 Ørn Åse"}, {"email": CARL}]}}
    world.write(make_plan(course, make_course("to", make_session(day="2025-06-19")), audiences=guests))
    world.sync()
    for person, response in ((ANNA, "accept"), (BO, "decline")):
        world.answer("lederdag/dag", person, response)
    world.tenant.people.forward(world.event("lederdag/dag"), "gaest@partner.example")
    world.answer("lederdag/dag", "gaest@partner.example", "tentative")
    world.run("responses")
    ran = world.run("registrations", "--format", "xlsx", "--out", "deltagere.xlsx")
    assert ran.code == 0
    return world.folder / "deltagere.xlsx"


def test_the_workbook_has_a_sheet_for_each_course_and_no_formula(world: World) -> None:
    file = with_answers(world)
    book = openpyxl.load_workbook(file)
    assert len(book.sheetnames) >= 2
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" and "evil" in str(cell.value)]
    assert any("evil.example" in str(cell.value) for cell in cells)
    assert all(sheet.auto_filter.ref or sheet.tables for sheet in book if any("@" in str(cell.value) for row in sheet for cell in row))
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None


def test_the_workbook_opens_in_libreoffice(world: World, soffice: str) -> None:
    """Every sheet comes out as it went in: names, Danish letters, statuses in words; the formula as text."""
    file = with_answers(world)
    command = [soffice, f"-env:UserInstallation=file://{world.folder}/office", "--headless", "--convert-to"]
    every_sheet = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
    done = subprocess.run(
        [*command, every_sheet, "--outdir", str(world.folder / "csv"), str(file)],
        check=True, capture_output=True, text=True, timeout=CONVERT_SECONDS,
    )  # fmt: skip
    pages = {page.stem: page.read_text(encoding="utf-8") for page in (world.folder / "csv").glob("*.csv")}
    assert len(pages) == len(openpyxl.load_workbook(file).sheetnames), done.stdout + done.stderr
    everything = "\n".join(pages.values())
    for shown in (ANNA, BO, CARL, "Tilmeldt", "Ørn Åse", "evil.example", "gaest@partner.example"):
        assert shown in everything
    assert "#NAME?" not in everything
    assert "Err:" not in everything
