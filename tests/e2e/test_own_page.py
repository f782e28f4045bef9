"""From the mail to the seat: the link of a real message opens the page, and what is chosen there ends up in the calendar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from bot.plan import parse_plan
from tests.e2e.choosing import COURSE, choose, link_of, served_pages
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, WEB, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World


@pytest.fixture
def pages(world: World) -> Iterator[httpx.Client]:
    """The pages over the world's own books, after everybody has got the message."""
    world.settings |= WEB
    world.write(make_plan(COURSE, audiences=people(ANNA, BO, CARL)))
    world.sync()
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
    assert plan is not None
    with served_pages(world, plan) as client:
        yield client


def test_signing_up_switching_and_handing_over_end_up_in_the_calendar(world: World, pages: httpx.Client) -> None:
    """Anna signs up, Bo waits for the same date; Anna switches, Bo gets the seat; Anna gives hers to Carl."""
    anna, bo = link_of(world, ANNA), link_of(world, BO)
    assert ANNA in pages.get(anna).text
    assert statuses(world) == {}
    assert "Du er tilmeldt" in choose(pages, anna, "choose", "hold-1")
    assert "venteliste" in choose(pages, bo, "choose", "hold-1")
    ran = world.run("responses")
    assert ran.people_mailed == {("invitation", ANNA): 1, ("message", BO): 1}
    choose(pages, anna, "choose", "hold-2")
    assert statuses(world) == {"anna/hold-2": "registered", "bo/hold-1": "registered"}
    ran = world.run("responses")
    assert ran.people_mailed == {(kind, ANNA): 1 for kind in ("invitation", "cancellation")} | {
        (kind, BO): 1 for kind in ("invitation", "message")
    }
    choose(pages, anna, "hand_over", "hold-2", colleague="\u200b{}\u200e@{}\u00a0".format(*CARL.upper().split("@")))
    ran = world.run("responses")
    assert ran.people_mailed[("invitation", CARL)] == ran.people_mailed[("cancellation", ANNA)] == 1
    assert (world.invited("kursus/hold-1/dag"), world.invited("kursus/hold-2/dag")) == ({BO}, {CARL})
    assert world.sync().people_mailed == {}


def test_who_was_asked_to_sign_up_can_say_no_thanks(world: World, pages: httpx.Client) -> None:
    """HR sees it, and nobody mails about it: it is what the mail says that one can do."""
    anna = link_of(world, ANNA)
    assert "Sig nej tak" in pages.get(anna).text
    assert "Du har sagt nej" in choose(pages, anna, "give_up", "hold-1")
    assert statuses(world) == {"anna/hold-1": "declined"}
    assert world.run("responses").people_mailed == {}


def test_the_page_shows_the_sessions_that_are_ones_own_and_a_no_to_one_as_that(world: World, pages: httpx.Client) -> None:
    """As the lists do: Bo is only for the first part; Anna comes to the second alone."""
    parts = [
        make_session("del-1", title="Den nye retningslinje", optional_audience="tr"),
        make_session("del-2", day="2025-06-19", title="I praksis"),
    ]
    audiences = {**people(ANNA), "tr": {"name": "TR", "people": [{"email": BO}]}}
    senior = make_course("kursus", *parts)
    anna, bo = link_of(world, ANNA), link_of(world, BO)
    world.write(make_plan(senior, audiences=audiences))
    world.sync()
    plan = parse_plan(world.plan_file.read_bytes(), name="plan.yaml", now=world.now).plan
    assert plan is not None
    for session, person, response in (("del-1", BO, "accept"), ("del-1", ANNA, "decline"), ("del-2", ANNA, "accept")):
        world.answer(f"kursus/main/{session}", person, response)
    world.run("responses")
    with served_pages(world, plan) as client:
        his, hers = client.get(bo).text, client.get(anna).text
    assert "Du er tilmeldt." in his
    assert "I praksis" not in his
    assert "Du er tilmeldt: I praksis. Du har sagt nej til: Den nye retningslinje." in hers


def test_a_note_reaches_hr_and_is_gone_when_the_course_is_over(world: World, pages: httpx.Client) -> None:
    anna = link_of(world, ANNA)
    choose(pages, anna, "choose", "hold-1")
    page = pages.get(anna).text
    proof = re.search(r'name="proof" value="([^"]*)"', page)
    assert proof
    kept = pages.post(f"{anna}/note", data={"proof": proof[1], "text": "Nødder"}, headers={"Origin": WEB["WEB__BASE_URL"]})
    assert "Nødder" in kept.text
    world.run("responses")
    assert "Nødder" in world.run("registrations", "--format", "csv").out
    world.move_clock("2025-06-26T09:00:00+02:00")
    world.run("responses")
    assert "Nødder" not in world.run("registrations", "--format", "csv").out
