"""Whom what waits would mail, and what with: written where it is another, read one course at a time."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.domain.approvals import LetterDate, MailedFor, WaitingLetter, WaitingMail
from bot.store.columns import is_of_plan
from bot.store.desk_tables import waiting_mail
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.store.database import Database

Document = dict[str, Any]
_DIGESTS = select(waiting_mail.c.course, waiting_mail.c.digest).where(is_of_plan(waiting_mail))
"""Made once: each sync asks."""


def load_mail(database: Database, plan: str, course: str) -> WaitingMail | None:
    """Of one course, None where nothing of it waits, or no sync has written it yet."""
    mine = select(waiting_mail).where(waiting_mail.c.plan == plan, waiting_mail.c.course == course)
    with database.read() as connection:
        row = connection.execute(mine).mappings().first()
    if row is None:
        return None
    return WaitingMail(
        course=course,
        mailed=_mailed(row["mailed"]),
        letters=tuple(map(_letter, row["letters"])),
    )


def replace_mail(
    database: Database, plan: str, found: Iterable[WaitingMail], since: Mapping[str, datetime]
) -> None:
    """Exactly this would be mailed now; `since` each course waits."""
    rows = [_row(plan, one, since[one.course]) for one in found]
    with database.read() as connection:
        before = {row.course: row.digest for row in connection.execute(_DIGESTS, {"of_plan": plan})}
    changed = [row for row in rows if before.get(row["course"]) != row["digest"]]
    gone = sorted(before.keys() - {row["course"] for row in rows})
    if not changed and not gone:
        return
    with database.write() as connection:
        if gone:
            mine = waiting_mail.c.plan == plan, waiting_mail.c.course.in_(gone)
            connection.execute(waiting_mail.delete().where(*mine))
        insert_or_replace(connection, waiting_mail, changed)


def _row(plan: str, one: WaitingMail, since: datetime) -> Document:
    # By address, so that of what names several people each can be given their own part.
    mailed: dict[str, list[str]] = {}
    for why, who in one.mailed.items():
        for address in who:
            mailed.setdefault(address, []).append(why.value)
    said = {"mailed": mailed, "letters": list(map(_document, one.letters))}
    digest = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return {"plan": plan, "course": one.course, "since": since, "digest": digest, **said}


def _mailed(by_address: Mapping[str, list[str]]) -> dict[MailedFor, tuple[str, ...]]:
    found: dict[MailedFor, tuple[str, ...]] = {}
    for why in MailedFor:
        who = tuple(sorted(address for address, whys in by_address.items() if why.value in whys))
        found |= {why: who} if who else {}
    return found


def _document(letter: WaitingLetter) -> Document:
    dates = [
        {**asdict(one), "start": one.start.isoformat(), "end": one.end.isoformat()} for one in letter.dates
    ]
    return {**asdict(letter), "dates": dates}


def _letter(document: Document) -> WaitingLetter:
    return WaitingLetter(**{**document, "dates": tuple(map(_date, document["dates"]))})


def _date(document: Document) -> LetterDate:
    start, end = (datetime.fromisoformat(document[name]) for name in ("start", "end"))
    return LetterDate(**{**document, "start": start, "end": end})
