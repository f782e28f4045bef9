"""Nearest managers on Microsoft Graph: `bot.ports.sign_ups.Managers` for real.

`GET /users` for fifteen people at once, by id, each with their manager (`$expand=manager`): what
`GET /users/{id}/manager` says of one (Microsoft's reference, 2026-11-30). Needs User.Read.All.

| Graph says                                            | becomes |
|---|---|
| a user with an open account and `mail`                | a Person |
| no manager; a closed account; a guest; no `mail`; a contact of the address book | None: nobody to ask |
| only the manager's id, because a permission is missing | PermissionMissing |
| a person it does not know                             | left out |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.domain.errors import PermissionMissing
from bot.domain.people import Person
from bot.graph.calls import Call
from bot.graph.directory_users import is_hidden, member_of
from bot.graph.gate import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.graph.client import GraphClient

# Values of one `in`, by Graph's limit.
MOST_IN_ONE = 15
USER = "#microsoft.graph.user"
SELECTED = "id,displayName,mail,userPrincipalName,userType,accountEnabled,preferredLanguage,proxyAddresses"


class GraphManagers:
    """Who is whose manager in the tenant's directory."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def managers_of(self, ids: Collection[str]) -> Mapping[str, Person | None]:
        """By directory id the manager of each that the directory knows; None where nobody can be asked.

        One request for fifteen. Raises GraphError.
        """
        found: dict[str, Person | None] = {}
        wanted = sorted(set(ids))
        for first in range(0, len(wanted), MOST_IN_ONE):
            quoted = ",".join(
                "'" + one.replace("'", "''") + "'" for one in wanted[first : first + MOST_IN_ONE]
            )
            query = {
                "$filter": f"id in ({quoted})",
                "$select": "id",
                "$expand": f"manager($select={SELECTED})",
            }
            call = Call(method="GET", gate=DIRECTORY, path="/users", query=query)
            for user in (await self._client.send(call)).json().get("value") or ():
                found[str(user["id"])] = _manager(user.get("manager"))
        return found


def _manager(said: dict[str, Any] | None) -> Person | None:
    """By the table above."""
    if said is None or str(said.get("@odata.type") or USER).lower() != USER:
        return None
    if is_hidden(said):
        raise PermissionMissing("graph_person_hidden", permission="User.Read.All")
    person = member_of(said)
    is_open = said.get("accountEnabled") is not False
    return person if isinstance(person, Person) and is_open and not person.is_guest else None
