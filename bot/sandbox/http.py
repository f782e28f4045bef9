"""Graph over HTTP: authentication, throttling, and the way to the parts.

A plain ASGI application for `/v1.0/...`; what others have too stands in `application.py`. In order: the
token, the route, the permission, the mailbox's limits, the fault before, the effect, the fault after, and
what is left of the latency. Facts: graph-facts sections 5 and 13 (2026-11-22).
"""

from __future__ import annotations

import time
import uuid
from urllib.parse import unquote

from bot.sandbox.application import TenantApp
from bot.sandbox.batch import run_batch
from bot.sandbox.faults import Fault
from bot.sandbox.journal import Entry
from bot.sandbox.routes import Area, Route, find_route, require_role
from bot.sandbox.wire import Answer, GraphRequest, RefusedError, error_body
from bot.sandbox.zones import require_zones

VERSION = "/v1.0"


class GraphApp(TenantApp):
    """Graph of one tenant."""

    prefix = VERSION
    json_type = "application/json; odata.metadata=minimal"

    async def guarded(self, request: GraphRequest, entry: Entry) -> Answer:
        """Token, route, right and the mailbox's limits, and then the effect."""
        fault = self.tenant.faults.for_request(request.method, unquote(entry.target))
        self._authenticate(request)
        if request.segments == ("$batch",):
            await self.fail(fault, "before")

            async def perform(item: GraphRequest) -> Answer:
                return await self.perform(item, entry.number)

            answer = await run_batch(request, perform)
            await self.fail(fault, "after")
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
            await self.fail(fault, "before")
            self.tenant.clock.run_due()
            if route.area is Area.OUTLOOK:
                require_zones(request, self.tenant.settings.zone_names)
            if fault is not None and fault.without_teams:
                request.flags = frozenset({"without_teams"})
            done = route.handler(self.tenant, request, *parameters)
            answer = done if isinstance(done, Answer) else await done
            if request.prefers and route.area is Area.OUTLOOK:
                answer.headers["preference-applied"] = request.headers["prefer"]
            await self.fail(fault, "after")
            answer.payload()
            return answer
        finally:
            await self.wait_for_latency(request, entry)

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

    def refused(self, refusal: RefusedError, request: GraphRequest) -> Answer:
        """Graph's `{"error": ...}`."""
        request_id = str(uuid.uuid4())
        mine = request.headers.get("client-request-id", request_id)
        date = f"{self.tenant.clock.now():%Y-%m-%dT%H:%M:%S}"
        body = error_body(refusal, request_id, mine, date)
        return Answer(status=refusal.status, body=body, headers={**refusal.headers, "request-id": request_id})
