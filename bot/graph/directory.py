"""People of Entra groups on Microsoft Graph: `bot.ports.directory.Directory` for real.

A group's people are read flat (`transitiveMembers`, cast to users) in pages of 999, whatever is nested in it.
Requests: one for a group given by mail, one for each page, and no call for each person; for those left out
one more for each page of everything that is in it.

| member                                            | becomes |
|---------------------------------------------------|---|
| `accountEnabled` false                            | left out: a leaver, a room, a shared mailbox |
| enabled, member, no name of a person (below)      | `mailboxSettings.userPurpose` is asked; room, equipment, shared: left out |
| only an id, because a permission is missing       | the whole group is unreadable: PermissionMissing |
| with `mail`                                       | a Person; `mail` is the address, a guest's too |
| guest without `mail`                              | its name: an `#EXT#` sign-in name is no address |
| member without `mail`                             | its name |
| no user: a contact (`orgContact`)                 | not among the users: told by `fetch_left_out` |
| no user: a device, a nested group                 | nobody |

Contacts' names and addresses are shown to who has OrgContact.Read.All (or Directory.Read.All); without it a
member comes with its type and id only, which is enough to count them.

A directory name (`/o=…/cn=…`) is somebody's where exactly one user has it among the `X500:` addresses,
whoever that is: also one with a closed account, because it says who stands on an event and invites nobody.
One request for ten names; a name that is nobody's is not asked for again for a day by the same process.

Rooms and shared mailboxes have disabled accounts, but an administrator can enable one. Such an account
has neither given name nor surname; where at least half of the group has one, those without are asked
for, at most 20 in a group, and a person is assumed where Graph does not tell. Facts: graph-facts
section 8, 2026-11-22.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from bot.domain.addresses import plain_address
from bot.domain.errors import GraphGone, GraphRefused, MailboxMissing, PermissionMissing
from bot.domain.people import DirectoryGroup, LeftOut, LeftOutReason, Person
from bot.graph.calls import Call, segment
from bot.graph.directory_users import is_hidden, member_of, questionable
from bot.graph.gate import DIRECTORY

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping

    from bot.graph.client import GraphClient

JsonObject = dict[str, Any]

PAGE_SIZE = 999
# What is remembered of an address that no group has.
NO_GROUP = ""
# Values of one `in`, by Graph's limit.
MOST_IN_ONE = 15
# Names of a hundred characters and more, each a clause of its own.
MOST_NAMES = 10
# Who looks for somebody reads a few names; more words find fewer.
MOST_FOUND = 15
# What the language of `$search` has a meaning for.
NO_WORD = re.compile(r"[^\w.@'’ -]+")
NOBODYS_SECONDS = 24 * 3600.0
SELECTED = (
    "id,displayName,mail,userPrincipalName,userType,accountEnabled,preferredLanguage,proxyAddresses,"
    "department,givenName,surname"
)
# Casts and counts read an index, and only with this header, on every page.
EVENTUAL = {"ConsistencyLevel": "eventual"}
CONTACT = "#microsoft.graph.orgcontact"
NOT_PEOPLE = frozenset({"room", "equipment", "shared"})
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class GraphDirectory:
    """The tenant's directory.

    `known_ids` (mail to object id) saves looking groups up; a wrong one is looked up anew.
    """

    def __init__(self, client: GraphClient, *, known_ids: Mapping[str, str] | None = None) -> None:
        self._client = client
        self._ids = dict(known_ids or {})
        self._looked_up: dict[str, str] = {}
        self._left_out: dict[str, tuple[LeftOut, ...]] = {}

    @property
    def looked_up(self) -> Mapping[str, str]:
        """Mail to object id of the groups that were looked up here."""
        return self._looked_up

    async def fetch_members(self, group: str) -> tuple[Person | str, ...]:
        """The human members of a group (mail or object id), nested ones too.

        A Person, or the name of one without address.

        Each once, people sorted by address, names after them. Raises GraphGone for an unknown group,
        GraphRefused for a mail that several groups have, PermissionMissing where members are hidden.
        """
        users = await self._fetch_users(group)
        hidden = [identity for identity, user in users.items() if is_hidden(user)]
        if hidden:
            raise PermissionMissing(
                "graph_members_hidden",
                group=group,
                permission="User.Read.All",
                count=len(hidden),
                member=hidden[0],
            )
        enabled = [user for user in users.values() if user.get("accountEnabled") is not False]
        asked = questionable(enabled)
        answers = await asyncio.gather(*(self._is_person(user) for user in asked))
        excluded = {str(user["id"]) for user, human in zip(asked, answers, strict=True) if not human}
        members = [member_of(user) for user in enabled if str(user["id"]) not in excluded]
        self._left_out[group.lower()] = _left_out(group, users.values(), excluded)
        people = sorted((one for one in members if isinstance(one, Person)), key=lambda one: one.email)
        return (*people, *sorted(one for one in members if isinstance(one, str)))

    async def fetch_left_out(self, group: str) -> tuple[LeftOut, ...]:
        """The members of a group (mail or object id) that are nobody to invite, sorted by reason and name.

        What this instance read of the group's users is not read again. Raises as `fetch_members`.
        """
        if group.lower() not in self._left_out:
            await self.fetch_members(group)
        contacts = [
            LeftOut(
                group=group,
                reason=LeftOutReason.CONTACT,
                name=str(one.get("displayName") or ""),
                email=plain_address(str(one.get("mail") or "")),
            )
            async for one in self._everything(await self._find_group(group), group)
            if str(one.get("@odata.type")).lower() == CONTACT
        ]
        return tuple(
            sorted(
                [*self._left_out[group.lower()], *contacts], key=lambda one: (one.reason, one.name, one.email)
            )
        )

    async def find_person(self, address: str) -> Person | None:
        """Whose address this is (mail, sign-in name or alias); None when nobody with an open account has it.

        One request, two for an alias or nobody. Raises GraphError: what cannot be asked is not answered.
        """
        word = plain_address(address).replace("'", "''")
        for condition in (
            f"mail eq '{word}' or userPrincipalName eq '{word}'",
            f"proxyAddresses/any(p:p eq 'smtp:{word}')",
        ):
            query = {"$filter": condition, "$select": SELECTED}
            users = (
                await self._client.send(Call(method="GET", gate=DIRECTORY, path="/users", query=query))
            ).json().get("value") or ()
            if any(is_hidden(user) or "accountEnabled" not in user for user in users):
                raise PermissionMissing("graph_person_hidden", permission="User.Read.All")
            people = (member_of(user) for user in users if user.get("accountEnabled") is not False)
            found = next((one for one in people if isinstance(one, Person)), None)
            if found is not None:
                return found
        return None

    async def search_people(self, words: str) -> tuple[Person, ...]:
        """People with open accounts and an address whose name, address or department begins so, by name.

        Names are found by any of their words, the others by their beginning (Microsoft's `$search` on
        directory objects, 2026-11-29). One request, of which the first fifteen count. Raises GraphError.
        """
        sought = " ".join(NO_WORD.sub(" ", words).split())
        if not sought:
            return ()
        clauses = (f'"{name}:{sought}"' for name in ("displayName", "mail", "department"))
        query = {
            "$search": " OR ".join(clauses),
            "$count": "true",
            "$orderby": "displayName",
            "$top": str(MOST_FOUND),
            "$select": SELECTED,
        }
        call = Call(method="GET", gate=DIRECTORY, path="/users", query=query, headers=EVENTUAL)
        users = (await self._client.send(call)).json().get("value") or ()
        if any(is_hidden(user) or "accountEnabled" not in user for user in users):
            raise PermissionMissing("graph_person_hidden", permission="User.Read.All")
        members = (member_of(user) for user in users if user.get("accountEnabled") is not False)
        return tuple(one for one in members if isinstance(one, Person))

    async def search_groups(self, words: str) -> tuple[DirectoryGroup, ...]:
        """Groups whose name or address begins so, by name; one request as that of `search_people`.

        Raises GraphError.
        """
        sought = " ".join(NO_WORD.sub(" ", words).split())
        if not sought:
            return ()
        query = {
            "$search": f'"displayName:{sought}" OR "mail:{sought}"',
            "$count": "true",
            "$orderby": "displayName",
            "$top": str(MOST_FOUND),
            "$select": "id,displayName,mail",
        }
        call = Call(method="GET", gate=DIRECTORY, path="/groups", query=query, headers=EVENTUAL)
        groups = (await self._client.send(call)).json().get("value") or ()
        return tuple(
            DirectoryGroup(
                id=str(one["id"]),
                name=str(one.get("displayName") or ""),
                email=plain_address(str(one.get("mail") or "")),
            )
            for one in groups
        )

    async def count_members(self, group: str) -> int:
        """How many users are in a group (mail or object id), at any depth, closed accounts too.

        One request, and one more for a mail. Raises as `fetch_members`.
        """
        path = f"/groups/{segment(await self._find_group(group))}/transitiveMembers/microsoft.graph.user"
        query = {"$count": "true", "$top": "1", "$select": "id"}
        call = Call(method="GET", gate=DIRECTORY, path=path, query=query, headers=EVENTUAL)
        try:
            return int((await self._client.send(call)).json().get("@odata.count") or 0)
        except GraphGone as error:
            raise _no_group(group, error) from None

    async def find_named(self, names: Collection[str]) -> tuple[Person, ...]:
        """The people with one of these directory names among their X500 addresses.

        Raises GraphError.
        """
        now, nobodys = self._client.pace.monotonic(), self._client.mailboxes.nobodys
        wanted = sorted(
            name for name in {plain_address(name) for name in names} if nobodys.get(name, now) <= now
        )
        found: list[Person] = []
        for first in range(0, len(wanted), MOST_NAMES):
            some = wanted[first : first + MOST_NAMES]
            clauses = ("proxyAddresses/any(p:p eq 'x500:" + name.replace("'", "''") + "')" for name in some)
            query = {"$filter": " or ".join(clauses), "$count": "true", "$select": SELECTED}
            call = Call(method="GET", gate=DIRECTORY, path="/users", query=query, headers=EVENTUAL)
            users = (await self._client.send(call)).json().get("value") or ()
            if any(is_hidden(user) for user in users):
                raise PermissionMissing("graph_person_hidden", permission="User.Read.All")
            members = [member for user in users if isinstance(member := member_of(user), Person)]
            for name in some:
                whose = [person for person in members if name in person.aliases]
                if len(whose) == 1:
                    found += whose
                else:
                    nobodys[name] = now + NOBODYS_SECONDS
        return tuple(dict.fromkeys(found))

    async def groups_among(self, addresses: Iterable[str]) -> frozenset[str]:
        """Those of the addresses (lower-cased) that are the mail of a group.

        What was asked before is not asked again.

        One request for fifteen addresses. An address that is only a group's alias is not found. Raises
        GraphError.
        """
        wanted = sorted(set(addresses))
        asked = [address for address in wanted if address not in self._ids]
        for first in range(0, len(asked), MOST_IN_ONE):
            some = asked[first : first + MOST_IN_ONE]
            quoted = ",".join("'" + address.replace("'", "''") + "'" for address in some)
            query = {"$filter": f"mail in ({quoted})", "$select": "id,mail"}
            found = (
                await self._client.send(Call(method="GET", gate=DIRECTORY, path="/groups", query=query))
            ).json().get("value") or ()
            ids = {plain_address(str(group.get("mail") or "")): str(group["id"]) for group in found}
            for address in some:
                self._ids[address] = self._looked_up[address] = ids.get(address, NO_GROUP)
        return frozenset(address for address in wanted if self._ids[address] != NO_GROUP)

    async def _find_group(self, group: str) -> str:
        if _OBJECT_ID.fullmatch(group):
            return group.lower()
        known = self._ids.get(group.lower(), NO_GROUP)
        if known != NO_GROUP:
            return known
        mail = group.lower().replace("'", "''")
        for condition in (f"mail eq '{mail}'", f"proxyAddresses/any(p:p eq 'smtp:{mail}')"):
            query = {"$filter": condition, "$select": "id,mail,displayName"}
            found = (
                await self._client.send(Call(method="GET", gate=DIRECTORY, path="/groups", query=query))
            ).json().get("value") or ()
            if len(found) > 1:
                raise GraphRefused("graph_group_ambiguous", group=group, count=len(found))
            if found:
                identity = str(found[0]["id"])
                self._ids[group.lower()] = self._looked_up[group.lower()] = identity
                return identity
        raise _no_group(group)

    async def _fetch_users(self, group: str) -> dict[str, JsonObject]:
        """The users of a group by id, each once, those that are nobody to invite too."""
        identity = await self._find_group(group)
        try:
            return {str(user.get("id")): user async for user in self._members(identity, group)}
        except GraphGone:
            if self._ids.get(group.lower()) != identity or group.lower() in self._looked_up:
                raise
        # The group behind this mail was made anew since its id was remembered.
        del self._ids[group.lower()]
        identity = await self._find_group(group)
        return {str(user.get("id")): user async for user in self._members(identity, group)}

    def _members(self, identity: str, group: str) -> AsyncIterator[JsonObject]:
        path = f"/groups/{segment(identity)}/transitiveMembers/microsoft.graph.user"
        query = {"$count": "true", "$top": str(PAGE_SIZE), "$select": SELECTED}
        return self._pages(
            Call(method="GET", gate=DIRECTORY, path=path, query=query, headers=EVENTUAL), group
        )

    def _everything(self, identity: str, group: str) -> AsyncIterator[JsonObject]:
        path = f"/groups/{segment(identity)}/transitiveMembers"
        query = {"$top": str(PAGE_SIZE), "$select": "id,displayName,mail"}
        return self._pages(Call(method="GET", gate=DIRECTORY, path=path, query=query), group)

    async def _pages(self, call: Call, group: str) -> AsyncIterator[JsonObject]:
        headers = call.headers
        while True:
            try:
                page = (await self._client.send(call)).json()
            except GraphGone as error:
                raise _no_group(group, error) from None
            for user in page.get("value") or ():
                yield user
            following = page.get("@odata.nextLink")
            if not following:
                return
            call = Call(method="GET", gate=DIRECTORY, link=str(following), headers=headers)

    async def _is_person(self, user: JsonObject) -> bool:
        path = f"/users/{segment(str(user['id']))}/mailboxSettings"
        try:
            answer = await self._client.send(
                Call(method="GET", gate=DIRECTORY, path=path, query={"$select": "userPurpose"})
            )
        except (PermissionMissing, GraphGone, MailboxMissing, GraphRefused):
            return True
        return str(answer.json().get("userPurpose") or "").lower() not in NOT_PEOPLE


def _no_group(group: str, error: GraphGone | None = None) -> GraphGone:
    code, request_id, call = (
        (error.graph_code, error.request_id, error.call) if error else ("", "", "GET /groups")
    )
    return GraphGone(
        "graph_group_not_found", status=404, graph_code=code, request_id=request_id, call=call, group=group
    )


def _left_out(group: str, users: Iterable[JsonObject], not_people: Collection[str]) -> tuple[LeftOut, ...]:
    """The users of a group that nobody invites.

    `not_people` are the ids of open accounts that are rooms and the like.
    """
    found = []
    for user in users:
        member = member_of(user)
        if user.get("accountEnabled") is False:
            reason = LeftOutReason.CLOSED
        elif str(user["id"]) in not_people:
            reason = LeftOutReason.RESOURCE
        elif isinstance(member, str):
            reason = LeftOutReason.NO_ADDRESS
        else:
            continue
        name, email = (member, "") if isinstance(member, str) else (member.name, member.email)
        found.append(LeftOut(group=group, reason=reason, name=name, email=email))
    return tuple(found)
