"""The control plane: what tests and the demo do to the tenant from outside, under `/_sandbox`.

JSON over HTTP, served to loopback only, without a token. Nothing here exists in Graph.

| request                          | does |
|----------------------------------|---|
| GET `state`                      | the numbers of the tenant |
| GET, DELETE `mails`              | every mail (`?kind=`, `?to=`, `?people=true`), or forget them |
| GET, DELETE `journal`            | every request, or forget them (also the traffic counts) |
| GET, POST `clock`                | `{"now": time}`, `{"advance_seconds": n}` or `{"real": true}` |
| GET, POST, DELETE `faults`       | the rules; POST one rule or a list; DELETE all |
| GET, PATCH, POST `settings`      | the knobs of `settings.py` |
| GET `events`                     | the organisers' events, with stamps and answers |
| POST `answer`                    | `{"event", "person", "response", "send_response", "comment"}` |
| POST `show-as`                  | `{"event", "person", "directory_name"}`: shown as `/o=…/cn=…`, "" for the address again |
| POST `edit`, `delete`, `forward` | `{"event", "changes"}`, `{"event", "send_cancellations"}`, `{"event", "to"}` |
| POST `users`, PATCH, DELETE `users/{who}` | add, change or delete a user |
| POST `contacts`                  | add a mail contact: `display_name`, `mail`, `groups` |
| POST `rooms`                     | add a room: `display_name`, `mail`, `capacity`, `building`, and `directory.RoomFacts` |
| POST, DELETE `schedules`         | `{"person", "items", "error", "left_out", "null_items"}`: what else is in a calendar |
| POST `groups`, `groups/{which}/members` | add a group; `{"add": [..], "remove": [..]}` |
| POST `files`                     | `{"url", "content_base64"}`, also `"name"`, `"by"`, `"email"`: a shared file is saved |
| PATCH `files`                    | `{"url"}` with `"name"`, `"folder"`, `"shared"`, `"locked"`, `"denied"`, `"deleted"` |
| POST, DELETE `behaviour`         | people answer by script or chance (`behaviour.read_behaviour`); or stop |
| GET `feed`, `posts`              | the lines in people's activity feeds (`?to=`), and the posts in channels |
| DELETE `feed`                    | forget lines and posts |
| POST `teams-app`                 | for whom the Teams app is installed: `{"add": [..], "remove": [..]}` |
| POST `meetings`                  | `{"event", "start", "end", "people": [{"person" or "name", "times"}]}`: held in Teams |
| POST `delta/expire`              | let every delta token expire |
| POST, DELETE `bounces`           | `{"address", "code"}`: mails to an address come back from now on; or no more |
| POST `inbox`                     | `{"mailbox", "sender", "subject", "body", "headers", "class", "attached"}`: a stranger's mail |
| GET `subscriptions`, DELETE `subscriptions/{which}` | those that live; take one away (`?tell=true`: and say so) |
| POST `lifecycle`                 | `{"subscription", "event"}`: send a lifecycle event |
| GET `notifications`              | what was posted to which address, and how many wait |
| `teams/…`                        | people's Teams and the bot in it: `teams_control.py` |

An event is named by its immutable id or by the value of an extended property of it.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.behaviour import read_behaviour
from bot.sandbox.event_record import Event
from bot.sandbox.feed_control import FEED_ACTS
from bot.sandbox.meeting_endpoints import hold_meeting
from bot.sandbox.schedule_control import SCHEDULE_ACTS
from bot.sandbox.subscription_control import SUBSCRIPTION_ACTS
from bot.sandbox.teams_control import teams_routes
from bot.sandbox.tenant import Tenant
from bot.sandbox.wire import JsonObject, RefusedError
from bot.sandbox.zones import write_instant

Reply = JsonObject | list[JsonObject]
Act = Callable[[Tenant, Request, JsonObject], Reply]


def _time(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset")
    return moment


def _event(tenant: Tenant, body: JsonObject) -> Event:
    name = str(body["event"])
    found = tenant.calendars.find(name)
    if found is not None:
        return found
    live = [e for e in tenant.calendars.events.values() if e.in_calendar and name in e.extended.values()]
    if len(live) != 1:
        raise ValueError(f"{len(live)} events are called {name}")
    return live[0]


def event_summary(tenant: Tenant, event: Event) -> JsonObject:
    """Return an organiser's event in short, for tests and the demo to read."""
    organiser = tenant.directory.users[event.mailbox_id]
    return {
        "id": event.immutable_id,
        "organiser": organiser.mail,
        "subject": event.subject,
        "start": write_instant(event.start.utc),
        "end": write_instant(event.end.utc),
        "location": event.location["displayName"],
        "show_as": event.plain["showAs"],
        "cancelled": event.is_cancelled,
        "in_calendar": event.in_calendar,
        "online": event.join_url is not None,
        "stamps": event.extended,
        "attendees": {a.address: a.response for a in event.attendees},
    }


def _state(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    return tenant.summary()


def _mails(tenant: Tenant, request: Request, _body: JsonObject) -> Reply:
    query = request.query_params
    mails = tenant.mail_log.to_people() if query.get("people") == "true" else tenant.mail_log.mails
    kind, to = query.get("kind"), query.get("to", "").lower()
    return [m.as_json() for m in mails if kind in (None, m.kind) and to in ("", m.to.lower())]


def _clear_mails(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.mail_log.clear()
    return {}


def _journal(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    return [e.as_json() for e in tenant.journal.entries]


def _clear_journal(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.journal.clear()
    tenant.traffic.clear()
    return {}


def _clock(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    done = 0
    match body:
        case {"now": text}:
            done = tenant.clock.set(_time(text))
        case {"advance_seconds": int() | float() as seconds}:
            done = tenant.clock.advance(timedelta(seconds=seconds))
        case {"real": True}:
            tenant.clock.release()
        case {}:
            pass
    return {
        "now": tenant.clock.now().isoformat(),
        "simulated": tenant.clock.is_simulated,
        "actions_done": done,
    }


def _faults(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    return tenant.faults.as_json()


def _add_faults(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    for rule in body.get("rules", [body]):
        tenant.faults.add(**rule)
    return tenant.faults.as_json()


def _clear_faults(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.faults.clear()
    return []


def _settings(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    tenant.settings.change(body)
    return tenant.settings.as_json()


def _events(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    return [event_summary(tenant, e) for e in tenant.calendars.events.values()]


def _answer(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    event = _event(tenant, body)
    tenant.people.answer(
        event,
        str(body["person"]),
        str(body["response"]),
        send_response=bool(body.get("send_response", True)),
        comment=str(body.get("comment", "")),
    )
    return event_summary(tenant, event)


def _edit(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    event = _event(tenant, body)
    tenant.people.edit(event, body["changes"])
    return event_summary(tenant, event)


def _delete(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    event = _event(tenant, body)
    tenant.people.delete(event, send_cancellations=bool(body.get("send_cancellations", True)))
    return event_summary(tenant, event)


def _hold(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    return {"report": hold_meeting(tenant, _event(tenant, body), body).id}


def _forward(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    event = _event(tenant, body)
    tenant.people.forward(event, str(body["to"]))
    return event_summary(tenant, event)


def _show_as(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    event = _event(tenant, body)
    tenant.people.show_as(event, str(body["person"]), str(body["directory_name"]))
    return event_summary(tenant, event)


def _add_user(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    user = tenant.directory.add_user(body.pop("display_name"), body.pop("mail", None), **body)
    return {"id": user.id, "mail": user.mail, "upn": user.upn}


def _add_contact(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    contact = tenant.directory.add_contact(body.pop("display_name"), body.pop("mail"), **body)
    return {"id": contact.id, "mail": contact.mail}


def _change_user(tenant: Tenant, request: Request, body: JsonObject) -> Reply:
    user = tenant.directory.change_user(request.path_params["who"], **body)
    return {"id": user.id, "mail": user.mail, "upn": user.upn, "enabled": user.enabled}


def _remove_user(tenant: Tenant, request: Request, _body: JsonObject) -> Reply:
    tenant.directory.remove_user(request.path_params["who"])
    return {}


def _add_group(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    group = tenant.directory.add_group(body.pop("display_name"), body.pop("mail"), **body)
    return {"id": group.id, "mail": group.mail}


def _members(tenant: Tenant, request: Request, body: JsonObject) -> Reply:
    which = request.path_params["which"]
    for who in body.get("add", ()):
        tenant.directory.join(which, who)
    for who in body.get("remove", ()):
        tenant.directory.leave(which, who)
    group = tenant.directory.find_group(which)
    return {"members": len(group.members) if group else 0}


def _put_file(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    content = base64.b64decode(body["content_base64"], validate=True)
    found = tenant.files.put(
        str(body["url"]),
        content,
        name=body.get("name"),
        by=str(body.get("by", "HR")),
        email=str(body.get("email", "")),
    )
    return {"drive": tenant.files.DRIVE_ID, "item": found.item_id, "cTag": found.c_tag}


def _change_file(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    """Rename, move, share or not, lock or not, deny or not, delete."""
    url = str(body["url"])
    found = tenant.files.files[url]
    if "name" in body:
        tenant.files.rename(url, str(body["name"]))
    if "folder" in body:
        tenant.files.move(url, str(body["folder"]))
    found.is_shared = bool(body.get("shared", found.is_shared))
    found.is_locked = bool(body.get("locked", found.is_locked))
    found.is_denied = bool(body.get("denied", found.is_denied))
    if body.get("deleted"):
        tenant.files.delete(url)
    return {"item": found.item_id, "eTag": found.e_tag, "cTag": found.c_tag}


def _expire(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.delta_tokens.forget()
    return {}


def _bounce(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    tenant.calendars.transport.bouncing[str(body["address"]).lower()] = str(body["code"])
    return dict(tenant.calendars.transport.bouncing)


def _stop_bouncing(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.calendars.transport.bouncing.clear()
    return {}


def _receive(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    found = tenant.messages.receive(
        tenant.mailbox(str(body["mailbox"])),
        sender=(str(body["sender"]), str(body["sender"])),
        subject=str(body["subject"]),
        body=str(body["body"]),
        headers=[{"name": str(name), "value": str(value)} for name, value in body.get("headers", {}).items()],
        message_class=str(body.get("class", "IPM.Note")),
        attached=str(body.get("attached", "")),
    )
    return {"id": found.immutable_id}


def _behave(tenant: Tenant, _request: Request, body: JsonObject) -> Reply:
    read_behaviour(tenant, body)
    return {"listeners": len(tenant.mail_log.listeners)}


def _stop_behaviour(tenant: Tenant, _request: Request, _body: JsonObject) -> Reply:
    tenant.mail_log.listeners.clear()
    return {}


ACTS: tuple[tuple[str, str, Act], ...] = (
    ("GET", "/state", _state),
    ("GET", "/mails", _mails),
    ("DELETE", "/mails", _clear_mails),
    ("GET", "/journal", _journal),
    ("DELETE", "/journal", _clear_journal),
    ("GET", "/clock", _clock),
    ("POST", "/clock", _clock),
    ("GET", "/faults", _faults),
    ("POST", "/faults", _add_faults),
    ("DELETE", "/faults", _clear_faults),
    ("GET", "/settings", _settings),
    ("PATCH", "/settings", _settings),
    ("POST", "/settings", _settings),
    ("GET", "/events", _events),
    ("POST", "/answer", _answer),
    ("POST", "/edit", _edit),
    ("POST", "/delete", _delete),
    ("POST", "/forward", _forward),
    ("POST", "/show-as", _show_as),
    ("POST", "/users", _add_user),
    ("PATCH", "/users/{who}", _change_user),
    ("DELETE", "/users/{who}", _remove_user),
    ("POST", "/contacts", _add_contact),
    *SCHEDULE_ACTS,
    ("POST", "/groups", _add_group),
    ("POST", "/groups/{which}/members", _members),
    ("POST", "/files", _put_file),
    ("PATCH", "/files", _change_file),
    ("POST", "/behaviour", _behave),
    ("DELETE", "/behaviour", _stop_behaviour),
    *FEED_ACTS,
    ("POST", "/meetings", _hold),
    ("POST", "/delta/expire", _expire),
    ("POST", "/bounces", _bounce),
    ("DELETE", "/bounces", _stop_bouncing),
    ("POST", "/inbox", _receive),
    *SUBSCRIPTION_ACTS,
)


def control_routes(tenant: Tenant) -> list[Route]:
    """Return the Starlette routes of the control plane, to be mounted under `/_sandbox`."""
    mine = [Route(path, _endpoint(tenant, act), methods=[method]) for method, path, act in ACTS]
    return mine + teams_routes(tenant, is_loopback)


def is_loopback(request: Request) -> bool:
    """Whether the caller is on this machine."""
    return request.client is not None and ip_address(request.client.host).is_loopback


def _endpoint(tenant: Tenant, act: Act) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if not is_loopback(request):
            return JSONResponse({"error": "the control plane is for loopback only"}, 403)
        raw = await request.body()
        try:
            body = json.loads(raw) if raw.strip() else {}
            if isinstance(body, list):
                body = {"rules": body}
            tenant.clock.run_due()
            reply = act(tenant, request, body)
        except RefusedError as refusal:
            return JSONResponse({"error": str(refusal)}, refusal.status)
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)
        return JSONResponse(reply)

    return endpoint
