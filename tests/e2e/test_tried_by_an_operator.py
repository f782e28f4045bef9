"""What HR changes in a plan by a slip or on purpose, and nobody looks: ids, the mailbox, a date that goes. Each once did harm.

`run` is what the service does every quarter of an hour. Whatever the setting, what looks like a slip mails nobody until a person has
seen it, and says what to do instead; what was meant leaves nobody without a place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.e2e.approval import approve_all, courses_of, waiting
from tests.e2e.as_it_was import played_once
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people, some_courses
from tests.e2e.seats import answer, statuses, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import World

JsonObject = dict[str, object]
EIGHT = tuple(f"{name}@partner.example" for name in ("ane", "bjoerk", "carlo", "ditte", "emil", "fie", "gry", "hakon"))
ANE, BJOERK = EIGHT[:2]
NOT_MAILED = (3, (), ())
RULES = [{"id": "svar", "before": "start", "days": 7, "at": "09:00", "to": "unanswered", "channels": ["mail"], "template": "please_answer"}]


@pytest.fixture(params=["plan", "limits"])
def world(world: World, request: pytest.FixtureRequest) -> World:
    """Whatever waits for HR otherwise."""
    world.settings["APPROVAL"] = request.param
    return world


# -- a date of a choice goes

A, B, C = (
    {"id": name, "title": f"Hold {name.upper()}", "sessions": [make_session(day=day)]}
    for name, day in (("a", "2025-06-17"), ("b", "2025-06-18"), ("c", "2025-06-24"))
)
LEFT: dict[str, tuple[list[JsonObject], set[str]]] = {
    "removed": ([B], {"b"}),
    "replaced": ([B, C], {"b", "c"}),
    "under another id": ([A | {"id": "hold-a"}, B], {"hold-a", "b"}),
}


def gamma(*offerings: JsonObject) -> JsonObject:
    course = make_course("gamma", offerings=[*offerings], enrolment={"mode": "choose", "capacity": 5})
    return make_plan(course, make_course("andet", make_session(day="2025-09-01")), audiences=people(*EIGHT), reminders=RULES)


@played_once
def two_chose_a(world: World) -> None:
    world.write(gamma(A, B))
    world.sync()
    for person in (ANE, BJOERK):
        answer(world, "gamma/a/dag", person, "accept")
    world.run("responses")
    assert world.invited("gamma/b/dag") == {*EIGHT} - {ANE, BJOERK}


@pytest.mark.crossed
@pytest.mark.parametrize(("offerings", "open_dates"), LEFT.values(), ids=LEFT)
def test_a_date_that_goes_shuts_out_nobody_who_had_chosen_it(world: World, offerings: list[JsonObject], open_dates: set[str]) -> None:
    """They are asked again as everybody is, told so, and stand in every list; HR hears of it before and after."""
    two_chose_a(world)
    world.write(gamma(*offerings))
    ran = world.run("run")
    assert ran.code == 3 or world.settings["APPROVAL"] == "limits", ran.out
    before = world.run("preview").out if waiting(world) else ran.out
    assert "mister sin plads" in before or "mister deres plads" in before or "Mister pladsen" in before
    if waiting(world):
        approve_all(world)
    mails = [*ran.mails, *world.run("run").mails]
    told = {mail.to for mail in mails if mail.subject == "Dit hold er udgået: Gamma"}
    assert told == {ANE, BJOERK}
    for name in open_dates:
        assert world.invited(f"gamma/{name}/dag") == {*EIGHT}
    rows = statuses(world)
    for person in ("ane", "bjoerk"):
        mine = {key.partition("/")[2]: status for key, status in rows.items() if key.startswith(f"{person}/") and status != "withdrawn"}
        assert {name for name in mine if name in open_dates} == open_dates
        assert "registered" not in mine.values()
    report = world.run("report").out
    assert "Tilmeldt: 0 af 5" in report
    assert world.preview().json["changes"] == []
    world.move_clock("2025-06-11T09:30:00+02:00")
    assert {who for who, _ in subjects(world.run("send"))} >= {"ane", "bjoerk"}
    answer(world, "gamma/b/dag", ANE, "accept")
    world.run("responses")
    assert statuses(world)["ane/b"] == "registered"


# -- the plan's own id


@played_once
def synced(world: World, count: int, *accepting: str) -> None:
    """So many courses of eight people; who accepts the first one has been read."""
    world.write(make_plan(*some_courses(count), audiences=people(*EIGHT)))
    world.sync()
    for person in accepting:
        answer(world, "kursus-1/dag", person, "accept")
    if accepting:
        world.run("responses")


@pytest.mark.crossed
@pytest.mark.parametrize("door", [("run",), ("sync", "--yes"), ("jobs", "run", "sync_plan")], ids=" ".join)
def test_a_changed_plan_id_invites_nobody_again_whoever_runs_it(world: World, door: tuple[str, ...]) -> None:
    """`sed 's/^id: demo$/id: demo2/'`: six events and eight people, 48 mails."""
    synced(world, 6)
    text = world.plan_file.read_text(encoding="utf-8")
    world.plan_file.write_text(re.sub("^id: demo$", "id: demo2", text, flags=re.MULTILINE), encoding="utf-8")
    for _ in range(2):
        ran = world.run(*door)
        assert (ran.code, ran.writes, ran.mails) == NOT_MAILED
    shown = world.run("preview").out
    assert ("Sæt id'et tilbage til »demo«" in shown, "skriv »demo« i Var" in shown) == (True, True)
    assert {*courses_of(world)} == {f"kursus-{number}" for number in range(1, 7)}
    assert all("id" in row["reasons"] for row in courses_of(world).values())
    world.plan_file.write_text(text, encoding="utf-8")
    assert (world.run("run").mails, len(world.events)) == ((), 6)


# -- one session's id


@pytest.mark.crossed
@pytest.mark.parametrize("door", [("run",), ("sync", "--yes"), ("jobs", "run", "sync_plan")], ids=" ".join)
def test_one_changed_session_id_of_six_cancels_and_invites_nobody(world: World, door: tuple[str, ...]) -> None:
    """One in six is under every limit of share; eight cancellations and eight invitations."""
    courses = some_courses(6)
    synced(world, 6, ANE, BJOERK)
    listed = statuses(world)
    session = courses[0]["sessions"][0]
    courses[0]["sessions"] = [session | {"id": "day"}]
    world.write(make_plan(*courses, audiences=people(*EIGHT)))
    for _ in range(2):
        ran = world.run(*door)
        assert (ran.code, ran.writes, ran.mails) == NOT_MAILED
    (row,) = waiting(world)
    assert (row["course"], "id" in row["reasons"], statuses(world)) == ("kursus-1", True, listed)
    courses[0]["sessions"] = [session | {"id": "day", "was": "dag"}]
    world.write(make_plan(*courses, audiences=people(*EIGHT)))
    assert world.run("run").mails == ()
    assert (waiting(world), statuses(world)) == ([], listed)


def test_a_changed_session_id_that_was_meant_counts_nobody_twice(world: World) -> None:
    courses = some_courses(6)
    synced(world, 6, ANE, BJOERK)
    courses[0]["sessions"] = [courses[0]["sessions"][0] | {"id": "day"}]
    world.write(make_plan(*courses, audiences=people(*EIGHT)))
    ran = world.approve()
    assert ran.people_mailed[("invitation", ANE)] <= 1
    rows = [row for row in world.run("registrations", "--format", "json").json if (row["course"], row["email"]) == ("kursus-1", ANE)]
    assert [{*row["sessions"]} <= {"day"} for row in rows] == [True]
    assert "dag:" not in world.run("registrations", "kursus-1").out


# -- the mailbox


@pytest.mark.crossed
@pytest.mark.parametrize("door", [("run",), ("sync", "--yes"), ("jobs", "run", "sync_plan")], ids=" ".join)
def test_another_mailbox_is_called_that_and_nobody_is_said_to_have_deleted_five_events(world: World, door: tuple[str, ...]) -> None:
    """What HR was told to do then left the old events for ever and invited everybody again."""
    synced(world, 5, ANE)
    world.write(make_plan(*some_courses(5), audiences=people(*EIGHT), organiser=mail_of("hr")))
    for _ in range(2):
        ran = world.run(*door)
        assert (ran.code, ran.writes, ran.mails) == NOT_MAILED
    for told in (world.run("preview").out, world.run("report").out):
        assert "slettet" not in told.replace("Intet er slettet", "")
        assert "nyt id" not in told
    assert all("organiser" in row["reasons"] for row in courses_of(world).values())
    moved = world.approve()
    assert moved.people_mailed == {(kind, one): 5 for one in EIGHT for kind in ("cancellation", "invitation")}
    hr = world.tenant.directory.find_user(mail_of("hr"))
    assert {event.mailbox_id for found in world.events.values() for event in found} == {hr.id if hr else ""}
    assert len(world.events) == 5
    kept = {row["course"]: row["status"] for row in world.run("registrations", "--format", "json").json if row["email"] == ANE}
    assert kept["kursus-1"] == "registered"
    assert world.run("run").writes == ()
