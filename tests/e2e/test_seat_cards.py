"""News of a seat as cards in people's chats, cut off at any request: told once, or not at all and HR is told; never mailed as well."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e.as_it_was import AsItWas
from tests.e2e.chatting import told, with_bot
from tests.e2e.driver import mail_of, new_world
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.plans import make_plan
from tests.e2e.reminders import AT_ONCE
from tests.e2e.seats import choosing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.driver import World

ADA, BEA = map(mail_of, ("ada", "bea"))
DEEDS = {
    "withdrawn, and the seat offered": ("withdraw", "kursus/hold-1", ADA, "--by", "hr"),
    "moved, and the seat offered": ("move", "kursus", ADA, "hold-2", "--by", "hr"),
}


def set_up(world: World) -> None:
    """Ada has the only seat of the first date, and Bea waits for it; both have a chat with the bot by now."""
    for who, shown in ((ADA, "Ada Prøve"), (BEA, "Bea Prøve")):
        world.tenant.directory.add_person(shown, who)
    course = choosing(capacity=1, waiting_list=True)
    audience = {"ledere": {"people": [{"email": ADA}, {"email": BEA}]}}
    world.write(make_plan(course, audiences=audience))
    world.sync()
    assert world.run("enrol", "kursus/hold-1", ADA, "--by", "hr").code == 0
    assert world.run("enrol", "kursus/hold-1", BEA, "--queue", "--by", "hr").code == 0
    world.run("responses")
    with_bot(world, ADA, BEA)


def mails_of_seats(world: World, before: int) -> list[str]:
    return [mail.to for mail in world.tenant.mail_log.mails[before:] if mail.kind.value == "message"]


@SWEPT
@pytest.mark.parametrize("deed", DEEDS)
def test_killed_at_any_request_each_is_told_once_and_by_nothing_else(tmp_path: Path, deed: str, each: int) -> None:
    with new_world(tmp_path, leaders=0) as world:
        set_up(world)
        before = AsItWas(world)
        first = len(world.tenant.mail_log.mails)
        whole = world.run(*DEEDS[deed])
        wanted = Counter(told(world))
        assert sorted(who for who, _ in wanted) == ["ada", "bea"]
        assert set(wanted.values()) == {1}
        assert any(entry.is_connector for entry in whole.requests)
        for killed in killed_at_each(before, whole.requests, each, *DEEDS[deed]):
            _once(world, deed, first, wanted, str(killed))


def _once(world: World, deed: str, before: int, wanted: Counter[tuple[str, str]], where: str) -> None:
    """After what HR does: the deed again, which is refused where it was done, and the rounds."""
    world.run(*DEEDS[deed])
    for _ in range(2):
        world.run("responses", **AT_ONCE)
    got, missing = Counter(told(world)), wanted - Counter(told(world))
    assert got <= wanted, f"{where}: {got - wanted} too many"
    assert mails_of_seats(world, before) == [], where
    uncertain = sum(one.get("uncertain", 0) for one in world.run("messages", "--format", "json").json)
    # One that arrived may be told as uncertain too: its answer died with the process.
    assert missing.total() <= uncertain <= 1, f"{where}: {missing} is missing, and {uncertain} told as uncertain"
