"""Whether the service works: what `/readyz` answers, from the books, the Graph clients and the plans.

| what | is wrong when |
|---|---|
| database | it does not answer, or has no room for more |
| Graph, by credential | it has not answered for a quarter of an hour, and no token can be had either |
| plans | there is none: the folder is empty |
| a plan | it cannot be read, or one of its jobs has had no good round for three of its intervals and ten minutes |

Not ready is who can do nothing at all: without the database, without Graph by any credential, or without one plan in order. A plan
that fails among others is named under `wrong` all the same, and leaves the rest to be served.
"""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.clock import SystemClock
from bot.errors import DatabaseFailed, GraphError
from bot.web.health import Readiness
from config.cadence import Every
from jobs.due import RUNS_LOOKED_AT
from jobs.registry import JOBS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.domain.job_runs import JobRun
    from bot.graph.client import GraphClient
    from bot.opening.stores import Stores
    from config.graph_settings import GraphSettings
    from jobs.graph_clients import Tenants
    from jobs.plans import Plans, Shelf

GRAPH_FRESH = timedelta(minutes=15)
TOKEN_SECONDS, QUICK_SECONDS = 5.0, 1.0
INTERVALS_MISSED = 3
PATIENCE = timedelta(minutes=10)
"""For the rounds themselves, which may take minutes."""

Runs = dict[tuple[str, str], tuple["JobRun", ...]]


@dataclass(slots=True)
class _Latest:
    """What was found last, and until when it is told (seconds of the monotonic clock)."""

    lock: Lock = field(default_factory=Lock)
    found: Readiness | None = None
    good_until: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Looks when asked, from any thread. `loop` is the one that the clients belong to, `since` when the process began."""

    plans: Plans
    tenants: Tenants
    stores: Stores
    loop: asyncio.AbstractEventLoop
    since: datetime
    latest: _Latest = field(default_factory=_Latest)

    def look(self) -> Readiness:
        """The state of now; takes up to the patience of the database and of each credential.

        However many ask, one looks, and what took long to find is told for as long: the threads that wait are those of people's pages.
        """
        with self.latest.lock:
            began = time.monotonic()
            if self.latest.found is None or began > self.latest.good_until:
                self.latest.found = self._look()
                ended = time.monotonic()
                self.latest.good_until = ended + (ended - began if ended - began > QUICK_SECONDS else 0)
            return self.latest.found

    def _look(self) -> Readiness:
        now = SystemClock().now()
        database, runs = self._database()
        graph = [self._graph(kind, client, now) for kind, client in self._clients()]
        shelves = self.plans.shelves
        plans = {label: self._plan(label, shelf, runs, now) for label, shelf in shelves.items()}
        wrong = [
            *(["database"] if not database["ok"] else []),
            *(f"graph:{one['credential']}" for one in graph if not one["ok"]),
            *(f"plan:{label}" for label, one in plans.items() if not one["ok"]),
            *(["plans"] if not plans else []),
        ]
        able = bool(database["ok"]) and _any_ok(graph) and any(one["ok"] for one in plans.values())
        return Readiness(ready=able, facts={"wrong": wrong, "database": database, "graph": graph, "plans": plans})

    def _database(self) -> tuple[dict[str, Any], Runs]:
        try:
            self.stores.database.look_for_room()
            return {"ok": True}, self.stores.job_runs.load_latest(RUNS_LOOKED_AT)
        except DatabaseFailed as error:
            return {"ok": False, "error": error.code}, {}

    def _clients(self) -> list[tuple[str, GraphClient]]:
        """Those that a plan uses now: a secret that was replaced is nobody's any more."""
        used = {_without_gate(shelf.settings.graph) for shelf in self.plans.shelves.values()}
        opened = self.tenants.opened.items()
        return [(settings.credential.value, client) for settings, client in opened if _without_gate(settings) in used]

    def _graph(self, credential: str, client: GraphClient, now: datetime) -> dict[str, Any]:
        age = now - client.answered_at if client.answered_at is not None else None
        error = "" if age is not None and age <= GRAPH_FRESH else self._token_error(client)
        facts = {"credential": credential, "ok": not error, "last_success_age_seconds": _seconds(age)}
        return facts | ({"error": error} if error else {})

    def _token_error(self, client: GraphClient) -> str:
        """Why there is no token, "" when there is one."""
        asked = asyncio.run_coroutine_threadsafe(client.fetch_token(), self.loop)
        try:
            asked.result(TOKEN_SECONDS)
        except GraphError as error:
            return error.code
        except TookTooLong:
            asked.cancel()
            return "graph_unanswered"
        return ""

    def _plan(self, label: str, shelf: Shelf, runs: Mapping[tuple[str, str], Sequence[JobRun]], now: datetime) -> dict[str, Any]:
        jobs, late = {}, []
        for name, job in JOBS.items():
            mine = runs.get((label, name), ())
            good = next((run.finished_at for run in mine if run.is_good), None)
            told: dict[str, Any] = {"last_good_age_seconds": _seconds(now - good if good is not None else None)}
            if mine:
                told |= {"outcome": mine[0].outcome.value, "error": mine[0].error}
            jobs[name] = told
            cadence = shelf.settings.jobs.cadence(name)
            if isinstance(cadence, Every) and job.asks_graph:
                quiet = now - max(good or self.since, self.since)
                if quiet > INTERVALS_MISSED * timedelta(seconds=cadence.seconds) + PATIENCE:
                    late.append(name)
        wrong = self.plans.wrong_with(shelf)
        error = wrong.code if wrong is not None else ""
        goods = [run.finished_at for name in JOBS for run in runs.get((label, name), ()) if run.is_good]
        age = now - max(goods) if goods else None
        facts = {"ok": not error and not late, "last_good_round_age_seconds": _seconds(age), "late": late, "jobs": jobs}
        return facts | ({"error": error} if error else {})


def _without_gate(settings: GraphSettings) -> GraphSettings:
    """Whose client it is; the gate may come from what was found in the tenant (`bot.opening.tenant.graph_settings`)."""
    return settings.model_copy(update={"gate": None})


def _any_ok(found: Sequence[Mapping[str, Any]]) -> bool:
    return not found or any(one["ok"] for one in found)


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else max(0, round(age.total_seconds()))
