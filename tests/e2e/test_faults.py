"""Graph as it is on a bad day: each trouble ends in the same mails as a good day, or in an honest exit code."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.as_it_was import played_once, synced
from tests.e2e.driver import TOKEN, wait_until
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.journal import Entry
    from tests.e2e.driver import Ran, World

ANNA, BO, CARL = (f"{name}@norddjurs.example" for name in ("anna", "bo", "carl"))
CREATE, CHANGE, CANCEL = {"method": "POST", "path": "/events$"}, {"method": "PATCH"}, {"method": "POST", "path": "/cancel$"}
LIST, MEMBERS = {"method": "GET", "path": "/events\\?"}, {"method": "GET", "path": "/transitiveMembers"}
# A request that had left before the answer came may still arrive.
UNDER_WAY_SECONDS = 0.15
LOST = [
    {"status": 503, "when": "before"},
    {"status": 504, "when": "before"},
    {"status": 504, "when": "after"},
    {"status": 500, "when": "after"},
    {"drop": True, "when": "before"},
    {"drop": True, "when": "after"},
]
EXPECTED = Counter(
    {
        ("cancellation", "to-be-cancelled", ANNA): 1,
        ("cancellation", "to-be-cancelled", BO): 1,
        ("cancellation", "to-be-moved", ANNA): 1,
        ("update", "to-be-moved", BO): 1,
        ("invitation", "to-be-moved", CARL): 1,
        ("invitation", "new", BO): 1,
        ("invitation", "new", CARL): 1,
    }
)


@played_once
def before_the_trouble(world: World) -> None:
    """Two courses stand; the plan now cancels one, moves the other with a leaver and a joiner, and has a third."""
    first = [make_course("to-be-cancelled"), make_course("to-be-moved", make_session(day="2025-06-19"))]
    world.write(make_plan(*first, audiences=people(ANNA, BO)))
    world.sync()
    moved, new = make_course("to-be-moved", make_session(day="2025-06-20")), make_course("new", make_session(day="2025-06-23"))
    world.write(make_plan(first[0] | {"status": "cancelled"}, moved, new, audiences=people(BO, CARL)))


def mails_of(*rounds: Ran) -> Counter[tuple[str, str, str]]:
    return Counter(
        (mail.kind.value, mail.subject.lower().replace(" ", "-"), mail.to)
        for ran in rounds
        for mail in ran.mails
        if mail.kind.value != "response"
    )


def pause_of(entries: Iterable[Entry], status: int = 429) -> float:
    """Seconds from the one answer of `status` until the same request came again."""
    listed = sorted(entries, key=lambda entry: entry.started)
    (refused,) = (entry for entry in listed if entry.status == status)
    again = next(
        entry for entry in listed if entry.started > refused.ended and (entry.target, entry.body) == (refused.target, refused.body)
    )
    meanwhile = [entry for entry in listed if refused.ended + UNDER_WAY_SECONDS < entry.started < again.started - UNDER_WAY_SECONDS]
    service = refused.path.split("/")[1]
    assert [entry for entry in meanwhile if entry.path.split("/")[1] == service] == [], "the pause is everybody's"
    return again.started - refused.ended


@pytest.mark.parametrize("trouble", LOST, ids=lambda one: f"{one.get('status', 'drop')}-{one['when']}")
def test_a_lost_answer_to_each_kind_of_write_costs_nobody_a_mail_too_many(world: World, trouble: dict[str, Any]) -> None:
    """Looked up before it is repeated: one event, one mail each, whichever side of the effect the answer was lost on."""
    before_the_trouble(world)
    for kind in (CREATE, CHANGE, CANCEL):
        world.tenant.faults.add(**kind, **trouble)
    ran = world.sync()
    assert [rule.acted for rule in world.tenant.faults.rules] == [1, 1, 1]
    assert mails_of(ran) == EXPECTED
    assert sum(EXPECTED.values()) == ran.json["mails"]
    assert world.preview().json["changes"] == []


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_each_request_of_an_update_may_lose_its_answer(world: World, nth: int) -> None:
    before_the_trouble(world)
    world.tenant.faults.add(**CHANGE, nth=nth, drop=True, when="after")
    assert mails_of(world.sync()) == EXPECTED
    assert world.preview().json["changes"] == []


@pytest.mark.parametrize("trouble", [{"status": 503, "retry_after": "0"}, {"status": 504}, {"drop": True}], ids=["503", "504", "drop"])
def test_reads_are_repeated(world: World, trouble: dict[str, Any]) -> None:
    world.write(make_plan(make_course()))
    for kind in (LIST, MEMBERS):
        world.tenant.faults.add(**kind, **trouble)
    assert world.sync().json["mails"] == 23


@pytest.mark.parametrize(
    ("form", "told", "least"),
    [("integer", 1.0, 1.0), ("fraction", 0.35, 0.35), ("date", 1.2, 0.2), ("missing", 0.0, 0.0)],
)
def test_a_throttled_mailbox_is_left_alone_for_as_long_as_it_says(world: World, form: str, told: float, least: float) -> None:
    """Retry-After as an integer, a fraction, a date, or not at all; the pause is everybody's, and nothing is sent twice."""
    world.tenant.settings.change({"retry_after": form, "retry_after_seconds": told, "latency_ms": 10})
    world.write(make_plan(*(make_course(f"kursus-{n}", make_session(day=f"2025-06-{n + 10}")) for n in range(6)), audiences=people(ANNA)))
    world.tenant.faults.add(**CREATE, nth=2, times=1, status=429)
    ran = world.sync()
    assert ran.people_mailed == {("invitation", ANNA): 6}
    assert pause_of(ran.requests) >= least - 0.01


def test_a_throttled_directory_does_not_stop_the_mailbox(world: World) -> None:
    world.write(make_plan(make_course()))
    world.tenant.faults.add(**MEMBERS, status=429, retry_after="1")
    ran = world.sync()
    assert ran.json["mails"] == 23
    assert pause_of(ran.requests) >= 0.99


def test_throttled_until_the_patience_is_used_up_means_it_did_not_happen(world: World) -> None:
    """Partly done (6): the rest is applied, and the next run does what is missing."""
    before_the_trouble(world)
    world.tenant.faults.add(**CREATE, status=429, retry_after="30", times=None)
    first = world.sync(code=6, GRAPH__RETRY_BUDGET_SECONDS="2")
    outcomes = {change["course"]: change["outcome"] for change in first.changes}
    assert outcomes["new"] == "failed"
    assert all(change["error"] for change in first.changes if change["outcome"] == "failed")
    world.tenant.faults.clear()
    assert mails_of(first, world.sync()) == EXPECTED


def test_a_slow_answer_is_given_up_and_looked_up(world: World) -> None:
    world.write(make_plan(make_course(), audiences=people(ANNA, BO)))
    world.tenant.faults.add(**CREATE, when="after", delay_ms=900)
    ran = world.sync(GRAPH__TIMEOUT_SECONDS="0.3")
    assert ran.people_mailed == {("invitation", ANNA): 1, ("invitation", BO): 1}


@pytest.mark.parametrize("answer", ["same", "conflict"])
def test_a_repeated_creation_that_exchange_recognises_is_one_event(world: World, answer: str) -> None:
    """The first answer is lost, reads do not show the event yet, the repeated transaction id gets 201 or 409."""
    world.tenant.settings.change({"duplicate_transaction": answer, "replication_seconds": 1.6})
    world.write(make_plan(make_course(), audiences=people(ANNA, BO)))
    world.tenant.faults.add(**CREATE, drop=True, when="after")
    ran = world.sync()
    assert ran.people_mailed == {("invitation", ANNA): 1, ("invitation", BO): 1}
    wait_until(lambda: world.event("lederdag/dag").is_visible)
    assert world.sync().json["changes"] == []


def test_an_event_that_cannot_be_found_for_a_while_is_not_created_again(world: World) -> None:
    synced(world, make_plan(make_course(), audiences=people(ANNA)))
    event = world.event("lederdag/dag")
    event.visible_from = float("inf")
    ran = world.sync()
    assert ([(change["action"], change["reason"]) for change in ran.changes], ran.writes) == ([("conflict", "vanished")], ())
    event.visible_from = 0.0
    world.sync()
    assert world.sync().json["changes"] == []
    assert len(world.tenant.mail_log.to_people()) == 1


def test_a_token_that_is_refused_once_is_renewed(world: World) -> None:
    before_the_trouble(world)
    for kind in (CREATE, CHANGE, LIST):
        world.tenant.faults.add(**kind, status=401)
    assert mails_of(world.sync()) == EXPECTED


@pytest.mark.parametrize("command", [["preview"], ["sync", "--yes"], ["responses"], ["run"]])
def test_a_token_that_is_refused_always_is_exit_4_after_two_tries(world: World, command: list[str]) -> None:
    synced(world, make_plan(make_course(), audiences=people(ANNA)))
    world.tenant.settings.change({"tokens": [], "expired_tokens": [TOKEN]})
    ran = world.run(*command)
    assert (ran.code, ran.writes) == (4, ())
    assert [entry.status for entry in ran.requests] == [401, 401]
    assert "kursusbot doctor" in ran.err


def test_a_token_that_expires_in_the_middle_stops_the_run_and_the_next_one_goes_on(world: World) -> None:
    before_the_trouble(world)
    world.tenant.faults.add(method="*", path="", nth=4, times=None, status=401)
    first = world.run("sync", "--yes", "--format", "json")
    assert first.code == 4
    assert "failed" in {change["outcome"] for change in first.changes}
    assert all("doctor" in change["error"] for change in first.changes if change["outcome"] == "failed")
    world.tenant.faults.clear()
    assert mails_of(first, world.sync()) == EXPECTED


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ({"mailbox_scope": ["another@norddjurs.example"]}, "RBAC"),
        ({"roles": ["GroupMember.Read.All", "User.Read.All"]}, "Calendars"),
    ],
)
def test_a_missing_right_is_named_with_its_call(world: World, trouble: dict[str, Any], said: str) -> None:
    world.write(make_plan(make_course()))
    world.tenant.settings.change(trouble)
    ran = world.run("--lang", "en", "sync", "--yes")
    assert (ran.code, ran.out, ran.writes) == (4, "", ())
    assert said in ran.err
    assert "Calendars.Read" in ran.err
    assert "GET /users/" in ran.err


def test_an_organiser_without_a_mailbox_is_told(world: World) -> None:
    world.write(make_plan(make_course(), organiser="findes-ikke@norddjurs.example"))
    ran = world.run("sync", "--yes")
    assert (ran.code, ran.out) == (4, "")
    assert "Traceback" not in ran.err


def test_no_service_at_all_is_exit_4(desk: World) -> None:
    desk.write(make_plan(make_course(), audiences=people(ANNA)))
    ran = desk.run("sync", "--yes", GRAPH__RETRY_BUDGET_SECONDS="0")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.splitlines()[-1].strip()


def test_a_calendar_that_cannot_be_read_changes_nothing(world: World) -> None:
    before_the_trouble(world)
    world.tenant.faults.add(**LIST, status=503, retry_after="0", times=None)
    ran = world.run("sync", "--yes", GRAPH__RETRY_BUDGET_SECONDS="0.2")
    assert (ran.code, ran.writes) == (4, ())


@pytest.mark.parametrize("bad", ["jørgen.prøve@norddjurs.example", "to prikker..prøve@norddjurs.example"])
def test_one_bad_address_is_named_and_everybody_else_is_invited(world: World, bad: str) -> None:
    """One that only Exchange refuses (the list is halved), and one that cannot be an address; later joiners go on."""
    world.write(make_plan(make_course()))
    world.tenant.directory.add_user("Jørgen Prøve", bad, groups=["stab-ledere@norddjurs.example"])
    ran = world.sync(code=6)
    assert len(ran.people_mailed) == 23
    assert set(ran.people_mailed.values()) == {1}
    (change,) = ran.changes
    assert change["outcome"] == "failed"
    assert bad in change["error"]
    world.tenant.directory.add_person("Nye Prøve", "nye@norddjurs.example", "stab-ledere@norddjurs.example")
    second = world.sync(code=6)
    assert second.people_mailed == {("invitation", "nye@norddjurs.example"): 1}
    world.tenant.directory.change_user(bad, mail="joergen@norddjurs.example")
    assert world.sync().people_mailed == {("invitation", "joergen@norddjurs.example"): 1}


def test_the_filter_on_stamps_may_have_to_stand_alone(world: World) -> None:
    """Where a service refuses it together with a date, the stamp alone is asked for; the past is left out here."""
    world.tenant.settings.stamp_filter_stands_alone = True
    before_the_trouble(world)
    assert mails_of(world.sync()) == EXPECTED
    assert world.sync().json["changes"] == []


def test_four_requests_at_once_and_never_a_fifth(world: World) -> None:
    """All four places are used, and the mailbox never has to refuse one."""
    world.tenant.settings.latency_ms = 25
    world.write(make_plan(*(make_course(f"kursus-{n}", make_session(day=f"2025-06-{n + 10}")) for n in range(12)), audiences=people(ANNA)))
    world.sync()
    assert max(world.tenant.traffic.most_in_flight.values()) == 4
    assert world.tenant.traffic.throttled == 0


def test_a_smaller_gate_is_kept_too(world: World) -> None:
    world.tenant.settings.latency_ms = 10
    world.write(make_plan(*(make_course(f"kursus-{n}", make_session(day=f"2025-06-{n + 10}")) for n in range(6)), audiences=people(ANNA)))
    world.sync(GRAPH__CONCURRENCY="2")
    assert max(world.tenant.traffic.most_in_flight.values()) == 2


def test_somebody_answers_between_reading_and_writing(world: World) -> None:
    """The etag no longer fits (412): read again, merge, write once; the answer stays."""
    synced(world, make_plan(make_course(), audiences=people(ANNA, BO)))
    world.tenant.faults.add(**CHANGE, status=412)
    world.write(make_plan(make_course(), audiences=people(ANNA, BO, CARL)))
    ran = world.sync()
    assert ran.people_mailed == {("invitation", CARL): 1}
    assert len(ran.writes) == 2
