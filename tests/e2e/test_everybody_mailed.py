"""A tenant that mails everybody on an event when a list changes: preview counts what is sent, and who comes and goes is gathered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import DOMAIN
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import Ran, World

ANNA, BO, EVA, GRO, IDA = (mail_of(name) for name in ("anna", "bo", "eva", "gro", "ida"))
ROOM = f"sal-1@{DOMAIN}"


@pytest.fixture
def world(world: World) -> World:
    world.tenant.settings.attendee_patch_mails_everyone = True
    world.settings["GRAPH__ATTENDEES_PATCH_MAILS"] = "everybody"
    return world


def plan(world: World, *who: str, courses: tuple[dict[str, object], ...] = (), **course: object) -> None:
    world.write(make_plan(*(courses or (make_course(**course),)), audiences=people(*who)))


def sent(ran: Ran) -> int:
    return sum(ran.people_mailed.values())


@pytest.mark.parametrize(
    ("change", "mails"),
    [
        (lambda world: plan(world, ANNA, BO, EVA), 3),
        (lambda world: plan(world, ANNA), 2),
        (lambda world: plan(world, ANNA, EVA), 3),
        (lambda world: plan(world, ANNA, BO, venue={"name": "Sal 1", "room": ROOM}), 4),
        (lambda world: plan(world, ANNA, BO, title="Noget andet"), 2),
        (lambda world: plan(world, ANNA, BO, EVA, sessions=[make_session(day="2025-06-19")]), 5),
        (lambda world: plan(world, ANNA, sessions=[make_session(day="2025-06-19")]), 3),
        (lambda world: plan(world, ANNA, EVA, title="Noget andet"), 5),
        (lambda world: plan(world, ANNA, BO, status="cancelled"), 2),
    ],
    ids=[
        "joins",
        "leaves",
        "one for another",
        "room",
        "words",
        "words and joins",
        "words and leaves",
        "words and other people",
        "cancelled",
    ],
)
def test_preview_counts_exactly_the_mails_that_are_sent(world: World, change: Callable[[World], None], mails: int) -> None:
    plan(world, ANNA, BO)
    assert sent(world.sync()) == 2
    change(world)
    told = world.preview().json
    ran = world.sync()
    assert (told["mails"], told["changes"][0]["mails"], ran.json["mails"], sent(ran)) == (mails,) * 4
    assert world.preview().json["changes"] == []


def test_the_approval_shows_the_mails_that_are_sent(world: World, every_change_waits: None) -> None:
    plan(world, ANNA, BO)
    world.approve()
    plan(world, ANNA, BO, EVA, title="Noget andet")
    assert world.run("run").code == 3
    (waiting,) = [one for one in world.run("approvals", "--format", "json").json if one["state"] == "waiting"]
    assert world.run("approve", waiting["checksum"], "--by", "hr").code == 0
    assert (waiting["mails"], sent(world.run("run"))) == (5, 5)


def test_the_text_says_why_so_many_get_a_mail(world: World) -> None:
    plan(world, ANNA, BO)
    world.sync()
    plan(world, ANNA, BO, EVA)
    assert "til alle på mødet, når listen ændres: 2 mails mere" in world.run("preview").out


def test_a_limit_of_mails_counts_those_too(world: World) -> None:
    plan(world, ANNA, BO, EVA)
    world.sync()
    plan(world, ANNA, BO, EVA, GRO)
    assert world.sync(code=3, SAFETY__MAX_MAILS="3").mails == ()
    assert sent(world.sync(SAFETY__MAX_MAILS="4")) == 4


def test_joiners_of_a_day_are_one_change_of_the_list(world: World) -> None:
    """The first goes at once; those who come until the next morning go together then, in one mail to everybody."""
    plan(world, ANNA, BO)
    assert sent(world.run("run")) == 2
    plan(world, ANNA, BO, EVA)
    assert sent(world.run("run")) == 3
    for who in ((ANNA, BO, EVA, GRO), (BO, EVA, GRO, IDA)):
        world.move_clock((world.now + timedelta(hours=3)).isoformat())
        plan(world, *who)
        waits = world.run("run")
        assert (waits.code, waits.mails) == (0, ())
    world.move_clock((world.now.replace(hour=7) + timedelta(days=1)).isoformat())
    assert sent(world.run("run")) == 5
    assert world.invited("lederdag/dag") == {BO, EVA, GRO, IDA}
    assert world.run("run").mails == ()


def test_nobody_waits_who_would_come_too_late_or_whom_a_person_adds(world: World) -> None:
    plan(world, ANNA, BO, sessions=[make_session(day="2025-03-05")])
    for who in ((ANNA, BO, EVA), (ANNA, BO, EVA, GRO)):
        plan(world, *who, sessions=[make_session(day="2025-03-05")])
        assert sent(world.run("run")) == len(who)
    plan(world, ANNA, BO, EVA, GRO, sessions=[make_session(day="2025-04-09")])
    world.run("run")
    for who in ((ANNA, BO, EVA), (ANNA, BO, EVA, IDA)):
        plan(world, *who, sessions=[make_session(day="2025-04-09")])
        assert sent(world.sync()) == 4


def test_what_was_found_is_gone_by_and_a_setting_goes_before_it(world: World) -> None:
    """The probe writes it down; nothing has to be set."""
    del world.settings["GRAPH__ATTENDEES_PATCH_MAILS"]
    plan(world, ANNA, BO)
    world.sync()
    plan(world, ANNA, BO, EVA)
    assert world.preview().json["mails"] == 1
    found(world, "everybody")
    assert world.preview().json["mails"] == 3
    assert world.preview(GRAPH__ATTENDEES_PATCH_MAILS="changed").json["mails"] == 1
    assert sent(world.sync()) == 3


def found(world: World, reading: str) -> None:
    """As a probe leaves it in the database."""
    from bot.domain.probing import Probe
    from bot.domain.probing import found as finding
    from bot.store.opening import open_database
    from bot.store.probes import SqlProbeBook

    with open_database(f"sqlite:///{world.database_file}") as database:
        seen = finding("attendees_patch_mails", reading)
        SqlProbeBook(database).save(Probe(mailbox=mail_of("proeve"), at=world.now, findings=(seen,)))
