"""What is in force, what waits and what was decided. Implements `bot.ports.approvals.ApprovalBook`.

Versions are kept as documents of the plan's own format, so that a later program reads them as it reads a
plan. Decisions are only ever added, and marked as carried out.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, bindparam, cast, select

from bot.domain.approvals import AcceptedPlan, Decision, Door, Waiting, WaitingClash, WaitReason
from bot.domain.changed_ids import ChangedId, IdLevel
from bot.domain.webhook_kinds import WebhookKind
from bot.store.actions import write_lines
from bot.store.approval_tables import accepted_plans, course_versions, decisions, waiting
from bot.store.columns import rows_of_plan
from bot.store.stamps import WriteStamps
from bot.store.upsert import insert_or_replace
from bot.store.waiting_mail import load_mail, replace_mail
from bot.store.webhook_news import note_news

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import RowMapping

    from bot.domain.actions import Action
    from bot.domain.approvals import WaitingMail
    from bot.store.database import Database

Document = dict[str, Any]

VERSIONS = select(course_versions.c.course, cast(course_versions.c.document, String)).where(
    course_versions.c.plan == bindparam("plan")
)
"""As text, because reading it is what costs, and whoever asks has mostly read the same before."""


class SqlApprovalBook:
    """The approvals in a database."""

    def __init__(self, database: Database, stamps: WriteStamps | None = None) -> None:
        self._database, self._stamps = database, stamps or WriteStamps(database)
        self._last: dict[str, tuple[object, dict[str, str]]] = {}

    def load_versions(self, plan: str) -> dict[str, str]:
        """Course to the document of its version in force, in the order of the ids; each is JSON.

        Hundreds of them are megabytes, and each page asks for them, so they are not read again while nobody
        has written anything.
        """
        stamp, before = self._stamps.take(), self._last.get(plan)
        if before is None or before[0] != stamp:
            found = self._read_versions(plan)
            # Of two that say the same the one is kept that others have, too.
            before = self._last[plan] = stamp, before[1] if before and before[1] == found else found
        return dict(before[1])

    def _read_versions(self, plan: str) -> dict[str, str]:
        with self._database.read() as connection:
            return dict(sorted(tuple(row) for row in connection.execute(VERSIONS, {"plan": plan})))

    def save_versions(
        self,
        plan: str,
        documents: Mapping[str, Document],
        gone: Collection[str] = (),
        *,
        accepted: AcceptedPlan | None = None,
        now: datetime,
    ) -> None:
        """Put these versions in force and forget those that are gone, in one transaction; others stay.

        With `accepted` the plan as well.
        """
        if not documents and not gone and accepted is None:
            return
        rows = [
            {"plan": plan, "course": course, "document": document, "accepted_at": now}
            for course, document in documents.items()
        ]
        with self._database.write() as connection:
            insert_or_replace(connection, course_versions, rows)
            note_news(connection, plan, WebhookKind.COURSE_CHANGED, {*documents, *gone})
            if gone:
                mine = course_versions.c.plan == plan, course_versions.c.course.in_(sorted(gone))
                connection.execute(course_versions.delete().where(*mine))
            if accepted is not None:
                insert_or_replace(connection, accepted_plans, [_accepted_row(plan, accepted)])

    def load_accepted(self, plan: str) -> AcceptedPlan | None:
        """What was accepted last of the plan as a whole, None before the first time."""
        with self._database.read() as connection:
            row = connection.execute(rows_of_plan(accepted_plans), {"of_plan": plan}).mappings().first()
        if row is None:
            return None
        return AcceptedPlan(
            organiser=row["organiser"],
            timezone=row["timezone"],
            shape=tuple(row["shape"]),
            revision=row["revision"],
        )

    def load_waiting(self, plan: str) -> tuple[Waiting, ...]:
        """What waits, by course."""
        with self._database.read() as connection:
            lines = connection.execute(rows_of_plan(waiting, "course"), {"of_plan": plan})
            return tuple(_waiting(row) for row in lines.mappings())

    def replace_waiting(self, plan: str, found: Iterable[Waiting], mail: Iterable[WaitingMail] = ()) -> None:
        """Exactly this waits now, and would mail this; nothing is written where that is known."""
        rows = tuple(found)
        replace_mail(self._database, plan, mail, {one.course: one.since for one in rows})
        before = self.load_waiting(plan)
        if rows == before:
            return
        known = {(one.course, one.checksum) for one in before}
        new = [one.course for one in rows if (one.course, one.checksum) not in known]
        with self._database.write() as connection:
            connection.execute(waiting.delete().where(waiting.c.plan == plan))
            insert_or_replace(connection, waiting, [_waiting_row(one) for one in rows])
            note_news(connection, plan, WebhookKind.APPROVAL_NEEDED, new)

    def load_waiting_mail(self, plan: str, course: str) -> WaitingMail | None:
        """Whom a course's waiting change would mail, and what with; None where that is not known."""
        return load_mail(self._database, plan, course)

    def load_decisions(self, plan: str) -> tuple[Decision, ...]:
        """Every decision, oldest first."""
        with self._database.read() as connection:
            lines = connection.execute(rows_of_plan(decisions, "number"), {"of_plan": plan})
            return tuple(_decision(row) for row in lines.mappings())

    def add_decisions(self, made: Iterable[Decision], *, noted: Iterable[Action] = ()) -> None:
        """Write them down, with the lines that tell of them, all or none."""
        rows = [_decision_row(one) for one in made]
        if not rows:
            return
        with self._database.write() as connection:
            connection.execute(decisions.insert(), rows)
            write_lines(connection, noted)

    def mark_done(self, plan: str, approved: Collection[tuple[str, str]], *, now: datetime) -> None:
        """These approved changes, each (course, checksum), have been carried out.

        Others of the same courses have not.
        """
        if not approved:
            return
        with self._database.write() as connection:
            for course, checksum in sorted(approved):
                mine = (
                    decisions.c.plan == plan,
                    decisions.c.course == course,
                    decisions.c.checksum == checksum,
                )
                open_ones = *mine, decisions.c.approved, decisions.c.done_at.is_(None)
                connection.execute(decisions.update().where(*open_ones).values(done_at=now))

    def latest_approvals(self) -> dict[str, datetime]:
        """Plan to the instant (UTC) of its latest approval that is not carried out yet."""
        columns = select(decisions.c.plan, decisions.c.at).where(
            decisions.c.approved, decisions.c.done_at.is_(None)
        )
        found: dict[str, datetime] = {}
        with self._database.read() as connection:
            for plan, at in connection.execute(columns):
                found[plan] = max(at, found.get(plan, at))
        return found


def _accepted_row(plan: str, accepted: AcceptedPlan) -> dict[str, Any]:
    values = {"organiser": accepted.organiser, "timezone": accepted.timezone, "revision": accepted.revision}
    return {"plan": plan, **values, "shape": list(accepted.shape)}


def _waiting(row: RowMapping) -> Waiting:
    # What waited before these were kept has none.
    kept = {
        "clashes": tuple(map(_clash, row["clashes"] or ())),
        "told": tuple(map(tuple, row["told"] or ())),
        "found": {reason: tuple(lines) for reason, lines in (row["found"] or {}).items()},
        "ids": tuple(map(_changed_id, row["ids"] or ())),
    }
    values = {name: value for name, value in row.items() if name != "letters"}
    return Waiting(**{**values, "reasons": tuple(map(WaitReason, row["reasons"])), **kept})


def _waiting_row(one: Waiting) -> dict[str, Any]:
    names = ("plan", "course", "checksum", "whole", "revision", "mails", "people", "since")
    return {
        **{name: getattr(one, name) for name in names},
        "reasons": [reason.value for reason in one.reasons],
        "clashes": list(map(_clash_document, one.clashes)),
        "told": list(map(list, one.told)),
        "found": {reason: list(lines) for reason, lines in one.found.items()},
        "ids": list(map(asdict, one.ids)),
    }


def _changed_id(document: Document) -> ChangedId:
    return ChangedId(**{**document, "level": IdLevel(document["level"])})


def _clash(document: Document) -> WaitingClash:
    start, end = (datetime.fromisoformat(document[name]) for name in ("start", "end"))
    return WaitingClash(**{**document, "titles": tuple(document["titles"]), "start": start, "end": end})


def _clash_document(one: WaitingClash) -> Document:
    return {
        **asdict(one),
        "titles": list(one.titles),
        "start": one.start.isoformat(),
        "end": one.end.isoformat(),
    }


def _decision(row: RowMapping) -> Decision:
    values = {name: value for name, value in row.items() if name != "number"}
    return Decision(
        **{**values, "reasons": tuple(map(WaitReason, row["reasons"])), "door": Door(row["door"])}
    )


def _decision_row(one: Decision) -> dict[str, Any]:
    names = (
        "plan", "course", "checksum", "revision", "approved", "mails", "people", "since", "by", "at",
        "comment", "done_at",
    )  # fmt: skip
    values = {name: getattr(one, name) for name in names}
    return {**values, "reasons": [reason.value for reason in one.reasons], "door": one.door.value}
