"""The rules that every test of this folder is held against would catch what they forbid; logs at their most talkative."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.builders.graph_talk import contract
from tests.e2e.driver import TOKEN, Ran, World
from tests.e2e.plans import make_course, make_plan
from tests.e2e.rules import broken_rules

EVENTS = "/users/lederudvikling@norddjurs.example/events"
IMMUTABLE = {"prefer": 'IdType="ImmutableId"', "client-request-id": "c-1"}


def ask(world: World, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None = None) -> httpx.Response:
    return httpx.request(method, world.base_url + path, headers={"authorization": f"Bearer {TOKEN}", **headers}, json=body)


@pytest.fixture
def watched(world: World) -> World:
    """Its own wrongdoings are wanted; they are taken back before the rules are applied to the test itself."""
    world.write(make_plan(make_course()))
    world.sync()
    return world


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "rule"),
    [
        ("GET", EVENTS, {"client-request-id": "c-1"}, None, "immutable ids"),
        ("GET", EVENTS, {"prefer": 'IdType="ImmutableId"'}, None, "client-request-id"),
        ("PATCH", "{ours}", IMMUTABLE, {"attendees": [], "subject": "x"}, "together"),
        ("PATCH", "{ours}", IMMUTABLE, {"start": {"dateTime": "2025-06-18T08:00:00", "timeZone": "UTC"}}, "without end"),
        ("PATCH", "{foreign}", IMMUTABLE, {"subject": "x"}, "not ours"),
        ("POST", EVENTS, IMMUTABLE, {"subject": "x"}, "without"),
        ("GET", EVENTS, IMMUTABLE, None, "by its address"),
        ("GET", EVENTS.replace("@", "%40"), IMMUTABLE, None, "by its address"),
    ],
)
def test_a_request_against_the_rules_is_found(
    watched: World, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None, rule: str
) -> None:
    tenant = watched.tenant
    when = {"dateTime": "2025-06-18T08:00:00", "timeZone": "UTC"}
    foreign = ask(watched, "POST", EVENTS, IMMUTABLE, {"subject": "En andens", "start": when, "end": when}).json()["id"]
    del tenant.journal.entries[-1]
    ours = watched.event("lederdag/dag").immutable_id
    places = {"ours": f"{EVENTS}/{ours}", "foreign": f"{EVENTS}/{foreign}"}
    ask(watched, method, path.format(**places), headers, body)
    found = broken_rules(watched)
    del tenant.journal.entries[-1]
    assert any(rule in line for line in found)


def test_a_request_against_the_contract_is_found(watched: World) -> None:
    if contract() is None:
        pytest.skip("Microsoft's description of Graph is not here (KURSUSBOT_GRAPH_CONTRACT); requests were not held against it")
    ask(watched, "GET", f"{EVENTS}?$select=subjekt", IMMUTABLE)
    found = broken_rules(watched)
    del watched.tenant.journal.entries[-1]
    assert any("subjekt" in line for line in found)


@pytest.mark.parametrize("said", ["{address}", "%40", TOKEN, "Traceback (most recent call last)"])
def test_a_word_too_many_is_found(watched: World, said: str) -> None:
    address = min(watched.invited("lederdag/dag"))
    line = json.dumps({"event": said.format(address=address) if said != "%40" else address.replace("@", "%40")})
    watched.ran.append(Ran(arguments=("sync",), code=0, out="", err=line))
    found = broken_rules(watched)
    watched.ran.pop()
    assert len(found) == 1


@pytest.mark.parametrize("form", ["json", "console"])
def test_the_log_of_a_whole_story_is_masked_and_holds_no_secret(world: World, form: str) -> None:
    """A first sync, joiners, a refused address, answers, an unreadable group, a lost connection, a refused token; as processes."""
    world.settings |= {"LOG__FORMAT": form, "LOG__LEVEL": "debug"}
    directory = world.tenant.directory
    world.write(make_plan(make_course(venue={"name": "Sal", "room": "sal-1@norddjurs.example"}, online=True)))
    directory.add_user("Jørgen Prøve", "jørgen.prøve@norddjurs.example", groups=["stab-ledere@norddjurs.example"])
    world.tenant.faults.add(method="POST", path="/events$", drop=True, when="after")
    codes = [world.run("run").code]
    world.answer("lederdag/dag", min(world.invited("lederdag/dag") - {"sal-1@norddjurs.example"}), "accept")
    world.tenant.faults.add(path="/transitiveMembers", status=403)
    codes.append(world.run("run").code)
    codes.append(world.finish(world.start("run")).code)
    world.tenant.settings.tokens = set()
    codes.append(world.run("run").code)
    assert codes == [6, 6, 6, 4]
    log = "\n".join(ran.err for ran in world.ran)
    assert log.count("graph.answered") > 10
    assert TOKEN not in log
    people = [address for user in directory.users.values() for address in user.addresses]
    machine_lines = [line for line in log.lower().splitlines() if "graph.answered" in line or "sync." in line]
    assert not [address for address in people if any(address in line for line in machine_lines)]
