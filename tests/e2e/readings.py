"""Microsoft 365 as it is documented, and with everything that sources disagree on the other way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.settings import STRICT

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

DOCUMENTED, OTHER = "as documented", "the other way"
READINGS = (DOCUMENTED, OTHER)


def read_as(world: World, reading: str) -> World:
    """The tenant behaves so, and the program knows of it what its settings say."""
    if reading == OTHER:
        world.tenant.settings.change(STRICT)
        world.settings |= {"GRAPH__ATTENDEES_PATCH_MAILS": "everybody", "GRAPH__GATE": "app"}
    return world


def sent(ran: Ran) -> int:
    """How many mails people got of it, rooms and the mailbox itself apart."""
    return sum(ran.people_mailed.values())


def as_counted(world: World) -> Ran:
    """A sync that sends exactly as many mails as the preview before it said, and leaves nothing to do."""
    told = world.preview().json["mails"]
    ran = world.sync()
    assert (told, ran.json["mails"]) == (sent(ran),) * 2
    assert ran.json["changes"] == [] or {one["outcome"] for one in ran.changes} == {"applied"}
    return ran
