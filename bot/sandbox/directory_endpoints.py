"""Graph's directory: users, groups, members, and mailbox settings.

Keeps the rules that trip clients: the cast to users needs `ConsistencyLevel: eventual` and
`$count=true` on every page, links must be followed as given, a guest has no mailbox settings. Facts:
graph-facts section 8 (2026-11-22).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from bot.sandbox.calendar_endpoints import next_link
from bot.sandbox.directory import Contact, Group, User
from bot.sandbox.directory import Member as AnyMember
from bot.sandbox.odata import Look, parse_filter, parse_orderby, parse_search, parse_select, read_number
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError, bad_request

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

Member = TypeVar("Member", bound=AnyMember)
MAX_PAGE = 999
DEFAULT_PAGE = 100
USER_DEFAULTS = frozenset(
    {
        "businessPhones", "displayName", "givenName", "jobTitle", "mail", "mobilePhone",
        "officeLocation", "preferredLanguage", "surname", "userPrincipalName", "id",
    }
)  # fmt: skip
USER_PROPERTIES = USER_DEFAULTS | {
    "userType", "accountEnabled", "usageLocation", "proxyAddresses", "department", "companyName",
    "mailNickname",
}  # fmt: skip
GROUP_PROPERTIES = frozenset(
    {
        "id", "displayName", "mail", "description", "mailEnabled", "securityEnabled", "mailNickname",
        "groupTypes", "proxyAddresses",
    }
)  # fmt: skip
GROUP_SEARCHED = frozenset({"displayName", "description", "mail", "mailNickname"})
# Who may read contacts; others see that a member is one, and its id.
MANAGER_READERS = frozenset({"User.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"})
CONTACT_READERS = frozenset({"OrgContact.Read.All", "Directory.Read.All"})
LOCALES = {"da": ("da-DK", "Dansk (Danmark)"), "en": ("en-GB", "English (United Kingdom)")}


def user_json(user: User, select: frozenset[str] | None) -> JsonObject:
    """Return a user: the documented default properties, or the selected ones."""
    given, _, surname = user.display_name.rpartition(" ")
    everything: JsonObject = {
        "businessPhones": [],
        "displayName": user.display_name,
        "givenName": given or None,
        "jobTitle": user.job_title,
        "mail": user.mail,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": user.language,
        "surname": surname,
        "userPrincipalName": user.principal,
        "id": user.id,
        "userType": user.user_type,
        "accountEnabled": user.enabled,
        "usageLocation": "DK",
        "proxyAddresses": user.proxy_addresses,
        "department": user.department,
        "companyName": None,
        "mailNickname": user.upn.split("@")[0],
    }
    chosen = USER_DEFAULTS if select is None else select
    return {k: v for k, v in everything.items() if k in chosen}


def group_json(group: Group, select: frozenset[str] | None) -> JsonObject:
    """Return a group: all that the sandbox knows, or the selected properties."""
    everything: JsonObject = {
        "id": group.id,
        "displayName": group.display_name,
        "mail": group.mail,
        "description": group.description or None,
        "mailEnabled": True,
        "securityEnabled": True,
        "mailNickname": group.mail.split("@")[0],
        "groupTypes": [],
        "proxyAddresses": [f"SMTP:{group.mail}"],
    }
    return {k: v for k, v in everything.items() if select is None or k in select}


def contact_json(contact: Contact, select: frozenset[str] | None) -> JsonObject:
    """Return a mail contact: all that the sandbox knows, or the selected properties."""
    given, _, surname = contact.display_name.rpartition(" ")
    everything: JsonObject = {
        "id": contact.id,
        "displayName": contact.display_name,
        "mail": contact.mail,
        "givenName": given or None,
        "surname": surname,
        "mailNickname": contact.mail.split("@")[0],
        "proxyAddresses": [f"SMTP:{contact.mail}"],
    }
    return {k: v for k, v in everything.items() if select is None or k in select}


def list_users(tenant: Tenant, request: GraphRequest) -> Answer:
    """GET users; `$search` needs its header."""
    users = list(tenant.directory.users.values())
    if (holds := _searched(request, USER_PROPERTIES)) is not None:
        users = [one for one in users if holds(user_json(one, USER_PROPERTIES))]
    write = _with_manager(tenant, request)
    return _page(request, users, USER_PROPERTIES, "users", write)


def read_manager(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET a user's manager, a user or a contact; 404 for nobody."""
    user = tenant.directory.find_principal(who)
    manager = tenant.directory.manager_of(user) if user is not None else None
    if user is None or manager is None:
        raise no_resource(who if user is None else "manager")
    select = parse_select(request.query.get("$select"), USER_PROPERTIES)
    context = f"{request.base_url}/$metadata#directoryObjects/$entity"
    return Answer(status=200, body={"@odata.context": context, **_manager_json(tenant, manager, select)})


def _manager_json(tenant: Tenant, manager: User | Contact, select: frozenset[str] | None) -> JsonObject:
    """Its type and what is asked for; for who may not read it only the id."""
    if tenant.settings.limited_members:
        return {"@odata.type": _type_of(manager), "id": manager.id}
    return {"@odata.type": _type_of(manager), **_shown(manager, select)}


def _with_manager(
    tenant: Tenant, request: GraphRequest
) -> Callable[[User, frozenset[str] | None], JsonObject]:
    """How a user is written: with the manager where `$expand` asks for it; nobody's is left out."""
    asked, granted = request.query.get("$expand"), tenant.settings.roles
    if asked is None:
        return user_json
    if granted is not None and not MANAGER_READERS & granted:
        raise RefusedError(
            403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
        )
    found = re.fullmatch(r"manager(?:\(\$select=([A-Za-z,]+)\))?", asked)
    if found is None:
        raise bad_request(
            f"Could not find a property named '{asked}' on type 'microsoft.graph.user'.", "BadRequest"
        )
    inner = parse_select(found[1], USER_PROPERTIES)

    def write(user: User, select: frozenset[str] | None) -> JsonObject:
        manager = tenant.directory.manager_of(user)
        own = user_json(user, select)
        return own if manager is None else own | {"manager": _manager_json(tenant, manager, inner)}

    return write


def read_user(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET a user by id or UPN."""
    user = tenant.directory.find_principal(who)
    if user is None:
        raise no_resource(who)
    select = parse_select(request.query.get("$select"), USER_PROPERTIES)
    context = f"{request.base_url}/$metadata#users/$entity"
    return Answer(status=200, body={"@odata.context": context, **user_json(user, select)})


def list_groups(tenant: Tenant, request: GraphRequest) -> Answer:
    """GET groups; `$search` needs its header."""
    groups = list(tenant.directory.groups.values())
    if (holds := _searched(request, GROUP_SEARCHED)) is not None:
        groups = [one for one in groups if holds(group_json(one, GROUP_PROPERTIES))]
    return _page(request, groups, GROUP_PROPERTIES, "groups", group_json)


def read_group(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET a group by id."""
    group = _group(tenant, which)
    select = parse_select(request.query.get("$select"), GROUP_PROPERTIES)
    context = f"{request.base_url}/$metadata#groups/$entity"
    return Answer(status=200, body={"@odata.context": context, **group_json(group, select)})


def list_members(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET a group's direct members of every kind."""
    found = tenant.directory.members(_group(tenant, which))
    return _members(tenant, request, found)


def list_transitive(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET a group's members at any depth, of every kind."""
    found = tenant.directory.transitive_members(_group(tenant, which))
    return _members(tenant, request, found)


def list_member_users(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET the direct members that are users (a cast: an advanced query)."""
    _require_advanced(request)
    return _users(tenant, request, tenant.directory.members(_group(tenant, which)))


def list_transitive_users(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET the members at any depth that are users (a cast: an advanced query)."""
    _require_advanced(request)
    return _users(tenant, request, tenant.directory.transitive_members(_group(tenant, which)))


def count_transitive(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET the number of members at any depth, as plain text."""
    return _count(request, tenant.directory.transitive_members(_group(tenant, which)))


def count_transitive_users(tenant: Tenant, request: GraphRequest, which: str) -> Answer:
    """GET the number of users at any depth, as plain text."""
    found = tenant.directory.transitive_members(_group(tenant, which))
    return _count(request, [m for m in found if isinstance(m, User)])


def read_mailbox_settings(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET mailboxSettings; 404 MailboxNotEnabledForRESTAPI where there is no mailbox."""
    user = tenant.mailbox(who)
    locale, name = LOCALES.get((user.language or "da")[:2], LOCALES["da"])
    body: JsonObject = {
        "timeZone": "Romance Standard Time",
        "dateFormat": "dd-MM-yyyy",
        "timeFormat": "HH:mm",
        "language": {"locale": locale, "displayName": name},
        "userPurpose": str(user.purpose),
        "workingHours": {
            "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            "startTime": "08:00:00.0000000",
            "endTime": "16:00:00.0000000",
            "timeZone": {"name": "Romance Standard Time"},
        },
    }
    select = parse_select(request.query.get("$select"), frozenset(body))
    chosen = {k: v for k, v in body.items() if select is None or k in select}
    context = f"{request.base_url}/$metadata#users('{user.id}')/mailboxSettings"
    return Answer(status=200, body={"@odata.context": context, **chosen})


def no_resource(which: str) -> RefusedError:
    """Return the directory's 404."""
    return RefusedError(
        404,
        "Request_ResourceNotFound",
        (
            f"Resource '{which}' does not exist or one of its queried reference-property objects are not "
            "present."
        ),
    )


def _group(tenant: Tenant, which: str) -> Group:
    group = tenant.directory.groups.get(which.lower())
    if group is None:
        raise no_resource(which)
    return group


def _is_eventual(request: GraphRequest) -> bool:
    return request.headers.get("consistencylevel", "").lower() == "eventual"


def _searched(request: GraphRequest, known: frozenset[str]) -> Callable[[Mapping[str, Any]], bool] | None:
    """What the request's `$search` finds, None without one."""
    if "$search" not in request.query:
        return None
    if not _is_eventual(request):
        raise RefusedError(
            400, "Request_UnsupportedQuery", "Request with $search query parameter only works through "
            "MSGraph with a special request header: 'ConsistencyLevel: eventual'",
        )  # fmt: skip
    return parse_search(request.query["$search"], known)


def _require_advanced(request: GraphRequest) -> None:
    if not _is_eventual(request) or request.query.get("$count") != "true":
        raise RefusedError(
            400,
            "Request_UnsupportedQuery",
            "Request with $count, OData cast, $search or $filter on this collection needs the "
            "header ConsistencyLevel:eventual and $count=true.",
        )


def _members(tenant: Tenant, request: GraphRequest, found: Sequence[AnyMember]) -> Answer:
    if {"$filter", "$orderby", "$search"} & set(request.query):
        _require_advanced(request)
    roles = tenant.settings.roles
    sees_contacts = roles is None or bool(roles & CONTACT_READERS)

    def write(member: AnyMember, select: frozenset[str] | None) -> JsonObject:
        if tenant.settings.limited_members or (isinstance(member, Contact) and not sees_contacts):
            # "Only the type and the id, while other properties are indicated as null."
            hidden = dict.fromkeys(sorted((select or frozenset()) - {"id"}))
            return {"@odata.type": _type_of(member), "id": member.id, **hidden}
        return {"@odata.type": _type_of(member), **_shown(member, select)}

    known = USER_PROPERTIES | GROUP_PROPERTIES
    return _page(request, list(found), known, "directoryObjects", write)


def _users(tenant: Tenant, request: GraphRequest, found: Sequence[AnyMember]) -> Answer:
    def write(user: User, select: frozenset[str] | None) -> JsonObject:
        return {"id": user.id} if tenant.settings.limited_members else user_json(user, select)

    users = [m for m in found if isinstance(m, User)]
    return _page(request, users, USER_PROPERTIES, "users", write)


def _count(request: GraphRequest, found: Sequence[AnyMember]) -> Answer:
    if not _is_eventual(request):
        raise RefusedError(
            400, "Request_BadRequest", "$count is not currently supported without ConsistencyLevel."
        )
    headers = {"content-type": "text/plain"}
    return Answer(status=200, raw=str(len(found)).encode(), headers=headers)


def _page(
    request: GraphRequest,
    found: Sequence[Member],
    known: frozenset[str],
    entity: str,
    write: Callable[[Member, frozenset[str] | None], JsonObject],
) -> Answer:
    """One page of directory objects; the token in the link stands for how far it went."""
    query = request.query
    counted = query.get("$count") == "true"
    if counted and not _is_eventual(request):
        raise bad_request("$count needs the header ConsistencyLevel:eventual.", "Request_BadRequest")
    names = {k.lower() for k in known}
    members = list(found)
    if "$filter" in query:
        holds = parse_filter(query["$filter"], lambda name: name.lower() in names)
        members = [m for m in members if holds(_look(m))]
    for path, descending in reversed(parse_orderby(query.get("$orderby"), lambda n: n.lower() in names)):
        members.sort(key=_sort_key(path), reverse=descending)
    select = parse_select(query.get("$select"), known)
    top = read_number(query, "$top", DEFAULT_PAGE, MAX_PAGE) or DEFAULT_PAGE
    skip = _from_token(query["$skiptoken"]) if "$skiptoken" in query else 0
    out: JsonObject = {"@odata.context": f"{request.base_url}/$metadata#{entity}"}
    if counted and not skip:
        out["@odata.count"] = len(members)
    if skip + top < len(members):
        out["@odata.nextLink"] = next_link(request, "$skiptoken", _to_token(skip + top))
    out["value"] = [write(m, select) for m in members[skip : skip + top]]
    return Answer(status=200, body=out, headers={"x-ms-resource-unit": "1"})


def _type_of(member: AnyMember) -> str:
    kind = {User: "user", Contact: "orgContact", Group: "group"}[type(member)]
    return f"#microsoft.graph.{kind}"


def _shown(member: AnyMember, select: frozenset[str] | None) -> JsonObject:
    match member:
        case User():
            return user_json(member, select)
        case Contact():
            return contact_json(member, select)
        case Group():
            return group_json(member, select)


def _look(member: AnyMember) -> Look:
    lower = {k.lower(): v for k, v in _shown(member, USER_PROPERTIES | GROUP_PROPERTIES).items()}
    return lambda path: lower.get(path.lower())


def _sort_key(path: str) -> Callable[[AnyMember], str]:
    return lambda member: str(_look(member)(path) or "").lower()


def _to_token(position: int) -> str:
    return "RFNwdAoAAQ" + base64.urlsafe_b64encode(f"m~{position}".encode()).decode().rstrip("=")


def _from_token(token: str) -> int:
    text = token.removeprefix("RFNwdAoAAQ")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        return int(plain.removeprefix("m~"))
    except ValueError as error:
        raise RefusedError(
            400, "Directory_ExpiredPageToken", "The specified page token value is not valid."
        ) from error
