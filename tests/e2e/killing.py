"""A power cut at a request, before its effect or after it, and what everybody got by then.

A sweep kills one command again and again, each time in the world as it stood before it and at another request: `killed_at_each`. At which,
is the same rule for every sweep (`SWEPT`):

| play | kills | where |
|---|---|---|
| short | every fifth of ten or more, else every third | `make test`; of a test with many scenarios some, which it names |
| long | every one | `make test-long` (marked `long`); all scenarios |

A write is killed at before its effect and after it, which are two kills; a read has none to be before or after, and is one.
"""

from __future__ import annotations

import urllib.request
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.e2e.driver import A_LOOK_SECONDS, STAMP, wait_until
from tests.e2e.program import start_program
from tests.e2e.rules import broken_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.sandbox.journal import Entry
    from tests.e2e.as_it_was import AsItWas
    from tests.e2e.driver import World

# Long enough to be killed in, and over when the next run begins.
HOLD_MS = 200
ATTEMPTS = 5
EACH = [pytest.param(5, id="every fifth"), pytest.param(1, id="every one", marks=pytest.mark.long)]
OF_FEW = 3
SWEPT = pytest.mark.parametrize("each", EACH)
"""Gives a test `each`: of how many kills it is to do one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """At which request it was, whether before or after its effect, and its method."""

    nth: int
    of: int
    when: str
    method: str

    def __str__(self) -> str:
        return f"killed {self.when} {self.method} {self.nth} of {self.of}"


def killed_at_each(before: AsItWas, undisturbed: Sequence[Entry], each: int, *command: str, at: Collection[int] = ()) -> Iterator[Killed]:
    """Kill a sync (or `command`) at the requests that it makes undisturbed (`at`: those alone), in the world as it was `before`.

    Whoever goes through it does what follows a power cut, and says what has to be so then; the rules for everything that a world has seen
    are looked at here.
    """
    numbered = [(nth, entry) for nth, entry in enumerate(undisturbed, 1) if not at or nth in at]
    kills = [(nth, when) for nth, entry in numbered for when in (("before",) if entry.method == "GET" else ("before", "after"))]
    # Odd, so that it meets what is before an effect and what is after it.
    step = each if len(kills) >= 2 * each else min(each, OF_FEW)
    for nth, when in kills[::step]:
        for _ in range(ATTEMPTS):
            before.come_back()
            method = killed_at(before.world, nth, when, *command)
            if method is not None:
                yield Killed(nth=nth, of=len(undisturbed), when=when, method=method)
                assert broken_rules(before.world) == []
                break
        else:
            pytest.fail(f"could not be killed {when} request {nth}")


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
    wait_until(lambda: rule.acted == 1 or process.poll() is not None, longest=A_LOOK_SECONDS)
    if rule.acted != 1:
        tenant.faults.clear()
        return ""
    # Answered by the loop that serves the request: it is between two steps of that.
    with urllib.request.urlopen(world.base_url.replace("/v1.0", "/_sandbox/state")) as answer:  # noqa: S310 - our own loopback
        answer.read()
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
