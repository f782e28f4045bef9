"""What every command that works against Outlook begins with.

Settings, plan, language, run id, books, tenant.
"""

from __future__ import annotations

import asyncio
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.logbook import bind_run
from bot.opening.clock import clock_of
from bot.opening.decided_here import decided_here
from bot.opening.linked_file import keep_linked, read_linked
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores, open_stores_to_read
from bot.opening.versions import in_force
from bot.opening.work import BookWork, desk_save_of, open_work
from bot.rounds.steps.follow_names import books_as_named, follow_names
from config.plan_settings import is_fetched

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import AbstractContextManager

    from bot.cli.main import Options
    from bot.opening.linked_file import LinkedContent
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from config.settings import Settings


@asynccontextmanager
async def opened(options: Options, *, to_read: bool = False) -> AsyncIterator[Work]:
    """Everything a round takes; from here on errors are told in the plan's language.

    `to_read` makes no database where there is none. Raises InputError, PlanInvalid, DatabaseFailed.
    """
    settings = options.settings()
    linked = None if to_read else await _linked(settings)
    written = await load_plan(settings, content=linked.content if linked is not None else None)
    options.speak(written.language)
    bind_run(written.id)
    with _books(settings, to_read=to_read) as opened_stores, ExitStack() as stack:
        # What is called otherwise by now is looked up under its new name.
        stores = stack.enter_context(books_as_named(written, opened_stores)) if to_read else opened_stores
        if not to_read:
            await follow_names(written, stores, now=clock_of(settings).now())
        if linked is not None:
            keep_linked(stores, settings.plan or "", written, linked)
        async with open_work(settings, written, stores) as work:
            yield work if linked is None else replace(work, origin=linked.saved)


def _books(settings: Settings, *, to_read: bool) -> AbstractContextManager[Stores]:
    return open_stores_to_read(settings) if to_read else open_stores(settings, remembers=False)


async def _linked(settings: Settings) -> LinkedContent | None:
    """What a plan in Microsoft 365 says, to be kept; None of any other."""
    if not is_fetched(settings.plan or ""):
        return None
    from bot.graph.client import GraphClient

    async with GraphClient(settings.graph) as client:
        return await read_linked(settings, client, settings.plan or "", to_keep=True)


@contextmanager
def opened_books(options: Options, *, to_read: bool = False) -> Iterator[BookWork]:
    """The plan in force and the books, for who lists what they say and asks nobody.

    What is written and waits for a person is in no list: they say what people have been told. Raises as
    `opened`.
    """
    settings = options.settings()
    written = asyncio.run(load_plan(settings))
    options.speak(written.language)
    with (
        _books(settings, to_read=to_read) as books,
        books_as_named(written, books) as stores,
    ):
        # Who looked is noted in the books themselves, also where a copy is read.
        written = decided_here(written, stores)
        yield BookWork(
            settings=settings,
            written=written,
            plan=in_force(written, stores),
            stores=replace(stores, actions=books.actions),
            origin=desk_save_of(settings, stores),
        )
