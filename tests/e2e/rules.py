"""What holds for every request, every log line and every page, whatever a test is about.

Applied to all that a `World` has seen when its test is over, so that each scenario of the folder proves
these too: requests agree with Microsoft's description, carry immutable ids, name a mailbox by its account's id, keep attendees and
content apart and touch only our own events; a mailbox has at most four requests in flight; logs are masked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.graph.experiments.lab import PROPERTY as PROBE
from tests.builders.graph_talk import NOT_DESCRIBED, PLAYED_BY_THE_PROBE, contract
from tests.e2e.driver import STAMP, TOKEN, body_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.sandbox.journal import Entry
    from tests.e2e.driver import Ran, World

OUTLOOK = re.compile(r"^(/users/[^/]+/(events|calendar|calendars|calendarView|messages|mailFolders|sendMail)|/subscriptions)\b")
BY_ADDRESS = re.compile(r"^/users/([^/]+(?:@|%40)[^/]+)/")
OK = 200
ONE_EVENT = re.compile(r"^/users/[^/]+/events/([^/]+)")
SAFE_FOR_EVERYBODY = {"transactionId", "singleValueExtendedProperties", "hideAttendees", "allowNewTimeProposals"}


def broken_rules(world: World) -> list[str]:
    """Everything that is wrong with what this world has seen."""
    entries = [entry for entry in world.tenant.journal.entries if not entry.is_connector and not _was_cut_off(entry)]
    return [
        *_against_the_contract(entries),
        *_by_address(world, entries),
        *_of_requests(entries),
        *_strangers_written(world, entries),
        *_said_too_much(world),
    ]


def _was_cut_off(entry: Entry) -> bool:
    """Whether its sender was killed while sending it."""
    return len(entry.body) < int(entry.headers.get("content-length", 0))


def _against_the_contract(entries: Iterable[Entry]) -> Iterator[str]:
    described = contract()
    if described is None:
        return
    for entry in entries:
        if NOT_DESCRIBED.search(entry.path):
            continue
        headers = {name: value for name, value in entry.headers.items() if name != "authorization"}
        # Graph calls https only; here it calls this machine.
        body = entry.body.replace(b'"http://127.0.0.1', b'"https://127.0.0.1') if entry.path == "/subscriptions" else entry.body
        for problem in described.check(entry.method, entry.target, headers, body):
            if problem == PLAYED_BY_THE_PROBE and b"kursusbot-probe" in body:
                continue
            yield f"{entry.method} {entry.target}: {problem}"


def _of_requests(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        if OUTLOOK.match(entry.path) and 'IdType="ImmutableId"' not in entry.headers.get("prefer", ""):
            yield f"{entry.method} {entry.path} does not ask for immutable ids"
        if "client-request-id" not in entry.headers:
            yield f"{entry.method} {entry.path} has no client-request-id"
        if entry.in_flight > 4:
            yield f"{entry.in_flight} requests at once to the mailbox of {entry.path}"
        body = body_of(entry)
        if entry.method == "PATCH" and "attendees" in body and set(body) != {"attendees"}:
            yield f"attendees together with {sorted(body)}"
        if entry.method == "PATCH" and ("start" in body) != ("end" in body):
            yield "start without end"
        if entry.method == "POST" and entry.path.endswith("/events") and not set(body) >= SAFE_FOR_EVERYBODY:
            yield f"an event is created without {sorted(SAFE_FOR_EVERYBODY - set(body))}"


def _by_address(world: World, entries: Iterable[Entry]) -> Iterator[str]:
    """A mailbox by its address, which its account need not sign in with; only where the directory did not tell the account.

    The probe looks by the address once, to find out whether that opens the mailbox.
    """
    entries = tuple(entries)
    if any(entry.path == "/users" and entry.status != OK for entry in entries):
        return
    probed = any(b"kursusbot-probe" in entry.body for entry in entries)
    for entry in entries:
        found = BY_ADDRESS.match(entry.path)
        if found and (entry.method, probed) != ("GET", True) and world.tenant.directory.find_user(found[1].replace("%40", "@")):
            yield f"{entry.method} {entry.path} names the mailbox by its address"


def _strangers_written(world: World, entries: Iterable[Entry]) -> Iterator[str]:
    ours = tuple(f"{plan}/" for plan in world.plans)
    foreign = {
        event.immutable_id
        for event in world.tenant.calendars.events.values()
        if not event.extended.get(STAMP, "").startswith(ours) and PROBE not in event.extended
    }
    for entry in entries:
        found = ONE_EVENT.match(entry.path)
        if found and entry.method != "GET" and found[1].replace("%3D", "=") in foreign:
            yield f"{entry.method} {entry.path} writes to an event that is not ours"


def _said_too_much(world: World) -> Iterator[str]:
    addresses = [address for user in world.tenant.directory.users.values() for address in user.addresses]
    for ran in world.ran:
        command = " ".join(ran.arguments)
        if "Traceback" in ran.err or ran.code == 1:
            yield f"{command} ended as a bug does: {ran.err[-2000:]}"
        if TOKEN in ran.out + ran.err:
            yield f"{command} shows the token"
        yield from (f"{command} logs {address}" for address in _unmasked(ran, addresses))


def _unmasked(ran: Ran, addresses: list[str]) -> set[str]:
    log = "\n".join(line for line in ran.err.splitlines() if line.startswith("{")).lower()
    if "@" not in log and "%40" not in log:
        return set()
    return {address for address in addresses if address in log or address.replace("@", "%40") in log}
