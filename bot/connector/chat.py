"""Cards to conversations in Teams by the Bot Connector. Implements `bot.ports.conversations.Chat`.

    answer                                    then
    401                                       once more, with a fresh token
    429, with a pause that the budget holds   once more after it, as often as the budget holds
    412, 502, 503, 504                        once more after a short wait, as often as the budget holds
    anything else                             as `bot.connector.errors` says

`budget_seconds` is how long one card may wait in all, its turn among the others too (`bot.connector.tempo`);
what does not get its turn within it was not said. A token goes nowhere but where `bot.connector.addresses`
trusts. Connections stay open while somebody holds them (`async with`), else each request makes its own.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx

from bot.connector.addresses import activities_url, channels_url, conversations_url, is_trusted, member_url
from bot.connector.certificates import certificates
from bot.connector.errors import (
    LATER,
    NO_ANSWER,
    NO_CONNECTION,
    THROTTLED,
    UNAUTHORIZED,
    error_of,
    is_said,
)
from bot.connector.tempo import Times, shared_tempo
from bot.connector.tokens import BotTokens
from bot.domain.conversations import Conversation, ConversationKind
from bot.domain.errors import GraphRefused, GraphUnclear, SignInFailed
from bot.log_lines import get_logger
from bot.messages.card import CARD_TYPE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from config.bot_settings import BotSettings

log = get_logger("bot.connector")

TIMEOUT_SECONDS, BUDGET_SECONDS = 15.0, 20.0
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 0.5, 8.0


class ConnectorChat:
    """The bot of these settings, as it speaks; times in seconds. `times`, `transport` are for tests."""

    def __init__(
        self,
        settings: BotSettings,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        budget_seconds: float = BUDGET_SECONDS,
        tokens: BotTokens | None = None,
        times: Times | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._timeout, self._budget = timeout_seconds, budget_seconds
        self._transport = transport
        self._tokens = tokens or BotTokens(settings, transport=transport)
        self._times = times or Times()
        self._http: httpx.AsyncClient | None = None

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """Keep connections open meanwhile, with a token before anything is begun that a crash could lose."""
        with suppress(SignInFailed):
            await self._tokens.fetch()
        async with self._client() as http:
            self._http = http
            try:
                yield
            finally:
                self._http = None

    async def send(self, conversation: Conversation, card: dict[str, Any], *, summary: str) -> str:
        """Post an Adaptive Card; the id of the activity. Raises as the port says."""
        url = activities_url(conversation.service_url, conversation.id)
        answer = await self._ask("POST", url, _message(card, summary), conversation.id, "POST activities")
        # Taken in, and nobody can find it again: a card without an id is there all the same.
        return _text_in(answer, "id")

    async def update(self, conversation: Conversation, activity: str, card: dict[str, Any]) -> None:
        """Put a card in the place of one that stands there. Raises as the port says."""
        url = activities_url(conversation.service_url, conversation.id, activity)
        body = _message(card, "") | {"id": activity}
        await self._ask("PUT", url, body, conversation.id, "PUT activities")

    async def address_of(self, conversation: Conversation, subject: str) -> str:
        """The mail address of somebody in the conversation. Raises as the port says."""
        url = member_url(conversation.service_url, conversation.id, subject)
        answer = await self._ask("GET", url, None, conversation.id, "GET members")
        return _text_in(answer, "email").strip().lower()

    async def channels_of(self, conversation: Conversation, team: str) -> dict[str, str]:
        """The channels of a team, names by id. Raises as the port says."""
        url = channels_url(conversation.service_url, team)
        answer = await self._ask("GET", url, None, conversation.id, "GET channels")
        return _channels_in(answer)

    async def open(self, subject: str) -> Conversation:
        """The chat of somebody for whom the app is installed. Raises as the port says."""
        settings = self._settings
        body = {
            "bot": {"id": f"28:{settings.app_id}"},
            "members": [{"id": subject}],
            "isGroup": False,
            "tenantId": settings.tenant_id,
            "channelData": {"tenant": {"id": settings.tenant_id}},
        }
        url = conversations_url(settings.service_url)
        answer = await self._ask("POST", url, body, subject, "POST conversations")
        found, now = _text_in(answer, "id"), self._times.now()
        if not found:
            raise GraphUnclear("chat_unclear", status=answer.status_code, call="POST conversations")
        return Conversation(
            id=found,
            kind=ConversationKind.PERSONAL,
            service_url=settings.service_url,
            added_at=now,
            seen_at=now,
            subject=subject,
        )

    async def _ask(
        self, method: str, url: str, body: dict[str, Any] | None, conversation: str, call: str
    ) -> httpx.Response:
        """Ask until it is said, by the table above."""
        if not is_trusted(url, played=self._settings.sandbox_url or ""):
            raise GraphRefused("chat_foreign_address", call=call)
        times, tempo = self._times, shared_tempo(self._settings.tenant_id or "")
        until = times.monotonic() + self._budget
        token, renewed, attempt = await self._tokens.fetch(), False, 0
        status, content = THROTTLED, b""
        while True:
            while (wait := tempo.wait(conversation, times.monotonic())) > 0:
                if times.monotonic() + wait > until:
                    raise error_of(status, content, call=call)
                await times.sleep(wait)
            tempo.note(conversation, times.monotonic())
            answer, status, detail = await self._attempt(method, url, body, token)
            content = answer.content if answer is not None else b""
            log.debug("chat.answered", call=call, status=status, failure=detail or None)
            if answer is not None and is_said(status):
                return answer
            if status == UNAUTHORIZED and not renewed:
                token, renewed = await self._tokens.fetch(refused=token), True
                continue
            if status not in LATER:
                raise error_of(status, content, call=call, detail=detail)
            # What has to be kept away from is the conversation: another one may well be told now.
            tempo.close(conversation, times.monotonic() + self._pause(answer, attempt))
            attempt += 1

    def _pause(self, answer: httpx.Response | None, attempt: int) -> float:
        """Seconds until the next attempt: as Teams says, else longer each time."""
        told = answer.headers.get("retry-after", "") if answer is not None else ""
        if told.isdecimal():
            return float(told)
        longest = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0**attempt)
        return longest * (0.5 + self._times.chance() / 2)

    async def _attempt(
        self, method: str, url: str, body: dict[str, Any] | None, token: str
    ) -> tuple[httpx.Response | None, int, str]:
        """The answer and its status, or what kind of failure there was instead."""
        headers = {"Authorization": f"Bearer {token}"}
        try:
            if self._http is not None:
                answer = await self._http.request(method, url, json=body, headers=headers)
            else:
                async with self._client() as http:
                    answer = await http.request(method, url, json=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return None, NO_CONNECTION, type(error).__name__
        except httpx.HTTPError as error:
            return None, NO_ANSWER, type(error).__name__
        return answer, answer.status_code, ""

    def _client(self) -> httpx.AsyncClient:
        played = bool(self._settings.sandbox_url)
        return httpx.AsyncClient(
            timeout=self._timeout,
            transport=self._transport,
            trust_env=not played,
            verify=certificates(played=played),
        )


def _message(card: dict[str, Any], summary: str) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "message",
        "attachments": [{"contentType": CARD_TYPE, "content": card}],
    }
    return made | ({"summary": summary} if summary else {})


def _text_in(answer: httpx.Response, name: str) -> str:
    try:
        read = answer.json()
    except ValueError:
        return ""
    found = read.get(name) if isinstance(read, dict) else None
    return found if isinstance(found, str) else ""


def _channels_in(answer: httpx.Response) -> dict[str, str]:
    try:
        read = answer.json()
    except ValueError:
        return {}
    listed = read.get("conversations") if isinstance(read, dict) else None
    return {
        one["id"]: one["name"] if isinstance(one.get("name"), str) else ""
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("id"), str)
    }
