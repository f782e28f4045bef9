"""What the plan was before, and what became of it: the same at the command line and on the desk's page.

    asked for                    told is
    the revisions                who accepted what, when and from where; and what each changed, in a line or two
    two of them                  what the change comes to in the calendar, in the words of a preview, and every
                                 cell of the plan that stands otherwise, in the words of the workbook
    one to take along            the plan as it was, as a workbook or YAML
    the way back                 the same as for two: from what is written now to what was written then

Going back is a change like any other: where the plan is HR's own file it is put back there, and where the
desk keeps it (`bot.desks.plans.store`) it is saved; then it waits for a person. How many mails it comes to is
counted by the books, for the people and seats of today; what waits then is counted by the sync that finds it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.approvals.mailed import people_of
from bot.domain.errors import InputError
from bot.domain.revisions import RevisionSource
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import short_moment_text
from bot.invitations.between_plans import KnownPeople, between_plans
from bot.invitations.diff import seated_people
from bot.invitations.preview import outline
from bot.invitations.preview_json import as_json
from bot.invitations.preview_page import as_text, plain
from bot.invitations.preview_reader import Reader
from bot.opening.revisions import plan_of_revision
from bot.opening.tenant import graph_findings
from bot.plan.differences import RowFate, changed_rows
from bot.rounds.steps.decide_seats import load_state
from bot.seats.guest_lists import attendance_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.revisions import PlanRevision
    from bot.invitations.between_plans import BetweenPlans
    from bot.invitations.preview_page import Item, Outline
    from bot.opening.work import BookWork
    from bot.plan.differences import ChangedRow

SHOWN_LINES = 6
FORMS = ("yaml", "xlsx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of a plan: in the calendar, and in its own cells."""

    between: BetweenPlans
    rows: tuple[ChangedRow, ...]
    language: Language

    @property
    def mails(self) -> int:
        """How many mails it comes to, by the books."""
        return self.between.mails

    @property
    def people(self) -> int:
        """How many people those go to."""
        return len(people_of(self.between.changes, ()))

    def page(self, title: str) -> Outline:
        """All of it, under a title: the calendar as a preview tells it, then the cells."""
        between, language = self.between, self.language
        reader = Reader(
            plan=between.after, people=between.people, language=language, before=between.before.courses
        )
        told = outline(between.change_set, reader, clashes=between.clashes, overspending=between.overspending)
        silent = text(language, "revisions.nobody" if self.rows else "revisions.same")
        cells = tuple(map(self._told, self.rows))
        heading = f"{text(language, 'revisions.cells')} ({len(cells)})"
        return replace(
            told,
            title=title,
            opening=told.opening if told.sections else (silent, *told.opening[1:]),
            sections=(*told.sections, *([(heading, cells)] if cells else [])),
            closing=(text(language, "revisions.counted"),) if told.sections else (),
        )

    def in_short(self) -> tuple[str, ...]:
        """A few lines: what changes in the calendar, and of the rest of the plan where something does."""
        language, changes = self.language, self.between.changes
        lines = [
            f"{text(language, f'preview.section.{one.action}')}: {plain(one.subject or str(one.key))}"
            for one in changes
        ]
        told = {one.course for one in changes}
        lines += [
            f"{one.sheet}: {plain(one.name)}" + self._which(one)
            for one in self.rows
            if one.course not in told
        ]
        lines = list(dict.fromkeys(lines))
        if len(lines) > SHOWN_LINES:
            more = plural(language, "revisions.more", len(lines) - SHOWN_LINES + 1)
            lines = [*lines[: SHOWN_LINES - 1], more]
        return tuple(lines) or (text(language, "revisions.same"),)

    def document(self) -> dict[str, object]:
        """For programs: the changes as a preview has them, and the cells."""
        between = self.between
        told = json.loads(
            as_json(
                between.change_set,
                language=self.language,
                clashes=between.clashes,
                overspending=between.overspending,
            )
        )
        changes = [{key: value for key, value in one.items() if key != "approval"} for one in told["changes"]]
        return {
            "mails": told["mails"],
            "changes": changes,
            "clashes": told["clashes"],
            "overspent": told["overspent"],
            "cells": [
                {
                    "sheet": one.key,
                    "name": one.name,
                    "change": one.change.value,
                    "cells": [
                        {"column": cell.key, "before": cell.before, "after": cell.after} for cell in one.cells
                    ],
                }
                for one in self.rows
            ],
        }

    def _told(self, row: ChangedRow) -> Item:
        name = f"{row.sheet}: {row.name}"
        if row.change is RowFate.CHANGED:
            return (plain(name), *(plain(cell.told(self.language)) for cell in row.cells))
        return (plain(name), text(self.language, f"revisions.row.{row.change.value}"))

    def _which(self, row: ChangedRow) -> str:
        if row.change is RowFate.CHANGED:
            return f" ({', '.join(cell.heading for cell in row.cells)})"
        return f" ({text(self.language, f'revisions.row.{row.change.value}')})"


class Revisions:
    """The revisions of the plan of `work`, told in a language; every call reads the books once.

    All raise DatabaseFailed.
    """

    def __init__(self, work: BookWork, language: Language) -> None:
        self._work, self._language = work, language
        self._plan = work.written.id

    @cached_property
    def kept(self) -> tuple[PlanRevision, ...]:
        """Newest first."""
        return tuple(reversed(self._work.stores.revisions.load(self._plan)))

    def find(self, number: int) -> PlanRevision:
        """The revision; raises InputError with those there are."""
        found = next((one for one in self.kept if one.number == number), None)
        if found is None:
            known = ", ".join(str(one.number) for one in reversed(self.kept)) or "–"
            raise InputError("revision_unknown", number=number, known=known)
        return found

    def before(self, revision: PlanRevision) -> PlanRevision | None:
        """The one that it took the place of, None of the oldest that is kept."""
        return next((old for new, old in pairwise(self.kept) if new == revision), None)

    def plan(self, revision: PlanRevision) -> CoursePlan | None:
        """What the plan said then, None where this program does not understand it."""
        return plan_of_revision(self._plan, revision.number, self._work.stores)

    def usable(self, revision: PlanRevision) -> CoursePlan:
        """As `plan`; raises InputError where it is not understood."""
        found = self.plan(revision)
        if found is None:
            raise InputError("revision_unreadable", number=revision.number)
        return found

    def name(self, revision: PlanRevision) -> str:
        """`Udgave 3 · 29-11-2026 kl. 10.15 · fra filen plan.xlsx`."""
        language = self._language
        when, origin = self.when(revision), self.origin(revision)
        return text(language, "revisions.name", number=revision.number, when=when, origin=origin)

    def when(self, revision: PlanRevision) -> str:
        """When it was accepted, in the plan's own time."""
        wall = revision.at.astimezone(ZoneInfo(self._work.written.timezone)).replace(tzinfo=None)
        return short_moment_text(self._language, wall)

    def origin(self, revision: PlanRevision) -> str:
        """Who saved it, as far as anybody tells, and where."""
        code = f"revisions.origin.{revision.source.value}"
        if revision.source is not RevisionSource.FILE:
            code += "_by" if revision.by else ""
        return plain(text(self._language, code, name=revision.name or "–", by=revision.by))

    def between(self, first: PlanRevision, second: PlanRevision) -> Difference:
        """What became of the plan from one to the other.

        As it was told then, where the second came after the first; else as it would be now. Raises InputError
        where one of them is not understood.
        """
        now = second.at if second.number > first.number else self._work.now()
        return self.difference(self.usable(first), self.usable(second), now=now)

    def way_back(self, revision: PlanRevision) -> Difference:
        """What going back to it would come to now; raises InputError where it is not understood."""
        return self.difference(self._work.whole, self.usable(revision), now=self._work.now())

    def difference(self, before: CoursePlan, after: CoursePlan, *, now: datetime) -> Difference:
        """Between any two versions of this plan; `now` UTC decides what is past."""
        settings = self._work.settings
        between = between_plans(
            before,
            after,
            self._known,
            graph_findings(settings, self._work.stores),
            now=now,
            courses_a_week=settings.courses_a_week,
        )
        rows = changed_rows(before, after, self._language)
        return Difference(between=between, rows=rows, language=self._language)

    def in_short(self, revision: PlanRevision) -> tuple[str, ...]:
        """What a revision changed of the one before, in a few lines."""
        before = self.before(revision)
        if before is None:
            return (text(self._language, "revisions.first"),)
        if self.plan(before) is None or self.plan(revision) is None:
            return (text(self._language, "revisions.unreadable"),)
        return self.between(before, revision).in_short()

    @cached_property
    def _known(self) -> KnownPeople:
        stores, standing = self._work.stores, self._work.plan
        state = load_state(standing, stores)
        return KnownPeople(
            people=state.people,
            members=stores.books.audiences.load_members(standing.id),
            rules={rule.id: rule for rule in self._work.written.audiences},
            attendance=attendance_of(state.standings),
            seated=seated_people((), state.entries, state.people),
        )


def history_text(revisions: Revisions, language: Language) -> str:
    """Every revision with what it changed, newest first."""
    lines = []
    for one in revisions.kept:
        lines += [revisions.name(one), *(f"    {line}" for line in revisions.in_short(one))]
    return "\n".join(lines or [text(language, "revisions.none")]) + "\n"


def history_json(revisions: Revisions) -> str:
    """The same for programs."""
    rows = [
        {
            "plan": one.plan,
            "revision": one.number,
            "at": f"{one.at:%Y-%m-%dT%H:%M:%SZ}",
            "by": one.by or None,
            "source": one.source.value,
            "name": one.name or None,
            "told": list(revisions.in_short(one)),
        }
        for one in revisions.kept
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def difference_text(revisions: Revisions, first: int, second: int, language: Language) -> str:
    """What became of the plan from one revision to another, for a terminal; raises InputError."""
    pair = revisions.find(first), revisions.find(second)
    title = text(language, "revisions.between", first=first, second=second)
    names: Sequence[str] = [revisions.name(one) for one in pair]
    page = revisions.between(*pair).page(title)
    return as_text(replace(page, opening=(*names, "", *page.opening)))


def difference_json(revisions: Revisions, first: int, second: int) -> str:
    """The same for programs."""
    pair = revisions.find(first), revisions.find(second)
    document = {"plan": pair[0].plan, "from": first, "to": second, **revisions.between(*pair).document()}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def plan_file(plan: CoursePlan, form: str, language: Language) -> bytes:
    """A plan to take along: `xlsx` or `yaml`; reading it gives the same plan."""
    if form == "xlsx":
        from bot.plan.workbook_writer import render_workbook

        return render_workbook(plan, language)
    from bot.plan.yaml_writer import render_yaml

    return render_yaml(plan)
