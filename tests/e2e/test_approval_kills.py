"""A power cut at any request after an approval: what was approved happens once, and nothing else does.

HR edits one course in each way there is and one more that nobody approves. The service is killed at the requests of the round that
carries it out; its next rounds leave what an undisturbed one would have.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.approval import approvals, approve, run
from tests.e2e.as_it_was import AsItWas
from tests.e2e.driver import mail_of, new_world
from tests.e2e.killing import EACH, all_mails, killed_at_each
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.rules import broken_rules

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from tests.e2e.driver import World

JsonObject = dict[str, Any]
Mails = dict[tuple[str, str, str], int]
GROUP = mail_of("holdet")
ANNA, BO = PEOPLE = (mail_of("anna"), mail_of("bo"))
DAYS = {"gammelt": "2025-06-10", "nyt-navn": "2025-06-11", "aflyses": "2025-06-12", "vaek": "2025-06-13", "venter": "2025-06-16"}


def course(identity: str, **changes: Any) -> JsonObject:
    return make_course(identity, make_session(day=DAYS[identity]), **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What HR had, what HR wrote, who approved what of it, and what people get then: mails by kind and session, one to each."""

    before: tuple[JsonObject, ...]
    after: tuple[JsonObject, ...]
    approved: frozenset[str]
    mails: tuple[tuple[str, str], ...]
    live: frozenset[str]
    head: JsonObject = field(default_factory=dict)
    waits: tuple[str, ...] = ()

    @property
    def code(self) -> int:
        """How a round ends."""
        return 3 if self.waits else 0


EVERY_KIND = Edited(
    before=tuple(map(course, DAYS)),
    after=(
        make_course("flyttet", make_session(day="2025-06-20"), was="gammelt", title="Gammelt"),
        course("nyt-navn", title="Et nyt navn"),
        course("aflyses", status="cancelled"),
        make_course("nyt", make_session(day="2025-06-24")),
        course("venter", title="Ingen har godkendt det"),
    ),
    approved=frozenset({"flyttet", "nyt-navn", "aflyses", "vaek", "nyt"}),
    mails=(
        ("update", "flyttet"), ("update", "nyt-navn"), ("cancellation", "aflyses"), ("cancellation", "vaek"), ("invitation", "nyt"),
    ),
    live=frozenset({"flyttet", "nyt-navn", "nyt", "venter"}),
    waits=("venter",),
)  # fmt: skip
ANOTHER_MAILBOX = Edited(
    before=(course("gammelt"), course("nyt-navn")),
    after=(course("gammelt"), course("nyt-navn")),
    approved=frozenset({"gammelt", "nyt-navn"}),
    mails=tuple((kind, name) for kind in ("invitation", "cancellation") for name in ("gammelt", "nyt-navn")),
    live=frozenset({"gammelt", "nyt-navn"}),
    head={"organiser": mail_of("hr")},
)


def set_up(world: World, edited: Edited) -> None:
    """Everything up to the approval; what is mailed from here on counts."""
    world.settings |= {"APPROVAL": "", "SAFETY__MAX_CANCELLED_PEOPLE": "1", "LOG__LEVEL": "info"}
    world.tenant.directory.add_group("Holdet", GROUP)
    for address in PEOPLE:
        world.tenant.directory.add_person(address.split("@")[0].title(), address, GROUP)
    audiences = {"ledere": {"groups": [GROUP]}}
    world.write(make_plan(*edited.before, audiences=audiences))
    world.sync()
    world.tenant.mail_log.clear()
    world.write(make_plan(*edited.after, audiences=audiences, **edited.head))
    shown = world.preview().json
    assert {one["course"] for one in shown["courses"] if one["approval"] == "needed"} == edited.approved | {*edited.waits}
    approve(world, shown["checksum"], *(part for name in sorted(edited.approved) for part in ("--course", name)))


def assert_everything_approved_happened_once(world: World, edited: Edited, where: str) -> None:
    run(world, code=edited.code)
    quiet = run(world, code=edited.code)
    assert (quiet.writes, quiet.mails) == ((), ()), where
    expected = {(kind, address, f"demo/{name}/main/dag"): 1 for kind, name in edited.mails for address in PEOPLE}
    got: Counter[tuple[str, str, str]] = all_mails(world)
    assert got == expected, where
    assert {key: len(found) for key, found in world.events.items()} == {f"demo/{name}/main/dag": 1 for name in edited.live}, where
    # What was there before was approved, too.
    done = {("done", name) for name in {*edited.approved, *edited.waits}}
    assert {(row["state"], row["course"]) for row in approvals(world)} == done | {("waiting", name) for name in edited.waits}, where
    assert broken_rules(world) == []


PLAYED = [
    pytest.param(EVERY_KIND, 1, id="every kind of edit", marks=pytest.mark.long),
    *(pytest.param(ANOTHER_MAILBOX, *each.values, id=f"another mailbox, {each.id}", marks=each.marks) for each in EACH),
]


@pytest.mark.parametrize(("edited", "each"), PLAYED)
def test_what_was_approved_happens_once_wherever_the_service_is_killed(tmp_path: Path, edited: Edited, each: int) -> None:
    with new_world(tmp_path, leaders=0) as world:
        set_up(world, edited)
        before = AsItWas(world)
        requests = run(world, code=edited.code).requests
        assert_everything_approved_happened_once(world, edited, "nowhere")
        last = max(nth for nth, entry in enumerate(requests, 1) if entry.method != "GET")
        # And at the read after it, when the calendar is done and the books are not.
        for killed in killed_at_each(before, requests[: last + 1], each, "run"):
            assert_everything_approved_happened_once(world, edited, str(killed))
