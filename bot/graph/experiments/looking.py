"""What reading gives: the mailbox by its address, the delta, free and busy times, how many requests at once.

Writes one event.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.probing import Finding, found, unknown
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.client import GraphClient
from bot.graph.experiments.lab import IN_DAYS, Lab
from bot.graph.gate import Gates
from bot.graph.times import graph_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.graph.calls import GraphQuestion
    from bot.graph.experiments.lab import LabSeen
    from config.graph_settings import GraphSettings

FIVE_YEARS, LONGEST_WINDOW = timedelta(days=1825), timedelta(days=62)
EACH, ROUNDS = 3, 8
"""Three requests at a time in each of two mailboxes.

That is within four for a mailbox, and beyond four for the app.
"""
TOO_MANY = 429
MOST_PAGES = 50


async def by_address(lab: Lab) -> Sequence[Finding]:
    """Whether the mailbox's own address opens it, or only its object id."""
    path = f"/users/{segment(lab.address)}/events"
    seen = await lab.ask("GET", path, query={"$top": "1", "$select": "id"}, as_written=True)
    return [found("mailbox_address", "works" if seen.done else "id_only", status=seen.status, code=seen.code)]


async def deltas(lab: Lab) -> Sequence[Finding]:
    """Whether the delta has attendees and bodies.

    How wide its window may be; what a link says that Graph does not know.
    """
    seen = await lab.create("delta", lab.people[1])
    if not seen.done:
        return [unknown("delta_events", "refused", code=seen.code)]
    today = lab.now.replace(hour=0, minute=0, second=0, microsecond=0)
    whole = unknown("delta_events", "refused")
    page = await _delta(lab, today, today + timedelta(days=IN_DAYS + 10))
    for _ in range(MOST_PAGES):
        mine = [one for one in page.body.get("value") or () if one.get("id") == seen.body["id"]]
        if mine:
            complete = bool(mine[0].get("attendees")) and bool((mine[0].get("body") or {}).get("content"))
            whole = found("delta_events", "whole" if complete else "partial")
        link = page.body.get("@odata.nextLink")
        if mine or not link:
            break
        page = await lab.ask("GET", link=str(link))
    wide = await _delta(lab, today - FIVE_YEARS / 2, today + FIVE_YEARS / 2)
    window = (
        found("delta_window", "five_years")
        if wide.done
        else found("delta_window", "shorter", status=wide.status, code=wide.code)
    )
    lost = await lab.ask(
        "GET", lab.path("calendarView/delta"), query={"$deltatoken": f"kursusbot{lab.token}"}
    )
    told = lost.status == 410 or "syncstate" in lost.code.lower()  # noqa: PLR2004 - HTTP
    return [
        whole,
        window,
        found("lost_delta_link", "told" if told else "other", status=lost.status, code=lost.code),
    ]


async def _delta(lab: Lab, start: datetime, end: datetime) -> LabSeen:
    query = {"startDateTime": f"{start:%Y-%m-%dT%H:%M:%SZ}", "endDateTime": f"{end:%Y-%m-%dT%H:%M:%SZ}"}
    return await lab.ask(
        "GET", lab.path("calendarView/delta"), query=query, prefer=f"{IMMUTABLE_IDS}, odata.maxpagesize=200"
    )


async def schedules(lab: Lab) -> Sequence[Finding]:
    """Free and busy times of the two addresses; of an address that nobody has; over 62 days."""
    nobody = f"kursusbot-findes-ikke-{lab.token}@{lab.address.partition('@')[2]}"
    both = await _schedule(lab, (*lab.people, nobody), timedelta(days=1))
    if not both.done:
        return [found("free_busy", "refused", status=both.status, code=both.code)]
    entries = {str(one.get("scheduleId")).lower(): one for one in both.body.get("value") or ()}
    seen = [one for one in lab.people if one.lower() in entries and not entries[one.lower()].get("error")]
    answered = found("free_busy", "answered" if len(seen) == len(lab.people) else "refused", seen=len(seen))
    error = (entries.get(nobody.lower()) or {}).get("error") or {}
    code = str(error.get("responseCode", ""))
    stranger = found("free_busy_unknown", "error" if error else "empty", code=code)
    codes = (
        found("free_busy_codes", "numbers" if code.isdecimal() else "names")
        if code
        else unknown("free_busy_codes", "refused")
    )
    long = await _schedule(lab, lab.people, LONGEST_WINDOW)
    window = found(
        "free_busy_window", "sixty_two_days" if long.done else "shorter", status=long.status, code=long.code
    )
    return [answered, stranger, codes, window]


async def _schedule(lab: Lab, addresses: Sequence[str], length: timedelta) -> LabSeen:
    start = lab.now.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    body = {
        "schedules": [*addresses],
        "startTime": graph_time(start, "UTC"),
        "endTime": graph_time(start + length, "UTC"),
        "availabilityViewInterval": 360,
    }
    return await lab.ask("POST", lab.path("calendar/getSchedule"), body=body)


async def gate(lab: Lab, settings: GraphSettings) -> Sequence[Finding]:
    """Six requests at once in two mailboxes: are four the limit for a mailbox, or for the app?

    Alone, after everything else.
    """
    other = lab.witness.ids.get(lab.people[0], "")
    refusals = 0

    def count(asked: GraphQuestion) -> None:
        nonlocal refusals
        refusals += asked.status == TOO_MANY

    query = {"$top": "10", "$select": "id,subject,body"}
    wide = settings.model_copy(update={"concurrency": 2 * EACH})
    async with GraphClient(
        wide, pace=lab.client.pace, gates=Gates(2 * EACH, lab.client.pace), observer=count
    ) as client:

        async def look(mailbox: str) -> None:
            call = Call(
                method="GET",
                gate=mailbox,
                path=f"/users/{segment(mailbox)}/messages",
                query=query,
                headers={"Prefer": IMMUTABLE_IDS},
            )
            await client.send(call)

        if (
            not other
            or not (await lab.ask("GET", f"/users/{segment(other)}/messages", query=query, gate=other)).done
        ):
            return [unknown("concurrency", "denied")]
        for _ in range(ROUNDS):
            await asyncio.gather(
                *(look(one) for one in (lab.mailbox, other) for _ in range(EACH)), return_exceptions=True
            )
            if refusals:
                break
    return [
        found("concurrency", "app" if refusals else "mailbox", refusals=refusals, requests=ROUNDS * 2 * EACH)
    ]
