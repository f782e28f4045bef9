"""What a plan in SharePoint says, for a command: fetched where its file has another content than is kept.

    the books have its content       asked of Microsoft 365        then
    with the tag that it has         a look                        what is kept, which is the same
    with another tag                 a look, and the content       what was fetched
    none, and it is to be kept       the same                      the same
    none                             the content                   the same
    any, behind a link whose file    a look, and the content       the same; nothing is kept, because there is no tag
    is not shown

The service does the same for as long as it runs (`jobs/linked_plans.py`), and what one keeps the other reads.
Unlike the service a command takes nothing that is older than the file: what cannot be read is told at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.errors import DatabaseFailed, PermissionMissing
from bot.domain.plan_places import FilePlace, place_named
from config.plan_settings import source_of

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.domain.plan_files import KeptFile, SavedFile
    from bot.graph.client import GraphClient
    from bot.opening.stores import Stores
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedContent:
    """The content, which file it is of (None where nobody looked), and whether it is kept nowhere yet."""

    content: bytes
    saved: SavedFile | None = None
    is_new: bool = False


async def read_linked(
    settings: Settings, client: GraphClient, where: str, *, to_keep: bool = False
) -> LinkedContent:
    """By the table above; no database is made or migrated, and one that cannot be read is done without.

    Raises as `bot.graph.drive.fetch_shared_file`.
    """
    from bot.graph.drive import fetch_file, fetch_shared_file, look_at_file, require_size

    kept = _kept(settings, where)
    if not (to_keep or (kept is not None and kept.content is not None)):
        return LinkedContent(content=await fetch_shared_file(client, where))
    known = FilePlace(drive=kept.drive, item=kept.item) if kept is not None and kept.drive else None
    try:
        saved = await look_at_file(client, where, known)
    except PermissionMissing:
        if place_named(where) is not None:
            raise
        return LinkedContent(content=await fetch_shared_file(client, where))
    if kept is not None and kept.content is not None and saved.c_tag and saved.c_tag == kept.c_tag:
        return LinkedContent(content=kept.content, saved=saved)
    require_size(saved)
    return LinkedContent(content=await fetch_file(client, saved.place), saved=saved, is_new=True)


def keep_linked(stores: Stores, where: str, plan: CoursePlan, linked: LinkedContent) -> None:
    """Put it in the books, where it is new and could be read as `plan`. Raises DatabaseFailed."""
    saved = linked.saved
    if saved is not None and linked.is_new:
        from bot.domain.plan_files import KeptFile

        kept = KeptFile(
            plan=plan.id, drive=saved.drive, item=saved.item, c_tag=saved.c_tag, content=linked.content
        )
        stores.plan_files.save_file(source_of(where).name, kept)


def _kept(settings: Settings, where: str) -> KeptFile | None:
    from bot.opening.stores import database_as_it_is
    from bot.store.plan_files import SqlPlanFileBook

    try:
        with database_as_it_is(settings) as database:
            return None if database is None else SqlPlanFileBook(database).load_file(source_of(where).name)
    except DatabaseFailed:
        # What is wrong with it is told by who needs it.
        return None
