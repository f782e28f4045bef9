"""Writing to the participants at the desk: written, looked at, sent to exactly those who were shown, once."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from jobs.registry import JOBS
from tests.e2e.desk_driver import HR, at_the_desk, leader, write_plan
from tests.e2e.service_driver import until

if TYPE_CHECKING:
    from tests.e2e.driver import World

WRITE = "/courses/lederdag/write"
SAID = {"to": ["registered", "silent"], "where": "", "subject_da": "Tag din computer med", "text_da": "Vi skal **prøve** det af."}


def digest_on(page: str) -> str:
    return re.search(r'name="digest" value="([^"]+)"', page)[1]


async def in_force(service, hr) -> None:
    """The course is approved, and everybody invited."""
    page = await asyncio.to_thread(hr.read, "/changes")
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    await asyncio.to_thread(hr.send, "/changes", page, shown=shown, decision="approve")
    await until(lambda: "Ingen ændringer venter" in hr.read("/changes"))


async def drafted(hr, **changes) -> tuple[str, str]:
    """Where the draft is looked at, and the page there."""
    form = await asyncio.to_thread(hr.read, WRITE)
    kept = await asyncio.to_thread(hr.send, WRITE, form, **(SAID | changes))
    assert kept.status_code == 303, kept.text
    address = kept.headers["location"]
    return address, await asyncio.to_thread(hr.read, address)


def mails_of(world: World, subject: str = SAID["subject_da"]) -> list:
    return [one for one in world.tenant.messages.messages.values() if one.subject == subject and one.folder == "sentitems"]


def test_hr_writes_looks_and_sends_to_exactly_those_who_were_shown_once(world: World) -> None:
    """With the name, HR's words, and why; two presses are one mail; who did it stands in the log."""
    write_plan(world)

    async def story(service, person) -> None:
        hr = await person(HR)
        await in_force(service, hr)
        address, page = await drafted(hr)
        assert "Én får en mail. Ingen andre får den." in page
        assert mails_of(world) == []
        for _ in range(2):
            sent = await asyncio.to_thread(hr.send, address, page, act="send", digest=digest_on(page), when="at_once")
            assert sent.headers["location"].endswith("done=send")
        await until(lambda: "1 af 1 sendt" in hr.read(address))
        await service.runner.run("demo", JOBS["follow_decisions"])

    at_the_desk(world, story)
    (mail,) = mails_of(world)
    assert [one["emailAddress"]["address"] for one in mail.recipients["toRecipients"]] == [leader(world).address]
    assert "Vi skal <strong>prøve</strong> det af." in mail.html
    assert "fordi du er inviteret til og ikke har svaret på <strong>Lederdag</strong>" in mail.html
    lines = [line for line in world.run("actions", "--format", "json").json if line["command"] == "write"]
    assert [(line["by"], line["door"], line["course"]) for line in lines if not line["detail"].startswith("look")] == [
        (HR.address, "desk", "lederdag")
    ]
