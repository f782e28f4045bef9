"""What a change does.

Whom it mails, which answers stay, who stands on the organiser's copy, an old etag, and how a meeting ends.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.probing import Finding, found, unknown
from bot.graph.experiments.lab import UTC, Lab
from bot.graph.replies import OF_RESPONSES
from bot.graph.times import graph_time, instant, wall_time

if TYPE_CHECKING:
    from collections.abc import Sequence

ABOUT_ANSWERS = ("attendees_patch_answers", "time_patch_answers", "answer_time")


async def joiner(lab: Lab) -> Sequence[Finding]:
    """One is invited, then another is put on the list: is the first told again?

    And does the organiser's copy list both?
    """
    first, second = lab.people
    seen = await lab.create("joiner", first)
    if not seen.done:
        return [unknown("attendees_patch_mails", "refused", code=seen.code)]
    subject = lab.subject("joiner")
    before = await lab.witness.mails(first, subject, expected=1)
    changed = await lab.patch(seen.body["id"], {"attendees": lab.attendees(first, second)})
    if not changed.done:
        return [unknown("attendees_patch_mails", "refused", status=changed.status, code=changed.code)]
    listed = len((await lab.read(seen.body["id"])).body.get("attendees") or ())
    hidden = found("hidden_attendees", "listed" if listed == len(lab.people) else "hidden", attendees=listed)
    invited, after = await asyncio.gather(
        lab.witness.mails(second, subject, expected=1),
        lab.witness.mails(first, subject, expected=before or 1),
    )
    if before is None or after is None:
        return [unknown("attendees_patch_mails", "not_said"), hidden]
    reading = "everybody" if after > before else "changed"
    mails = {"first_before": before, "first_after": after, "joiner": -1 if invited is None else invited}
    return [found("attendees_patch_mails", reading, **mails), hidden]


async def content(lab: Lab) -> Sequence[Finding]:
    """Three fields in one change: one mail, none, or several?"""
    first = lab.people[0]
    seen = await lab.create("content", first)
    if not seen.done:
        return [unknown("content_patch_mails", "refused", code=seen.code)]
    subject = lab.subject("content")
    before = await lab.witness.mails(first, subject, expected=1)
    body = {"contentType": "html", "content": "<p>kursusbot, igen</p>"}
    changed = await lab.patch(
        seen.body["id"], {"location": {"displayName": "kursusbot"}, "body": body, "showAs": "tentative"}
    )
    if not changed.done:
        return [unknown("content_patch_mails", "refused", status=changed.status, code=changed.code)]
    after = await lab.witness.mails(first, subject, expected=(before or 0) + 1)
    if before is None or after is None:
        return [unknown("content_patch_mails", "not_said")]
    reading = {0: "none", 1: "one_each"}.get(after - before, "several")
    return [found("content_patch_mails", reading, before=before, after=after)]


async def answers(lab: Lab) -> Sequence[Finding]:
    """A person accepts; then the list changes, then the time: is the answer still there?

    When was it given, by Graph?
    """
    first, second = lab.people
    seen = await lab.create("answer", first)
    if not seen.done:
        return [unknown(one, "refused", code=seen.code) for one in (*ABOUT_ANSWERS, "answer_message")]
    event_id = str(seen.body["id"])
    lab.say(
        "accept",
        {
            "address": first,
            "subject": lab.subject("answer"),
            "minutes": max(round(lab.answer_patience / 60), 1),
        },
    )
    when = ""

    async def answered() -> bool:
        nonlocal when
        response, when = await _answer(lab, event_id, first)
        return response == "accepted"

    if await lab.until(answered, patience=lab.answer_patience) is None:
        return [unknown(one, "no_answer") for one in (*ABOUT_ANSWERS, "answer_message")]
    time = found("answer_time", _kind_of_time(when), year=when[:4])
    message = await _message_of_answer(lab, event_id)
    await lab.patch(event_id, {"attendees": lab.attendees(first, second)})
    response, _ = await _answer(lab, event_id, first)
    list_change = found(
        "attendees_patch_answers",
        "kept" if response == "accepted" else "forgotten",
        response=response or "none",
    )
    if response != "accepted":
        return [time, message, list_change, unknown("time_patch_answers", "no_answer")]
    start = wall_time(seen.body.get("start"), UTC)
    if start is None:
        return [time, message, list_change, unknown("time_patch_answers", "refused")]
    later = start + timedelta(hours=2)
    moved = {"start": graph_time(later, UTC), "end": graph_time(later + timedelta(hours=1), UTC)}
    await lab.patch(event_id, moved)
    response, _ = await _answer(lab, event_id, first)
    time_change = found(
        "time_patch_answers", "kept" if response == "accepted" else "forgotten", response=response or "none"
    )
    return [time, message, list_change, time_change]


def _kind_of_time(when: str) -> str:
    """Whether an answer has a time, one of Exchange's two years for never, or none."""
    if instant(when) is not None:
        return "given"
    return {"0001": "year_1", "4501": "year_4501"}.get(when[:4], "missing")


async def _answer(lab: Lab, event_id: str, address: str) -> tuple[str, str]:
    """What the organiser's copy says of somebody: the answer, and when it was given as it stands."""
    for one in (await lab.read(event_id)).body.get("attendees") or ():
        if str((one.get("emailAddress") or {}).get("address")).lower() == address.lower():
            status = one.get("status") or {}
            return str(status.get("response") or ""), str(status.get("time") or "")
    return "", ""


async def _message_of_answer(lab: Lab, event_id: str) -> Finding:
    """Whether the answer's message lies in the inbox under its class and leads to the event."""
    query = {"$filter": OF_RESPONSES, "$select": "id,subject", "$top": "50"}

    async def leads() -> bool:
        page = await lab.ask("GET", lab.path("mailFolders/inbox/messages"), query=query)
        for one in page.body.get("value") or ():
            if lab.subject("answer") not in str(one.get("subject")):
                continue
            expand = {"$select": "id", "$expand": "microsoft.graph.eventMessage/event"}
            whole = await lab.ask("GET", lab.path("messages", str(one["id"])), query=expand)
            return str((whole.body.get("event") or {}).get("id")) == event_id
        return False

    there = await lab.until(leads)
    return found("answer_message", "not_found" if there is None else "leads_to_event")


async def etag(lab: Lab) -> Sequence[Finding]:
    """A change with the etag of before the last one. Nobody is invited."""
    seen = await lab.create("etag")
    old = str(seen.body.get("@odata.etag") or "")
    if not seen.done or not old:
        return [unknown("old_etag", "refused", code=seen.code)]
    await lab.patch(seen.body["id"], {"showAs": "busy"})
    again = await lab.patch(seen.body["id"], {"showAs": "free"}, **{"If-Match": old})
    if again.status == 412:  # noqa: PLR2004 - HTTP
        return [found("old_etag", "refused", code=again.code)]
    return [
        found("old_etag", "taken")
        if again.done
        else unknown("old_etag", "refused", status=again.status, code=again.code)
    ]


async def endings(lab: Lab) -> Sequence[Finding]:
    """How a cancelled meeting looks afterwards; and whether an event without people can be cancelled."""
    alone = await lab.create("alone")
    without = unknown("cancel_without_people", "refused", status=alone.status, code=alone.code)
    if alone.done:
        lonely = await lab.ask("POST", f"{lab.path('events', alone.body['id'])}/cancel", body={"comment": ""})
        without = found(
            "cancel_without_people",
            "done" if lonely.done else "refused",
            status=lonely.status,
            code=lonely.code,
        )
    seen = await lab.create("cancelled", lab.people[0])
    if not seen.done:
        return [without, unknown("cancelled_event", "refused", code=seen.code)]
    event_id = str(seen.body["id"])
    cancelled = await lab.ask("POST", f"{lab.path('events', event_id)}/cancel", body={"comment": "kursusbot"})
    if not cancelled.done:
        return [without, unknown("cancelled_event", "refused", status=cancelled.status, code=cancelled.code)]
    read = await lab.read(event_id)
    if read.status == 404:  # noqa: PLR2004 - HTTP
        return [without, found("cancelled_event", "gone", code=read.code)]
    reading = "shown_cancelled" if read.body.get("isCancelled") else "unchanged"
    return [without, found("cancelled_event", reading, status=read.status)]
