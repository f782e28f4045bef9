"""Two plans in one mailbox, with courses, offerings and rules of the same ids: what belongs to the one is never taken for the other's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import yaml

from tests.e2e.as_it_was import AsItWas
from tests.e2e.cut_off import NOON, TO_ALL
from tests.e2e.driver import new_world
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.seats import ANNA, BO

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.driver import Ran, World


def plan_of(identity: str, **changes: Any) -> dict[str, Any]:
    rule = {"id": "i-morgen", "template": "tomorrow", **TO_ALL}
    return make_plan(make_course("kursus"), **({"id": identity, "audiences": people(ANNA, BO), "reminders": [rule]} | changes))


def beside(world: World, *command: str) -> Ran:
    """The same command for the other plan."""
    return world.run(*command, PLAN=str(world.folder / "other.yaml"))


def set_up(world: World) -> None:
    world.plans = ("demo", "other")
    world.write(plan_of("demo"))
    (world.folder / "other.yaml").write_text(yaml.safe_dump(plan_of("other"), allow_unicode=True), encoding="utf-8")
    assert world.run("sync", "--yes").code == 0
    # All its sessions are those of the first one, so that it may be that one under a new id: a person says that it is not.
    other = beside(world, "preview", "--format", "json").json["checksum"]
    assert beside(world, "sync", "--approve", other).code == 0
    world.move_clock(NOON)


def mails(world: World) -> Counter[tuple[str, str]]:
    return Counter((mail.to, mail.subject) for mail in world.tenant.mail_log.to_people() if mail.kind.value == "message")


@SWEPT
def test_a_mail_of_the_other_plan_is_never_taken_for_the_one_that_was_under_way(tmp_path: Path, each: int) -> None:
    """One plan's sending dies at any request, the other plan sends meanwhile: each person gets one mail of each."""
    with new_world(tmp_path, leaders=0) as world:
        set_up(world)
        before = AsItWas(world)
        requests = world.run("send").requests
        beside(world, "send")
        undisturbed = mails(world)
        assert sorted(undisturbed.values()) == [2, 2], "both plans say the same to both"
        for killed in killed_at_each(before, requests, each, "send"):
            assert beside(world, "send").code == 0
            assert world.run("send").code == 0
            world.run("send")
            assert mails(world) == undisturbed, killed


def test_what_one_plan_has_sent_says_nothing_of_the_others(world: World) -> None:
    """The accounts, the list of reminders and what comes back are each plan's own."""
    set_up(world)
    world.tenant.calendars.transport.bouncing[ANNA] = "5.2.2"
    world.run("send")
    assert {one["state"] for one in beside(world, "reminders", "--format", "json").json} == {"due"}
    beside(world, "send")
    del world.tenant.calendars.transport.bouncing[ANNA]
    for run in (world.run, lambda *command: beside(world, *command)):
        run("responses")
        (told,) = (one for one in run("messages", "--format", "json").json if one["kind"] == "tomorrow")
        assert (told["expected"], told["failed"], len(told["returned"])) == (2, 1, 1)
