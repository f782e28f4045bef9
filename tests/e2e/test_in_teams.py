"""A leader who lives through a course in Teams alone: what they write, press and see, and that HR sees no difference."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from tests.builders.played_teams import texts_of
from tests.e2e.in_teams import in_teams, leaders
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import World

ONE_SEAT = {"mode": "signup", "capacity": 1, "waiting_list": True, "handover": True}
TITLE = "Psykologisk tryghed"


def write_plan(world: World, **changes: object) -> list[str]:
    """The plan, and the people of its audience, with one more who is of none."""
    everybody = leaders(world, 4)
    world.write(make_plan(make_course("kursus", **({"title": TITLE} | changes)), audiences=people(*everybody[:3])))
    return everybody


def played(world: World, act: Callable[[Any], None], *people_with_app: str, **changes: object) -> None:
    async def story(service: Any, teams: Any) -> None:
        teams.rows = lambda: {
            row.email: (row.status.value, row.source.value) for row in service.stores.answers.load_registrations("demo") if row.invited
        }
        await asyncio.to_thread(act, teams)

    in_teams(world, story, *people_with_app, **changes)


def until(holds: Callable[[], bool], seconds: float = 10) -> None:
    """A round that had read the books before may write what it read, and the next one puts it right."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.05)


def latest(teams: Any, person: str) -> str:
    return "\n".join(texts_of(teams.cards(person)[-1]))


def test_a_leader_signs_up_gives_the_seat_up_and_the_lists_say_so(world: World) -> None:
    anna, *_ = write_plan(world, enrolment=ONE_SEAT)

    def act(teams: Any) -> None:
        assert "Jeg hjælper dig med dine kurser" in latest(teams, anna)
        teams.write(anna, "hvad er de kommende kurser?")
        assert TITLE in latest(teams, anna)
        teams.press(anna, "course")
        teams.press(anna, "decide", data={"kind": "choose"})
        assert teams.rows()[anna] == ("registered", "teams")
        teams.press(anna, "ask", data={"kind": "give_up"})
        assert teams.rows()[anna] == ("registered", "teams"), "what cannot be undone asks first"
        teams.press(anna, "decide", typed={"reason": "Jeg er på ferie"}, data={"kind": "give_up"})
        until(lambda: teams.rows()[anna] == ("withdrawn", "teams"))

    played(world, act, anna)
    assert "Jeg er på ferie" in world.run("seats", "kursus").out


def test_an_old_client_does_the_same(world: World) -> None:
    """A button that it does not know is a line with a value, and the answer takes the card's place."""
    anna, *_ = write_plan(world, enrolment=ONE_SEAT)

    def act(teams: Any) -> None:
        teams.write(anna, TITLE)
        teams.press(anna, "decide", data={"kind": "choose"}, old=True)
        assert teams.rows()[anna] == ("registered", "teams")
        assert len(teams.cards(anna)) == 2, "hello, and the course: nothing stands beside it"

    played(world, act, anna)


def test_what_is_brought_again_is_done_once(world: World) -> None:
    """Teams may bring a press twice, and somebody else may have kept it: the seat is given up meanwhile."""
    anna, bo, *_ = write_plan(world, enrolment=ONE_SEAT)

    def act(teams: Any) -> None:
        teams.write(anna, TITLE)
        teams.press(anna, "decide", data={"kind": "choose"}, copies=3)
        assert len([row for row in teams.rows().values() if row[0] == "registered"]) == 1
        again = teams.again(anna)
        assert "allerede fået" in "\n".join(texts_of(again["card"]))
        teams.write(bo, TITLE)
        teams.press(bo, "decide", data={"kind": "choose"})
        assert teams.rows()[bo] == ("waitlisted", "teams")
        teams.press(anna, "ask", data={"kind": "give_up"})
        teams.press(anna, "decide", data={"kind": "give_up"})
        assert teams.rows()[bo][0] == "registered"

    played(world, act, anna, bo)


def test_who_is_no_participant_gets_a_kind_word_and_nothing_else(world: World) -> None:
    *_, stranger = write_plan(world)

    def act(teams: Any) -> None:
        teams.write(stranger, "mine kurser")
        assert TITLE not in latest(teams, stranger)
        assert "ikke inviteret" in latest(teams, stranger)

    played(world, act, stranger)


def test_a_card_shows_everybody_their_own_state_whenever_it_is_looked_at(world: World) -> None:
    """What happened by another door stands on the card the next time that it is seen."""
    anna, *_ = write_plan(world, enrolment=ONE_SEAT)

    def act(teams: Any) -> None:
        teams.write(anna, TITLE)
        assert world.run("enrol", "kursus", anna).code == 0
        shown = "\n".join(text for one in teams.look(anna) for text in texts_of(one["card"] or {}))
        assert "Du er tilmeldt" in shown

    played(world, act, anna)


def test_nothing_that_is_not_brought_by_teams_is_done(world: World) -> None:
    """Every way in which a token or an activity can be wrong, and what is good goes on working."""
    anna, *_ = write_plan(world, enrolment=ONE_SEAT)
    spoils = ("none", "garbage", "expired", "issuer", "audience", "serviceurl", "signature", "algorithm", "unknown_key", "tenant", "person")

    def act(teams: Any) -> None:
        teams.write(anna, TITLE)
        for spoil in spoils:
            pressed = teams.press(anna, "decide", data={"kind": "choose"}, spoil=spoil)
            assert pressed["status"] == (403 if spoil in {"tenant", "person", "serviceurl"} else 401), spoil
            assert anna not in teams.rows(), spoil
        teams.press(anna, "decide", data={"kind": "choose"})
        assert teams.rows()[anna] == ("registered", "teams")

    played(world, act, anna)


def test_a_course_is_shared_without_anybodys_state(world: World) -> None:
    anna, *_ = write_plan(world, enrolment=ONE_SEAT)

    def act(teams: Any) -> None:
        teams.write(anna, TITLE)
        teams.press(anna, "decide", data={"kind": "choose"})
        (found,) = teams.search(anna, "share", "tryghed")["body"]["composeExtension"]["attachments"]
        said = "\n".join(texts_of(found["content"]))
        assert TITLE in said
        assert "tilmeldt" not in said
        teams.share(anna, found)

    played(world, act, anna)


def test_without_the_bot_there_is_no_such_address(world: World) -> None:
    anna, *_ = write_plan(world)

    def act(teams: Any) -> None:
        assert teams.write(anna, "hej")["status"] == 404

    played(world, act, anna, bot={})
