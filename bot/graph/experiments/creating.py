"""What becomes of a creation.

Zones, the property as a filter, a repetition, a refused address, a draft, an online meeting.

None of these events invites anybody but one that is cancelled at once, and the draft, which should not.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.probing import Finding, found, unknown
from bot.graph.calls import IMMUTABLE_IDS
from bot.graph.experiments.lab import IN_DAYS, Lab, LabSeen
from bot.graph.joinblock import join_block, with_join_block
from bot.graph.times import graph_time, wall_time

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_ADDRESS = "ikke en adresse"


async def zones(lab: Lab) -> Sequence[Finding]:
    """An event in the plan's zone by its IANA name, and the whole day of it."""
    start = lab.now.replace(tzinfo=None, hour=10, minute=0, second=0, microsecond=0) + timedelta(days=IN_DAYS)
    times = {"start": graph_time(start, lab.zone), "end": graph_time(start + timedelta(hours=1), lab.zone)}
    seen = await lab.ask("POST", lab.path("events"), body={**lab.event("zone"), **times}, as_written=True)
    if not seen.done:
        refused = "timezone" in seen.code.lower()
        names = (
            found("zone_names", "windows_only", code=seen.code)
            if refused
            else unknown("zone_names", "refused", code=seen.code)
        )
        return [names, unknown("all_day", "refused", code=seen.code)]
    prefer = f'{IMMUTABLE_IDS}, outlook.timezone="{lab.zone}"'
    read = await lab.ask("GET", lab.path("events", seen.body["id"]), prefer=prefer, as_written=True)
    names = (
        found("zone_names", "iana_and_windows")
        if read.done
        else found("zone_names", "windows_only", code=read.code)
    )
    return [names, await _all_day(lab)]


async def _all_day(lab: Lab) -> Finding:
    day = lab.now.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=IN_DAYS)
    times = {"start": graph_time(day, lab.zone), "end": graph_time(day + timedelta(days=1), lab.zone)}
    seen = await lab.create("day", isAllDay=True, **times)
    if not seen.done:
        return unknown("all_day", "refused", code=seen.code)
    read = await lab.ask(
        "GET", lab.path("events", seen.body["id"]), prefer=f'{IMMUTABLE_IDS}, outlook.timezone="{lab.zone}"'
    )
    same = [
        wall_time(read.body.get(name), lab.zone) == day + timedelta(days=ends)
        for ends, name in enumerate(("start", "end"))
    ]
    return found("all_day", "whole_days" if all(same) else "shifted")


async def stamps(lab: Lab) -> Sequence[Finding]:
    """How soon a filter on the property finds an event, and whether it may name the end as well."""
    seen = await lab.create("stamp")
    if not seen.done:
        return [unknown("stamp_filter", "refused", code=seen.code)]

    async def there() -> bool:
        return bool((await lab.by_stamp("stamp")).body.get("value"))

    after = await lab.until(there)
    soon = lab.soon("stamp_filter", after)
    if after is None:
        return [soon]
    now = f"{lab.now:%Y-%m-%dT%H:%M:%SZ}"
    dated = await lab.by_filter(f"startswith(ep/value,'{lab.token}/')", f" and end/dateTime ge '{now}'")
    together = (
        found("stamp_with_date", "together")
        if dated.done
        else found("stamp_with_date", "alone", code=dated.code)
    )
    upper = await lab.by_filter(f"ep/value eq '{lab.token}/STAMP'")
    return [soon, together, found("stamp_case", "ignored" if upper.body.get("value") else "matters")]


async def repetition(lab: Lab) -> Sequence[Finding]:
    """The same transaction id again: with the same content, with another, and after the event was cancelled.

    Only what has people on it can be cancelled, so one of the two is invited to the last.
    """
    transaction = str(uuid.uuid4())
    first = await lab.create("twice", transactionId=transaction)
    if not first.done:
        return [unknown("repeated_transaction", "refused", code=first.code)]
    again = await lab.create("twice", transactionId=transaction)
    same = await _repeated(lab, "repeated_transaction", first, again, "twice")
    other = await lab.create("twice other", transactionId=transaction)
    changed = await _repeated(lab, "repeated_transaction_changed", first, other, "twice other")
    return [same, changed, await _after_its_cancellation(lab)]


async def _after_its_cancellation(lab: Lab) -> Finding:
    transaction = str(uuid.uuid4())
    seen = await lab.create("twice cancelled", lab.people[1], transactionId=transaction)
    event_id = str(seen.body.get("id", ""))
    ended = await lab.ask("POST", f"{lab.path('events', event_id)}/cancel", body={"comment": "kursusbot"})
    if not seen.done or not ended.done:
        return unknown(
            "repeated_transaction_cancelled", "refused", status=ended.status, code=seen.code or ended.code
        )
    again = await lab.create("twice cancelled", lab.people[1], transactionId=transaction)
    return await _repeated(lab, "repeated_transaction_cancelled", seen, again, "twice cancelled")


async def _repeated(lab: Lab, assumption: str, first: LabSeen, again: LabSeen, name: str) -> Finding:
    if again.status in {409, 412}:
        return found(assumption, "conflict", status=again.status, code=again.code)
    if not again.done:
        return unknown(assumption, "refused", status=again.status, code=again.code)
    reading = "same_event" if again.body["id"] == first.body["id"] else "second_event"
    events = len((await lab.by_stamp(name)).body.get("value") or ())
    return found(assumption, reading, status=again.status, events=events)


async def bad_address(lab: Lab) -> Sequence[Finding]:
    """A list with an address that is none: all refused, or the rest taken.

    Only the probe's own people could be mailed.
    """
    seen = await lab.create("address", lab.people[0], BAD_ADDRESS)
    if seen.done:
        listed = [
            str((one.get("emailAddress") or {}).get("address")) for one in seen.body.get("attendees") or ()
        ]
        return [
            found(
                "refused_address", "taken" if BAD_ADDRESS in listed else "rest_invited", attendees=len(listed)
            )
        ]
    if seen.status != 400:  # noqa: PLR2004 - HTTP
        return [unknown("refused_address", "refused", status=seen.status, code=seen.code)]
    left = (await lab.by_stamp("address")).body.get("value")
    return [found("refused_address", "rest_invited" if left else "whole_list", code=seen.code)]


async def drafts(lab: Lab) -> Sequence[Finding]:
    """A meeting made as a draft: nobody should be mailed, and an update sends it."""
    seen = await lab.create("draft", lab.people[0], isDraft=True)
    if not seen.done:
        return [found("draft_meeting", "refused", status=seen.status, code=seen.code)]
    mails = await lab.witness.mails(lab.people[0], lab.subject("draft"), expected=0)
    if mails is None:
        return [unknown("draft_meeting", "not_said")]
    return [found("draft_meeting", "mailed" if mails else "silent", mails=mails)]


async def online(lab: Lab) -> Sequence[Finding]:
    """An online meeting without people.

    When its link is there, and whether a new text around its block keeps it.
    """
    seen, latest, after = await online_event(lab, "online")
    if not seen.done:
        return [
            unknown(one, "no_meeting", status=seen.status, code=seen.code)
            for one in ("online_meeting_link", "online_meeting_kept")
        ]
    at_once = bool(link_of(seen))
    if after is None:
        return [found("online_meeting_link", "never"), unknown("online_meeting_kept", "no_meeting")]
    link = found("online_meeting_link", "at_once" if at_once else "late", seconds=round(after, 1))
    body = str((latest.body.get("body") or {}).get("content") or "")
    block = join_block(body, link_of(latest))
    new = {"body": {"contentType": "html", "content": with_join_block("<p>kursusbot, igen</p>", block)}}
    changed = await lab.patch(seen.body["id"], new)
    if not changed.done:
        return [link, unknown("online_meeting_kept", "refused", status=changed.status, code=changed.code)]
    after_it = await lab.read(seen.body["id"])
    kept = bool(link_of(after_it)) and bool(after_it.body.get("isOnlineMeeting"))
    return [link, found("online_meeting_kept", "kept" if kept else "lost", block=len(block))]


async def online_event(lab: Lab, name: str, *people: str) -> tuple[LabSeen, LabSeen, float | None]:
    """An online event as it was made and as it is with its link, and how long that took (None: never)."""
    seen = await lab.create(name, *people, isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness")
    latest = seen

    async def linked() -> bool:
        nonlocal latest
        if link_of(latest):
            return True
        latest = await lab.read(seen.body["id"])
        return bool(link_of(latest))

    waited = await lab.until(linked) if seen.done else None
    return seen, latest, waited


def link_of(seen: LabSeen) -> str:
    """The way into the event's meeting, "" without one."""
    return str((seen.body.get("onlineMeeting") or {}).get("joinUrl") or "")
