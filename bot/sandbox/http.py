"""Graph over HTTP: authentication, throttling, latency, faults, the journal, and the way to the parts.

A plain ASGI application for `/v1.0/...`; the control plane is another (`control.py`). In order: the
token, the route, the permission, the mailbox's limits, the fault before, the effect, the fault after,
and what is left of the latency. Facts: graph-facts sections 5 and 13 (2026-11-22).
"""

from __future__ import annotations

import asyncio
import time
import uuid
from urllib.parse import parse_qsl, unquote

from starlette.types import Receive, Scope, Send

from bot.sandbox.batch import run_batch
from bot.sandbox.faults import Fault
from bot.sandbox.journal import Entry
from bot.sandbox.routes import Area, Route, find_route, require_role, split_path
from bot.sandbox.tenant import Tenant
from bot.sandbox.traffic import retry_after
from bot.sandbox.wire import (
    Answer,
    ConnectionDroppedError,
    GraphRequest,
    RefusedError,
    error_body,
    parse_prefer,
)
from bot.sandbox.zones import require_zones

VERSION = "/v1.0"
THROTTLED = 429
BODILESS = (204, 304)


class GraphApp:
    """The ASGI application of one tenant."""

    def __init__(self, tenant: Tenant) -> None:
        """Serve `tenant`."""
        self.tenant = tenant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or cut the connection when a fault says so."""
        request = await _read(scope, receive)
        try:
            answer = await self.perform(request)
        except ConnectionDroppedError:
            transport = scope.get("state", {}).get("transport")
            if transport is None:
                raise
            transport.abort()
            await receive()
            return
        payload = answer.payload()
        headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in answer.headers.items()]
        if answer.status not in BODILESS:
            headers.append((b"content-length", str(len(payload)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    async def perform(self, request: GraphRequest, batch: int | None = None) -> Answer:
        """Carry out a request (or an item of batch number `batch`); refusals become answers.

        Raises ConnectionDroppedError for a fault that drops.
        """
        tenant = self.tenant
        entry = tenant.journal.open(
            time=tenant.clock.now(),
            method=request.method,
            path=request.path,
            query=request.query_text,
            headers=request.headers,
            body=request.body,
            batch=batch,
            started=time.monotonic(),
        )
        try:
            answer = await self._guarded(request, entry)
        except RefusedError as refusal:
            answer = self._refused(refusal, request)
        finally:
            entry.ended = time.monotonic()
        entry.status = answer.status
        answer.headers.setdefault("request-id", str(uuid.uuid4()))
        if "client-request-id" in request.headers:
            answer.headers["client-request-id"] = request.headers["client-request-id"]
        if answer.body is not None:
            answer.headers.setdefault("content-type", "application/json; odata.metadata=minimal")
        return answer

    async def _guarded(self, request: GraphRequest, entry: Entry) -> Answer:
        fault = self.tenant.faults.for_request(request.method, unquote(entry.target))
        self._authenticate(request)
        if request.segments == ("$batch",):
            await self._fail(fault, "before")

            async def perform(item: GraphRequest) -> Answer:
                return await self.perform(item, entry.number)

            answer = await run_batch(request, perform)
            await self._fail(fault, "after")
            return answer
        route, parameters = find_route(request.method, request.segments)
        require_role(self.tenant, route)
        key = self._mailbox_key(route, parameters)
        if key is None:
            return await self._effect(request, entry, route, parameters, fault)
        entry.in_flight = self.tenant.traffic.enter(key, time.monotonic())
        try:
            return await self._effect(request, entry, route, parameters, fault)
        finally:
            self.tenant.traffic.leave(key)

    async def _effect(
        self, request: GraphRequest, entry: Entry, route: Route, parameters: list[str], fault: Fault | None
    ) -> Answer:
        try:
            await self._fail(fault, "before")
            self.tenant.clock.run_due()
            if route.area is Area.OUTLOOK:
                require_zones(request, self.tenant.settings.zone_names)
            if fault is not None and fault.without_teams:
                request.flags = frozenset({"without_teams"})
            done = route.handler(self.tenant, request, *parameters)
            answer = done if isinstance(done, Answer) else await done
            if request.prefers and route.area is Area.OUTLOOK:
                answer.headers["preference-applied"] = request.headers["prefer"]
            await self._fail(fault, "after")
            answer.payload()
            return answer
        finally:
            await self._wait_until(entry.started + self.tenant.settings.latency_ms / 1000)

    async def _wait_until(self, moment: float) -> None:
        """Our own work counts as part of the latency, as a service's does; `moment` is monotonic seconds."""
        wait = moment - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    async def _fail(self, fault: Fault | None, when: str) -> None:
        if fault is None or fault.when != when:
            return
        if fault.delay_ms:
            await asyncio.sleep(fault.delay_ms / 1000)
        if fault.drop:
            raise ConnectionDroppedError
        if fault.status is not None:
            headers = {}
            if fault.retry_after is not None:
                headers = {"retry-after": fault.retry_after}
            elif fault.status == THROTTLED:
                headers = retry_after(self.tenant.settings)
            raise RefusedError(fault.status, fault.error_code, fault.message, headers)

    def _authenticate(self, request: GraphRequest) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        settings = self.tenant.settings
        if scheme.lower() != "bearer" or not token:
            message = "Access token is empty."
        elif token in settings.expired_tokens:
            message = "Lifetime validation failed, the token is expired."
        elif token not in settings.tokens:
            message = "IDX14100: JWT is not well formed, there are no dots (.)."
        else:
            return
        raise RefusedError(401, "InvalidAuthenticationToken", message, {"www-authenticate": "Bearer"})

    def _mailbox_key(self, route: Route, parameters: list[str]) -> str | None:
        if route.area is not Area.OUTLOOK:
            return None
        user = self.tenant.directory.find_principal(parameters[0])
        return user.id if user else parameters[0].lower()

    def _refused(self, refusal: RefusedError, request: GraphRequest) -> Answer:
        request_id = str(uuid.uuid4())
        mine = request.headers.get("client-request-id", request_id)
        date = f"{self.tenant.clock.now():%Y-%m-%dT%H:%M:%S}"
        body = error_body(refusal, request_id, mine, date)
        return Answer(status=refusal.status, body=body, headers={**refusal.headers, "request-id": request_id})


async def _read(scope: Scope, receive: Receive) -> GraphRequest:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    raw = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").split("?")[0]
    path = raw.removeprefix(VERSION)
    query = scope["query_string"].decode("latin-1")
    host = headers.get("host", "127.0.0.1")
    return GraphRequest(
        method=scope["method"],
        path=path,
        segments=split_path(path),
        query=dict(parse_qsl(query, keep_blank_values=True)),
        query_text=query,
        headers=headers,
        body=b"".join(parts),
        base_url=f"{scope['scheme']}://{host}{VERSION}",
        prefers=parse_prefer(headers.get("prefer", "")),
    )
