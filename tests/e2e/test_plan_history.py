"""What the plan was before: each content kept once, told in the words of the preview of then, taken along and put back."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

ANNA, BO, CARL = (mail_of(name) for name in ("anna", "bo", "carl"))


def written(world: World, *courses: Any, who: tuple[str, ...] = (ANNA, BO), **changes: Any) -> None:
    world.write(make_plan(*courses, audiences=people(*who), **changes))


def approved(world: World) -> list[str]:
    """What the preview says of the plan as it is written, which is then approved: its sections, line by line."""
    told = world.run("preview").out
    world.approve()
    return sections(told)


def sections(page: str) -> list[str]:
    """What is told of the calendar, item by item; of a comparison without the cells of the plan."""
    calendar = page.partition("Står anderledes i planen")[0]
    return [line for line in calendar.splitlines() if line.startswith(("• ", "    "))]


def history(world: World) -> list[dict[str, Any]]:
    return list(reversed(world.run("plan", "history", "--format", "json").json))


def test_a_year_of_changes_is_told_in_the_words_of_the_previews(world: World) -> None:
    """Also what nobody was mailed about; and a plan saved anew without a change is no version."""
    course = make_course("lederdag")
    written(world, course)
    approved(world)
    world.plan_file.write_bytes(world.plan_file.read_bytes() + b"\n# the same\n")
    world.sync("--yes")
    previews = {}
    edits = [
        ({"sessions": [make_session(day="2025-06-19")]}, (ANNA, BO), ()),
        ({"sessions": [make_session(day="2025-06-19")]}, (ANNA, BO, CARL), ()),
        ({"sessions": [make_session(day="2025-06-19")], "responsible": f"hr@{mail_of('x').partition('@')[2]}"}, (ANNA, BO, CARL), ()),
        ({"sessions": [make_session(day="2025-06-19")]}, (ANNA, CARL), (make_course("opfølgning", make_session(day="2025-09-01")),)),
        ({"status": "cancelled", "sessions": [make_session(day="2025-06-19")]}, (ANNA, CARL), ()),
    ]
    for number, (changes, who, more) in enumerate(edits, 2):
        written(world, make_course("lederdag", **changes), *more, who=who)
        previews[number] = approved(world)
    assert [one["revision"] for one in history(world)] == [1, 2, 3, 4, 5, 6]
    for number, told in previews.items():
        page = world.run("plan", "diff", str(number - 1), str(number)).out
        assert sections(page) == told, page
    text = world.run("plan", "history").out
    assert "Kurser: Lederdag (Ansvarlig)" in text
    assert ("fra filen plan.yaml" in text, text.count("Udgave ")) == (True, 6)
    only_cells = world.run("plan", "diff", "3", "4").out
    assert "Kalenderne røres ikke, og ingen får mail." in only_cells
    back = world.run("plan", "diff", "6", "6").out
    assert "Der er ingen forskel." in back
    asked = world.run("plan", "diff", "1", "77")
    assert (asked.code, "1, 2, 3, 4, 5, 6" in asked.err) == (2, True)


def test_a_version_is_taken_along_and_put_back_as_a_change_that_waits(world: World) -> None:
    """The plan's own file is never written; what comes back waits for a person, with its mails."""
    written(world, make_course("lederdag"))
    approved(world)
    written(world, make_course("lederdag", make_session(day="2025-06-20")))
    approved(world)
    assert world.run("plan", "export", "plan.yaml").code == 2
    for form in ("yaml", "xlsx"):
        taken = world.run("plan", "export", f"kept.{form}", "--version", "1")
        assert taken.code == 0, taken.err
        checked = world.run("check", f"kept.{form}")
        assert checked.code == 0, checked.out
    again = (world.folder / "kept.yaml").read_bytes()
    world.plan_file.write_bytes(again)
    held = world.run("run", APPROVAL="plan")
    assert (held.code, held.mails) == (3, ())
    assert (world.preview().json["mails"], [one["approval"] for one in world.preview(APPROVAL="plan").changes]) == (2, ["needed"])
    assert [one["revision"] for one in world.run("plan", "history", "--format", "json").json] == [3, 2, 1]
    assert "Der er ingen forskel." in world.run("plan", "diff", "1", "3").out
    world.approve()
    assert world.preview().changes == []
    lines = {line["command"] for line in world.run("actions", "--format", "json").json}
    assert {"plan export", "plan history", "plan diff"} <= lines


def test_who_stands_in_an_older_version_alone_is_erased_from_it_and_it_is_said(world: World) -> None:
    """They were never invited, so there is no other trace of them."""
    speaker = f"oplaeg@{mail_of('x').partition('@')[2]}"
    written(world, make_course("lederdag", speakers=[{"name": "Ditte Prøve", "email": speaker}], status="proposed"))
    approved(world)
    written(world, make_course("lederdag", status="proposed"))
    approved(world)
    foreseen = world.run("erase", speaker, "--dry-run").out.splitlines()
    assert foreseen[2:] == ["Personen står her og bliver taget ud:", "- Ældre udgaver af planen, hvor personen er nævnt: 1"]
    told = world.run("erase", speaker).out.splitlines()
    assert told == ["Personen stod her og er taget ud:", "- Ældre udgaver af planen, hvor personen er nævnt: 1"]
    assert speaker.encode() not in world.database_file.read_bytes()
    assert world.run("erase", speaker).out == "Databasen ved intet om den adresse.\n"


def test_an_idle_round_writes_nothing_of_the_plan(world: World) -> None:
    written(world, make_course("lederdag"))
    approved(world)
    with sqlite3.connect(world.database_file) as books:
        before = books.execute("SELECT * FROM plan_revisions").fetchall()
    world.run("run")
    with sqlite3.connect(world.database_file) as books:
        assert books.execute("SELECT * FROM plan_revisions").fetchall() == before


def test_who_saved_a_plan_in_sharepoint_is_told_and_asked_only_when_it_is_new(world: World) -> None:
    """The link itself is a key, and stands nowhere."""
    link = "https://norddjurs.sharepoint.example/:x:/s/hr/EaBcDeF?e=abc123"
    written(world, make_course("lederdag"))
    world.tenant.files.put(link, world.plan_file.read_bytes(), name="Kurser 2025.yaml", by="Bente Eksempel")
    first = world.sync(PLAN=link)
    assert len([one for one in first.requests if one.path.endswith("/driveItem")]) == 1
    again = world.sync(PLAN=link)
    assert [one for one in again.requests if one.path.endswith("/driveItem")] == []
    (told,) = world.run("plan", "history", "--format", "json", PLAN=link).json
    assert (told["by"], told["source"], told["name"]) == ("Bente Eksempel", "link", "Kurser 2025.yaml")
    assert "Bente Eksempel i SharePoint, Kurser 2025.yaml" in world.run("plan", "history", PLAN=link).out
    with sqlite3.connect(world.database_file) as books:
        assert "EaBcDeF" not in str(books.execute("SELECT * FROM plan_revisions").fetchall())


def test_a_plan_whose_file_tells_nobody_is_kept_all_the_same(world: World) -> None:
    """The content takes less than who saved it."""
    link = "https://norddjurs.sharepoint.example/:x:/s/hr/EaBcDeF?e=abc123"
    written(world, make_course("lederdag"))
    world.tenant.files.put(link, world.plan_file.read_bytes(), name="Kurser.yaml", by="Bente Eksempel")
    world.tenant.settings.roles = {"Calendars.ReadWrite", "User.Read.All", "GroupMember.Read.All", "Files.Read.All"}
    assert world.sync(PLAN=link).json["mails"] == 2
    (told,) = world.run("plan", "history", "--format", "json", PLAN=link).json
    assert (told["by"], told["source"], told["name"]) == (None, "link", None)
