"""HTTP with Microsoft Graph.

One attempt at one request, with its place in the gate, its trace and its log line.

Requests go through the request adapter of msgraph-sdk, but as JSON bytes and without its models: a first sync
sends 300 events with 40 attendees each, and serialising them as models costs many times what the request
itself does. The SDK's own middleware is left out, because retrying is ours: it must know what a repeated
write would do (`bot.graph.retry`). What is left of `GraphRequestAdapter` then is its parent, kiota's, taken
from there: `msgraph` imports azure-core, urllib3 and the client of all services.

Decides nothing: `bot.graph.client` says what follows from an answer. Facts: graph-facts sections 5, 13 and
16, 2026-11-22.
"""

from __future__ import annotations

import asyncio
import ssl
import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from kiota_http.httpx_request_adapter import HttpxRequestAdapter
from kiota_http.observability_options import ObservabilityOptions
from opentelemetry.trace import SpanKind, get_tracer

from bot.domain.errors import GraphRefused, GraphUnclear, InputError, PermissionMissing
from bot.graph.calls import Call, GraphQuestion
from bot.graph.errors import refused, unanswered
from bot.graph.retry import NO_ANSWER, NO_CONNECTION, Pace, Step, apart, decide
from bot.log_lines import get_logger
from bot.masking import mask_text
from config.given import is_loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from bot.domain.errors import GraphError
    from bot.graph.gate import Gate
    from config.graph_settings import GraphSettings

log = get_logger("bot.graph")
TRACER = get_tracer("kursusbot.graph")

# Turns of the event loop in which the next request gets on its way.
TURNS_GIVEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCall:
    """A call as it goes out: its whole address, the path after the version, and how it is called in logs."""

    call: Call
    url: str
    path: str
    masked: str
    content: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempted:
    """How one attempt came out: Graph's answer, or the kind of failure where none came."""

    status: int
    answer: httpx.Response | None
    failure: str

    def error_for(self, request: PreparedCall) -> GraphError:
        """What is wrong, where it is no success."""
        if self.answer is None:
            return unanswered(self.status, call=request.masked, detail=self.failure)
        call, answer = request.call, self.answer
        error = refused(
            call.method, request.path, self.status, answer.headers, answer.content, call=request.masked
        )
        if isinstance(error, PermissionMissing) and call.permission:
            error.params["permission"] = call.permission
        return error


class Connection:
    """Connections to one Graph, open between `open` and `close`.

    `observer` is told each attempt, and must be quick and not raise; `transport` replaces the network.
    """

    def __init__(
        self,
        settings: GraphSettings,
        pace: Pace,
        observer: Callable[[GraphQuestion], None],
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._settings = settings
        self._base = settings.base_url.rstrip("/")
        self._pace = pace
        self._observer = observer
        self._transport = transport
        self.has_answered = False
        """Whether Graph has ever answered anything."""
        self.answered_at: datetime | None = None
        """When it last did what it was asked (UTC), None while it has not."""
        self.clock_apart: timedelta | None = None
        """How far its clock was ahead of this machine's when it last answered."""

    def open(self) -> None:
        """Make ready; connections are made by the first requests."""
        timeout = httpx.Timeout(self._settings.timeout_seconds, pool=None)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=16, keepalive_expiry=30)
        # Not built by the SDK's factory: its transport never closes the connections under it, and wraps what
        # we do not use.
        self._http = httpx.AsyncClient(
            timeout=timeout,
            limits=limits,
            http2=False,
            transport=self._transport,
            trust_env=not is_loopback(self._base),
            verify=_certificates(self._base),
        )
        self._adapter = HttpxRequestAdapter(AnonymousAuthenticationProvider(), http_client=self._http)
        self._adapter.base_url = self._base
        # Traces go to somebody else: no address in them.
        self._adapter.observability_options = ObservabilityOptions(include_euii_attributes=False)

    async def close(self) -> None:
        """Close what is open."""
        await self._http.aclose()

    async def attempt(self, request: PreparedCall, *, token: str, gate: Gate, until: float) -> Attempted:
        """Ask once; `until` (monotonic seconds) is how long the place in the gate is waited for.

        Raises GraphRefused where there is none until then.
        """
        call, client_request_id = request.call, str(uuid.uuid4())
        # Built before the gate, so that the few places in it are spent on waiting for Graph.
        native = await self._adapter.convert_to_native_async(_information(request, token, client_request_id))
        if not await gate.enter(until):
            raise GraphRefused("graph_throttled", status=429, call=request.masked)
        started = self._pace.monotonic()
        span = TRACER.start_span(
            f"Graph {call.method}", kind=SpanKind.CLIENT, attributes={"http.request.method": call.method}
        )
        try:
            attempted = await self._exchange(native)
        finally:
            gate.leave()
        seconds = self._pace.monotonic() - started
        told: dict[str, str] = {
            "kursusbot.call": mask_text(request.masked),
            "client_request_id": client_request_id,
        }
        span.set_attributes({**told, "http.response.status_code": attempted.status})
        span.end()
        self._observer(GraphQuestion(method=call.method, status=attempted.status, seconds=seconds))
        is_done = decide(call.kind, attempted.status) is Step.DONE
        if is_done:
            self.answered_at = self._pace.now()
            # Whoever waits for the place goes first, and what came back is worked on after. Not when it was
            # refused: then the mailbox may have to be paused before the next one goes.
            for _ in range(TURNS_GIVEN):
                await asyncio.sleep(0)
        _log(attempted, is_done=is_done, seconds=seconds, told=told)
        return attempted

    async def _exchange(self, request: httpx.Request) -> Attempted:
        """Send, and wait for what comes of it."""
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                answer = await self._http.send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Attempted(status=NO_CONNECTION, answer=None, failure=type(error).__name__)
        except (httpx.HTTPError, TimeoutError) as error:
            return Attempted(status=NO_ANSWER, answer=None, failure=type(error).__name__)
        self.has_answered = True
        self.clock_apart = apart(answer.headers.get("date"), self._pace.now(), self.clock_apart)
        return Attempted(status=answer.status_code, answer=answer, failure="")

    async def download(self, url: str, *, most_bytes: int) -> bytes:
        """The bytes of a pre-authenticated address, without our token and without a log line.

        Raises InputError over `most_bytes`, GraphUnclear when the address does not answer with 200.
        """
        if urlsplit(url).scheme != "https" and not (is_loopback(url) and is_loopback(self._base)):
            raise GraphRefused("graph_foreign_link", call="GET")
        pieces: list[bytes] = []
        size = 0
        try:
            async with self._http.stream("GET", url) as answer:
                if answer.status_code != 200:  # noqa: PLR2004 - HTTP
                    raise GraphUnclear(
                        "graph_download_failed",
                        status=answer.status_code,
                        call="GET",
                        detail=str(answer.status_code),
                    )
                async for piece in answer.aiter_bytes():
                    size += len(piece)
                    if size > most_bytes:
                        raise InputError("graph_link_too_large", most=most_bytes // 1024**2)
                    pieces.append(piece)
        except httpx.HTTPError as error:
            raise GraphUnclear("graph_download_failed", call="GET", detail=type(error).__name__) from None
        return b"".join(pieces)


def _information(request: PreparedCall, token: str, client_request_id: str) -> RequestInformation:
    """The request as kiota wants it told."""
    info = RequestInformation(Method(request.call.method))
    info.url = request.url
    headers = info.headers
    headers.add("Authorization", f"Bearer {token}")
    headers.add("client-request-id", client_request_id)
    headers.add("return-client-request-id", "true")
    for name, value in request.call.headers.items():
        headers.add(name, value)
    headers.try_add("Accept", "application/json")
    if request.content is not None:
        info.set_stream_content(request.content, "application/json")
    return info


def _log(attempted: Attempted, *, is_done: bool, seconds: float, told: Mapping[str, str]) -> None:
    level = log.debug if is_done else log.info
    level(
        "graph.answered",
        call=told["kursusbot.call"],
        status=attempted.status,
        failure=attempted.failure or None,
        milliseconds=round(seconds * 1000, 1),
        request_id=attempted.answer.headers.get("request-id") if attempted.answer is not None else None,
        client_request_id=told["client_request_id"],
    )


def _certificates(base_url: str) -> ssl.SSLContext | bool:
    """Whose certificates are believed: the usual ones; nobody's where nobody shows any (loopback)."""
    return _nobodys() if urlsplit(base_url).scheme == "http" else True


@cache
def _nobodys() -> ssl.SSLContext:
    """None at all: nothing is proved by it, and to make it takes as long as a few requests."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
