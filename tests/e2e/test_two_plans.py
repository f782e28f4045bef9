"""Two plans in one mailbox, with courses, offerings and rules of the same ids: what belongs to the one is never taken for the other's."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.e2e.cut_off import NOON, TO_ALL
from tests.e2e.driver import new_world
from tests.e2e.killing import ATTEMPTS, EACH, killed_at
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.rules import broken_rules
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


@pytest.mark.parametrize("each", EACH)
def test_a_mail_of_the_other_plan_is_never_taken_for_the_one_that_was_under_way(tmp_path: Path, each: int) -> None:
    """One plan's sending dies at any request, the other plan sends meanwhile: each person gets one mail of each."""

    def folder(name: str) -> Path:
        made = tmp_path / name
        made.mkdir()
        return made

    with new_world(folder("peace"), leaders=0) as world:
        set_up(world)
        requests = len(world.run("send").requests)
        beside(world, "send")
        undisturbed = mails(world)
    assert sorted(undisturbed.values()) == [2, 2], "both plans say the same to both"
    for nth in range(1, requests + 1, each):
        for when in ("before", "after"):
            for attempt in range(ATTEMPTS):
                with new_world(folder(f"{nth}-{when}-{attempt}"), leaders=0) as world:
                    set_up(world)
                    if killed_at(world, nth, when, "send") is None:
                        continue
                    assert beside(world, "send").code == 0
                    assert world.run("send").code == 0
                    world.run("send")
                    assert mails(world) == undisturbed, f"killed {when} {nth} of {requests}"
                    assert broken_rules(world) == []
                    break
            else:
                pytest.fail(f"could not be killed {when} request {nth}")


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
