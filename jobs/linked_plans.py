"""A plan that lies in SharePoint or OneDrive, read when its file has another content.

| a look finds                                     | then | asked of Microsoft 365 |
|--------------------------------------------------|---|---|
| nothing yet in this process, but in the books    | what another read last holds, and on with the look | – |
| the tag of what was read last                    | nothing | one request |
| another tag, and a plan in order                 | it is the plan from now on, and kept in the books | and the content |
| another tag, and mistakes                        | what was read last holds; told until another tag comes | and the content |
| another tag, and more than any plan has          | the same | one request |
| a link whose file we may only fetch              | as above, by its content, now and then | the content |
| no file, no answer, no right, a lock             | what was read last holds; told until a look gets through | one request |

Where the file is not at its place any more, the link is followed anew, with one request. So nothing that
happens to the file takes the plan away. The link is followed once; from then on the file goes
by its ids, which it keeps when it is renamed or moved in its library. Writes nothing there.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.errors import DatabaseFailed, InputError, KursusbotError, PermissionMissing, PlanInvalid
from bot.domain.plan_files import BadSave, KeptFile, SavedFile
from bot.domain.plan_places import FilePlace, place_named
from bot.log_lines import get_logger
from bot.opening.plan_source import load_plan
from config.plan_settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.aside import Aside
    from bot.domain.plan import CoursePlan
    from bot.graph.client import GraphClient
    from bot.ports.memory import PlanFileBook
    from config.plan_settings import PlanSource
    from config.settings import Settings
    from jobs.graph_clients import GraphClients

LOG = get_logger()
LOOK_SECONDS = 10.0
"""Who opens the plan right after another does not look again."""

LOOK_PATIENCE_SECONDS = 10.0
"""How long SharePoint may take to say whether there is anything new."""

FETCH_SECONDS = 300.0
"""How old a plan behind a link may be whose tag we may not see."""

TOO_LARGE = "graph_link_too_large"
"""Stays until somebody saves the file anew."""

OF_THE_FILE = frozenset({"graph_file_gone", "graph_file_locked"})
"""May have passed by the next look, whatever is saved."""

Stamp = tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class LinkedFile:
    """What this process knows of a plan's file.

    `place` where it lies, `stamp` of what was read last, in order or not, `good` the tag of what was in order
    last; `origin` who saved that, `bad_save` what was saved since, `standing` what is wrong with what was
    read; `trouble` what is wrong in all. `look_again_at` by the monotonic clock. `turn`: one look at a time.
    """

    place: FilePlace | None = None
    stamp: Stamp = ()
    good: str = ""
    origin: SavedFile | None = None
    bad_save: BadSave | None = None
    standing: KursusbotError | None = None
    trouble: KursusbotError | None = None
    look_again_at: float = -math.inf
    recalled: bool = False
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedRead:
    """What a look came to: `plan` where there is another one; `error` is what is wrong now."""

    settings: Settings
    plan: CoursePlan | None = None
    error: KursusbotError | None = None


class LinkedPlans:
    """`files` are the books of what was read last."""

    def __init__(self, settings: Settings, clients: GraphClients, files: PlanFileBook) -> None:
        self._settings, self._clients, self._files = settings, clients, files

    async def recall(
        self, file: LinkedFile, source: PlanSource, aside: Aside, *, words: Callable[[Settings], Stamp]
    ) -> LinkedRead | None:
        """What the books have of it, once; None where they have nothing. Raises TimeoutError of `aside`."""
        if file.recalled:
            return None
        settings = settings_of(self._settings, source)
        stamped = await aside.do(words, settings)
        try:
            kept = self._files.load_file(source.name)
            file.recalled = True
            if kept is None:
                return None
            if kept.drive:
                file.place = FilePlace(drive=kept.drive, item=kept.item)
            if kept.content is None:
                return None
            plan = await load_plan(settings, aside=aside, content=kept.content)
        except KursusbotError as error:
            # Without a database, or of a program that read the format otherwise: as if there were nothing.
            LOG.warning("plan.not_recalled", source=source.name, error=error.code)
            return None
        file.stamp, file.good = (kept.c_tag, *stamped), kept.c_tag
        return LinkedRead(settings=settings, plan=plan)

    async def read(
        self, file: LinkedFile, source: PlanSource, aside: Aside, *, words: Callable[[Settings], Stamp]
    ) -> LinkedRead:
        """By the table above; `words` stamps HR's own. Raises TimeoutError of `aside`."""
        settings = settings_of(self._settings, source)
        if time.monotonic() < file.look_again_at:
            return LinkedRead(settings=settings, error=file.trouble)
        stamped = await aside.do(words, settings)
        file.look_again_at = time.monotonic() + LOOK_SECONDS
        try:
            plan = await self._look(file, source, settings, aside, stamped)
        except KursusbotError as error:
            file.trouble = error
            return LinkedRead(settings=settings, error=error)
        file.trouble = file.standing
        return LinkedRead(settings=settings, plan=plan, error=file.trouble)

    async def _look(
        self, file: LinkedFile, source: PlanSource, settings: Settings, aside: Aside, words: Stamp
    ) -> CoursePlan | None:
        """The plan where there is another one, None where there is nothing new; notes a bad save.

        Raises KursusbotError where it cannot be seen.
        """
        from bot.graph.drive import fetch_file, look_at_file, require_size

        client = await self._clients.client(settings.graph)
        content = None
        try:
            saved = await look_at_file(
                client, source.where, file.place, patience_seconds=LOOK_PATIENCE_SECONDS
            )
            file.place = saved.place
        except PermissionMissing:
            if file.place is not None or place_named(source.where) is not None:
                raise
            saved, content = await _fetched_whole(client, source.where)
            file.look_again_at = time.monotonic() + FETCH_SECONDS
        stamp = (saved.c_tag, *words)
        if saved.c_tag and stamp == file.stamp:
            if file.bad_save is None:
                file.origin = saved
            return None
        try:
            require_size(saved)
            content = await fetch_file(client, saved.place) if content is None else content
            plan = await load_plan(settings, aside=aside, content=content)
        except InputError as error:
            if error.code in OF_THE_FILE:
                raise
            # What is not the document's fault is that of HR's own words: whoever saved it need not know.
            is_bad = isinstance(error, PlanInvalid) or error.code == TOO_LARGE
            file.stamp, file.standing = stamp, error
            file.bad_save = BadSave(file=saved, error=error, good=file.good) if is_bad else None
            return None
        file.stamp, file.good, file.origin = stamp, saved.c_tag, saved
        file.standing = file.bad_save = None
        self._keep(source, saved, plan, content)
        return plan

    def _keep(self, source: PlanSource, saved: SavedFile, plan: CoursePlan, content: bytes) -> None:
        kept = KeptFile(plan=plan.id, drive=saved.drive, item=saved.item, c_tag=saved.c_tag, content=content)
        try:
            self._files.save_file(source.name, kept)
        except DatabaseFailed as error:
            LOG.warning("plan.not_kept", plan=plan.id, error=error.code)


async def _fetched_whole(client: GraphClient, link: str) -> tuple[SavedFile, bytes]:
    """The content where Graph gives nothing else of a link: nobody knows who saved it, or where it lies.

    `Files.Read.All` is documented to be enough for the content alone.
    """
    from bot.graph.drive import fetch_shared_file

    content = await fetch_shared_file(client, link)
    tag = f"sha256:{sha256(content).hexdigest()}"
    unknown = SavedFile(
        drive="", item="", name="", web_address="", c_tag=tag, saved_by="", saved_by_email="", saved_at=None
    )
    return unknown, content
