"""A power cut at a request, before its effect or after it, and what everybody got by then."""

from __future__ import annotations

import urllib.request
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e.driver import STAMP, wait_until
from tests.e2e.program import start_program

if TYPE_CHECKING:
    from tests.e2e.driver import World

# Long enough to be killed in, and over when the next run begins.
HOLD_MS = 200
ATTEMPTS = 5
EACH = [pytest.param(3, id="every third"), pytest.param(1, id="every one", marks=pytest.mark.long)]
"""At which requests a run is killed: the long tests leave none out."""


def killed_at(world: World, nth: int, when: str, *command: str) -> str | None:
    """Kill a sync (or `command`) while its nth request is held, before or after its effect: its method, None if that came too late.

    Where a list is late, how often it is looked at again is chance: "" for a run that was over before it made that many requests.
    """
    tenant = world.tenant
    first = len(tenant.journal.entries) + nth - 1
    # Dropped as well, or the held request would still take its effect after the death of its sender.
    rule = tenant.faults.add(nth=nth, when=when, delay_ms=HOLD_MS, drop=when == "before")
    with (world.folder / "killed.log").open("wb") as log:
        process = start_program(command or ("sync", "--yes"), environment=world.environment(), folder=world.folder, out=log, err=log)
    control = world.base_url.replace("/v1.0", "/_sandbox/state")

    def is_there() -> bool:
        # Answered by the loop that serves the request, so what it says is between two steps of that.
        with urllib.request.urlopen(control) as answer:  # noqa: S310 - our own loopback
            answer.read()
        return rule.acted == 1

    wait_until(lambda: is_there() or process.poll() is not None)
    if rule.acted != 1:
        tenant.faults.clear()
        return ""
    process.kill()
    process.wait()
    entry = tenant.journal.entries[first]
    in_time = entry.ended == 0
    wait_until(lambda: all(one.ended for one in tenant.journal.entries))
    tenant.faults.clear()
    return entry.method if in_time else None


def all_mails(world: World) -> Counter[tuple[str, str, str]]:
    """Every mail that somebody got, as (kind, whom, session)."""
    stamps = {event.immutable_id: event.extended[STAMP] for event in world.tenant.calendars.events.values()}
    return Counter((mail.kind.value, mail.to, stamps.get(mail.event or "", mail.subject)) for mail in world.tenant.mail_log.to_people())
