"""The control plane's part about the bot in Teams, under `/_sandbox/teams`: what people do in theirs.

| request                | does |
|------------------------|---|
| GET, POST `bot`        | the registration: any of `{"endpoint", "app_id", "secret", "tenant_id", "name", "manifest_id"}` and more |
| GET `chats`            | what stands in conversations (`?person=`: as this person sees them), DELETE forgets it and the calls |
| GET `calls`            | every activity that was brought to the bot, and its answer (`?person=`, `?kind=`) |
| POST `write`           | `{"person", "text"}` |
| POST `press`           | `{"person", "button", "message", "data", "typed", "old", "copies"}`: a button by its title or verb |
| POST `look`            | `{"person"}`: the cards of the chat refresh themselves; what is on the screen then |
| POST `again`           | `{"person"}`: their latest activity once more, as it was |
| POST `search`, `share` | `{"person", "command", "words", "parameter"}`; `{"person", "attachment"}` |
| POST `tab`             | `{"person", "roles"}`: the token that their client gives our tab |
| POST `block`           | `{"person", "blocked"}`: the bot may not speak in their chat; or may again |
| POST `add`, `remove`   | `{"person"}`: the app, for themselves, or with `"team"` (and `"channel"`) there |

`team` (and `channel`) beside `person`: not in their own chat but there. `spoil`: what is wrong with what is
brought, see `bot_caller.py` and `tokens.py`. A person is an address or a directory id.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.chats import Conversation, Shown
from bot.sandbox.tokens import tab_token

if TYPE_CHECKING:
    from bot.sandbox.directory import User
    from bot.sandbox.tenant import Tenant

Act = Callable[["Tenant", dict[str, Any], str], Awaitable[Any]]


async def _bot(tenant: Tenant, body: dict[str, Any], _origin: str) -> Any:
    tenant.chats.bot.change(body)
    return asdict(tenant.chats.bot) | {"waiting": tenant.clients.waiting}


async def _chats(tenant: Tenant, body: dict[str, Any], _origin: str) -> Any:
    user = _user(tenant, body) if body.get("person") else None
    return [
        conversation_json(tenant, one, user)
        for one in tenant.chats.conversations.values()
        if user is None or one.user_id in {"", user.id}
    ]


async def _forget(tenant: Tenant, _body: dict[str, Any], _origin: str) -> Any:
    tenant.chats.clear()
    return {}


async def _calls(tenant: Tenant, body: dict[str, Any], _origin: str) -> Any:
    who = _address(_user(tenant, body)) if body.get("person") else None
    kind = body.get("kind")
    return [
        one.as_json() for one in tenant.chats.calls if who in {None, one.who} and kind in {None, one.kind}
    ]


async def _write(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    user = _user(tenant, body)
    where = _where(tenant, body, user)
    called = await tenant.clients.write(user, where, str(body["text"]), origin, str(body.get("spoil", "")))
    return called.as_json()


async def _press(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    user = _user(tenant, body)
    where = _where(tenant, body, user)
    shown, action = tenant.clients.find_button(
        user, where, str(body["button"]), str(body.get("message", "")), body.get("data")
    )
    pressed = await tenant.clients.press(
        user,
        shown,
        where,
        action,
        {str(name): str(value) for name, value in body.get("typed", {}).items()},
        origin,
        spoil=str(body.get("spoil", "")),
        old=bool(body.get("old", False)),
        copies=int(body.get("copies", 1)),
    )
    return pressed.as_json()


async def _look(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    user = _user(tenant, body)
    where = _where(tenant, body, user)
    await tenant.clients.look(user, where, origin)
    return conversation_json(tenant, where, user)


async def _again(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    pressed = await tenant.clients.again(_user(tenant, body), origin, str(body.get("spoil", "")))
    return pressed.as_json()


async def _search(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    called = await tenant.clients.search(
        _user(tenant, body),
        str(body["command"]),
        str(body.get("words", "")),
        origin,
        parameter=str(body.get("parameter", "words")),
        spoil=str(body.get("spoil", "")),
    )
    return called.as_json()


async def _share(tenant: Tenant, body: dict[str, Any], _origin: str) -> Any:
    user = _user(tenant, body)
    return shown_json(tenant.clients.share(user, _where(tenant, body, user), body["attachment"]), user)


async def _tab(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    roles, spoil = tuple(map(str, body.get("roles", ()))), str(body.get("spoil", ""))
    return {"token": tab_token(tenant.chats.bot, _user(tenant, body), origin, roles=roles, spoil=spoil)}


async def _block(tenant: Tenant, body: dict[str, Any], _origin: str) -> Any:
    tenant.clients.block(_user(tenant, body), is_blocked=bool(body.get("blocked", True)))
    return {"blocked": len(tenant.chats.blocked)}


async def _add(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    team, channel = str(body.get("team", "")), str(body.get("channel", ""))
    called = await tenant.clients.add(_user(tenant, body), origin, team=team, channel=channel)
    return [one.as_json() for one in called]


async def _remove(tenant: Tenant, body: dict[str, Any], origin: str) -> Any:
    called = await tenant.clients.remove(_user(tenant, body), origin, team=str(body.get("team", "")))
    return [one.as_json() for one in called]


def conversation_json(tenant: Tenant, one: Conversation, user: User | None) -> dict[str, Any]:
    """A conversation for the control plane, as the person sees it, or as it came without one."""
    owner = tenant.directory.users.get(one.user_id)
    return {
        "id": one.id,
        "person": _address(owner) if owner else "",
        "team": one.team,
        "channel": one.name,
        "has_bot": tenant.chats.has_bot(one),
        "shown": [shown_json(shown, user) for shown in one.shown.values()],
    }


def shown_json(shown: Shown, user: User | None) -> dict[str, Any]:
    """A message for the control plane."""
    return {
        "id": shown.id,
        "sender": shown.sender,
        "time": shown.time.isoformat(),
        "text": shown.text,
        "card": shown.card if user is None else shown.seen_by(user.id),
        "summary": shown.summary,
        "edited": shown.edited,
        "odd": shown.odd,
    }


def _user(tenant: Tenant, body: dict[str, Any]) -> User:
    name = str(body["person"])
    found = tenant.directory.users.get(name) or tenant.directory.find_user(name)
    if found is None:
        raise ValueError(f"there is no user {name}")
    return found


def _address(user: User) -> str:
    return (user.mail or user.upn).lower()


def _where(tenant: Tenant, body: dict[str, Any], user: User) -> Conversation:
    team = str(body.get("team", ""))
    if team:
        return tenant.chats.channel(team, str(body.get("channel", "")))
    return tenant.chats.personal(user.id)


ACTS: tuple[tuple[str, str, Act], ...] = (
    ("GET", "bot", _bot),
    ("POST", "bot", _bot),
    ("GET", "chats", _chats),
    ("DELETE", "chats", _forget),
    ("GET", "calls", _calls),
    ("POST", "write", _write),
    ("POST", "press", _press),
    ("POST", "look", _look),
    ("POST", "again", _again),
    ("POST", "search", _search),
    ("POST", "share", _share),
    ("POST", "tab", _tab),
    ("POST", "block", _block),
    ("POST", "add", _add),
    ("POST", "remove", _remove),
)


def teams_routes(tenant: Tenant, is_allowed: Callable[[Request], bool]) -> list[Route]:
    """The routes of this part; unlike the others they wait for the bot, and the tenant works on meanwhile."""
    return [
        Route(f"/teams/{path}", _endpoint(tenant, act, is_allowed), methods=[method])
        for method, path, act in ACTS
    ]


def _endpoint(
    tenant: Tenant, act: Act, is_allowed: Callable[[Request], bool]
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not is_allowed(request):
            return JSONResponse({"error": "the control plane is for loopback only"}, 403)
        raw = await request.body()
        origin = f"{request.url.scheme}://{request.url.netloc}"
        try:
            body = json.loads(raw) if raw.strip() else dict(request.query_params)
            tenant.clock.run_due()
            return JSONResponse(await act(tenant, body, origin))
        except (ValueError, KeyError, TypeError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint
