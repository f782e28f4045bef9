"""HR's hand: enrol, withdraw, move, promote, handover and a list, and that the next run leaves them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.e2e.plans import make_plan, people
from tests.e2e.test_seats import ANNA, BO, CARL, DORTE, EVERYBODY, answer, begin, choosing, limited, statuses, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import World

OUTSIDER = "ekstern@firma.example"


def log_of(world: World) -> list[tuple[str, str, str, str]]:
    rows = world.run("seats", "kursus", "--format", "json").json
    return [(row["email"], row["cause"], row["by"], row["reason"]) for row in rows]


def test_hr_enrols_somebody_from_outside_and_the_next_run_leaves_them_there(world: World) -> None:
    """The invitation follows at once; who did it and why stands in the log."""
    begin(world, limited(4))
    ran = world.run("enrol", "kursus", OUTSIDER, "--by", "hr-anne", "--reason", "Gæst")
    assert ran.code == 0, ran.err
    assert ran.people_mailed == {("invitation", OUTSIDER): 1}
    assert OUTSIDER in world.invited("kursus/dag")
    assert log_of(world) == [(OUTSIDER, "enrolled", "hr-anne", "Gæst")]
    assert world.sync().people_mailed == {}
    assert statuses(world)["ekstern/main"] == "registered"


def test_hr_withdraws_somebody_and_an_answer_to_the_old_invitation_does_not_undo_it(world: World) -> None:
    begin(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    ran = world.run("withdraw", "kursus", ANNA, "--by", "hr", "--reason", "Barsel")
    assert ran.people_mailed == {("cancellation", ANNA): 1, ("message", ANNA): 1, ("invitation", BO): 1, ("message", BO): 1}
    assert "Barsel" not in "".join(message.html for message in world.tenant.messages.messages.values())
    assert (statuses(world)["anna/main"], statuses(world)["bo/main"]) == ("withdrawn", "registered")
    world.run("run")
    assert world.sync().people_mailed == {}
    assert statuses(world)["anna/main"] == "withdrawn"


def test_hr_moves_somebody_who_is_never_without_a_place(world: World) -> None:
    """Put on the new date first, then taken off the old one."""
    begin(world, choosing())
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    world.run("responses")
    ran = world.run("move", "kursus", ANNA, "hold-2")
    assert ran.people_mailed == {("invitation", ANNA): 1, ("cancellation", ANNA): 1, ("message", ANNA): 1}
    calendar = [mail.kind.value for mail in ran.mails if mail.kind.value != "message"]
    assert calendar == ["invitation", "cancellation"]
    assert {key: value for key, value in statuses(world).items() if key.startswith("anna")} == {"anna/hold-2": "registered"}
    assert world.sync().people_mailed == {}


def test_hr_promotes_when_the_line_stands_still_and_not_beyond_the_seats(world: World) -> None:
    begin(world, limited(1, deadline="2025-04-01T12:00"))
    for person in (ANNA, BO, CARL):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    full = world.run("promote", "kursus")
    assert (full.code, full.people_mailed) == (2, {})
    assert "fyldt" in full.err
    world.move_clock("2025-04-02T09:00:00+02:00")
    answer(world, "kursus/dag", ANNA, "decline")
    world.run("responses")
    assert statuses(world)["bo/main"] == "waitlisted 1"
    assert world.run("promote", "kursus", CARL).people_mailed == {("invitation", CARL): 1, ("message", CARL): 1}
    assert statuses(world)["bo/main"] == "waitlisted 1"


def test_a_seat_is_handed_over_past_the_line(world: World) -> None:
    begin(world, limited(1, handover=True))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    ran = world.run("handover", "kursus", ANNA, CARL)
    assert subjects(ran) == [("anna", "Din plads er givet videre: Kursus"), ("carl", "Du har fået en plads: Kursus")]
    assert ran.people_mailed[("cancellation", ANNA)] == 1
    assert statuses(world) == {"anna/main": "withdrawn", "bo/main": "waitlisted 1", "carl/main": "registered", "dorte/main": "invited"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("enrol", "kursus", ANNA), "--queue"),
        (("withdraw", "kursus", "ingen@norddjurs.example"), "ingen@norddjurs.example"),
        (("enrol", "kurset", ANNA), "kursus"),
        (("enrol", "kursus/hold-9", ANNA), "main"),
        (("handover", "kursus", BO, CARL), "handover"),
        (("enrol", "kursus", "ikke en adresse"), "ikke en adresse"),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_says_what_to_do(world: World, arguments: tuple[str, ...], says: str) -> None:
    begin(world, limited(1))
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    ran = world.run(*arguments)
    assert (ran.code, ran.people_mailed) == (2, {})
    assert says in ran.err


def test_a_list_is_shown_first_and_then_carried_out(world: World) -> None:
    """Excel as HR writes it: titles for ids, Danish actions, and a row of each kind."""
    begin(world, choosing(capacity=2))
    answer(world, "kursus/hold-1/dag", BO, "accept")
    world.run("responses")
    sheet = openpyxl.Workbook()
    for row in (
        ("Navn", "E-mail", "Kursus", "Hold", "Handling", "Begrundelse"),
        ("Anna", ANNA.upper(), "Kursus", "Hold 1", "", "Ringede"),
        ("Bo", BO, "kursus", "hold-2", "flyt", ""),
        ("Carl", CARL, "Kursus", "Hold 2", "Afmeld", ""),
    ):
        sheet.active.append(row)
    sheet.save(world.folder / "liste.xlsx")
    shown = world.run("import", "liste.xlsx", "--by", "hr")
    assert (shown.code, shown.people_mailed) == (3, {})
    assert "Hold 1: anna@partner.example – blev tilmeldt af HR" in shown.out
    done = world.run("import", "liste.xlsx", "--by", "hr", "--yes", "--format", "json")
    assert done.code == 0, done.err
    assert done.json["mails"] == sum(done.people_mailed.values())
    mine = statuses(world)
    assert (mine["anna/hold-1"], mine["bo/hold-2"], mine["carl/hold-2"]) == ("registered", "registered", "declined")
    assert (ANNA, "enrolled", "hr", "Ringede") in log_of(world)
    assert world.sync().people_mailed == {}


def test_a_list_with_errors_tells_all_of_them_and_does_nothing(world: World) -> None:
    begin(world, choosing())
    lines = ["Kursus;Hold;E-mail;Handling", f"kursus;;{ANNA};", "kurset;;x@y.example;", f"kursus;Hold 1;{BO};hils", "kursus;Hold 1;æøå;"]
    (world.folder / "liste.csv").write_bytes("\r\n".join(lines).encode("cp1252"))
    ran = world.run("import", "liste.csv", "--yes")
    assert (ran.code, ran.people_mailed, log_of(world)) == (2, {}, [])
    assert [line.partition(":")[0] for line in ran.err.splitlines() if line[:1].isdigit()] == ["2", "3", "4", "5"]
    assert "4 fejl" in ran.err


def test_the_audience_book_knows_who_may_take_over(world: World) -> None:
    """Somebody who is not in the audience cannot be handed a seat."""
    world.write(make_plan(limited(2, handover=True), audiences=people(*EVERYBODY)))
    world.sync()
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.write(make_plan(limited(2, handover=True), audiences=people(ANNA, BO, CARL)))
    world.sync()
    assert world.run("handover", "kursus", ANNA, DORTE).code == 2
