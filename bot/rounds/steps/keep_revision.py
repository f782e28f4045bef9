"""Keeping what the plan says, as it is accepted: by every sync, and written only where it is new.

What accepted means stands in `bot.domain.revisions`. Microsoft 365 is asked who saved the file only when
there is something new in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.domain.desk_plans import DeskSave
from bot.domain.errors import GraphError, InputError, SignInFailed
from bot.domain.plan_places import place_named
from bot.domain.revisions import PlanRevision, RevisionSource
from bot.log_lines import get_logger
from bot.opening.revisions import reading_stamp
from bot.plan.document import json_document

if TYPE_CHECKING:
    from bot.opening.work import Work

LOG = get_logger()


async def keep_revision(work: Work) -> None:
    """Keep the plan of `work` as it is written, where it is not the newest that is kept.

    Raises SignInFailed, DatabaseFailed.
    """
    whole, book = work.whole, work.stores.revisions
    before, stamp = book.newest(whole.id), reading_stamp(whole)
    if before is not None and before.stamp == stamp:
        return
    if isinstance(work.origin, DeskSave) and work.origin != work.stores.desk_plans.look(work.origin.plan):
        # Somebody has saved since this round read the plan, and that is kept already.
        return
    source, name, by = await _where_from(work, before)
    revision = PlanRevision(
        plan=whole.id, number=0, at=work.now(), source=source, name=name, by=by, stamp=stamp
    )
    number = book.keep(revision, json_document(whole))
    if number is not None:
        LOG.info("plan.revision_kept", number=number, source=source.value)


async def _where_from(work: Work, before: PlanRevision | None) -> tuple[RevisionSource, str, str]:
    """Its source, what the file is called, and who saved it ("" where nobody tells)."""
    if before is not None and before.file == work.whole.revision:
        return RevisionSource.DESK, "", ""
    if isinstance(work.origin, DeskSave):
        return RevisionSource.DESK, "", work.origin.saved_by
    if work.origin is not None:
        # The service has seen it when it read the file.
        return RevisionSource.LINK, work.origin.name, work.origin.saved_by or work.origin.saved_by_email
    source = work.settings.plan or ""
    if place_named(source) is None and urlsplit(source).scheme not in {"http", "https"}:
        return RevisionSource.FILE, Path(source).name, ""
    try:
        name, by = await work.tenant.files.saved_by(source)
    except SignInFailed:
        raise
    except (GraphError, InputError) as error:
        # Less than the permission to read the content may be all that the app has.
        LOG.info("plan.saved_by_nobody_known", error=error.code)
        name, by = "", ""
    return RevisionSource.LINK, name, by
