"""Who answers for a leader: on the leader's page, by a link of their own, as long as the plan says so."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.links import make_token, read_person_token
from bot.sandbox.municipality import DOMAIN
from tests.e2e.asking import asked, browser, words
from tests.e2e.choosing import COURSE, choose, link_of
from tests.e2e.desk_driver import HR, at_the_desk
from tests.e2e.plans import make_plan, people
from tests.e2e.seats import ANNA, BO, CARL, WEB, statuses

if TYPE_CHECKING:
    from collections.abc import Iterable

    import httpx

    from tests.e2e.driver import World

SEKR = "sekr@partner.example"
SECRET = WEB["WEB__SECRET_KEY"]


def begin(world: World, *pairs: tuple[str, str]) -> None:
    """Anna, Bo and Carl are leaders; the pairs say who answers for whom."""
    world.settings |= WEB
    written(world, pairs)


def written(world: World, pairs: Iterable[tuple[str, str]]) -> None:
    delegates = [{"for": leader, "by": by} for leader, by in pairs]
    world.write(make_plan(COURSE, audiences=people(ANNA, BO, CARL), delegates=delegates or None))
    world.sync()


def given(world: World, leader: str, by: str = SEKR, *more: str) -> str:
    (link,) = asked(world, leader, "kursus", "--delegate", by, *more)
    return link


def test_a_secretary_signs_a_leader_up_and_everybody_sees_who_it_was(world: World) -> None:
    begin(world, (ANNA, SEKR))
    link = given(world, ANNA)
    with browser(world) as pages:
        pages.follow_redirects = True
        assert "svarer for" in pages.get(link).text
        done = choose(pages, link, "choose", "hold-1")
        assert f"Svaret af {SEKR} på vegne af" in done
        hers = pages.get(link_of(world, ANNA)).text
        assert f"Svaret på dine vegne af {SEKR}." in hers
        assert "svarer for" not in hers
    assert statuses(world) == {"anna/hold-1": "registered"}
    (row,) = world.run("registrations", "--format", "json").json
    assert (row["email"], row["answered_by"], row["source"]) == (ANNA, SEKR, "web")
    assert f"Tilmeldingssiden (svaret af {SEKR})" in world.run("registrations", "--format", "csv").out
    lines = [one for one in world.run("actions", "--format", "json").json if one["command"] == "choose"]
    assert [(one["by"], one["subject"], one["course"], one["door"]) for one in lines] == [(SEKR, "a…@partner.example", "kursus", "page")]
    assert world.run("responses").people_mailed == {("invitation", ANNA): 1}


def test_what_the_leader_says_after_it_is_the_leaders_own(world: World) -> None:
    begin(world, (ANNA, SEKR))
    theirs, hers = given(world, ANNA), link_of(world, ANNA)
    with browser(world) as pages:
        pages.follow_redirects = True
        choose(pages, theirs, "choose", "hold-1")
        choose(pages, hers, "give_up", "hold-1")
        assert "Svaret" not in pages.get(hers).text
    (row,) = world.run("registrations", "--format", "json").json
    assert row["answered_by"] is None


def test_hr_has_the_link_shown_and_a_mail_with_it_begun(world: World) -> None:
    """By a button on either's page; the link is the delegate's own, and the log has both."""
    begin(world, (ANNA, SEKR), (CARL, BO))

    async def story(_service, person) -> None:
        hr = await person(HR)

        async def send(where: str, page: str, **fields: str) -> httpx.Response:
            return await asyncio.to_thread(hr.send, where, page, **fields)

        people_page = await asyncio.to_thread(hr.read, "/people")
        where = (await send("/people", people_page, q=ANNA)).headers["location"]
        page = await asyncio.to_thread(hr.read, where)
        assert f"{SEKR} er sekretær for {ANNA}" in page
        assert CARL not in page
        pair = {"plan": "demo", "leader": ANNA, "by": SEKR}
        found = await send(f"{where}/delegate", page, **pair)
        assert found.status_code == 200
        assert f"Linket er kun til {SEKR}" in found.text
        assert f"mailto:{SEKR}?subject=Link" in found.text
        (link,) = re.findall(r"<code>http://127[^<]*?(/p/[^<]+)</code>", found.text)
        assert "svarer for" in await asyncio.to_thread(hr.read, link)
        for other in (pair | {"by": BO}, pair | {"leader": CARL, "by": BO}):
            assert (await send(f"{where}/delegate", page, **other)).status_code == 404

    at_the_desk(world, story)
    lines = [one for one in world.run("actions", "--format", "json").json if one["command"] == "link"]
    assert sorted((one["subject"], one["door"]) for one in lines) == [("a…@partner.example", "desk"), ("s…@partner.example", "desk")]
    with browser(world) as pages:
        pages.follow_redirects = True
        choose(pages, given(world, ANNA), "choose", "hold-1")
    assert "på vegne af den, det gælder)" in world.run("person", ANNA).out


def test_who_is_taken_out_of_the_plan_can_do_nothing_and_is_told_kindly(world: World) -> None:
    """Also in the middle of it: the question was open, and the form is sent after."""
    begin(world, (ANNA, SEKR))
    link = given(world, ANNA)
    written(world, [(BO, SEKR)])
    assert "Du svarer ikke længere for lederen" in words(world, link)
    with browser(world) as pages:
        assert pages.get(link).status_code == 410
        assert pages.post(f"{link}/confirm", data={"action": "choose", "offering": "hold-1"}).status_code == 410
        assert pages.post(f"{link}/note", data={"text": "x"}).status_code == 410
        assert pages.get(given(world, BO)).status_code == 200
    assert statuses(world) == {}


def test_a_link_for_one_leader_opens_no_other(world: World) -> None:
    """Whoever could write tokens of ours is us; the plan says no all the same."""
    begin(world, (ANNA, SEKR), (CARL, BO))
    token = given(world, ANNA).rpartition("/")[2]
    grant = read_person_token([SECRET], token)
    with browser(world) as pages:
        for leader in (BO, CARL, SEKR):
            forged = make_token(SECRET, replace(grant, person=leader))
            assert pages.get(f"/p/{forged}").status_code == 410
    assert world.run("link", BO, "kursus", "--delegate", SEKR).code == 2


@pytest.mark.parametrize("whose", ["the delegate's", "the leader's"])
def test_each_ones_links_are_renewed_alone(world: World, whose: str) -> None:
    begin(world, (ANNA, SEKR), (BO, SEKR))
    theirs, for_bo, (hers,) = given(world, ANNA), given(world, BO), asked(world, ANNA, "kursus")
    new = given(world, ANNA, SEKR, "--renew") if whose == "the delegate's" else asked(world, ANNA, "kursus", "--renew")[0]
    with browser(world) as pages:
        found = [pages.get(link).status_code for link in (theirs, for_bo, hers, new)]
    assert found == ([410, 410, 200, 200] if whose == "the delegate's" else [200, 200, 410, 200])


def test_the_leader_leaves_and_the_secretary_is_told_the_same(world: World) -> None:
    begin(world, (ANNA, SEKR))
    link = given(world, ANNA)
    world.write(make_plan(COURSE, audiences=people(BO), delegates=[{"for": ANNA, "by": SEKR}]))
    world.sync()
    assert "lederen er ikke længere med" in words(world, link)


def test_erasing_either_takes_the_other_out_of_nothing(world: World) -> None:
    """The secretary's name goes from the leader's row; the leader's seat stays."""
    begin(world, (ANNA, SEKR))
    link = given(world, ANNA)
    with browser(world) as pages:
        pages.follow_redirects = True
        choose(pages, link, "choose", "hold-1")
    written(world, [])
    assert world.run("erase", SEKR).code == 0
    (row,) = world.run("registrations", "--format", "json").json
    assert (row["email"], row["answered_by"], row["status"]) == (ANNA, None, "registered")
    assert SEKR not in world.run("actions", "--format", "json").out


def test_a_secretary_of_the_directory_is_looked_up_once_and_a_misspelt_one_is_told(world: World) -> None:
    """By then their id is known, by which Teams and the sign-in name them."""
    hers = f"lea@{DOMAIN}"
    world.tenant.directory.add_person("Lea Prøve", hers)
    begin(world, (ANNA, hers), (BO, SEKR))
    again = world.run("preview", "--format", "json")
    assert again.json["unknown_delegates"] == [SEKR]
    assert not [one for one in again.requests if hers in str(one)]
    assert f"{SEKR} under sekretærer" in world.run("preview").out
    grant = read_person_token([SECRET], given(world, ANNA, hers).rpartition("/")[2])
    assert "@" not in grant.delegate
    assert grant.delegate
