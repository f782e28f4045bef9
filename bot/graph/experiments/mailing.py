"""What becomes of messages.

A draft found by its key, its copy when it was sent, what came back, and how Graph spells a property's id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.probing import Finding, found, unknown
from bot.graph.bounces import GraphReturnedMail
from bot.graph.experiments.lab import PROPERTY, Lab
from bot.graph.reports import MESSAGE_CLASS

if TYPE_CHECKING:
    from collections.abc import Sequence

NOBODY = "kursusbot-findes-ikke"


async def messages(lab: Lab) -> Sequence[Finding]:
    """A draft with a key to one of the two addresses; sent, its copy is looked for under the draft's id."""
    made = await lab.ask("POST", lab.path("messages"), body=_message(lab, "message", lab.people[0]))
    if not made.done:
        why = "denied" if made.denied else "refused"
        return [unknown(one, why, code=made.code) for one in ("draft_by_key", "sent_copy", "property_ids")]
    draft_id = str(made.body["id"])
    wanted = (
        f"singleValueExtendedProperties/Any(ep: ep/id eq '{PROPERTY}' and ep/value eq '{lab.token}/message')"
    )

    async def by_key() -> bool:
        return bool(
            (await lab.ask("GET", lab.path("messages"), query={"$filter": wanted, "$select": "id"})).body.get(
                "value"
            )
        )

    after = await lab.until(by_key)
    key = lab.soon("draft_by_key", after)
    expand = f"singleValueExtendedProperties($filter=id eq '{MESSAGE_CLASS}')"
    read = await lab.ask("GET", lab.path("messages", draft_id), query={"$select": "id", "$expand": expand})
    ids = [str(one.get("id")) for one in read.body.get("singleValueExtendedProperties") or ()]
    spelling = (
        found("property_ids", "as_asked" if MESSAGE_CLASS in ids else "normalised")
        if ids
        else unknown("property_ids", "refused")
    )
    sent = await lab.ask("POST", f"{lab.path('messages', draft_id)}/send")
    if not sent.done:
        return [
            key,
            spelling,
            unknown("sent_copy", "denied" if sent.denied else "refused", status=sent.status, code=sent.code),
        ]

    async def was_sent() -> bool:
        copy = await lab.ask("GET", lab.path("messages", draft_id), query={"$select": "id,isDraft"})
        return copy.body.get("isDraft") is False

    return [key, spelling, lab.soon("sent_copy", await lab.until(was_sent))]


async def returned(lab: Lab) -> Sequence[Finding]:
    """A message to an address of the mailbox's domain that nobody has.

    Does its report come, and does it lead to the message?
    """
    nobody = f"{NOBODY}-{lab.token}@{lab.address.partition('@')[2]}"
    made = await lab.ask("POST", lab.path("messages"), body=_message(lab, "returned", nobody))
    if not made.done:
        return [unknown("returned_mail", "denied" if made.denied else "refused", code=made.code)]
    internet_id, draft_id = str(made.body.get("internetMessageId") or ""), str(made.body["id"])
    sent = await lab.ask("POST", f"{lab.path('messages', draft_id)}/send")
    if not sent.done:
        return [unknown("returned_mail", "denied" if sent.denied else "refused", code=sent.code)]
    reader = GraphReturnedMail(lab.client, organiser=lab.mailbox)
    since = lab.witness.since

    async def came_back() -> bool:
        return any(internet_id in one.originals for one in await reader.fetch_reports(since=since))

    after = await lab.until(came_back, patience=lab.patience * 3)
    return [
        found("returned_mail", "not_found")
        if after is None
        else found("returned_mail", "found", seconds=round(after, 1))
    ]


async def copies(lab: Lab) -> Sequence[Finding]:
    """Whether an invitation leaves a copy in Sent Items that leads to its event."""
    seen = await lab.create("copy", lab.people[1])
    if not seen.done:
        return [unknown("invitation_copy", "refused", code=seen.code)]
    since = f"{lab.witness.since:%Y-%m-%dT%H:%M:%SZ}"
    query = {"$filter": f"receivedDateTime ge {since}", "$select": "id,subject", "$top": "50"}

    async def leads() -> bool:
        page = await lab.ask("GET", lab.path("mailFolders/sentitems/messages"), query=query)
        for one in page.body.get("value") or ():
            if lab.subject("copy") in str(one.get("subject")):
                expand = {"$select": "id", "$expand": "microsoft.graph.eventMessage/event"}
                whole = await lab.ask("GET", lab.path("messages", str(one["id"])), query=expand)
                return str((whole.body.get("event") or {}).get("id")) == str(seen.body["id"])
        return False

    there = await lab.until(leads)
    return [found("invitation_copy", "not_found" if there is None else "leads_to_event")]


def _message(lab: Lab, name: str, to: str) -> dict[str, object]:
    return {
        "subject": lab.subject(name),
        "body": {"contentType": "html", "content": "<p>kursusbot</p>"},
        "toRecipients": [{"emailAddress": {"address": to}}],
        **lab.stamp(name),
    }
