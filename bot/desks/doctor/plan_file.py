"""`doctor` about the file of a plan in SharePoint: can it be looked at, by which right, is it watched.

    Microsoft 365                                     then
    shows the file                                    ok: its name, the right that is in the token, how saves are seen
    gives its content alone, behind a sharing link    unknown: it is fetched whole now and then, and nobody knows who saved it
    refuses, or the file is not there                 failed, where the plan's own line does not say so already

    the books                                         saves are seen
    have a subscription to its library that lives     when Microsoft says so: until when
    have none                                         by looking, every minute; which right there is to more, where pages have an address

Asks for a few properties of the file, and nothing else. Which right it was is not told by Microsoft: the ones
that are in the token are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.desks.doctor.findings import DoctorFinding, State
from bot.desks.doctor.subscriptions import living_subscriptions
from bot.domain.errors import KursusbotError, PermissionMissing, SignInFailed
from bot.domain.notifications import Resource
from bot.domain.plan_places import place_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.plan import CoursePlan
    from bot.graph.client import GraphClient
    from config.settings import Settings

NAME = "doctor.checks.file"
NARROW = (
    "Files.SelectedOperations.Selected",
    "ListItems.SelectedOperations.Selected",
    "Lists.SelectedOperations.Selected",
    "Sites.Selected",
)
WIDE = ("Files.Read.All", "Files.ReadWrite.All", "Sites.Read.All", "Sites.ReadWrite.All")
"""These read every file of the tenant."""

Further = tuple[str, "Mapping[str, object]"]


async def file_findings(
    settings: Settings, plan: CoursePlan | None, about_plan: DoctorFinding
) -> list[DoctorFinding]:
    """One line; none of a plan that is no file in Microsoft 365. `about_plan` is the line of the plan."""
    from bot.graph.client import GraphClient
    from config.plan_settings import is_fetched

    source = settings.plan or ""
    if not is_fetched(source):
        return []
    try:
        async with GraphClient(settings.graph) as client:
            return [await _looked_at(client, settings, source, plan)]
    except SignInFailed:
        return [DoctorFinding(name=NAME, state=State.SKIPPED, message="doctor.needs_graph")]
    except KursusbotError as error:
        message = f"errors.{error.code}"
        if message == about_plan.message:
            return []
        return [
            DoctorFinding(
                name=NAME,
                state=State.FAILED,
                message=message,
                params=error.params,
                exit_code=error.exit_code,
            )
        ]


async def _looked_at(
    client: GraphClient, settings: Settings, source: str, plan: CoursePlan | None
) -> DoctorFinding:
    """Raises KursusbotError where neither the file nor its content is given."""
    from bot.graph.checks import roles_of
    from bot.graph.drive import fetch_shared_file, look_at_file

    try:
        saved = await look_at_file(client, source)
    except PermissionMissing:
        if place_named(source) is not None:
            raise
        await fetch_shared_file(client, source)
        return DoctorFinding(name=NAME, state=State.UNKNOWN, message="doctor.file_content_only")
    roles = roles_of(await client.fetch_token())
    granted = [one for one in (*NARROW, *WIDE) if roles is not None and one in roles]
    params = {"name": saved.name, "permission": ", ".join(granted)}
    too_wide = [one for one in granted if one in WIDE]
    further: list[Further] = []
    if too_wide:
        further.append(("doctor.file_wide", {"permission": ", ".join(too_wide)}))
    further.append(_how_saves_are_seen(settings, plan))
    return DoctorFinding(
        name=NAME,
        state=State.OK,
        message="doctor.file_ok" if granted else "doctor.file_ok_untold",
        params=params,
        further=tuple(further),
    )


def _how_saves_are_seen(settings: Settings, plan: CoursePlan | None) -> Further:
    alive = living_subscriptions(settings, plan) if plan is not None else []
    watched = [one for one in alive if one.resource is Resource.LIBRARY]
    if plan is not None and watched:
        until = watched[0].expires_at.astimezone(ZoneInfo(plan.timezone))
        return "doctor.file_told", {"until": until}
    if alive:
        from bot.graph.subscriptions import RIGHTS

        return "doctor.file_untold", {"permission": RIGHTS[Resource.LIBRARY]}
    return "doctor.file_looked_at", {}
