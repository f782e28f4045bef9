"""The plans of a process, read when they change: from the folder, the list or the one file that the settings name.

A plan goes by its id, and by its file's name while it could never be read (no id looks like one). One that cannot be read fails its
own jobs and nobody else's; its pages go on with what was read last. Two files with the same id are both refused, because each would
cancel the other's courses. Does not parse (`bot.plan`) and knows no time of day.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.clock import SystemClock
from bot.errors import GraphError, InputError, KursusbotError
from bot.runtime import load_plan
from config.plan_settings import PlanSource, plan_sources, settings_of
from jobs.registry import JOBS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from bot.domain.plan import CoursePlan
    from config.cadence import Cadence
    from config.settings import Settings
    from jobs.job import Job
    from jobs.tenants import Tenants

LOG = structlog.get_logger()
LINK_SECONDS = 300.0
"""How old a plan behind a sharing link may be: whether it has changed can only be learnt by fetching it."""

AT_REST_SECONDS, LOOKS = 0.3, 20
"""A file that was changed this moment is still being written, for six seconds at the most."""

Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One job of one plan, as the clock needs it. `mailbox` is whose calendar it works in, or the plan where that is not known."""

    plan: str
    job: Job
    mailbox: str
    cadence: Cadence
    cadence_text: str
    timezone: str

    @property
    def key(self) -> str:
        """Unique in the process, and the same in every process."""
        return f"{self.plan}/{self.job.name}"


@dataclass(slots=True, kw_only=True)
class Shelf:
    """What is known of one plan. `error` is why it cannot be used now; `plan` the last that could be read."""

    source: PlanSource
    settings: Settings
    plan: CoursePlan | None = None
    error: KursusbotError | None = None
    stamp: Stamp = ()


class Plans:
    """Call `look` before anything else, and now and then afterwards."""

    def __init__(self, settings: Settings, tenants: Tenants) -> None:
        self._settings, self._tenants = settings, tenants
        self._shelves: dict[str, Shelf] = {}

    async def look(self) -> None:
        """See which plans there are, and read those that are new or have changed; raises InputError where none is named."""
        found = {source.name: source for source in plan_sources(self._settings)}
        for name in self._shelves.keys() - found.keys():
            LOG.warning("plan.gone", plan=_label(self._shelves.pop(name)))
        for name, source in found.items():
            shelf = self._shelves.setdefault(name, Shelf(source=source, settings=self._settings))
            await self._refresh(shelf)

    @property
    def shelves(self) -> dict[str, Shelf]:
        """By the name that each plan goes by."""
        twins = self._twins()
        return {_label(shelf, twins): shelf for shelf in [*self._shelves.values()]}

    def entries(self) -> Iterator[Entry]:
        """Every job of every plan, also those that never run by themselves."""
        for label, shelf in self.shelves.items():
            mailbox = shelf.plan.organiser.lower() if shelf.plan is not None else label
            said = shelf.settings.jobs
            for job in JOBS.values():
                yield Entry(
                    plan=label,
                    job=job,
                    mailbox=mailbox,
                    cadence=said.cadence(job.name),
                    cadence_text=getattr(said, job.name),
                    timezone=said.timezone,
                )

    async def open(self, label: str) -> tuple[Settings, CoursePlan]:
        """The plan as it is now, with its own settings; raises what is wrong with it."""
        shelf = self._find(label)
        if shelf is None:
            await self.look()
            shelf = self._find(label)
        if shelf is None:
            raise InputError("plan_unknown", plan=label)
        await self._refresh(shelf)
        if shelf.error is not None:
            raise shelf.error
        assert shelf.plan is not None  # noqa: S101 - without an error it was read
        names = self._twins().get(shelf.plan.id)
        if names is not None:
            raise InputError("plan_id_twice", plan=shelf.plan.id, names=", ".join(names))
        return shelf.settings, shelf.plan

    def _find(self, label: str) -> Shelf | None:
        return self.shelves.get(label) or self._shelves.get(label)

    def _twins(self) -> dict[str, list[str]]:
        """The ids that several sources say they have, with those sources' names."""
        names: dict[str, list[str]] = {}
        # A copy, because pages ask from a thread of their own.
        for shelf in [*self._shelves.values()]:
            if shelf.plan is not None:
                names.setdefault(shelf.plan.id, []).append(shelf.source.name)
        return {plan: sorted(found) for plan, found in names.items() if len(found) > 1}

    async def _refresh(self, shelf: Shelf) -> None:
        if _stamp(shelf.source) == shelf.stamp:
            return
        stamp = await _stamp_at_rest(shelf.source)
        try:
            settings = settings_of(self._settings, shelf.source)
            client = await self._tenants.client(settings.graph) if shelf.source.is_link else None
            plan = await load_plan(settings, client)
        except KursusbotError as error:
            shelf.error = error
            LOG.warning("plan.unreadable", plan=_label(shelf), error=error.code)
            # What Graph refused just now is asked for again; a file is read again when it has changed.
            shelf.stamp = () if isinstance(error, GraphError) else stamp
        else:
            shelf.plan, shelf.settings, shelf.error, shelf.stamp = plan, settings, None, stamp
            LOG.debug("plan.read", plan=_label(shelf), courses=len(plan.courses))


def _label(shelf: Shelf, twins: Container[str] = ()) -> str:
    return shelf.plan.id if shelf.plan is not None and shelf.plan.id not in twins else shelf.source.name


def _stamp(source: PlanSource) -> Stamp:
    """Changes whenever the plan, or what it says of its settings, may have changed."""
    if source.overrides is None:
        return (int(time.monotonic() / LINK_SECONDS),)
    return tuple(_file_stamp(path) for path in (Path(source.where), source.overrides))


async def _stamp_at_rest(source: PlanSource) -> Stamp:
    """The stamp once nobody is writing: half a plan reads like a plan with fewer courses, and the others would be cancelled."""
    for _ in range(LOOKS):
        stamp = _stamp(source)
        if source.is_link or not 0 <= SystemClock().now().timestamp() - _changed_at(Path(source.where)) < AT_REST_SECONDS:
            break
        await asyncio.sleep(AT_REST_SECONDS)
    return stamp


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _file_stamp(path: Path) -> Stamp:
    try:
        seen = path.stat()
    except OSError:
        return ()
    return seen.st_mtime_ns, seen.st_size, seen.st_ino
