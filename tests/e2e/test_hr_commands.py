"""HR's hand: enrol, withdraw, move, promote, handover and a list, and that the next run leaves them alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from bot.domain.people import Language
from bot.domain.seats import Cause, RefusalReason
from bot.i18n.catalogue import text
from tests.e2e.as_it_was import synced
from tests.e2e.hand import OUTSIDER, log_of, told
from tests.e2e.plans import make_plan, people
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, answer, begin, choosing, limited, statuses, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import World


def test_who_is_enrolled_and_has_the_invitation_already_gets_a_confirmation(world: World) -> None:
    """Bo is on the event and has not answered; no other mail would tell him that he has a seat."""
    begin(world, limited(1))
    ran = world.run("enrol", "kursus", BO, "--by", "hr", "--reason", "Ringede")
    assert subjects(ran) == [("bo", "Du er tilmeldt: Kursus")]
    assert world.run("responses").people_mailed == {}


def test_hr_enrols_somebody_from_outside_and_the_next_run_leaves_them_there(world: World) -> None:
    """The invitation follows at once; who did it and why stands in the log."""
    begin(world, limited(4))
    ran = world.run("enrol", "kursus", OUTSIDER, "--external", "--by", "hr-anne", "--reason", "Gæst")
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
    ran = world.run("handover", "kursus", ANNA, CARL, "--by", "HR")
    log = json.loads(world.run("seats", "kursus", "--format", "json").out)
    assert [line["by"] for line in log if line["cause"] in {"handed_over", "taken_over"}] == ["HR", "HR"]
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
        (("handover", "kursus", BO, CARL), "Overdragelse"),
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
    assert "Hold 1: anna@partner.example bliver tilmeldt" in shown.out
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
    synced(world, make_plan(limited(2, handover=True), audiences=people(*EVERYBODY)))
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.write(make_plan(limited(2, handover=True), audiences=people(ANNA, BO, CARL)))
    world.sync()
    assert world.run("handover", "kursus", ANNA, DORTE).code == 2


def test_a_formula_nobody_has_calculated_withdraws_and_enrols_nobody(world: World) -> None:
    """It looks empty to us, and an empty action is an enrolment: the very opposite of what it may say."""
    begin(world, limited(4))
    sheet = openpyxl.Workbook()
    sheet.active.title = "Ark1"
    for row in (("Kursus", "E-mail", "Handling"), ("kursus", ANNA, '=IF(1=1,"afmeld","")')):
        sheet.active.append(row)
    sheet.save(world.folder / "liste.xlsx")
    ran = world.run("import", "liste.xlsx", "--yes")
    assert (ran.code, ran.people_mailed, log_of(world)) == (2, {}, [])
    assert told(ran)[0].startswith("Ark1!C2: ")


def test_a_list_of_headings_alone_does_nothing_and_is_no_error(world: World) -> None:
    begin(world, limited(4))
    (world.folder / "liste.csv").write_text("Kursus;E-mail\n", encoding="utf-8")
    ran = world.run("import", "liste.csv", "--yes")
    assert (ran.code, ran.out, ran.writes) == (0, "", ())


def test_somebody_from_outside_is_noted_and_can_be_withdrawn_again(world: World) -> None:
    """They are in no group, but they have a place on the course."""
    begin(world, limited(4))
    ran = world.run("enrol", "kursus", OUTSIDER.upper(), "--external")
    assert (ran.code, [OUTSIDER in line for line in told(ran)]) == (0, [True])
    again = world.run("enrol", "kursus", OUTSIDER, "--external")
    assert (again.code, len(told(again))) == (2, 1)
    ran = world.run("withdraw", "kursus", OUTSIDER)
    assert (ran.code, told(ran)) == (0, [])
    assert ran.people_mailed == {("cancellation", OUTSIDER): 1, ("message", OUTSIDER): 1}


def test_the_offering_is_found_by_where_the_person_stands_but_never_for_a_new_seat(world: World) -> None:
    """Who waits on one date is not enrolled there unasked."""
    begin(world, choosing(capacity=1))
    for person in (BO, CARL):
        answer(world, "kursus/hold-1/dag", person, "accept")
    world.run("responses")
    ran = world.run("enrol", "kursus", CARL)
    assert (ran.code, told(ran)) == (2, ["Kurset kursus har flere hold. Skriv, hvilket det gælder: kursus/hold-1, kursus/hold-2."])
    assert world.run("withdraw", "kursus", DORTE).code == 2
    assert "fyldt" in world.run("promote", "kursus").err
    assert world.run("withdraw", "kursus", BO).code == 0
    assert statuses(world)["bo/hold-1"] == "withdrawn"
    assert statuses(world)["carl/hold-1"] == "registered"


def test_a_command_says_whom_it_mails(world: World) -> None:
    begin(world, limited(1))
    answer(world, "kursus/dag", ANNA, "accept")
    answer(world, "kursus/dag", BO, "accept")
    world.run("responses")
    ran = world.run("withdraw", "kursus", ANNA)
    assert ran.out.splitlines()[:4] == [
        "Kursus: anna@partner.example – blev frameldt af HR",
        "Kursus: bo@partner.example – fik den ledige plads",
        "Invitation fra Outlook til: bo@partner.example",
        "Aflysning fra Outlook til: anna@partner.example",
    ]
    assert len(ran.out.splitlines()) == 7


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_seat_is_decided_though_the_calendar_could_not_follow_and_that_is_said(world: World, form: str) -> None:
    """Mails are counted that went out, not those that should have; the next sync does the rest."""
    begin(world, limited(4))
    world.tenant.faults.add(method="PATCH", status=400, times=None)
    ran = world.run("enrol", "kursus", OUTSIDER, "--external", "--format", form)
    assert (ran.code, ran.people_mailed) == (6, {})
    if form == "json":
        assert ran.json["mails"] == 0
    else:
        seat, event, failure = ran.out.splitlines()
        assert seat == "Kursus: ekstern@firma.example – blev tilmeldt af HR"
        assert event.strip().startswith("Kursus")
        assert "400" in failure
    world.tenant.faults.clear()
    assert world.sync().people_mailed == {("invitation", OUTSIDER): 1}


def test_the_seat_log_is_a_table_that_a_reason_cannot_break(world: World) -> None:
    begin(world, limited(4))
    assert world.run("seats", "kursus").out == "Der er ikke sket noget med pladserne endnu.\n"
    world.run("enrol", "kursus", OUTSIDER, "--external", "--by", "hr-anne", "--reason", "Ny\n\x1b[31mleder")
    heading, line = world.run("seats", "kursus").out.splitlines()
    assert heading.split() == ["Tidspunkt", "Hold", "Person", "Fra", "→", "til", "Hvad", "skete", "der", "Kilde", "Af", "Begrundelse"]
    assert " ".join(line.split()) == f"03-03-2025 kl. 09.00 main {OUTSIDER} – → Tilmeldt blev tilmeldt af HR HR hr-anne Ny [31mleder"
    assert heading.index("Begrundelse") == line.index("Ny")


def test_every_cause_and_every_refusal_has_words_in_both_languages() -> None:
    for language in Language:
        causes = [text(language, f"seats.cause.{one}") for one in Cause]
        refusals = [text(language, f"seats.refused.{one}") for one in RefusalReason]
        assert len({*causes, *refusals}) == len(Cause) + len(RefusalReason)
