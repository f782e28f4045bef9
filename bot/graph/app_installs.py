"""Our Teams app, installed for people: `bot.ports.teams.Installs` for real.

    install   POST /users/{oid}/teamwork/installedApps            201; 409 where it is there already
    listed    GET  /users/{oid}/teamwork/installedApps            ours alone, by its id in the organisation's catalogue

To install what is there is refused and changes nothing, so an unclear answer is asked again. Only an app in
the organisation's own catalogue can be installed for others, and its id there is not the one of the manifest.
Needs TeamsAppInstallation.ReadWriteSelfForUser.All. Facts: graph-facts sections 5 and 7, graph-facts-checked
section 23 (2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import GraphConflict
from bot.domain.teams import InstalledApp
from bot.graph.calls import Call, segment
from bot.graph.gate import TEAMS, Tempo
from bot.graph.retry import FailureKind

if TYPE_CHECKING:
    from bot.graph.client import GraphClient

A_SECOND = (2, 1.0)
"""Graph takes thirty in a second of an app; each is followed by a card of the bot's, which goes slower."""


class GraphInstalls:
    """The tenant's people with our app. `catalogue_id` is the app's in the organisation's catalogue."""

    def __init__(self, client: GraphClient, *, catalogue_id: str) -> None:
        self._client = client
        self._app = client.address_of(f"/appCatalogs/teamsApps/{segment(catalogue_id)}")
        self._catalogue_id = catalogue_id
        self._tempo = Tempo(client.pace, A_SECOND)

    async def install(self, subject: str) -> bool:
        """Install it for somebody (directory id); False where it was there already.

        Raises GraphGone for whom Teams does not know, PermissionMissing without the right, GraphError.
        """
        await self._tempo.take()
        call = Call(
            method="POST",
            gate=TEAMS,
            path=f"/users/{segment(subject)}/teamwork/installedApps",
            kind=FailureKind.SAFE,
            body={"teamsApp@odata.bind": self._app},
        )
        try:
            await self._client.send(call)
        except GraphConflict:
            return False
        return True

    async def listed(self, subject: str, *, manifest_id: str) -> InstalledApp | None:
        """Our app as somebody has it, by its id in the manifest; None where they have not.

        Raises GraphError.
        """
        call = Call(
            method="GET",
            gate=TEAMS,
            path=f"/users/{segment(subject)}/teamwork/installedApps",
            query={"$expand": "teamsApp", "$filter": f"teamsApp/externalId eq '{manifest_id}'"},
        )
        for one in (await self._client.send(call)).json().get("value") or ():
            app = one.get("teamsApp") or {}
            catalogue_id, way = str(app.get("id") or ""), str(app.get("distributionMethod") or "")
            return InstalledApp(catalogue_id=catalogue_id, is_of_organisation=way.lower() == "organization")
        return None
