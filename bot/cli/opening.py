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
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores, open_stores_to_read
from bot.opening.versions import in_force
from bot.opening.work import BookWork, desk_save_of, open_work
from bot.rounds.steps.follow_names import books_as_named, follow_names

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from bot.cli.main import Options
    from bot.opening.work import Work


@asynccontextmanager
async def opened(options: Options, *, to_read: bool = False) -> AsyncIterator[Work]:
    """Everything a round takes; from here on errors are told in the plan's language.

    `to_read` makes no database where there is none. Raises InputError, PlanInvalid, DatabaseFailed.
    """
    settings = options.settings()
    written = await load_plan(settings)
    options.speak(written.language)
    bind_run(written.id)
    with (open_stores_to_read if to_read else open_stores)(settings) as opened_stores, ExitStack() as stack:
        # What is called otherwise by now is looked up under its new name.
        stores = stack.enter_context(books_as_named(written, opened_stores)) if to_read else opened_stores
        if not to_read:
            await follow_names(written, stores, now=clock_of(settings).now())
        async with open_work(settings, written, stores) as work:
            yield work


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
        (open_stores_to_read if to_read else open_stores)(settings) as books,
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
