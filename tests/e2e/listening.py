"""A plan whose service is called by Graph: the web application on a real port, and what it was told to do next.

The rounds run in the test's own thread, when it says so: `follow` takes the next plan that a notification woke.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import httpx
from pydantic import SecretStr

from bot.opening.clock import clock_of
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.opening.work import open_work
from bot.rounds.subscriptions import notified_round, renew_subscriptions
from bot.web.app import create_app
from bot.web.graph_calls.batching import Gathering
from bot.web.server import served
from config.graph_settings import CredentialKind, GraphSettings, MailboxSettings
from config.settings import Settings, WebSettings
from tests.e2e.driver import TOKEN, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.rounds.results import Collected
    from bot.rounds.subscriptions import Watched
    from tests.e2e.driver import World

PATIENCE_SECONDS = 30.0
SECRET = "en-lang-hemmelighed-som-kun-findes-i-test"


@dataclass(slots=True, kw_only=True)
class Listening:
    """What runs beside a `World` while Graph calls."""

    world: World
    stores: Stores
    address: str
    changes: dict[str, Any] = field(default_factory=dict)
    hints: SimpleQueue[str] = field(default_factory=SimpleQueue)
    upkeep: SimpleQueue[str] = field(default_factory=SimpleQueue)

    @property
    def settings(self) -> Settings:
        graph = GraphSettings(
            base_url=self.world.base_url, credential=CredentialKind.STATIC_TOKEN, static_token=SecretStr(TOKEN), retry_budget_seconds=10
        )
        given: dict[str, Any] = {
            "plan": str(self.world.plan_file),
            "database_url": SecretStr(f"sqlite:///{self.world.database_file}"),
            "now": self.world.now,
            "graph": graph,
            "web": WebSettings(base_url=self.address, secret_key=SecretStr(SECRET)),
        }
        return Settings(**(given | self.changes))

    def renew(self) -> Watched:
        return asyncio.run(self._do(renew_subscriptions))

    def read(self) -> Collected:
        """The round that a hint wakes."""
        return asyncio.run(self._do(notified_round))

    def follow(self) -> Collected:
        """Wait for a notification, and do what it asks for."""
        assert self.hints.get(timeout=PATIENCE_SECONDS) == "demo"
        return self.read()

    def nothing_came(self) -> bool:
        """Whether nothing is to be done once every notification under way has been delivered."""
        self.settle()
        with contextlib.suppress(Empty):
            return self.hints.get_nowait() == ""
        return self.upkeep.empty()

    def settle(self) -> None:
        wait_until(lambda: self.world.tenant.notifier.waiting == 0)

    def post(self, content: bytes | str, path: str = "/graph/notifications", **headers: str) -> httpx.Response:
        with httpx.Client(trust_env=False) as client:
            return client.post(self.address + path, content=content, headers={"content-type": "application/json", **headers})

    async def _do(self, round_: Any) -> Any:
        settings = self.settings
        plan: CoursePlan = await load_plan(settings)
        async with open_work(settings, plan, self.stores) as work:
            return await round_(work)


@contextlib.contextmanager
def listening_to(world: World, **changes: Any) -> Iterator[Listening]:
    """`changes` are of the settings: `mailbox=MailboxSettings(keeps_drafts=False)`."""
    url = f"sqlite:///{world.database_file}"
    with open_stores(Settings(database_url=SecretStr(url))) as stores:
        here = Listening(world=world, stores=stores, address="", changes=changes)
        gathering = Gathering(
            stores.notifications, now=lambda: clock_of(here.settings).now(), on_hint=here.hints.put, on_upkeep=here.upkeep.put
        )
        app = create_app({}, secret=SECRET, base_url="http://127.0.0.1", now=lambda: world.now, gathering=gathering)
        with served(app) as port:
            here.address = f"http://127.0.0.1:{port}"
            yield here


WITHOUT_DRAFTS = MailboxSettings(keeps_drafts=False)
