"""More people than one event holds: parts that share title, time and link, and in which nobody ever moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.plans import make_course, make_plan, make_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import World

STAFF = "stab-ledere@norddjurs.example"


@pytest.fixture
def large(make_world: Callable[..., World]) -> World:
    return make_world(leaders=600)


def parts(world: World) -> list[set[str]]:
    return [{one.address for one in world.events[f"demo/lederdag/main/dag{part}"][0].attendees} for part in ("", "#2")]


def test_six_hundred_leaders_get_one_invitation_each_in_two_parts(large: World) -> None:
    """Also through a joiner, a leaver and a lost database: nobody changes part, nobody else gets a mail."""
    course = make_course(online=True, venue={"name": "Hallen", "room": "sal-1@norddjurs.example"})
    large.write(make_plan(course))
    first = large.sync()
    assert len(first.people_mailed) == 603 == first.json["mails"]
    assert set(first.people_mailed.values()) == {1}
    one, two = parts(large)
    assert (len(one), len(one & two)) == (500, 0)
    assert "sal-1@norddjurs.example" in one
    events = [large.events[f"demo/lederdag/main/dag{part}"][0] for part in ("", "#2")]
    assert len({(event.subject, event.start.utc, event.end.utc) for event in events}) == 1
    assert events[0].join_url
    assert events[0].join_url in events[1].html.replace("&amp;", "&")
    assert events[1].join_url is None
    assert large.sync().json["changes"] == []
    leaver = min(one - {"sal-1@norddjurs.example"})
    large.tenant.directory.change_user(leaver, enabled=False)
    large.tenant.directory.add_person("Aa Forrest", "aa.forrest@norddjurs.example", STAFF)
    moved = large.sync()
    assert moved.people_mailed == {("cancellation", leaver): 1, ("invitation", "aa.forrest@norddjurs.example"): 1}
    large.lose_database()
    lost = large.sync()
    assert (lost.writes, lost.mails) == ((), ())
    large.write(make_plan(course | {"sessions": [make_session(start="10:00")]}))
    update = large.sync()
    assert set(update.people_mailed.values()) == {1}
    assert len(update.people_mailed) == 603
    large.write(make_plan(course | {"status": "cancelled"}))
    assert len(large.sync().people_mailed) == 603
    assert large.events == {}
