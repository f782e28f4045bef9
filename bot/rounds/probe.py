"""A probe: every experiment in a test mailbox, and everything cleaned away.

Those that do not disturb each other run at the same time.

| what is looked at first | then |
|---|---|
| the two addresses are the same, or one of them is the mailbox | refused |
| one of them is a group | refused: the mails of a probe are for two people who know of it |
| events of a plan lie ahead in the mailbox | refused: subscriptions and limits are the mailbox's, and a probe would come between |
| nothing of these | the experiments go on, and what they made is removed, also when one fails or somebody interrupts |

What it finds goes into the database, with what could be told before and not this time.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.errors import GraphError, InputError, SignInFailed
from bot.domain.probing import Finding, Probe, in_order, unknown
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.experiments import changing, creating, looking, mailing, meeting, subscribing
from bot.graph.experiments.lab import Lab
from bot.graph.experiments.witness import Witness
from bot.graph.gate import DIRECTORY
from bot.graph.wire import STAMP

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from bot.graph.client import GraphClient
    from config.graph_settings import GraphSettings

Experiment = tuple["Callable[[Lab], Awaitable[Sequence[Finding]]]", tuple[str, ...]]

EXPERIMENTS: tuple[Experiment, ...] = (
    (looking.by_address, ("mailbox_address",)),
    (creating.zones, ("zone_names", "all_day")),
    (creating.stamps, ("stamp_filter", "stamp_with_date", "stamp_case")),
    (creating.bad_address, ("refused_address",)),
    (
        creating.repetition,
        ("repeated_transaction", "repeated_transaction_changed", "repeated_transaction_cancelled"),
    ),
    (creating.drafts, ("draft_meeting",)),
    (creating.online, ("online_meeting_link", "online_meeting_kept")),
    (changing.joiner, ("attendees_patch_mails", "hidden_attendees")),
    (changing.content, ("content_patch_mails",)),
    (changing.answers, ("attendees_patch_answers", "time_patch_answers", "answer_time", "answer_message")),
    (changing.etag, ("old_etag",)),
    (changing.endings, ("cancelled_event", "cancel_without_people")),
    (mailing.messages, ("draft_by_key", "sent_copy", "property_ids")),
    (mailing.returned, ("returned_mail",)),
    (mailing.copies, ("invitation_copy",)),
    (looking.deltas, ("delta_events", "delta_window", "lost_delta_link")),
    (looking.schedules, ("free_busy", "free_busy_unknown", "free_busy_codes", "free_busy_window")),
    (subscribing.subscriptions, ("subscription", "duplicate_subscription")),
    (meeting.installing, meeting.OF_INSTALLING),
    (meeting.meetings, meeting.OF_MEETINGS),
)
"""What is played, and what each says something about; the limits of requests come last, alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeOrder:
    """What is asked for.

    A test mailbox, two addresses of one's own, the zone (IANA) to write events in, and how patient to be
    (seconds).

    `web_address` is where Microsoft would call, None without one. `manifest_id` is our Teams app's,
    `catalogue_id` what the organisation's catalogue calls it.
    """

    mailbox: str
    people: tuple[str, str]
    zone: str
    patience: float
    answer_patience: float
    web_address: str | None = None
    manifest_id: str | None = None
    catalogue_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A probe that was played.

    `left` counts what could not be removed again, `known` is what is known by now, by assumption.
    """

    probe: Probe
    left: int
    known: Mapping[str, Finding] = field(default_factory=dict)


async def play(
    client: GraphClient,
    settings: GraphSettings,
    order: ProbeOrder,
    *,
    now: datetime,
    question: Callable[[str, str], Awaitable[int | None]],
    say: Callable[[str, Mapping[str, object]], None],
    trying: Callable[[Mapping[str, str]], None] = lambda _ids: None,
) -> Played:
    """Play every experiment and clean up; `now` UTC.

    `question(address, subject)` asks a person how many mails came, None: nobody says.

    `say(code, params)` tells the person something meanwhile. `trying` is told, before it happens, for whom
    our app is installed and taken away again: directory ids by address.

    Raises InputError for what must not be probed, SignInFailed and GraphError before anything is made.
    """
    mailbox = await _look_up(client, order.mailbox)
    ids = {person: await _look_up(client, person) for person in order.people}
    await _refuse_groups(client, order.people)
    await _refuse_in_use(client, order, mailbox, now)
    witness = Witness(
        client=client, since=now, patience=order.patience, quiet=order.patience / 4, question=question,
        ids={address: identity for address, identity in ids.items() if identity},
    )  # fmt: skip
    lab = Lab(
        client=client, mailbox=mailbox or order.mailbox, address=order.mailbox, people=order.people,
        zone=order.zone, now=now,
        witness=witness, patience=order.patience, answer_patience=order.answer_patience,
        web_address=order.web_address, manifest_id=order.manifest_id, catalogue_id=order.catalogue_id,
        say=say,
    )  # fmt: skip
    try:
        await lab.clean()
        if order.manifest_id is not None:
            trying({address: identity for address, identity in ids.items() if identity})
        played = await _together(lab)
        last = await looking.gate(lab, settings)
    finally:
        left = await asyncio.shield(lab.clean())
    findings = in_order((*(finding for several in played for finding in several), *last))
    return Played(probe=Probe(mailbox=order.mailbox.lower(), at=now, findings=findings), left=left)


async def _together(lab: Lab) -> list[Sequence[Finding]]:
    """Every experiment.

    When one fails for good the others end first, so that nothing is made while it is cleaned away.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_played(lab, one)) for one in EXPERIMENTS]
    except* SignInFailed as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


async def _played(lab: Lab, experiment: Experiment) -> Sequence[Finding]:
    """One experiment; where Graph refuses what it takes for granted itself, nothing is known."""
    run, assumptions = experiment
    try:
        return await run(lab)
    except SignInFailed:
        raise
    except GraphError as error:
        return [
            unknown(assumption, "refused", status=error.status, code=error.graph_code)
            for assumption in assumptions
        ]


async def _look_up(client: GraphClient, address: str) -> str:
    """The object id behind an address, "" where the directory does not tell.

    Then the address itself has to do.
    """
    quoted = address.replace("'", "''")
    for path, query in ((f"/users/{segment(address)}", {}), ("/users", {"$filter": f"mail eq '{quoted}'"})):
        try:
            body = (
                await client.send(
                    Call(method="GET", gate=DIRECTORY, path=path, query={**query, "$select": "id"})
                )
            ).json()
        except SignInFailed:
            raise
        except GraphError as error:
            if not error.status:
                raise
            continue
        one = next(iter(body.get("value") or ()), body)
        if one.get("id"):
            return str(one["id"])
    return ""


async def _refuse_groups(client: GraphClient, people: Sequence[str]) -> None:
    for address in people:
        quoted = address.replace("'", "''")
        query = {"$filter": f"mail eq '{quoted}'", "$select": "id"}
        try:
            body = (await client.send(Call(method="GET", gate=DIRECTORY, path="/groups", query=query))).json()
        except SignInFailed:
            raise
        except GraphError:
            continue
        if body.get("value"):
            raise InputError("probe_group", address=address)


async def _refuse_in_use(client: GraphClient, order: ProbeOrder, mailbox: str, now: datetime) -> None:
    """A mailbox in which a plan's events lie ahead is no test mailbox.

    Raises GraphError where it cannot be read.
    """
    wanted = f"singleValueExtendedProperties/any(ep: ep/id eq '{STAMP}' and ep/value ne '')"
    path = f"/users/{segment(mailbox or order.mailbox)}/events"
    query = {"$filter": wanted, "$select": "id,end", "$top": "100"}
    today, headers = f"{now:%Y-%m-%d}", {"Prefer": IMMUTABLE_IDS}
    call: Call | None = Call(method="GET", gate=order.mailbox, path=path, query=query, headers=headers)
    while call is not None:
        page = (await client.send(call)).json()
        if any(str((one.get("end") or {}).get("dateTime")) >= today for one in page.get("value") or ()):
            raise InputError("probe_mailbox_in_use", mailbox=order.mailbox)
        link = page.get("@odata.nextLink")
        call = Call(method="GET", gate=order.mailbox, link=str(link), headers=headers) if link else None
