"""Whether the service works: what `/readyz` answers, from the books, the Graph clients and the plans.

| what | is wrong when |
|---|---|
| database | it does not answer, or has no room for more |
| Graph, by credential | it has not answered for a quarter of an hour, and no token can be had either |
| plans | there is none: the folder is empty. One that is to be written at the desk is one already |
| a plan | it cannot be read, here or lately in another process |
| a plan | one of its jobs has had no good round for three of its intervals and ten minutes |
| erasure, by plan | letting go of its old personal data waits for a person |

Not ready is who can do nothing at all: without the database, without Graph by any credential, or without one
plan in order. A plan that fails among others is named under `wrong` all the same, and leaves the rest to be
served.

Who asks gets what is known, and waits for nobody: a database may take ten seconds, a sign-in five, and the
loop of the rounds as long as a round computes. Each question has it looked at anew, in a thread of its own
that is no page's, and is answered by that look where it is over in `SOON_SECONDS`, else by the one before.
`age_seconds` tells how long ago that began.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.clock import SystemClock
from bot.domain.errors import DatabaseFailed, GraphError
from bot.log_lines import get_logger
from bot.store.erasure_marks import load_marks
from bot.web.health import Readiness
from config.cadence import Every
from jobs.due import RUNS_LOOKED_AT
from jobs.graph_clients import whose
from jobs.registry import JOBS

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.job_runs import JobRun
    from bot.domain.letting_go import ErasureMark
    from bot.graph.client import GraphClient
    from bot.opening.stores import Stores
    from jobs.graph_clients import GraphClients
    from jobs.plans import LoadedPlan, Plans

LOG = get_logger()
GRAPH_FRESH = timedelta(minutes=15)
SOON_SECONDS, QUICK_SECONDS = 0.3, 1.0
TOKEN_SECONDS, TURN_SECONDS = 5.0, 20.0
"""How long a sign-in may take, and how long it may be before the loop of the rounds gets to it."""

LONGEST_LOOK_SECONDS = 60.0
"""Longer than all credentials and the database take to say no; then it is the database that hangs."""

INTERVALS_MISSED = 3
PATIENCE = timedelta(minutes=10)
"""For the rounds themselves, which may take minutes."""

HANGS = "plan_file_hangs"

Runs = Mapping[tuple[str, str], Sequence["JobRun"]]
Marks = Mapping[str, "ErasureMark"]
WELL: Mapping[str, Any] = {"ok": True}


@dataclass(slots=True)
class _Latest:
    """What a look that began then found, until when it is as good as new, and the look under way.

    Seconds of the monotonic clock.
    """

    lock: Lock = field(default_factory=Lock)
    found: Readiness | None = None
    began: float = 0.0
    good_until: float = 0.0
    looking: Future[None] | None = None
    looks_since: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Looks when asked, from any thread.

    `loop` is the one that the clients belong to, `since` when the process began.
    """

    plans: Plans
    clients: GraphClients
    stores: Stores
    loop: asyncio.AbstractEventLoop
    since: datetime
    latest: _Latest = field(default_factory=_Latest)

    async def tell(self) -> Readiness:
        """What is known, at once or in `SOON_SECONDS`; on any loop."""
        looking = self._begin()
        if looking is not None:
            await asyncio.wait([asyncio.wrap_future(looking)], timeout=SOON_SECONDS)
        latest, now = self.latest, time.monotonic()
        with latest.lock:
            found, began = latest.found, latest.began
            hangs = latest.looking is not None and now - latest.looks_since > LONGEST_LOOK_SECONDS
        if hangs:
            found = self._put_together({"ok": False, "error": "database_unanswered"}, {}, {}, [])
        elif found is None:
            # The database was opened a moment ago, and nothing has been asked of Graph.
            found, began = self._put_together(WELL, {}, {}, []), now
        return Readiness(
            ready=found.ready, facts={**found.facts, "age_seconds": round(max(now - began, 0.0), 1)}
        )

    def look(self) -> Readiness:
        """The state of now; takes up to the patience of the database and of each credential."""
        database, runs, marks = self._database()
        now = SystemClock().now()
        graph = [self._graph(credential, client, now) for credential, client in self._clients()]
        return self._put_together(database, runs, marks, graph)

    def _begin(self) -> Future[None] | None:
        """The look under way, or one that begins now; None where what is known is as good as new.

        However many ask, one looks, and what took long to find is told for as long.
        """
        latest = self.latest
        with latest.lock:
            now = time.monotonic()
            if latest.looking is None and (latest.found is None or now > latest.good_until):
                latest.looking, latest.looks_since = Future(), now
                latest.looking.set_running_or_notify_cancel()
                threading.Thread(
                    target=self._keep, args=(latest.looking, now), name="readiness", daemon=True
                ).start()
            return latest.looking

    def _keep(self, looking: Future[None], began: float) -> None:
        latest = self.latest
        found: Readiness | None = None
        try:
            found = self.look()
        except Exception:
            LOG.exception("readiness.broken")
        with latest.lock:
            ended = time.monotonic()
            if found is not None:
                latest.found, latest.began = found, began
            latest.good_until = ended + (ended - began if ended - began > QUICK_SECONDS else 0.0)
            latest.looking = None
        looking.set_result(None)

    def _put_together(
        self, database: Mapping[str, Any], runs: Runs, marks: Marks, graph: Sequence[Mapping[str, Any]]
    ) -> Readiness:
        """From what the books and the credentials said, and what this process knows of its plans."""
        now = SystemClock().now()
        plans = {label: self._plan(label, shelf, runs, now) for label, shelf in self.plans.shelves.items()}
        waits = {
            plan: mark.waits.value
            for plan, mark in sorted(marks.items())
            if mark.waits is not None and plan in plans
        }
        for plan, why in waits.items():
            plans[plan]["erasure_waits"] = why
        wrong = _wrong(database, graph, plans, waits)
        wrong += ["plans"] if not plans and not self.plans.empty else []
        is_served = bool(self.plans.empty) or any(_works(told) for told in plans.values())
        able = bool(database["ok"]) and _any_ok(graph) and is_served
        return Readiness(
            ready=able, facts={"wrong": wrong, "database": database, "graph": graph, "plans": plans}
        )

    def _database(self) -> tuple[Mapping[str, Any], Runs, Marks]:
        try:
            self.stores.database.look_for_room()
            return WELL, self.stores.job_runs.load_latest(RUNS_LOOKED_AT), load_marks(self.stores.database)
        except DatabaseFailed as error:
            return {"ok": False, "error": error.code}, {}, {}

    def _clients(self) -> list[tuple[str, GraphClient]]:
        """Those that a plan uses now: a secret that was replaced is nobody's any more."""
        used = {whose(shelf.settings.graph) for shelf in self.plans.shelves.values()}
        opened = self.clients.opened.items()
        return [(settings.credential.value, client) for settings, client in opened if settings in used]

    def _graph(self, credential: str, client: GraphClient, now: datetime) -> dict[str, Any]:
        age = now - client.answered_at if client.answered_at is not None else None
        error = "" if age is not None and age <= GRAPH_FRESH else self._token_error(client)
        facts = {"credential": credential, "ok": not error, "last_success_age_seconds": _seconds(age)}
        return facts | ({"error": error} if error else {})

    def _token_error(self, client: GraphClient) -> str:
        """Why there is no token: "" when there is one, or when the rounds leave no turn to ask for it."""
        if self.loop.is_closed():
            return ""
        asked = asyncio.run_coroutine_threadsafe(_token_error(client), self.loop)
        try:
            return asked.result(TURN_SECONDS)
        except TookTooLong:
            asked.cancel()
            return ""

    def _plan(self, label: str, shelf: LoadedPlan, runs: Runs, now: datetime) -> dict[str, Any]:
        mine = {name: runs.get((label, name), ()) for name in JOBS}
        good = {name: next((run.finished_at for run in mine[name] if run.is_good), None) for name in JOBS}
        late = [name for name, at in good.items() if self._is_late(shelf, name, at, now)]
        wrong = self.plans.wrong_with(shelf)
        error = wrong.code if wrong is not None else _hung_elsewhere(label, runs, now)
        latest = max((at for at in good.values() if at is not None), default=None)
        facts = {
            "ok": not error and not late,
            "last_good_round_age_seconds": _age(latest, now),
            "late": late,
            "jobs": {name: _job(found, good[name], now) for name, found in mine.items()},
        }
        return facts | _told(error, shelf, late)

    def _is_late(self, shelf: LoadedPlan, name: str, good: datetime | None, now: datetime) -> bool:
        """By the table above; what goes by the hour of the day, or asks Graph for nothing, never is."""
        cadence = shelf.settings.jobs.cadence(name)
        if not isinstance(cadence, Every) or not JOBS[name].asks_graph:
            return False
        quiet = now - max(good or self.since, self.since)
        return quiet > INTERVALS_MISSED * timedelta(seconds=cadence.seconds) + PATIENCE


def _told(error: str, shelf: LoadedPlan, late: Sequence[str]) -> dict[str, Any]:
    """What is wrong with the plan's file, and whether it is worked on all the same."""
    if not error:
        return {}
    return {"error": error, "goes_on": shelf.goes_on and not late}


def _works(plan: Mapping[str, Any]) -> bool:
    """Whether it is in order, or goes on with what was read last."""
    return bool(plan["ok"] or plan.get("goes_on"))


def _job(mine: Sequence[JobRun], good: datetime | None, now: datetime) -> dict[str, Any]:
    """How long ago a job was done well, and what it came to last."""
    told = {"last_good_age_seconds": _age(good, now)}
    return told | ({"outcome": mine[0].outcome.value, "error": mine[0].error} if mine else {})


def _wrong(
    database: Mapping[str, Any],
    graph: Sequence[Mapping[str, Any]],
    plans: Mapping[str, Mapping[str, Any]],
    waits: Iterable[str],
) -> list[str]:
    """The names of what is wrong, by the table above."""
    return [
        *(["database"] if not database["ok"] else []),
        *(f"graph:{credential['credential']}" for credential in graph if not credential["ok"]),
        *(f"plan:{label}" for label, told in plans.items() if not told["ok"]),
        *(f"erasure:{plan}" for plan in waits),
    ]


def _hung_elsewhere(plan: str, runs: Runs, now: datetime) -> str:
    """That the plan's file hung lately where another process wanted to work on it.

    Its drive is not this one's.
    """
    latest = [runs[plan, name][0] for name in JOBS if runs.get((plan, name))]
    return HANGS if any(run.error == HANGS and now - run.finished_at < PATIENCE for run in latest) else ""


async def _token_error(client: GraphClient) -> str:
    try:
        async with asyncio.timeout(TOKEN_SECONDS):
            await client.fetch_token()
    except GraphError as error:
        return error.code
    except TimeoutError:
        return "graph_unanswered"
    return ""


def _any_ok(found: Sequence[Mapping[str, Any]]) -> bool:
    return not found or any(one["ok"] for one in found)


def _seconds(age: timedelta | None) -> int | None:
    return None if age is None else max(0, round(age.total_seconds()))


def _age(moment: datetime | None, now: datetime) -> int | None:
    return None if moment is None else _seconds(now - moment)
