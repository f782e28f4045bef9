"""Few seats, a waiting list and a choice of two dates, where Microsoft 365 is as documented and where it is the other way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.e2e.plans import make_plan, make_session, people
from tests.e2e.readings import READINGS, as_counted, read_as, sent
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, answer, choosing, limited, statuses, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World


@pytest.fixture(params=READINGS)
def world(world: World, request: pytest.FixtureRequest) -> World:
    return read_as(world, request.param)


@pytest.fixture
def everybody_is_mailed(world: World) -> bool:
    return world.tenant.settings.attendee_patch_mails_everyone


def write(world: World, course: dict[str, object], *who: str) -> None:
    world.write(make_plan(course, audiences=people(*(who or EVERYBODY))))


def answers_as_counted(world: World) -> Ran:
    """The next day's round of answers: it sends as many mails as a preview before it said, and leaves nothing to do."""
    world.move_clock((world.now + timedelta(days=1)).isoformat())
    told = world.preview().json["mails"]
    ran = world.run("responses")
    assert (ran.code, sent(ran)) == (0, told), ran.out
    assert world.preview().json["changes"] == []
    return ran


def test_a_line_forms_moves_and_ends_with_every_mail_foretold(world: World, everybody_is_mailed: bool) -> None:
    write(world, limited(1))
    as_counted(world)
    for person in (ANNA, BO, CARL):
        answer(world, "kursus/dag", person, "accept")
    taken_off = answers_as_counted(world)
    assert subjects(taken_off) == [("bo", "Du er på venteliste: Kursus"), ("carl", "Du er på venteliste: Kursus")]
    assert taken_off.people_mailed["update", ANNA] == everybody_is_mailed
    assert statuses(world) == {"anna/main": "registered", "bo/main": "waitlisted 1", "carl/main": "waitlisted 2", "dorte/main": "invited"}
    answer(world, "kursus/dag", ANNA, "decline")
    moved = answers_as_counted(world)
    assert (subjects(moved), moved.people_mailed["invitation", BO]) == ([("bo", "Der er en plads til dig: Kursus")], 1)
    assert statuses(world) == {"anna/main": "withdrawn", "bo/main": "registered", "carl/main": "waitlisted 1", "dorte/main": "invited"}
    write(world, limited(2) | {"sessions": [make_session(day="2025-06-19")]})
    as_counted(world)
    assert statuses(world)["carl/main"] == "registered"
    write(world, limited(2) | {"sessions": [make_session(day="2025-06-19")], "status": "cancelled"})
    assert as_counted(world).people_mailed == {("cancellation", person): 1 for person in EVERYBODY}


def test_one_of_two_dates_with_seats_and_a_line_each_with_every_mail_foretold(world: World, everybody_is_mailed: bool) -> None:
    """Anna takes one date and Bo wants it too: he waits there, and gets it when she takes the other one instead."""
    write(world, choosing(capacity=1))
    assert sent(as_counted(world)) == 8
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    answer(world, "kursus/hold-1/dag", BO, "accept")
    answers_as_counted(world)
    assert world.invited("kursus/hold-1/dag") == {ANNA, CARL, DORTE}
    assert ANNA not in world.invited("kursus/hold-2/dag")
    answer(world, "kursus/hold-1/dag", ANNA, "decline")
    ran = answers_as_counted(world)
    assert ran.people_mailed["invitation", BO] == 1
    assert statuses(world)["bo/hold-1"] == "registered"
    answer(world, "kursus/hold-2/dag", CARL, "accept")
    answers_as_counted(world)
    kept = statuses(world)
    write(world, choosing(capacity=1), *EVERYBODY, "eva@partner.example")
    joined = as_counted(world)
    assert {who: count for (kind, who), count in joined.people_mailed.items() if kind == "invitation"} == {"eva@partner.example": 2}
    assert joined.people_mailed["update", BO] == everybody_is_mailed
    assert {who: what for who, what in statuses(world).items() if not who.startswith("eva")} == kept
    assert as_counted(world).people_mailed == {}


def test_after_the_deadline_those_who_chose_nothing_are_placed_with_every_mail_foretold(world: World) -> None:
    write(world, choosing(capacity=2, deadline="2025-04-01T12:00", unanswered="assign"))
    as_counted(world)
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    answers_as_counted(world)
    world.move_clock("2025-04-02T09:00:00+02:00")
    as_counted(world)
    assert statuses(world) == {
        "anna/hold-1": "registered",
        "bo/hold-2": "registered",
        "carl/hold-1": "registered",
        "dorte/hold-2": "registered",
    }
    assert as_counted(world).people_mailed == {}


def test_a_date_that_goes_gives_back_the_choice_with_every_mail_foretold(world: World) -> None:
    course = choosing(capacity=2)
    write(world, course)
    as_counted(world)
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    answers_as_counted(world)
    write(world, course | {"offerings": course["offerings"][1:]})  # type: ignore[index]  # a list, as written above
    told = world.preview().json
    ran = world.approve()
    assert (told["mails"], subjects(ran)) == (sent(ran), [("anna", "Dit hold er udgået: Kursus")])
    assert world.invited("kursus/hold-2/dag") == set(EVERYBODY)
    assert as_counted(world).people_mailed == {}


def test_a_round_that_nobody_watches_sends_no_more_than_was_foretold(world: World, everybody_is_mailed: bool) -> None:
    """Two take their date; where the whole list hears of each who leaves the other one, they go in one change of it."""
    write(world, choosing())
    as_counted(world)
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    answer(world, "kursus/hold-1/dag", BO, "accept")
    told = world.preview().json["mails"]
    ran = world.run("run")
    assert (ran.code, sent(ran)) == (0, told)
    assert told == (4 if everybody_is_mailed else 2)
    assert world.invited("kursus/hold-2/dag") == {CARL, DORTE}


def test_what_waits_for_the_others_of_the_day_is_said_to_wait_and_of_which_date(world: World, everybody_is_mailed: bool) -> None:
    """Bo is told of his seat at once; the list is changed once more that day only where that mails nobody else."""
    write(world, limited(1))
    as_counted(world)
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    answer(world, "kursus/dag", ANNA, "decline")
    told = world.preview().json["mails"]
    ran = world.run("responses")
    assert (ran.code, subjects(ran)) == (0, [("bo", "Der er en plads til dig: Kursus")])
    assert ("  Kursus\n  Venter: Her får alle på mødet en mail" in ran.out) == everybody_is_mailed
    assert "Mislykkedes" not in ran.out
    world.move_clock("2025-03-04T07:00:00+01:00")
    rest = world.run("responses")
    assert (rest.code, sent(ran) + sent(rest)) == (0, told)
    assert world.invited("kursus/dag") == {ANNA, BO, CARL, DORTE}
