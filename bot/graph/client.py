"""The one way from the bot to Microsoft Graph: authenticated, gated, retried, logged, errors translated.

An address in the path of a mailbox is replaced by the account's object id (`bot.graph.mailboxes`), once more
after an answer that the mailbox is not there; log lines and errors keep the address, which people know. A 404
for an item whose code does not say what is gone counts only after a look into the mailbox
(`bot.graph.errors`).

Knows nothing of events or people: `bot.graph.calendar` and `bot.graph.directory` make the calls.
Facts: graph-facts sections 5, 13 and 16, 2026-11-22.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from bot.domain.errors import GraphError, GraphGone, GraphRefused, InputError, MailboxMissing, SignInFailed
from bot.graph.calls import (
    NOTHING,
    Call,
    GraphAnswer,
    GraphQuestion,
    JsonObject,
    address_in,
    in_mailbox,
    look_at,
)
from bot.graph.connection import Attempted, Connection, PreparedCall
from bot.graph.credentials import TokenSource
from bot.graph.errors import is_outlook, look_for
from bot.graph.gate import DIRECTORY, OUTLOOK, shared_gates
from bot.graph.mailboxes import Mailboxes, is_object_id
from bot.graph.retry import SETTLE_SECONDS, Pace, Step, backoff, decide, parse_retry_after
from bot.graph.zone_names import REFUSED, without_iana_names
from bot.masking import mask_text
from config.given import is_loopback
from config.graph_settings import GateOf

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from types import TracebackType
    from typing import Self

    import httpx

    from bot.graph.gate import Gate, Gates
    from config.graph_settings import GraphSettings

# An answer to "did it happen?", asked with a deadline: the object as it now stands, or None for "no".
LookUp = Callable[[float], Awaitable[JsonObject | None]]

# Who has never reached Graph has a wrong address or no network: told soon, not after the whole budget.
FIRST_CONNECTION_SECONDS = 10.0
# In query values these stay readable; Graph asks for spaces and braces to be encoded.
_QUERY_SAFE = "$(),:/'@;=*!"
# How long the directory is waited for before the address itself is tried.
LOOK_UP_SECONDS = 30.0
# A sharing link is a key to its file, and only base64 in the path.
_SHARE = re.compile(r"/shares/[^/]+")


class GraphClient:
    """`async with GraphClient(settings) as client:`; one for a process is enough, several share their gates.

    `observer` is told each attempt, and must be quick and not raise. `transport` replaces the network, `pace`
    the clock, both for tests. Raises InputError for a plain http address that is not loopback.
    """

    def __init__(
        self,
        settings: GraphSettings,
        *,
        tokens: TokenSource | None = None,
        pace: Pace | None = None,
        gates: Gates | None = None,
        mailboxes: Mailboxes | None = None,
        observer: Callable[[GraphQuestion], None] = lambda _asked: None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        parts = urlsplit(settings.base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(settings.base_url)):
            raise InputError("graph_plain_http", url=settings.base_url)
        self._settings = settings
        self._base = settings.base_url.rstrip("/")
        self._tokens = tokens or TokenSource(settings)
        self._pace = pace or Pace()
        self._gates = gates
        self._mailboxes = mailboxes or Mailboxes(self._pace)
        self._connection = Connection(settings, self._pace, observer, transport)
        self._windows_names = False
        self.requests_are_of = settings.gate  # may be found out while the client is open

    async def __aenter__(self) -> Self:
        self._connection.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()
        self._tokens.close()

    @property
    def answered_at(self) -> datetime | None:
        """When Graph last did what it was asked (UTC), None while it has not."""
        return self._connection.answered_at

    @property
    def clock_apart(self) -> timedelta | None:
        """How far Graph's clock was ahead of this machine's when it last answered."""
        return self._connection.clock_apart

    @property
    def mailboxes(self) -> Mailboxes:
        """Which accounts the mailboxes' addresses stand for."""
        return self._mailboxes

    @property
    def pace(self) -> Pace:
        """The clock that waiting goes by."""
        return self._pace

    async def fetch_token(self) -> str:
        """The bearer token, for `doctor` to look into. Raises SignInFailed."""
        return await self._tokens.fetch_token()

    async def refresh_token(self, seconds: float) -> None:
        """See to it that the next request carries a token that is good for so long; `inf`: a fresh one.

        Raises SignInFailed.
        """
        await self._tokens.refresh_token(seconds)

    def is_ours(self, link: str) -> bool:
        """Whether a link points to the Graph that this client talks to; no token is sent elsewhere."""
        return link.startswith(self._base + "/")

    def address_of(self, path: str) -> str:
        """The whole address of a path (encoded, after the version), as one thing in Graph names another."""
        return f"{self._base}{path}"

    async def mailbox_id(self, address: str) -> str:
        """The object id of a mailbox (address or id).

        Raises MailboxMissing where the directory does not tell it, GraphError.
        """
        until = self._pace.monotonic() + self._settings.retry_budget_seconds
        identity = await self._mailboxes.identity(address, self._ask(until))
        if not is_object_id(identity):
            raise MailboxMissing("graph_no_mailbox", status=404, call=f"GET /users/{address}")
        return identity

    async def send(
        self, call: Call, *, look_up: LookUp | None = None, deadline: float | None = None
    ) -> GraphAnswer:
        """Send, and repeat by the table in `bot.graph.retry` until it is done or the budget is used up.

        `look_up(deadline)` tells after an unclear write whether it happened: an object ends the call as
        if Graph had answered it, None lets it be repeated. `deadline` (monotonic seconds) shortens the
        budget. Raises from the GraphError tree.
        """
        until = self._pace.monotonic() + self._settings.retry_budget_seconds if deadline is None else deadline
        if call.as_written:
            return await self._send_to_mailbox(call, look_up, until)
        if not self._windows_names:
            try:
                return await self._send_to_mailbox(call, look_up, until)
            except GraphRefused as error:
                if error.graph_code.lower() != REFUSED or without_iana_names(call) is call:
                    raise
        answer = await self._send_to_mailbox(without_iana_names(call), look_up, until)
        self._windows_names = True
        return answer

    async def _send_to_mailbox(self, call: Call, look_up: LookUp | None, until: float) -> GraphAnswer:
        """As `send`, with the account's id in the path instead of its address."""
        address = address_in(call)
        if address is None:
            return await self._send(call, look_up, until)
        known = self._mailboxes.known(address)
        identity = known or await self._mailboxes.identity(address, self._ask(until))
        try:
            return await self._send(call, look_up, until, mailbox=identity)
        except MailboxMissing:
            if known is None:
                raise
            # What was found before need not hold: made anew, or the address is another mailbox's now.
            self._mailboxes.forget(address)
            found = await self._mailboxes.identity(address, self._ask(until))
            if found == identity:
                raise
        return await self._send(call, look_up, until, mailbox=found)

    async def _send(
        self, call: Call, look_up: LookUp | None, until: float, *, mailbox: str = ""
    ) -> GraphAnswer:
        """As `send`; `mailbox` stands in the path instead of the address."""
        first_until = min(until, self._pace.monotonic() + FIRST_CONNECTION_SECONDS)
        request = self._prepared(call, mailbox)
        attempt, renewed = 0, False
        while True:
            token = await self._tokens.fetch_token()
            attempted = await self._connection.attempt(
                request, token=token, gate=self._gate(call), until=until
            )
            step = decide(call.kind, attempted.status)
            if attempted.answer is not None and step is Step.DONE:
                return GraphAnswer(
                    status=attempted.status,
                    headers=attempted.answer.headers,
                    content=attempted.answer.content,
                )
            if step is Step.RENEW and not renewed:
                await self._tokens.renew_token(token)
                renewed = True
                continue
            error = attempted.error_for(request)
            if step in {Step.GIVE_UP, Step.RENEW} or (step is Step.LOOK_UP and look_up is None):
                raise await self._looked_into(call, request.path, error, until)
            wait = self._wait(call, attempted, attempt)
            if step is Step.LOOK_UP and look_up is not None:
                shown = await self._look_twice(look_up, error, until, max(wait, SETTLE_SECONDS))
                if shown is not None:
                    return GraphAnswer(status=200, headers=NOTHING, content=json.dumps(shown).encode())
                wait = 0.0
            if self._pace.monotonic() + wait > (until if self._connection.has_answered else first_until):
                raise error
            await self._pace.sleep(wait)
            attempt += 1

    async def download(self, url: str, *, most_bytes: int) -> bytes:
        """The bytes of a pre-authenticated address, without our token and without a log line.

        Raises InputError over `most_bytes`, GraphUnclear when the address does not answer with 200.
        """
        return await self._connection.download(url, most_bytes=most_bytes)

    def _ask(self, until: float) -> Callable[[str, str], Awaitable[JsonObject]]:
        async def ask(condition: str, select: str) -> JsonObject:
            call = Call(
                method="GET", gate=DIRECTORY, path="/users", query={"$filter": condition, "$select": select}
            )
            return (await self._send(call, None, min(until, self._pace.monotonic() + LOOK_UP_SECONDS))).json()

        return ask

    async def _looked_into(self, call: Call, path: str, error: GraphError, until: float) -> GraphError:
        """What a refusal comes to.

        A 404 that does not say what is gone is the item's only where the mailbox is there.
        """
        where = look_for(path, error.graph_code) if isinstance(error, GraphGone) else None
        if where is None:
            return error
        try:
            await self.send(look_at(where, gate=call.gate), deadline=until)
        except GraphError as trouble:
            return trouble
        return error

    def _wait(self, call: Call, attempted: Attempted, attempt: int) -> float:
        """Seconds until the next attempt; a throttled mailbox pauses for everybody."""
        asked_for = None
        if attempted.answer is not None:
            asked_for = parse_retry_after(attempted.answer.headers.get("retry-after"), now=self._pace.now())
        wait = backoff(attempt, chance=self._pace.chance()) if asked_for is None else asked_for
        if attempted.status in {429, 503}:
            self._gate(call).pause(wait)
        return wait

    async def _look_twice(
        self, look_up: LookUp, error: GraphError, until: float, wait: float
    ) -> JsonObject | None:
        """Whether an unclear write happened; `error` when that cannot be told either."""
        try:
            found = await look_up(until)
            if found is None:
                await self._pace.sleep(wait)
                found = await look_up(until)
        except SignInFailed:
            raise
        except GraphError:
            raise error from None
        return found

    def _gate(self, call: Call) -> Gate:
        """A mailbox's own, whatever it is called, or the one for all of Outlook, as the settings say."""
        if self._gates is None:
            self._gates = shared_gates(self._settings.concurrency, self._pace)
        in_outlook = "@" in call.gate or is_object_id(call.gate) or is_outlook(call.path)
        if in_outlook and self.requests_are_of is GateOf.APP:
            return self._gates.of(OUTLOOK)
        return self._gates.of(self._mailboxes.known(call.gate) or call.gate)

    def _prepared(self, call: Call, mailbox: str) -> PreparedCall:
        """The call with its address, and with its body as it is sent by every attempt."""
        url, path = self._address(call, mailbox)
        masked = _SHARE.sub("/shares/…", mask_text(path, shared=(call.gate.lower(),)))
        content = None
        if call.body is not None:
            content = json.dumps(call.body, ensure_ascii=False, separators=(",", ":")).encode()
        return PreparedCall(call=call, url=url, path=path, masked=f"{call.method} {masked}", content=content)

    def _address(self, call: Call, mailbox: str) -> tuple[str, str]:
        """Where it goes, and its path after the version, by which errors tell what it was about."""
        if call.link is not None:
            if not self.is_ours(call.link):
                raise GraphRefused(
                    "graph_foreign_link",
                    call=f"{call.method} {mask_text(urlsplit(call.link).hostname or '')}",
                )
            return call.link, urlsplit(call.link[len(self._base) :]).path
        query = "&".join(f"{name}={quote(value, safe=_QUERY_SAFE)}" for name, value in call.query.items())
        path = in_mailbox(call.path, mailbox) if mailbox else call.path
        return f"{self._base}{path}" + (f"?{query}" if query else ""), call.path
