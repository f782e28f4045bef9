"""The open Graph clients of a process, one for each credential.

Tokens, connections and places at a mailbox outlive a round.

Whose the requests at once are (`gate`) makes no other client: it may be found out while the service runs, and
holds from then on.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from bot.graph.calls import GraphQuestion
    from bot.graph.client import GraphClient
    from config.graph_settings import GraphSettings


class GraphClients:
    """`async with GraphClients() as clients:`; closes what was opened.

    Belongs to one event loop. `observer` is told each request.
    """

    def __init__(self, observer: Callable[[GraphQuestion], None] = lambda _asked: None) -> None:
        self._observer = observer
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._clients: dict[GraphSettings, GraphClient] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def opened(self) -> dict[GraphSettings, GraphClient]:
        """Those in use so far, by whose they are (`whose`)."""
        return dict(self._clients)

    async def client(self, settings: GraphSettings) -> GraphClient:
        """The client for these settings; makes no request."""
        from bot.graph.client import GraphClient

        mine = whose(settings)
        async with self._opening:
            if mine not in self._clients:
                self._clients[mine] = await self._stack.enter_async_context(
                    GraphClient(settings, observer=self._observer)
                )
            client = self._clients[mine]
        if settings.gate is not None:
            client.requests_are_of = settings.gate
        return client


def whose(settings: GraphSettings) -> GraphSettings:
    """All that makes another client."""
    return settings.model_copy(update={"gate": None})
