"""Taking a person out of the plans that are kept on the desk, and out of what somebody has begun there.

stands in                                   what happens
the plan's mailbox or contact               nothing is erased: the plan needs another one first
anything else of a plan                     as `bot.store.revision_people` says, as one more save
a draft of the person's own                 it goes
what somebody else has begun                the words, with `…` in their place; who handed it on goes

A plan without them is a plan that somebody has changed: whoever is editing it is told so, and what follows
for the calendar waits for approval. Who saved it last is no name any more.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.desk_plans import document_content
from bot.domain.errors import InputError
from bot.store.anonymity import same_row
from bot.store.desk_plan_tables import desk_plans, plan_drafts
from bot.store.revision_people import IN_ITS_PLACE, REQUIRED, without_person, words_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection


def erase_from_desk(
    connection: Connection, addresses: Collection[str], names: Collection[str], *, now: datetime
) -> None:
    """By the table above; `addresses` lower-cased. Raises InputError `erase_plan_needs`."""
    about = words_pattern([*addresses, *names])
    for row in connection.execute(select(desk_plans)).mappings().all():
        document = json.loads(row["content"])
        if any(str(document.get(key, "")).lower() in addresses for key in REQUIRED):
            raise InputError("erase_plan_needs", plan=row["plan"])
        values: dict[str, Any] = {"saved_by": about.sub("", row["saved_by"]).strip()}
        kept = without_person(document, addresses, about)
        if kept != document:
            values |= {"content": document_content(kept), "saves": row["saves"] + 1, "saved_at": now}
            values["saved_by"] = ""
        mine = desk_plans.update().where(*same_row(desk_plans, row))
        connection.execute(mine.values(**values))
    connection.execute(plan_drafts.delete().where(plan_drafts.c.owner.in_(addresses)))
    for row in connection.execute(select(plan_drafts)).mappings().all():
        said = {
            "title": about.sub(IN_ITS_PLACE, row["title"]),
            "changes": _without(row["changes"], about),
            "handed_by": about.sub("", row["handed_by"]),
        }
        if said != {name: row[name] for name in said}:
            connection.execute(plan_drafts.update().where(*same_row(plan_drafts, row)).values(**said))


def _without(value: Any, about: re.Pattern[str]) -> Any:
    match value:
        case dict():
            return {key: _without(one, about) for key, one in value.items()}
        case list():
            return [_without(one, about) for one in value]
        case str():
            return about.sub(IN_ITS_PLACE, value)
        case _:
            return value
