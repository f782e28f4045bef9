"""The plans of a process, read when they change.

From the folder, the list or the one file that the settings name.

A plan goes by its id, and by its file's name while it could never be read (no id looks like one). One that
cannot be read, or whose file does not answer, fails its own jobs and nobody else's; its pages go on with what
was read last. One that lies in Microsoft 365 (`jobs/linked_plans.py`) goes on whole with what was read last,
also by another process; so does one that is kept on the desk (`jobs/desk_plans.py`), and while nothing is
written of that yet, it is not there. Two files with the same id are both refused, because each would cancel
the other's courses.
Does not parse (`bot.plan`) and knows no time of day.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.aside import Aside
from bot.clock import SystemClock
from bot.domain.errors import InputError, KursusbotError, PlanInvalid
from bot.log_lines import get_logger
from bot.opening.plan_source import load_plan
from config.plan_settings import PlanSource, plan_sources, settings_of
from jobs.desk_plans import DeskPlanFile, DeskPlans
from jobs.linked_plans import LinkedFile, LinkedPlans
from jobs.registry import JOBS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from bot.domain.desk_plans import DeskSave
    from bot.domain.plan import CoursePlan
    from bot.domain.plan_files import BadSave, SavedFile
    from bot.ports.desk_plans import DeskPlanBook
    from bot.ports.memory import PlanFileBook
    from config.cadence import Cadence
    from config.settings import Settings
    from jobs.graph_clients import GraphClients
    from jobs.job import Job

LOG = get_logger()
AT_REST_SECONDS, LOOKS = 0.3, 20
"""A file that changes between two looks is still being written.

After six seconds of it the plan is read the next time.
"""

LONG_AT_REST_SECONDS = 600.0
"""No two machines' clocks are further apart."""

FILE_PATIENCE_SECONDS = 15.0
"""How long a file or a folder may take to answer: a drive over the network that is gone never does."""

LINK_PATIENCE_SECONDS = 20.0
"""How long one look at all the plans waits for one of them.

A link can take minutes while SharePoint is away.
"""

Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanJob:
    """One job of one plan, as the clock needs it.

    `mailbox` is whose calendar it works in, or the plan where that is not known.
    """

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
class LoadedPlan:
    """What is known of one plan. `error` is why it cannot be used now; `plan` the last that could be read."""

    source: PlanSource
    settings: Settings
    plan: CoursePlan | None = None
    error: KursusbotError | None = None
    stamp: Stamp = ()
    linked: LinkedFile = field(default_factory=LinkedFile)
    """Of its file in Microsoft 365, where it lies there."""
    kept: DeskPlanFile = field(default_factory=DeskPlanFile)
    """Of what is kept of it, where it is written at the desk."""
    aside: Aside = field(default_factory=lambda: Aside("plan files", FILE_PATIENCE_SECONDS))
    """For all that touches its files."""

    @property
    def origin(self) -> SavedFile | DeskSave | None:
        """Who saved the plan that holds, where Microsoft 365 or the desk tells it."""
        return self.kept.origin if self.source.on_desk is not None else self.linked.origin

    @property
    def goes_on(self) -> bool:
        """Whether it is worked on whatever is wrong with its file: what was read last holds."""
        return (self.source.is_link or self.source.on_desk is not None) and self.plan is not None

    @property
    def is_empty(self) -> bool:
        """Whether it is to be written at the desk and nobody has begun."""
        return self.source.on_desk is not None and self.plan is None and self.error is None


class Plans:
    """Call `look` before anything else, and now and then afterwards."""

    def __init__(
        self, settings: Settings, clients: GraphClients, files: PlanFileBook, kept: DeskPlanBook
    ) -> None:
        self._settings, self._clients = settings, clients
        self._linked, self._kept = LinkedPlans(settings, clients, files), DeskPlans(settings, kept)
        self._shelves: dict[str, LoadedPlan] = {}
        self._listing = Aside("plan folder", FILE_PATIENCE_SECONDS)

    async def look(self) -> None:
        """See which plans there are, and read those that are new or have changed.

        Raises InputError where none is named.
        """
        try:
            sources = await self._listing.do(plan_sources, self._settings)
        except TimeoutError:
            raise InputError(
                "plans_unreadable", path=str(self._settings.plans), reason=f"> {FILE_PATIENCE_SECONDS:.0f} s"
            ) from None
        found = {source.name: source for source in sources}
        for name in self._shelves.keys() - found.keys():
            LOG.warning("plan.gone", plan=_label(self._shelves.pop(name)))
        for name, source in found.items():
            self._shelves.setdefault(name, LoadedPlan(source=source, settings=self._settings))
        if not found:
            LOG.warning("plan.none")
        await asyncio.gather(*map(self._refresh_in_time, [*self._shelves.values()]))

    @property
    def shelves(self) -> dict[str, LoadedPlan]:
        """By the name that each plan goes by; without those of which nothing is written yet."""
        twins = self._twins()
        return {_label(shelf, twins): shelf for shelf in [*self._shelves.values()] if not shelf.is_empty}

    @property
    def empty(self) -> dict[str, LoadedPlan]:
        """The plans that are to be written at the desk and that nobody has begun, by their ids."""
        return {shelf.source.called: shelf for shelf in [*self._shelves.values()] if shelf.is_empty}

    def entries(self) -> Iterator[PlanJob]:
        """Every job of every plan, also those that never run by themselves."""
        for label, shelf in self.shelves.items():
            mailbox = shelf.plan.organiser.lower() if shelf.plan is not None else label
            said = shelf.settings.jobs
            for job in JOBS.values():
                yield PlanJob(
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
        await (self._refresh_in_time(shelf) if shelf.goes_on else self._refresh(shelf))
        if shelf.error is not None and not shelf.goes_on:
            raise shelf.error
        assert shelf.plan is not None  # noqa: S101 - without an error it was read
        wrong = self._clash(shelf.plan)
        if wrong is not None:
            raise wrong
        if label not in {shelf.plan.id, shelf.source.name}:
            # It was another plan's file when the order was given, and that plan's mailbox is the one that is
            # kept free.
            raise InputError("plan_unknown", plan=label)
        return shelf.settings, shelf.plan

    def wrong_with(self, shelf: LoadedPlan) -> KursusbotError | None:
        """Why this plan cannot be worked on, or not as it is written; None where nothing is wrong."""
        if shelf.error is not None or shelf.plan is None:
            return shelf.error
        return self._clash(shelf.plan)

    def _clash(self, plan: CoursePlan) -> KursusbotError | None:
        names = self._twins().get(plan.id)
        if names is not None:
            return InputError("plan_id_twice", plan=plan.id, names=", ".join(names))
        if plan.was in self._ids():
            return InputError("plan_was_served", plan=plan.id, was=plan.was)
        return None

    def file_of(self, label: str) -> tuple[SavedFile | DeskSave | None, BadSave | None]:
        """Who saved the plan that holds, and what was saved since that cannot be used."""
        shelf = self._find(label)
        return (None, None) if shelf is None else (shelf.origin, shelf.linked.bad_save)

    async def look_at(self, label: str) -> bool:
        """Somebody says that its file has changed: look at it now; whether there is another plan.

        What goes wrong stands with the plan, as after any look.
        """
        shelf = self._find(label)
        if shelf is None:
            return False
        before, shelf.linked.look_again_at = shelf.plan, -math.inf
        await self._refresh_in_time(shelf)
        return shelf.plan is not before

    def _ids(self) -> frozenset[str]:
        """The ids that there is a file for."""
        return frozenset(shelf.plan.id for shelf in self.shelves.values() if shelf.plan is not None)

    def _find(self, label: str) -> LoadedPlan | None:
        return self.shelves.get(label) or self._shelves.get(label)

    def _twins(self) -> dict[str, list[str]]:
        """The ids that several sources say they have, with those sources' names."""
        names: dict[str, list[str]] = {}
        # A copy, because pages ask from a thread of their own.
        for shelf in [*self._shelves.values()]:
            if shelf.plan is not None:
                names.setdefault(shelf.plan.id, []).append(shelf.source.name)
        return {plan: sorted(found) for plan, found in names.items() if len(found) > 1}

    async def _refresh_in_time(self, shelf: LoadedPlan) -> None:
        """What goes wrong with one plan is no other's trouble."""
        try:
            async with asyncio.timeout(LINK_PATIENCE_SECONDS):
                await self._refresh(shelf)
        except TimeoutError:
            LOG.warning("plan.takes_long", plan=_label(shelf))
        except Exception:
            LOG.exception("plan.broken", plan=_label(shelf))

    async def _refresh(self, shelf: LoadedPlan) -> None:
        try:
            if shelf.source.on_desk is not None:
                await shelf.aside.do(self.look_at_desk, shelf)
            else:
                await (self._read_linked(shelf) if shelf.source.is_link else self._read(shelf))
        except TimeoutError:
            self._refuse(
                shelf,
                InputError("plan_file_hangs", plan=shelf.source.name, seconds=int(FILE_PATIENCE_SECONDS)),
            )

    async def _read(self, shelf: LoadedPlan) -> None:
        """Raises TimeoutError where a file does not answer."""
        source, aside = shelf.source, shelf.aside
        if await aside.do(_stamp, source, shelf.settings) == shelf.stamp:
            return
        before = await _files_at_rest(source, aside)
        try:
            settings = await aside.do(settings_of, self._settings, source)
            plan = await load_plan(settings, aside=aside)
            stamp = await aside.do(_stamp, source, settings)
            if before is None or stamp[0] != before:
                raise InputError("plan_being_written", plan=source.name)
        except PlanInvalid as error:
            # It is read again when it has changed. Whatever else refused a plan may have passed by the next
            # time.
            self._refuse(shelf, error, (before, *(await aside.do(_stamp, source, shelf.settings))[1:]))
        except KursusbotError as error:
            self._refuse(shelf, error)
        else:
            shelf.plan, shelf.settings, shelf.error, shelf.stamp = plan, settings, None, stamp
            LOG.debug("plan.read", plan=_label(shelf), courses=len(plan.courses))

    async def _read_linked(self, shelf: LoadedPlan) -> None:
        """Raises TimeoutError where HR's own words do not answer."""
        async with shelf.linked.turn:
            recalled = await self._linked.recall(shelf.linked, shelf.source, shelf.aside, words=_words)
            if recalled is not None:
                # Before the look, which may take longer than anybody waits for it.
                shelf.plan, shelf.settings = recalled.plan, recalled.settings
            read = await self._linked.read(shelf.linked, shelf.source, shelf.aside, words=_words)
        if read.error is not None and read.error is not shelf.error:
            LOG.warning("plan.unreadable", plan=_label(shelf), error=read.error.code)
        shelf.error = read.error
        if read.plan is not None:
            shelf.plan, shelf.settings = read.plan, read.settings
            LOG.debug("plan.read", plan=_label(shelf), courses=len(read.plan.courses))

    def catch_up(self, shelf: LoadedPlan) -> None:
        """For a page: what was saved at the desk a moment ago is what it shows. Nothing for other plans."""
        if shelf.source.on_desk is not None and self._kept.is_saved_since(shelf.kept, shelf.source):
            self.look_at_desk(shelf)

    def look_at_desk(self, shelf: LoadedPlan) -> None:
        """See whether a plan on the desk was saved since, and read it; in any thread.

        Blocks as long as the database and the disk with HR's own words do.
        """
        with shelf.kept.turn:
            read = self._kept.read(shelf.kept, shelf.source, words=_words)
            if read.error is not None and read.error is not shelf.error:
                LOG.warning("plan.unreadable", plan=_label(shelf), error=read.error.code)
            shelf.error = read.error
            if read.plan is not None or read.is_gone:
                shelf.plan, shelf.settings = read.plan, read.settings

    def _refuse(self, shelf: LoadedPlan, error: KursusbotError, stamp: Stamp = ()) -> None:
        shelf.error, shelf.stamp = error, stamp
        LOG.warning("plan.unreadable", plan=_label(shelf), error=error.code)


def _label(shelf: LoadedPlan, twins: Container[str] = ()) -> str:
    return shelf.plan.id if shelf.plan is not None and shelf.plan.id not in twins else shelf.source.name


def _stamp(source: PlanSource, settings: Settings) -> Stamp:
    """Changes whenever the plan, what it says of its settings, or HR's words for it may have changed.

    The files of the plan come first.
    """
    return (_files(source), *_words(settings))


def _words(settings: Settings) -> Stamp:
    words = sorted(Path(settings.templates).rglob("*")) if settings.templates else []
    return tuple(map(_file_stamp, words))


def _files(source: PlanSource) -> tuple[tuple[int, ...], ...]:
    beside = () if source.overrides is None else (source.overrides,)
    return tuple(map(_file_stamp, (Path(source.where), *beside)))


async def _files_at_rest(source: PlanSource, aside: Aside) -> tuple[tuple[int, ...], ...] | None:
    """The plan's files once nobody is writing, None where somebody goes on.

    Half a plan reads like a plan with fewer courses, and the others would be cancelled. The clock that dates
    a file may be another machine's: only what is older than that could be wrong by is not looked at twice.
    """
    seen = await aside.do(_files, source)
    if all(_age(file) > LONG_AT_REST_SECONDS for file in seen):
        return seen
    for _ in range(LOOKS):
        await asyncio.sleep(AT_REST_SECONDS)
        before, seen = seen, await aside.do(_files, source)
        if seen == before:
            return seen
    return None


def _file_stamp(path: Path) -> tuple[int, ...]:
    """When it was changed (nanoseconds), its size and number; nothing where there is no such file."""
    try:
        seen = path.stat()
    except OSError:
        return ()
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


def _age(file: tuple[int, ...]) -> float:
    """Seconds since the file was changed; one that is not there never was."""
    return SystemClock().now().timestamp() - file[0] / 1e9 if file else math.inf
