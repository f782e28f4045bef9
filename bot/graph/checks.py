"""What `doctor` asks Microsoft: sign-in, each permission, the organiser's mailbox. Only reads.

Every check is one question with one answer; a failed one does not stop the others. `ok` None means "cannot be
told from here": writing events and mails is not tried out on people, and a right granted by RBAC for
Applications in Exchange does not show in the token. Says nothing itself: `detail_code` names a text
(`graph.…` or `errors.…`) that tells what to do. Facts: graph-facts sections 1, 8 and 12, 2026-11-22.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.errors import GraphError, MailboxMissing, PermissionMissing
from bot.domain.people import LeftOutReason, Person
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.directory import GraphDirectory
from bot.graph.gate import DIRECTORY
from bot.graph.schedules import GraphSchedules
from bot.graph.times import find_zone

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from bot.graph.client import GraphClient

WRITING = ("Calendars.ReadWrite",)
DRAFTING, HANDING_OVER = ("Mail.ReadWrite", "Mail.Send"), ("Mail.Send",)
NOTIFYING = ("TeamsActivity.Send",)
# A Tuesday in winter and one in summer: two zones that agree on both have the same clocks here.
# Wall times to compare zones by.
_PROBES = (datetime(2026, 1, 13, 12), datetime(2026, 7, 14, 12))  # noqa: DTZ001


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """`name` is a key under `graph.checks`.

    `ok` None: cannot be told; the text of `detail_code` takes `params`.

    `further` are sentences after it: codes and what they take.
    """

    name: str
    ok: bool | None
    detail_code: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    further: tuple[tuple[str, Mapping[str, object]], ...] = ()


async def check_graph(
    client: GraphClient,
    *,
    organiser: str | None,
    zone: str,
    groups: Sequence[str],
    colleague: str = "",
    keeps_drafts: bool = True,
    feed: bool = False,
) -> tuple[CheckResult, ...]:
    """Every check, in the order of a first set-up.

    No mailbox where `organiser` is None, `feed` where activity feeds are on.

    `colleague` is another address of the organisation, to see whether others' free and busy times are shown.

    Only the sign-in when that fails or Graph rejects it, and no more questions to a Graph that is out of
    reach.
    """
    token = await _tell("token", _check_token(client))
    if not token.ok:
        return (token,)
    sending = DRAFTING if keeps_drafts else HANDING_OVER
    wanted = (("write", WRITING), ("mail", sending), *([("feed", NOTIFYING)] if feed else []))
    rights = [await _tell(name, _check_rights(client, name, names)) for name, names in wanted]
    results = [token, *rights, await _tell("users", _check_users(client))]
    match results[-1].detail_code:
        case "errors.graph_token_rejected":
            return (replace(results[-1], name="token"),)
        case "errors.graph_unreachable":
            return tuple(results)
    directory = GraphDirectory(client)
    results += [await _tell("group", _check_group(directory, group), group=group) for group in groups]
    if organiser is None:
        return tuple(results)
    results.append(await _tell("mailbox", _check_mailbox(client, organiser)))
    results.append(await _tell("calendar", _check_calendar(client, organiser)))
    results.append(await _tell("zone", _check_zone(client, organiser, zone)))
    results.append(await _tell("teams", _check_teams(client, organiser)))
    results.append(await _tell("inbox", _check_inbox(client, organiser)))
    schedules = GraphSchedules(client, organiser=organiser, zone=zone)
    results.append(await _tell("schedules", _check_schedules(client, schedules, organiser, colleague)))
    results.append(await _tell("rooms", _check_rooms(schedules)))
    return tuple(results)


async def _tell(name: str, check: Awaitable[CheckResult], **known: object) -> CheckResult:
    try:
        return await check
    except GraphError as error:
        return CheckResult(
            name=name, ok=False, detail_code=f"errors.{error.code}", params={**error.params, **known}
        )


async def _check_token(client: GraphClient) -> CheckResult:
    await client.fetch_token()
    return CheckResult(name="token", ok=True, detail_code="graph.token_ok")


async def _check_rights(client: GraphClient, name: str, permissions: Sequence[str]) -> CheckResult:
    """Whether the permissions are in the token.

    The texts are `graph.<name>_granted`, `_opaque` and `_not_in_token`.
    """
    roles = roles_of(await client.fetch_token())
    missing = [one for one in permissions if roles is None or one not in roles]
    told = "opaque" if roles is None else "not_in_token" if missing else "granted"
    params = {"permission": ", ".join(missing or permissions)}
    return CheckResult(
        name=name, ok=None if missing else True, detail_code=f"graph.{name}_{told}", params=params
    )


async def _check_users(client: GraphClient) -> CheckResult:
    query = {"$top": "1", "$select": "id,mail,accountEnabled,proxyAddresses"}
    page = (await client.send(Call(method="GET", gate=DIRECTORY, path="/users", query=query))).json()
    users = page.get("value") or ()
    # User.ReadBasic.All answers too, but leaves out what tells leavers and aliases.
    whole = not users or users[0].get("accountEnabled") is not None
    return CheckResult(name="users", ok=whole, detail_code="graph.users_ok" if whole else "graph.users_basic")


async def _check_group(directory: GraphDirectory, group: str) -> CheckResult:
    """Whether the group has anybody, and how many of its members are not invited with it, and why.

    Nobody is named here.
    """
    members = await directory.fetch_members(group)
    further: list[tuple[str, Mapping[str, object]]] = []
    try:
        left_out = Counter(member.reason for member in await directory.fetch_left_out(group))
    except GraphError as error:
        # That they can be invited is what counts; who else is in the group is beside it.
        left_out = Counter()
        further.append(("graph.left_out_untold", {"status": error.status}))
    people = [member for member in members if isinstance(member, Person)]
    counts = [("graph.guests", sum(person.is_guest for person in people))]
    counts += [(f"graph.left_out.{reason}", left_out[reason]) for reason in LeftOutReason]
    further += [(code, {"count": number}) for code, number in counts if number]
    detail = "graph.group_ok" if people else "graph.group_nobody" if left_out else "graph.group_empty"
    return CheckResult(
        name="group",
        ok=bool(people),
        detail_code=detail,
        params={"group": group, "count": len(people)},
        further=tuple(further),
    )


async def _check_mailbox(client: GraphClient, organiser: str) -> CheckResult:
    """Which account the address stands for, by whose id every request names the mailbox.

    Without it the address itself is tried.
    """
    try:
        account = await client.mailbox_id(organiser)
    except MailboxMissing:
        return CheckResult(
            name="mailbox", ok=None, detail_code="graph.mailbox_untold", params={"mailbox": organiser}
        )
    return CheckResult(
        name="mailbox",
        ok=True,
        detail_code="graph.mailbox_ok",
        params={"mailbox": organiser, "account": account},
    )


async def _check_calendar(client: GraphClient, organiser: str) -> CheckResult:
    path = f"/users/{segment(organiser)}/events"
    query = {"$top": "1", "$select": "id"}
    await client.send(
        Call(method="GET", gate=organiser, path=path, query=query, headers={"Prefer": IMMUTABLE_IDS})
    )
    return CheckResult(
        name="calendar", ok=True, detail_code="graph.calendar_ok", params={"mailbox": organiser}
    )


async def _check_zone(client: GraphClient, organiser: str, zone: str) -> CheckResult:
    path = f"/users/{segment(organiser)}/mailboxSettings"
    settings = (await client.send(Call(method="GET", gate=organiser, path=path))).json()
    found = str(settings.get("timeZone") or "")
    theirs, ours = find_zone(found), find_zone(zone)
    same = (
        theirs is not None
        and ours is not None
        and all(theirs.utcoffset(at) == ours.utcoffset(at) for at in _PROBES)
    )
    # Events carry the plan's zone, so another one in the mailbox only makes its own calendar look shifted.
    detail = "graph.zone_ok" if same else "graph.zone_differs"
    return CheckResult(
        name="zone",
        ok=True if same else None,
        detail_code=detail,
        params={"found": found or "?", "zone": zone},
    )


async def _check_teams(client: GraphClient, organiser: str) -> CheckResult:
    path = f"/users/{segment(organiser)}/calendar"
    query = {"$select": "allowedOnlineMeetingProviders"}
    answer = await client.send(
        Call(method="GET", gate=organiser, path=path, query=query, headers={"Prefer": IMMUTABLE_IDS})
    )
    allowed = {str(name).lower() for name in answer.json().get("allowedOnlineMeetingProviders") or ()}
    able = "teamsforbusiness" in allowed
    params = {"mailbox": organiser}
    return CheckResult(
        name="teams",
        ok=able or None,
        detail_code="graph.teams_ok" if able else "graph.teams_missing",
        params=params,
    )


async def _check_inbox(client: GraphClient, organiser: str) -> CheckResult:
    path = f"/users/{segment(organiser)}/mailFolders/inbox/messages"
    query = {"$top": "1", "$select": "id"}
    params = {"mailbox": organiser}
    try:
        await client.send(
            Call(method="GET", gate=organiser, path=path, query=query, headers={"Prefer": IMMUTABLE_IDS})
        )
    except PermissionMissing as error:
        # No failure: everything but reading what came back works without it.
        params["permission"] = str(error.params["permission"])
        return CheckResult(name="inbox", ok=None, detail_code="graph.inbox_denied", params=params)
    return CheckResult(name="inbox", ok=True, detail_code="graph.inbox_ok", params=params)


async def _check_schedules(
    client: GraphClient, schedules: GraphSchedules, organiser: str, colleague: str
) -> CheckResult:
    """Whether free and busy times are shown, today's; without them everything but finding a date works."""
    today = client.pace.now().date()
    params = {"mailbox": organiser, "address": colleague or organiser}
    try:
        found = await schedules.fetch_schedules([colleague or organiser], today, today)
    except PermissionMissing as error:
        params["permission"] = str(error.params["permission"])
        return CheckResult(name="schedules", ok=None, detail_code="graph.schedules_denied", params=params)
    seen = not any(schedule.unseen for schedule in found)
    detail = "graph.schedules_ok" if seen else "graph.schedules_hidden"
    return CheckResult(name="schedules", ok=seen or None, detail_code=detail, params=params)


async def _check_rooms(schedules: GraphSchedules) -> CheckResult:
    try:
        rooms = await schedules.fetch_rooms()
    except PermissionMissing as error:
        params = {"permission": str(error.params["permission"])}
        return CheckResult(name="rooms", ok=None, detail_code="graph.rooms_denied", params=params)
    return CheckResult(name="rooms", ok=True, detail_code="graph.rooms_ok", params={"count": len(rooms)})


def roles_of(token: str) -> frozenset[str] | None:
    """The application permissions in a token; None for one that is no readable JWT.

    The signature is Graph's business.
    """
    pieces = token.split(".")
    if len(pieces) != 3:  # noqa: PLR2004 - header, claims, signature
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(pieces[1] + "=" * (-len(pieces[1]) % 4)))
    except ValueError:
        return None
    roles = claims.get("roles") if isinstance(claims, dict) else None
    return frozenset(str(role) for role in roles or ()) if isinstance(claims, dict) else None
