"""The service put together: plans, Graph clients, books, queue.

In `serve` the clock and the pages as well.

    serve    clock ─► queue ─► runner ─► rounds        pages, Graph's calls ─► books, and "at once" ─► queue
    worker            queue ─► runner ─► rounds        on PostgreSQL only

Pages run in a thread with a loop of their own, so that they answer while a round computes. A stop (SIGTERM,
SIGINT) ends the clock at once, lets the pages finish what they have begun, gives the jobs in hand
`GRACE_SECONDS`, and hands back what is not done by then: under twenty seconds in all.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.domain.errors import GraphError, InputError, KursusbotError
from bot.domain.job_runs import JobOutcome
from bot.log_lines import get_logger
from bot.opening.clock import clock_of
from bot.opening.stores import open_stores
from jobs.clock import JobClock, order_for
from jobs.graph_clients import GraphClients
from jobs.metrics import Metrics
from jobs.open_queue import open_queue
from jobs.plans import Plans
from jobs.queue import Later, Order, Queue
from jobs.registry import job_named
from jobs.runner import Observer, Runner
from jobs.rush import Rush
from jobs.saved_plans import SavedPlans

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

    from fastapi import FastAPI

    from bot.desks.reach import Reach
    from bot.desks.service_view import ServiceView
    from bot.opening.stores import Stores
    from bot.ports.moving_time import MovingTime
    from bot.web.parts import WebPart
    from config.settings import Settings
    from jobs.readiness import Watch
    from jobs.warming import Warming

LOG = get_logger()
GRACE_SECONDS = 14.0
FIRST_AGAIN_SECONDS, LONGEST_AGAIN_SECONDS = 5.0, 60.0
LEFT_FOR_A_PERSON = frozenset({JobOutcome.HELD, JobOutcome.PARTLY})
AFTER_A_DECISION, AFTER_A_HINT, AFTER_A_LOSS = "follow_decisions", "collect_responses", "renew_subscriptions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that is open while the process serves."""

    settings: Settings
    stores: Stores
    clients: GraphClients
    plans: Plans
    runner: Runner
    queue: Queue
    metrics: Metrics
    rush: Rush = field(default_factory=Rush)

    async def wake(self, plan: str, job: str) -> None:
        """Something stands in the plan's books that this job is for.

        It comes next, after whatever is in hand in that mailbox.
        """
        if plan in self.plans.empty:
            # What was written on the desk a moment ago is a plan from now on.
            await self.plans.look()
        for entry in self.plans.entries():
            if (entry.plan, entry.job.name) == (plan, job):
                try:
                    await self.queue.put(order_for(entry, urgent=True))
                except KursusbotError as error:
                    # It stands in the books, and the job's own tick finds it there.
                    LOG.warning("service.job_waits", plan=plan, job=job, error=error.code)


@asynccontextmanager
async def open_service(settings: Settings, observers: Sequence[Observer] = ()) -> AsyncIterator[Service]:
    """Open the database and see which plans there are; nothing works yet.

    Where there is one plan only, what is wrong with it is raised; among many it is told and the others are
    served. Raises InputError, DatabaseFailed.
    """
    async with AsyncExitStack() as stack:
        stores, metrics = stack.enter_context(open_stores(settings)), Metrics()
        clients = await stack.enter_async_context(GraphClients(metrics.asked))
        plans = Plans(settings, clients, stores.plan_files, stores.desk_plans)
        await plans.look()
        for shelf in plans.shelves.values() if settings.plans is None else ():
            if shelf.error is not None and not (shelf.goes_on or isinstance(shelf.error, GraphError)):
                raise shelf.error
        metrics.watch(
            stores, lambda: {label: plans.wrong_with(shelf) is None for label, shelf in plans.shelves.items()}
        )
        runner = Runner(plans, clients, stores, (metrics.ran, *observers))

        async def perform(order: Order) -> Later | None:
            try:
                job = job_named(order.job)
            except InputError:
                # Of a newer version that shares the queue.
                LOG.warning("service.job_unknown", plan=order.plan, job=order.job)
                return None
            run, result = await runner.run(order.plan, job)
            if run.outcome is JobOutcome.LOCKED:
                again = replace(order, slot=None, attempt=order.attempt + 1)
                return again, min(FIRST_AGAIN_SECONDS * 2.0**order.attempt, LONGEST_AGAIN_SECONDS)
            if result.more_at is not None:
                rest = replace(order, job=job.rest_by or job.name, slot=None, attempt=0)
                return rest, max((result.more_at - SystemClock().now()).total_seconds(), 1.0)
            if job.told_by and run.outcome in LEFT_FOR_A_PERSON:
                return replace(order, job=job.told_by, slot=None, attempt=0), 0.0
            return None

        queue = open_queue(settings, perform, lambda: plans.shelves)
        yield Service(
            settings=settings,
            stores=stores,
            clients=clients,
            plans=plans,
            runner=runner,
            queue=queue,
            metrics=metrics,
        )


async def serve(
    settings: Settings,
    *,
    started: Callable[[Service, str], None] = lambda _service, _address: None,
    observers: Sequence[Observer] = (),
    shown: Callable[[Service], Awaitable[MovingTime]] | None = None,
) -> None:
    """Clock, work and pages until the process is told to stop.

    `started` gets the address that the pages listen on. `shown`: what a demonstration does first, and the
    time in it that people at the desk can move.

    Raises InputError (`port_taken` too), DatabaseFailed, before anything has begun.
    """
    from bot.web.server import serving

    async with open_service(settings, observers) as service:
        app = app_of(service, await shown(service) if shown is not None else None)
        with serving(app, host=settings.web.host, port=settings.web.port) as address, _stop_asked() as stop:
            clock = JobClock(
                service.plans, service.queue, service.stores.job_runs, approvals=service.stores.approvals
            )
            warming = _warming_of(service)
            try:
                await service.queue.start()
                clock.start()
                warming.start()
                LOG.info("service.started", plans=len(service.plans.shelves), address=address)
                started(service, address)
                await stop.wait()
                LOG.info("service.stopping")
            finally:
                await asyncio.to_thread(warming.stop)
                clock.stop()
                await service.rush.end()
                await service.queue.stop(GRACE_SECONDS)
    LOG.info("service.stopped")


async def work(
    settings: Settings,
    *,
    started: Callable[[Service], None] = lambda _service: None,
    observers: Sequence[Observer] = (),
) -> None:
    """One more process that works on the queue, until told to stop.

    Raises InputError on SQLite, and as `serve`.
    """
    from jobs.open_queue import refuse_lone_worker

    refuse_lone_worker(settings)
    async with open_service(settings, observers) as service:
        with _stop_asked() as stop, _telling(service):
            look = asyncio.create_task(_look_now_and_then(service.plans))
            try:
                await service.queue.start()
                LOG.info("service.started", plans=len(service.plans.shelves))
                started(service)
                await stop.wait()
                LOG.info("service.stopping")
            finally:
                look.cancel()
                await service.queue.stop(GRACE_SECONDS)
    LOG.info("service.stopped")


def app_of(service: Service, time: MovingTime | None = None) -> FastAPI:
    """People's pages where they are set up; the health pages always. `time`: of a demonstration."""
    from bot.web.app import create_app
    from bot.web.graph_calls.batching import Gathering
    from bot.web.health import create_health_app
    from jobs.pages import Desks, reach_of
    from jobs.readiness import Watch

    loop, web = asyncio.get_running_loop(), service.settings.web
    watch = Watch(
        plans=service.plans,
        clients=service.clients,
        stores=service.stores,
        loop=loop,
        since=SystemClock().now(),
    )
    if web.base_url is None or web.secret_key is None:
        return create_health_app(watch.tell, service.metrics.render)

    def wake(plan: str, job: str) -> None:
        asyncio.run_coroutine_threadsafe(service.wake(plan, job), loop)

    def waking(job: str) -> Callable[[str], None]:
        return lambda plan: wake(plan, job)

    def following(job: str) -> Callable[[str], None]:
        def follow(plan: str) -> None:
            asyncio.run_coroutine_threadsafe(service.rush.tell(plan, job, service.wake), loop)

        return follow

    saves = SavedPlans(service.plans)

    def tell_saved(plan: str) -> None:
        asyncio.run_coroutine_threadsafe(saves.tell(plan), loop)

    now = clock_of(service.settings).now
    keys = [key.get_secret_value() for key in (web.secret_key, *(web.previous_keys or ()))]

    return create_app(
        Desks(service.plans, service.stores),
        secret=keys[0],
        base_url=web.base_url,
        now=now,
        former_secrets=keys[1:],
        on_decided=following(AFTER_A_DECISION),
        readiness=watch.tell,
        gathering=Gathering(
            service.stores.notifications,
            now=now,
            on_hint=following(AFTER_A_HINT),
            on_upkeep=waking(AFTER_A_LOSS),
            on_saved=tell_saved,
        ),
        metrics=service.metrics.render,
        desk=_desk_of(service, keys, web.base_url, wake, reach_of(service.runner, loop), watch, time),
        api=_api_of(service, keys[0], wake, reach_of(service.runner, loop), watch),
        bot=_bot_of(service, following(AFTER_A_DECISION)),
    )


def _warming_of(service: Service) -> Warming:
    """Of no plan where nobody can sign in."""
    from jobs.pages import PlanDesks
    from jobs.warming import Warming

    return Warming(PlanDesks(service.plans, service.stores) if service.settings.signin.is_set else {})


def _desk_of(
    service: Service,
    keys: Sequence[str],
    home: str,
    wake: Callable[[str, str], None],
    reach: Reach,
    watch: Watch,
    time: MovingTime | None,
) -> WebPart | None:
    """The pages for whoever signs in, None where nobody can."""
    if not service.settings.signin.is_set:
        return None
    from bot.web.desk.parts import DeskParts, desk_pages
    from jobs.pages import EmptyPlans, PlanDesks

    parts = DeskParts(
        settings=service.settings.signin,
        desks=PlanDesks(service.plans, service.stores),
        sign_ins=service.stores.sign_ins,
        keys=keys,
        home=home,
        clock=SystemClock().now,
        wake=wake,
        time=time,
        has_tab=service.settings.teams.tab,
        reach=reach,
        service=_living(service, watch),
        empty=EmptyPlans(service.plans, service.stores),
    )
    return desk_pages(parts)


def _api_of(
    service: Service, secret: str, wake: Callable[[str, str], None], reach: Reach, watch: Watch
) -> WebPart | None:
    """The door for programs, None where nobody can sign in."""
    if not service.settings.signin.is_set:
        return None
    from bot.web.api.parts import ApiParts, programs_door
    from jobs.pages import PlanDesks

    parts = ApiParts(
        settings=service.settings.signin,
        desks=PlanDesks(service.plans, service.stores),
        secret=secret,
        clock=SystemClock().now,
        wake=wake,
        reach=reach,
        service=_living(service, watch),
    )
    return programs_door(parts)


def _bot_of(service: Service, on_decided: Callable[[str], None]) -> WebPart | None:
    """What Teams calls, None where there is no bot. The library for it is imported here alone."""
    if not service.settings.bot.is_set:
        return None
    from jobs.bot_part import bot_of
    from jobs.pages import Desks

    desks = Desks(service.plans, service.stores)
    return bot_of(service.settings, service.stores, desks, on_decided=on_decided)


def _living(service: Service, watch: Watch) -> ServiceView:
    from jobs.view import LivingService

    return LivingService(
        plans=service.plans, watch=watch, runner=service.runner, stores=service.stores, loop=watch.loop
    )


@contextmanager
def _telling(service: Service) -> Iterator[str | None]:
    """`/metrics` of a worker, which has no pages, where a port is set."""
    port = service.settings.worker.metrics_port
    if port is None:
        yield None
        return
    from bot.web.health import create_health_app
    from bot.web.server import serving

    with serving(
        create_health_app(None, service.metrics.render), host=service.settings.web.host, port=port
    ) as address:
        LOG.info("service.tells", address=address)
        yield address


async def _look_now_and_then(plans: Plans) -> None:
    """A worker has no clock of its own that would see new plans."""
    from jobs.clock import LOOK_SECONDS

    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            await plans.look()
        except InputError as error:
            LOG.warning("clock.plans_unknown", error=error.code)


@contextmanager
def _stop_asked() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set, while the block runs."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    try:
        yield asked
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
