"""A plan that is kept in the database: taken in from a file, synced and approved like any other, taken along and brought home."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from bot.domain.people import Language
from bot.plan import parse_plan, render_workbook
from tests.e2e.driver import NOW, mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.driver import World

ANNA, BO = (mail_of(name) for name in ("anna", "bo"))


@pytest.fixture
def desk(world: World) -> World:
    """A world whose plan is to be written at the desk."""
    world.settings |= {"PLAN": "desk:demo", "APPROVAL": "plan"}
    return world


def workbook(desk: World, *courses: Any, **changes: Any) -> Path:
    plan = parse_plan(yaml.safe_dump(make_plan(*courses, audiences=people(ANNA, BO), **changes)).encode(), name="p.yaml", now=NOW).plan
    assert plan is not None
    file = desk.folder / "plan.xlsx"
    file.write_bytes(render_workbook(plan, Language.DA))
    return file


def numbers(desk: World) -> list[int]:
    return [row["revision"] for row in desk.run("plan", "history", "--format", "json").json]


def test_from_an_empty_plan_to_sent_invitations_and_home_from_a_week_in_excel(desk: World) -> None:
    """Nobody is mailed before a person has approved, as after any edit; who saved it stands in the versions."""
    assert desk.run("check").code == 2
    assert "plan import" in desk.run("preview").err
    file = str(workbook(desk, make_course("lederdag")))
    looked = desk.run("plan", "import", file)
    assert (looked.code, "Lederdag" in looked.out, "--yes" in looked.err) == (3, True, True)
    assert desk.run("check").code == 2, "a look saves nothing"
    assert desk.run("plan", "import", file, "--yes", "--by", "Bente Eksempel").code == 0
    assert desk.run("check").code == 0
    assert desk.run("run").code == 3
    assert not desk.ran[-1].people_mailed
    desk.approve()
    assert set(desk.ran[-1].people_mailed) == {("invitation", ANNA), ("invitation", BO)}
    assert "Bente Eksempel" in desk.run("plan", "history").out

    out = desk.folder / "uge.yaml"
    assert desk.run("plan", "export", str(out)).code == 0
    assert desk.run("plan", "import", str(out), "--yes").code == 0
    assert numbers(desk) == [1], "what is the same is no save"
    edited = yaml.safe_load(out.read_text("utf-8"))
    edited["courses"][0]["sessions"][0]["end"] = "2025-06-18T13:00"
    out.write_text(yaml.safe_dump(edited), "utf-8")
    told = desk.run("plan", "import", str(out), "--yes")
    assert "13" in told.out
    assert [(change["action"], change["approval"]) for change in desk.preview().changes] == [("update", "needed")]
    desk.approve()
    assert set(desk.ran[-1].people_mailed) == {("update", ANNA), ("update", BO)}
    assert numbers(desk) == [2, 1], "the syncs found every version kept"


def test_a_file_with_mistakes_is_told_place_by_place_and_nothing_is_saved(desk: World) -> None:
    file = desk.folder / "plan.yaml"
    file.write_text(yaml.safe_dump(make_plan(make_course(sessions=[make_session(end="08:00")]), contact="hr")), "utf-8")
    ran = desk.run("plan", "import", str(file), "--yes")
    assert (ran.code, ran.out.count("•") + ran.out.count("\n") >= 2) == (2, True)
    assert desk.run("check").code == 2


def test_another_plan_is_refused_and_one_that_says_it_is_the_same_takes_its_place_and_mails_nobody(desk: World) -> None:
    assert desk.run("plan", "import", str(workbook(desk, make_course("lederdag"))), "--yes").code == 0
    desk.approve()
    other = str(workbook(desk, make_course("lederdag"), id="kurser"))
    assert desk.run("plan", "import", other, "--yes").code == 2
    assert "Var" in desk.ran[-1].err
    renamed = str(workbook(desk, make_course("lederdag"), id="kurser", was="demo"))
    assert desk.run("plan", "import", renamed, "--yes").code == 0
    desk.plans = ("kurser",)
    assert not desk.sync("--yes").people_mailed
    assert desk.run("registrations", "--format", "json").code == 0
    assert not desk.preview().changes, "the settings still say the id of then"
    assert desk.run("check", "desk:kurser").code == 0


def test_a_plan_in_a_file_takes_nothing_in(world: World) -> None:
    world.write(make_plan(make_course("lederdag")))
    ran = world.run("plan", "import", str(world.plan_file), "--yes")
    assert (ran.code, "desk:" in ran.err) == (2, True)


def test_every_plan_in_a_folder_may_be_on_the_desk_with_settings_of_its_own(desk: World) -> None:
    folder = desk.folder / "plans"
    folder.mkdir()
    (folder / "demo.toml").write_text('plan = "desk:demo"\n[safety]\nmax_mails = 7\n', "utf-8")
    settings = {"PLAN": "", "PLANS": str(folder)}
    file = str(workbook(desk, make_course("lederdag")))
    assert desk.run("--plan", "demo", "plan", "import", file, "--yes", **settings).code == 0
    assert desk.run("--plan", "demo", "check", **settings).code == 0
    known = desk.run("plan", "ids", "--format", "json", **settings).json
    assert [(one["plan"], one["served"]) for one in known] == [("demo", True)]


def test_an_erased_person_goes_out_of_the_plan_and_it_can_still_be_read(desk: World) -> None:
    course = make_course("lederdag", speakers=[{"name": "Anna", "email": ANNA}], responsible=ANNA)
    assert desk.run("plan", "import", str(workbook(desk, course)), "--yes").code == 0
    desk.approve()
    assert desk.run("erase", ANNA).code == 0
    assert desk.run("check").code == 0
    out = desk.folder / "efter.yaml"
    assert desk.run("plan", "export", str(out)).code == 0
    assert ANNA not in json.dumps(yaml.safe_load(out.read_text("utf-8")), default=str)


def approve_by(desk: World, who: str) -> int:
    checksum = desk.preview(APPROVERS="2").json["checksum"]
    return desk.run("approve", checksum, "--by", who, APPROVERS="2").code


def test_whoever_saved_may_be_the_first_of_two_who_approve_and_not_the_second(desk: World) -> None:
    for number, (first, second, code) in enumerate((("Bo", "Bente", 3), ("Bente", "Bo", 0))):
        course = make_course("lederdag", sessions=[make_session(end=f"1{3 + number}:00")])
        assert desk.run("plan", "import", str(workbook(desk, course)), "--yes", "--by", "Bente").code == 0
        assert approve_by(desk, first) == 0
        assert approve_by(desk, second) == code
        assert approve_by(desk, "Cecilie") == (0 if code else 3), "nothing waits any more where two were enough"
        assert desk.run("run", APPROVERS="2").code == 0
    assert "Bente" in desk.run("approvals", "--format", "json").out


def test_a_sync_by_whoever_saved_is_no_second_yes_either(desk: World) -> None:
    assert desk.run("plan", "import", str(workbook(desk, make_course("lederdag"))), "--yes", "--by", "Bente").code == 0
    assert approve_by(desk, "Bo") == 0
    assert desk.run("sync", "--yes", "--by", "bente", APPROVERS="2").code == 3
    assert not desk.ran[-1].people_mailed
    assert desk.run("sync", "--yes", "--by", "Cecilie", APPROVERS="2").code == 0
