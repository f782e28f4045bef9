"""A power cut at any write where everything that sources disagree on about Graph is the other way; `test_kills` is as documented.

There a list that changes mails everybody and forgets answers, a repeated creation may be another event, the link of an online meeting
and what was just written are found late. The next run leaves what an undisturbed one would have, and mails as often.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.as_it_was import AsItWas
from tests.e2e.driver import mail_of, new_world
from tests.e2e.killing import SWEPT, all_mails, killed_at_each
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.readings import OTHER, read_as
from tests.e2e.rules import broken_rules

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from tests.e2e.driver import World

ANNA, BO, CARL = map(mail_of, ("anna", "bo", "carl"))
HOLDS = [{"id": f"hold-{at}", "sessions": [make_session(day=f"2025-06-1{at}")]} for at in (7, 8)]
CHOICE = make_course("valg", offerings=HOLDS, enrolment={"mode": "choose", "capacity": 1})
BEFORE: list[dict[str, Any]] = [CHOICE, make_course("ryk"), make_course("vaek", make_session(day="2025-06-20"))]
STORIES: dict[str, list[dict[str, Any]]] = {
    "everything is new": [make_course("online", online=True), make_course("kursus", make_session(day="2025-06-20"))],
    "seats move, a course too, one is cancelled": [
        CHOICE,
        make_course("ryk", make_session(day="2025-06-23")),
        make_course("vaek", make_session(day="2025-06-20"), status="cancelled"),
    ],
}


def set_up(world: World, story: str) -> None:
    """Up to the sync that is killed; where there is something before it, Anna and Bo have chosen the same date, and Carl leaves."""
    read_as(world, OTHER)
    after = STORIES[story]
    if after[0] is CHOICE:
        world.write(make_plan(*BEFORE, audiences=people(ANNA, BO, CARL)))
        world.sync()
        for person in (ANNA, BO):
            world.answer("valg/hold-7/dag", person, "accept")
    world.tenant.mail_log.clear()
    world.write(make_plan(*after, audiences=people(ANNA, BO)))


def assert_as_undisturbed(world: World, undisturbed: Counter[tuple[str, str, str]], live: object, where: str) -> None:
    got = all_mails(world)
    assert got == undisturbed, f"killed {where}: too many {got - undisturbed}, missing {undisturbed - got}"
    assert standing(world) == live, f"killed {where}"
    assert world.preview().json["changes"] == [], f"killed {where}"
    assert broken_rules(world) == []


def standing(world: World) -> dict[str, list[set[str]]]:
    """Who is on each live event, by stamp; each has one."""
    return {stamp: [{one.address for one in event.attendees} for event in events] for stamp, events in world.events.items()}


def to_the_end(world: World) -> None:
    """What HR does: again until there is nothing left to do."""
    for _ in range(3):
        if world.run("sync", "--yes").code == 0:
            return


@SWEPT
@pytest.mark.parametrize("story", STORIES)
def test_a_sync_that_is_killed_at_any_write_is_finished_and_mails_as_often(tmp_path: Path, story: str, each: int) -> None:
    with new_world(tmp_path, leaders=0) as world:
        set_up(world, story)
        told = world.preview().json["mails"]
        before = AsItWas(world)
        whole = world.run("sync", "--yes")
        to_the_end(world)
        undisturbed, live = all_mails(world), standing(world)
        assert sum(undisturbed.values()) == told
        assert {len(found) for found in live.values()} == {1}
        assert_as_undisturbed(world, undisturbed, live, "nowhere")
        writes = [nth for nth, entry in enumerate(whole.requests, 1) if entry.method != "GET"]
        for killed in killed_at_each(before, whole.requests, each, at=writes):
            to_the_end(world)
            assert_as_undisturbed(world, undisturbed, live, str(killed))
