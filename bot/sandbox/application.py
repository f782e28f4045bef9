"""What every ASGI application of the tenant has: the journal, faults on both sides of the effect, latency.

`http.py` is Graph, `connector.py` the Bot Connector. A fault that drops cuts the connection.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl

from bot.sandbox.faults import USUAL_CODES
from bot.sandbox.routes import split_path
from bot.sandbox.traffic import retry_after
from bot.sandbox.wire import Answer, ConnectionDroppedError, GraphRequest, RefusedError, parse_prefer

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from bot.sandbox.faults import Fault
    from bot.sandbox.journal import Entry
    from bot.sandbox.tenant import Tenant

THROTTLED = 429
BODILESS = (204, 304)


class TenantApp(ABC):
    """One application of a tenant; `prefix` is what its paths begin with and the journal leaves out."""

    prefix: ClassVar[str] = ""
    json_type: ClassVar[str] = "application/json; charset=utf-8"
    usual_codes: ClassVar[Mapping[int, str]] = USUAL_CODES

    def __init__(self, tenant: Tenant) -> None:
        """Serve `tenant`."""
        self.tenant = tenant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or cut the connection when a fault says so."""
        request = await read_request(scope, receive, self.prefix)
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
            body=self.body_for_journal(request),
            batch=batch,
            started=time.monotonic(),
        )
        try:
            answer = await self.guarded(request, entry)
        except RefusedError as refusal:
            answer = self.refused(refusal, request)
        finally:
            entry.ended = time.monotonic()
        entry.status = answer.status
        answer.headers.setdefault("request-id", str(uuid.uuid4()))
        if "client-request-id" in request.headers:
            answer.headers["client-request-id"] = request.headers["client-request-id"]
        if answer.body is not None:
            answer.headers.setdefault("content-type", self.json_type)
        return answer

    @abstractmethod
    async def guarded(self, request: GraphRequest, entry: Entry) -> Answer:
        """Check and do what is asked, with the fault on either side. Raises RefusedError."""

    @abstractmethod
    def refused(self, refusal: RefusedError, request: GraphRequest) -> Answer:
        """The answer of a refusal, as this service words it."""

    def body_for_journal(self, request: GraphRequest) -> bytes:
        """What the journal keeps of the body."""
        return request.body

    async def wait_for_latency(self, request: GraphRequest, entry: Entry) -> None:
        """Our own work counts as part of the latency, as a service's does; so does reading the request."""
        began = entry.started if request.arrived is None else request.arrived
        wait = began + self.tenant.settings.latency_ms / 1000 - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    async def fail(self, fault: Fault | None, when: str) -> None:
        """Carry out this side of a fault. Raises RefusedError and ConnectionDroppedError."""
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
            code = fault.code or self.usual_codes.get(fault.status, "UnknownError")
            raise RefusedError(fault.status, code, fault.message, headers)


async def read_request(scope: Scope, receive: Receive, prefix: str) -> GraphRequest:
    """The whole request; `base_url` ends in `prefix`, and the path does not begin with it."""
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
    path = raw.removeprefix(prefix)
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
        base_url=f"{scope['scheme']}://{host}{prefix}",
        prefers=parse_prefer(headers.get("prefer", "")),
        arrived=scope.get("state", {}).get("arrived"),
    )
