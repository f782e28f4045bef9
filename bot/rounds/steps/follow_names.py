"""The same under a new name, carried out: the books first, then the stamps in Outlook.

Nobody is mailed for either.

    books renamed   stamp renamed   then
    no              no              both are done
    yes             no              the event is known by its id, and its stamp is written
    no              yes             the books are renamed; the event is known by its id again
    lost            no              the event is taken over under its new name, and its stamp is written

So a run may be killed anywhere, and the next one goes on. Which name is whose stands in `bot.domain.renames`,
the books in `bot.store.renames`, whose event is whose in `bot.invitations.names`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.actions import Action
from bot.domain.errors import GraphError, SignInFailed
from bot.domain.renames import names_text, renames_of
from bot.log_lines import get_logger
from bot.opening.decided_here import named_here
from bot.opening.stores import open_copy

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from datetime import datetime

    from bot.domain.events import ObservedEvent
    from bot.domain.plan import CoursePlan
    from bot.domain.renames import Renames
    from bot.opening.stores import Stores
    from bot.ports.outlook import Calendar
    from bot.rounds.steps.read_world import Seen
    from bot.store.database import Database

LOG = get_logger()


async def follow_names(plan: CoursePlan, stores: Stores, *, now: datetime) -> None:
    """Put today's names in the books, where they have old ones; `plan` as it is written.

    First those that the plan says, then those that were said at the desk, which stand in the books of today's
    plan id. Takes the run lock of the plan, and of its old id.

    The renaming is a line of the log of who did what, at `now` (UTC); who wrote it in the plan, the plan does
    not say.

    Has to come before anything else looks into the books of the plan. Raises RunLocked, DatabaseFailed.
    """
    await _follow(renames_of(plan), stores, now=now)
    named = named_here(plan, stores)
    if named is not plan:
        await _follow(renames_of(named), stores, now=now)


async def _follow(renames: Renames, stores: Stores, *, now: datetime) -> None:
    if not _has_old_names(stores.database, renames):
        return
    from bot.store.renames import rename_books

    async with _locked(stores.database, renames):
        rename_books(stores.database, renames)
    stores.actions.note(
        Action(at=now, by="", command="rename", plan=renames.plan, door="plan", detail=names_text(renames))
    )
    LOG.info(
        "names.followed",
        was=renames.was,
        courses=len(renames.courses),
        offerings=len(renames.offerings),
        sessions=len(renames.sessions),
        tasks=len(renames.tasks),
    )


@contextmanager
def books_as_named(plan: CoursePlan, stores: Stores) -> Iterator[Stores]:
    """The books as `follow_names` would leave them, for who only looks.

    A copy that goes away again, where they have old names.
    """
    said, named = renames_of(plan), renames_of(named_here(plan, stores))
    if not any(_has_old_names(stores.database, one) for one in (said, named)):
        yield stores
        return
    from bot.store.renames import rename_books

    with open_copy(stores, said.plans) as copy:
        rename_books(copy.database, said)
        rename_books(copy.database, renames_of(named_here(plan, copy)))
        yield copy


async def rewrite_stamps(calendar: Calendar, seen: Seen) -> Seen:
    """Write today's names on the events that have old ones, and return what was seen as it is then.

    Mails nobody, and needs no approval. One that fails is left to the next round. Raises SignInFailed.
    """
    new_names = {one.new for one in seen.renamed}
    written: dict[str, ObservedEvent] = {}
    for event in seen.observed:
        if event.key not in new_names:
            continue
        try:
            written[event.event_id] = await calendar.rewrite_stamp(event)
        except SignInFailed:
            raise
        except GraphError as error:
            LOG.warning("names.stamp_left", session=str(event.key), error=str(error))
    return replace(seen, observed=tuple(written.get(event.event_id, event) for event in seen.observed))


def _has_old_names(database: Database, renames: Renames) -> bool:
    if not renames:
        return False
    # Few plans rename anything, and what does it brings every table there is.
    from bot.store.renames import has_old_names

    return has_old_names(database, renames)


@asynccontextmanager
async def _locked(database: Database, renames: Renames) -> AsyncIterator[None]:
    from bot.store.locks import LOCK_WAIT_SECONDS, run_lock

    async with run_lock(database, renames.plan, LOCK_WAIT_SECONDS):
        if renames.was is None:
            yield
            return
        async with run_lock(database, renames.was, LOCK_WAIT_SECONDS):
            yield
