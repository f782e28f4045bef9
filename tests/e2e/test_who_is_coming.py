"""Who is coming, end to end: one truth on every list, page, sheet and message, whoever was invited to what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

from tests.e2e.as_it_was import synced
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import World

ANNA, BO, CARL, TR = (f"{name}@partner.example" for name in ("anna", "bo", "carl", "tove"))
GUEST = "gaest@elsewhere.example"
PRACTICAL = {"id": "p", "before": "start", "days": 7, "at": "09:00", "to": "registered", "channels": ["mail"], "template": "practical"}
HALVES = [
    make_session("del-1", "2025-06-18", "09:00", "11:00", title="Den nye retningslinje", audience=["ledere"], optional_audience=["tr"]),
    make_session("del-2", "2025-06-18", "12:00", "15:00", title="I praksis", audience=["ledere"]),
]


def table(world: World, *arguments: str) -> str:
    ran = world.run("registrations", *arguments)
    assert ran.code == 0, ran.err
    return ran.out


def sheets(world: World) -> dict[str, str]:
    """The sheet to sign, session by session: its title and its page."""
    parts = table(world, "--format", "html").split("<section>")[1:]
    return {part.split("<h1>")[1].split("</h1>")[0]: part for part in parts}


def workbook(world: World) -> dict[str, list[list[object]]]:
    world.run("registrations", "--format", "xlsx", "--out", "liste.xlsx")
    book = openpyxl.load_workbook(world.folder / "liste.xlsx")
    return {sheet.title: [list(row) for row in sheet.values] for sheet in book}


def guest_on_two_seats(world: World) -> None:
    """Case: two seats, two leaders who said yes, and somebody to whom the invitation was forwarded, who said yes as well."""
    world.write(make_plan(make_course("kursus", enrolment={"capacity": 2}), audiences=people(ANNA, BO), reminders=[PRACTICAL]))
    world.sync()
    for who in (ANNA, BO):
        world.answer("kursus/dag", who, "accept")
    world.run("responses")
    world.tenant.people.forward(world.event("kursus/dag"), GUEST)
    world.answer("kursus/dag", GUEST, "accept")
    world.run("responses")


def test_who_came_with_a_forwarded_invitation_is_apart_and_in_no_number(world: World) -> None:
    guest_on_two_seats(world)
    shown = table(world)
    assert "Pladser: 2 af 2\n" in shown
    assert "Tilmeldt 2\n" in shown
    assert len([line for line in shown.splitlines() if GUEST in line]) == 1
    assert shown.index(GUEST) > shown.index("ikke er inviteret")
    assert [GUEST in page for page in sheets(world).values()] == [False]
    book = workbook(world)
    assert [name for name, rows in book.items() if any(GUEST in row for row in rows)] == ["Ikke inviterede"]
    report = world.run("report").out
    assert "2 af 2" in report
    assert GUEST in report
    assert not [
        one for one in world.run("reminders", "--due-before", "2025-06-17T00:00:00+02:00", "--format", "json").json if one["email"] == GUEST
    ]


def test_hr_takes_a_guest_off_the_event_and_nobody_else_notices(world: World) -> None:
    guest_on_two_seats(world)
    ran = world.run("withdraw", "kursus", GUEST, "--by", "HR")
    assert ran.code == 0, ran.err
    assert ran.people_mailed == {("cancellation", GUEST): 1}
    assert "taget af mødet af HR" in ran.out
    assert GUEST not in world.invited("kursus/dag")
    assert GUEST not in table(world)
    assert ("kursus", GUEST) not in world.registrations()
    assert world.run("responses").people_mailed == world.sync().people_mailed == {}
    # Forwarded once more: HR has decided, and the next sync sees to it.
    world.tenant.people.forward(world.event("kursus/dag"), GUEST)
    assert world.sync().people_mailed == {("cancellation", GUEST): 1}


def test_hr_gives_a_guest_a_seat_and_they_are_like_everybody_else(world: World) -> None:
    guest_on_two_seats(world)
    assert world.run("enrol", "kursus", GUEST, "--external").code == 2
    world.write(make_plan(make_course("kursus", enrolment={"capacity": 3}), audiences=people(ANNA, BO), reminders=[PRACTICAL]))
    world.sync()
    ran = world.run("enrol", "kursus", GUEST, "--external")
    assert ran.code == 0, ran.err
    row = world.registrations()["kursus", GUEST]
    assert (row["status"], row["invited"]) == ("registered", True)
    assert "Pladser: 3 af 3\n" in table(world)
    assert GUEST in workbook(world)["Deltagere pr. mødegang"][3]


def test_who_is_invited_to_one_half_is_on_that_half_alone_and_a_no_to_one_half_shows_there(world: World) -> None:
    course = make_course("senior", *HALVES)
    synced(world, make_plan(course, audiences=people(ANNA, BO) | {"tr": people(TR)["ledere"]}, reminders=[PRACTICAL]))
    world.answer("senior/del-1", TR, "accept")
    world.answer("senior/del-1", ANNA, "decline")
    world.answer("senior/del-2", ANNA, "accept")
    world.answer("senior/del-1", BO, "accept")
    world.answer("senior/del-2", BO, "accept")
    world.run("responses")
    rows = world.registrations()
    assert rows["senior", TR]["sessions"] == {"del-1": "registered"}
    assert rows["senior", ANNA]["sessions"] == {"del-1": "declined", "del-2": "registered"}
    first, second = sheets(world).values()
    on = [[who for who in (ANNA, BO, TR) if who.partition("@")[0] in page.lower()] for page in (first, second)]
    assert on == [[BO, TR], [ANNA, BO]]
    listed = [(row[2], row[5]) for row in workbook(world)["Deltagere pr. mødegang"][1:]]
    assert listed == [("Den nye retningslinje", BO), ("Den nye retningslinje", TR), ("I praksis", ANNA), ("I praksis", BO)]
    due = world.run("reminders", "--due-before", "2025-06-17T00:00:00+02:00", "--format", "json").json
    assert sorted((one["session"].rpartition("/")[2], one["email"]) for one in due) == [
        ("del-1", BO), ("del-1", TR), ("del-2", ANNA), ("del-2", BO),
    ]  # fmt: skip


def test_a_saved_date_has_no_silent_ones_and_a_course_with_nobody_yet_is_listed(world: World) -> None:
    saved = make_course("dato", status="save_the_date")
    empty = make_course("aaben", title="Åben", enrolment={"mode": "signup", "capacity": 6})
    synced(world, make_plan(saved, empty, audiences=people(ANNA, BO)))
    shown = table(world)
    assert "Ikke svaret" not in shown
    assert "Reservér datoen" in shown
    assert "Pladser: 0 af 6" in shown
    book = workbook(world)
    assert "Ikke svaret" not in book
    assert [row[0] for row in book["Oversigt"][1:]] == ["Dato", "Åben"]


def test_in_line_for_one_date_is_not_silent_on_the_other_and_counts_once(world: World) -> None:
    holds = [{"id": f"hold-{at}", "sessions": [make_session(day=f"2025-06-{17 + at}")]} for at in (1, 2)]
    choice = {"mode": "choose", "capacity": 1, "waiting_list": True}
    synced(world, make_plan(make_course("kursus", offerings=holds, enrolment=choice), audiences=people(ANNA, BO, CARL)))
    for who in (ANNA, BO):
        world.answer("kursus/hold-1/dag", who, "accept")
    world.run("responses")
    book = workbook(world)
    assert [row[2] for row in book["Ikke svaret"][1:]] == [CARL]
    assert [row[-1] for row in book["Afdelinger"][1:]] == [3]
    assert "Kursus\n    Antal: 1" in world.run("report").out


def test_a_cancelled_course_says_so_everywhere_and_nobody_comes(world: World) -> None:
    synced(world, make_plan(make_course("kursus", enrolment={"capacity": 6}), audiences=people(ANNA)))
    world.answer("kursus/dag", ANNA, "accept")
    world.run("responses")
    world.write(make_plan(make_course("kursus", status="cancelled", enrolment={"capacity": 6}), audiences=people(ANNA)))
    world.sync()
    shown = table(world)
    assert "Aflyst" in shown
    assert "Pladser" not in shown
    assert "Tilmeldt 1" not in shown
    (row,) = world.registrations().values()
    assert (row["email"], row["status"], row["source"], row["course_status"]) == (ANNA, "withdrawn", "rule", "cancelled")
    assert "Aflyst (havde plads) (1)\n    anna@" in shown, "HR may have to ring them up"
    (page,) = sheets(world).values()
    assert "Aflyst" in page
    assert "anna" not in page.lower()
    assert workbook(world)["Oversigt"][1][2:4] == ["Aflyst", None]
