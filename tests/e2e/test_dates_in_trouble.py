"""`dates` where something is not known, cannot be asked, or fails on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import ORGANISER
from tests.e2e.date_world import NAMES, PERIOD, arrange, ask, rows, schedule_requests, taken, undated, whens
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.terminal import on_a_terminal

if TYPE_CHECKING:
    from tests.e2e.driver import World


def test_a_calendar_that_cannot_be_read_is_not_known_and_never_free(world: World) -> None:
    """Errors for an address, rows that are missing, items that are null, a status that says it does not know."""
    arrange(world)
    free_busy = world.tenant.free_busy
    free_busy.errors[mail_of("anna")] = "5009"
    free_busy.left_out.add(mail_of("bo"))
    free_busy.null_items.add(mail_of("carl"))
    taken(world, "dorte", "16", status="unknown")
    found = rows(world)
    assert {(row["free"], row["busy"], row["unknown"]) for row in found if "-06-16" not in row["start"]} == {(1, 0, 3)}
    assert {(row["free"], row["busy"], row["unknown"]) for row in found if "-06-16" in row["start"]} == {(0, 0, 4)}
    assert "3 personers kalendere kan slet ikke ses" in ask(world).out


def test_throttled_lost_and_failed_answers_are_asked_for_again(world: World) -> None:
    arrange(world)
    taken(world, "anna", "16-19")
    calm = rows(world)
    for fault in ({"status": 429, "retry_after": "0"}, {"status": 503, "retry_after": "0"}, {"drop": True, "when": "after"}):
        world.tenant.faults.add(method="POST", path="getSchedule", **fault)
        assert rows(world) == calm
    world.tenant.faults.add(method="GET", path="/places", status=429, retry_after="0")
    assert rows(world) == calm


def test_when_nobody_can_be_asked_about_no_date_is_guessed(world: World) -> None:
    arrange(world)
    world.tenant.faults.add(method="POST", path="getSchedule", status=403, times=None)
    ran = ask(world, code=4)
    assert (ran.out, "Calendars" in ran.err) == ("", True)


def test_without_the_right_to_see_rooms_it_goes_on_and_says_so(world: World) -> None:
    arrange(world)
    world.tenant.faults.add(method="GET", path="/places", status=403, code="Authorization_RequestDenied", times=None)
    ran = ask(world, "--format", "json")
    assert ran.json[0]["rooms"] == []
    assert "Place.Read.All" in ran.err
    assert "Place.Read.All" in ask(world, "--seats", "10", code=4).err


def test_an_audience_that_is_not_known_has_no_dates(world: World) -> None:
    world.tenant.directory.add_group("Tom", mail_of("tom"))
    world.write(make_plan(undated(audience="tom"), audiences={"tom": {"groups": [mail_of("tom")]}}))
    assert mail_of("tom") in ask(world, code=2).err
    world.write(make_plan(undated(audience="væk"), audiences={"væk": {"groups": [mail_of("findes-ikke")]}}))
    assert "findes-ikke" in ask(world, code=4).err


def test_who_has_no_address_is_told_and_not_counted(world: World) -> None:
    world.write(make_plan(undated()))
    assert "1 i målgruppen har ingen mailadresse" in ask(world).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("andet",), "Kendte kurser: talent"),
        (("talent/hold-9",), "Det har: main"),
        (("talent", "--session", "aften"), "Der er: dag"),
        (("talent", "--from", "2025-06-21"), "Byt dem om"),
        (("talent", "--from", "2025-01-01", "--to", "2025-02-01"), "er gået"),
        (("talent", "--to", "2027-06-21"), "højst 366 dage"),
        (("talent", "--from", "i morgen"), "»i morgen« til --from er ikke en dato"),
        (("talent", "--avoid", "2025-06-20..2025-06-16"), "Byt dem om"),
        (("talent", "--length", "længe"), "Skriv 3h, 90m eller 1h30m"),
        (("talent", "--length", "0h"), "ikke en varighed"),
        (("talent", "--length", "9h"), "mellem 08:30 og 16:00"),
        (("talent", "--earliest", "25:00"), "ikke et klokkeslæt"),
        (("talent", "--latest", "sent"), "ikke et klokkeslæt"),
        (("talent", "--no-room", "--seats", "4"), "--no-room passer ikke"),
        (("talent", "--required", "chefen"), "»chefen« til --required er ikke en mailadresse"),
        (("talent", "--room", "sal 1"), "»sal 1« til --room er ikke en mailadresse"),
        (("tom",), "har ingen i sin målgruppe"),
    ],
)
def test_a_question_that_cannot_be_asked_says_how_to_ask_it(world: World, arguments: tuple[str, ...], said: str) -> None:
    courses = [undated()] if arguments != ("tom",) else [undated("tom", audience="tom")]
    audiences = people(*map(mail_of, NAMES)) | {"tom": {"people": [{"email": ORGANISER}]}}
    arrange(world, *courses, audiences=audiences)
    given = dict(zip(("--from", "--to", "--length"), ("2025-06-16", "2025-06-20", "3h"), strict=True))
    options = [part for name, value in given.items() if name not in arguments for part in (name, value)]
    ran = world.run("dates", *arguments, *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_several_undated_sessions_are_asked_about_by_name(world: World) -> None:
    parts = [{"id": "del-1", "period": "2025-H1"}, make_session("del-2", day="2025-06-18"), {"id": "del-3", "period": "2025-H1"}]
    arrange(world, make_course("talent", *parts, status="proposed"))
    assert "del-1, del-3" in ask(world, code=2).err
    found = rows(world, "--session", "del-3")
    assert {row["session"] for row in found} == {"demo/talent/main/del-3"}
    # The part that has its date, on the 18th from nine to twelve, stands in the way of that morning only.
    assert [row["start"][11:16] for row in found if "-06-18" in row["start"]] == ["12:00"]


def test_a_session_that_has_a_date_can_get_another(world: World) -> None:
    arrange(world, make_course("talent", make_session(day="2025-06-18")))
    assert "Alle mødegange har allerede en dato: dag" in ask(world, code=2).err
    page = ask(world, "--session", "dag").out
    assert "Mødegangen har allerede en dato" in page
    assert "period" not in page


def test_a_period_without_a_working_day_has_no_dates_and_says_why(world: World) -> None:
    arrange(world)
    ran = world.run("dates", "talent", "--from", "07-06-2025", "--to", "09-06-2025", "--length", "90m")
    assert (ran.code, schedule_requests(ran)) == (0, [])
    assert "Der er ingen tider tilbage" in ran.out
    assert "Ikke taget med: 2 dage i weekender, 1 helligdag eller lukkedag." in ran.out
    assert world.run("dates", "talent", "--from", "07-06-2025", "--to", "09-06-2025", "--length", "90m", "--format", "json").json == []


def test_what_is_still_to_be_decided_can_get_a_date_and_what_was_decided_against_cannot(world: World) -> None:
    """And what may not be held stands in nobody's way."""
    sessions = [{"id": name, "period": "2025-H1", "when": when} for name, when in (("en-dag", "kort"), ("flere", "not kort"))]
    courses = make_course("talent", *sessions, status="proposed"), make_course("anden", make_session(day="2025-06-16"), when="kort")
    arrange(world, *courses, assumptions={"kort": "undecided"})
    assert "en-dag, flere" in ask(world, code=2).err
    assert whens(rows(world, "--session", "flere"))[0] == "16 08:30"
    arrange(world, *courses, names=("erik",), assumptions={"kort": False})
    assert rows(world)[0]["session"] == "demo/talent/main/flere"


def test_on_a_terminal_it_says_what_it_is_doing_and_elsewhere_nothing(world: World) -> None:
    arrange(world)
    code, screen = on_a_terminal(world, "", "dates", "talent", *PERIOD, "--length", "3h")
    assert code == 0
    assert "Ser i 6 kalendere …" in screen
    assert "Ser i" not in ask(world).err
