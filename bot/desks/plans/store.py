"""A plan that is kept on the desk, as whoever may write it has it, by whatever door.

asked for                  is
a plan to begin with       what every plan has to say, and no course
a document to take in      the plan that it is with all that is wrong in it, and what it would change
a save                     that content, where nobody has saved since the number that it was made from
to undo                    what somebody saved last is taken back, while nobody has approved it; what others
                           have saved since stays

What a person can bring about is an answer (`SaveResult`) and no exception. What follows from a save for the
calendar waits for approval as after any edit; whoever saved wakes the plan's sync.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.desks.plans.revisions import Revisions
from bot.domain.actions import Action
from bot.domain.decided import as_decided
from bot.domain.desk_plans import DeskPlan, DeskSave, document_content
from bot.domain.drafts import changes_between, merged, taken_back
from bot.domain.errors import InputError
from bot.domain.plan_places import desk_plan_named
from bot.domain.revisions import PlanRevision, RevisionSource
from bot.opening.clock import clock_of
from bot.opening.decided_here import decided_here
from bot.opening.revisions import plan_of_revision, reading_stamp
from bot.opening.versions import in_force
from bot.opening.work import BookWork
from bot.plan import parse_plan
from bot.plan.desk_rows import content_of, read_rows, rows_of
from bot.plan.document import json_document
from bot.plan.keys import FORMAT_VERSION

if TYPE_CHECKING:
    from bot.desks.plans.revisions import Difference
    from bot.domain.approvals import Door
    from bot.domain.drafts import DraftConflict
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.problems import Problem
    from bot.opening.stores import Stores
    from bot.plan import ParsedPlan
    from config.settings import Settings

BEGIN, SAVE, IMPORT, UNDO = "plan begin", "plan save", "plan import", "plan undo"
"""How saves are called in the log of who did what."""


class SaveState(StrEnum):
    """What became of a save. `SAME`: the plan says that already. `OTHER_PLAN`: it has another id."""

    SAVED = "saved"
    SAME = "same"
    INVALID = "invalid"
    CONFLICT = "conflict"
    OTHER_PLAN = "other_plan"
    NOTHING_TO_UNDO = "nothing_to_undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveResult:
    """What a save came to, and which is the last one after it (None: there is none).

    `problems` are why it is no plan; `conflicts` what others have changed since of what was to be taken back.
    """

    state: SaveState
    last: DeskSave | None
    problems: tuple[Problem, ...] = ()
    conflicts: tuple[DraftConflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What every plan says of itself; as typed, so that what is wrong is told like in any plan."""

    organisation: str
    timezone: str
    language: str
    organiser: str
    contact: str


def plan_store(settings: Settings, stores: Stores) -> PlanStore:
    """Of the plan that the settings name; raises InputError `desk_plan_elsewhere` where it is no desk's."""
    plan = desk_plan_named(settings.plan or "")
    if plan is None:
        raise InputError("desk_plan_elsewhere", plan=settings.plan or "–")
    return PlanStore(settings, stores, plan)


class PlanStore:
    """One plan of the desk; `plan` is the id that the settings say. Every call reads the books anew.

    All raise DatabaseFailed.
    """

    def __init__(self, settings: Settings, stores: Stores, plan: str) -> None:
        self._settings, self._stores, self._plan = settings, stores, plan

    @property
    def plan_id(self) -> str:
        """The id by which the settings name it."""
        return self._plan

    @property
    def settings(self) -> Settings:
        """The plan's own."""
        return self._settings

    def last(self) -> DeskSave | None:
        """The last save, None before the first: what whoever begins to edit goes by."""
        return self._stores.desk_plans.look(self._plan)

    def kept(self) -> tuple[CoursePlan, DeskSave] | None:
        """All that the plan says, with the save that said it; None before the first.

        Raises PlanInvalid where this program does not understand it.
        """
        found = self._stores.desk_plans.load(self._plan)
        return None if found is None else (self.read(found.content).usable(), found.save)

    def read(self, content: bytes, name: str = "plan.yaml") -> ParsedPlan:
        """A document as the plan that it is, with all that is wrong in it; `name` is its file's."""
        now, most = clock_of(self._settings).now(), self._settings.courses_a_week
        return parse_plan(content, name=name, now=now, courses_a_week=most)

    def difference(self, after: CoursePlan, language: Language) -> Difference:
        """What another content would change, in the words of a preview; of the first, all that it has."""
        kept = self.kept()
        before = kept[0] if kept is not None else _without_content(after)
        written = decided_here(as_decided(before), self._stores)
        work = BookWork(
            settings=self._settings,
            written=written,
            plan=in_force(written, self._stores),
            stores=self._stores,
        )
        return Revisions(work, language).difference(before, after, now=work.now())

    def begin(self, heading: Heading, *, by: str, door: Door) -> SaveResult:
        """A plan without courses; a conflict where somebody has begun it already."""
        said = {name: value for name in Heading.__slots__ if (value := getattr(heading, name).strip())}
        document = {"version": FORMAT_VERSION, "id": self._plan, **said, "courses": []}
        parsed = self.read(document_content(document))
        if parsed.plan is None:
            return SaveResult(state=SaveState.INVALID, last=self.last(), problems=parsed.problems)
        return self.save(parsed.plan, base=0, by=by, door=door, command=BEGIN)

    def save(
        self, plan: CoursePlan, *, base: int, by: str, door: Door, command: str = SAVE, detail: str = ""
    ) -> SaveResult:
        """Keep this content, which was made from the save with the number `base` (0: from nothing)."""
        before = self._stores.desk_plans.load(self._plan)
        last = before.save if before is not None else None
        content = content_of(plan)
        parsed = self.read(content)
        if (last.number if last is not None else 0) != base:
            return SaveResult(state=SaveState.CONFLICT, last=last)
        if parsed.plan is None:
            return SaveResult(state=SaveState.INVALID, last=last, problems=parsed.problems)
        key = last.plan if last is not None else self._plan
        if key not in {parsed.plan.id, parsed.plan.was}:
            return SaveResult(state=SaveState.OTHER_PLAN, last=last)
        if before is not None and _is_same(self.read(before.content).plan, parsed.plan):
            return SaveResult(state=SaveState.SAME, last=last)
        now = clock_of(self._settings).now()
        made = DeskSave(plan=key, number=base + 1, saved_at=now, saved_by=by)
        whole = self._as_synced(parsed.plan)
        revision = PlanRevision(
            plan=whole.id, number=0, at=now, source=RevisionSource.DESK, by=by, stamp=reading_stamp(whole)
        )
        is_kept = self._stores.desk_plans.save(
            DeskPlan(save=made, content=content),
            revision=revision,
            document=json_document(whole),
            noted=[
                Action(
                    at=now, by=by, command=command, plan=parsed.plan.id, door=door.value,
                    detail=detail or str(made.number),
                )
            ],
        )  # fmt: skip
        # Of two who save at the same moment one was heard.
        return (
            SaveResult(state=SaveState.SAVED, last=made)
            if is_kept
            else SaveResult(state=SaveState.CONFLICT, last=self.last())
        )

    def undoable(self, by: str) -> PlanRevision | None:
        """The version that somebody made last at the desk, while it may be taken back.

        None where there is none, nothing was before it, or somebody has approved anything that it changed.
        """
        kept = self._stores.revisions.load(self._key())
        mine = next((one for one in reversed(kept) if _is_by(one, by)), None)
        if mine is None or mine.number == kept[0].number:
            return None
        pair = self._before_and_after(mine)
        if pair is None:
            return None
        changed = _changed_courses(*pair)
        decisions = self._stores.approvals.load_decisions(self._key())
        is_approved = any(one.approved and one.at >= mine.at and one.course in changed for one in decisions)
        return None if is_approved else mine

    def undo(self, *, base: int, by: str, door: Door) -> SaveResult:
        """Take back what they saved last; nothing is saved where others have changed the same since."""
        kept, mine = self.kept(), self.undoable(by)
        pair = self._before_and_after(mine) if mine is not None else None
        if kept is None or mine is None or pair is None:
            return SaveResult(state=SaveState.NOTHING_TO_UNDO, last=self.last())
        before, after = map(rows_of, pair)
        made = merged(rows_of(kept[0]), taken_back(changes_between(before, after)))
        if made.conflicts:
            return SaveResult(state=SaveState.CONFLICT, last=kept[1], conflicts=made.conflicts)
        now = clock_of(self._settings).now()
        parsed = read_rows(made.rows, now=now, courses_a_week=self._settings.courses_a_week)
        if parsed.plan is None:
            return SaveResult(state=SaveState.INVALID, last=kept[1], problems=parsed.problems)
        return self.save(parsed.plan, base=base, by=by, door=door, command=UNDO, detail=str(mine.number))

    def _key(self) -> str:
        """The id under which the books have it."""
        last = self.last()
        return last.plan if last is not None else self._plan

    def _before_and_after(self, revision: PlanRevision) -> tuple[CoursePlan, CoursePlan] | None:
        """What it changed, and into what; None where one of them is not kept, or not understood."""
        numbers = [one.number for one in self._stores.revisions.load(revision.plan)]
        at = numbers.index(revision.number)
        pair = [
            plan_of_revision(revision.plan, one, self._stores) for one in numbers[max(at - 1, 0) : at + 1]
        ]
        match pair:
            case [before, after] if before is not None and after is not None:
                return before, after
            case _:
                return None

    def _as_synced(self, read: CoursePlan) -> CoursePlan:
        """All that it says, as the next sync reads it: so that it finds the version kept already."""
        decided = decided_here(as_decided(read), self._stores)
        return decided.whole or decided


def _is_same(before: CoursePlan | None, after: CoursePlan) -> bool:
    """Whether both say the same; an amount may have been written with a naught more."""
    return before is not None and replace(before, revision="") == replace(after, revision="")


def _is_by(revision: PlanRevision, by: str) -> bool:
    return revision.source is RevisionSource.DESK and bool(by) and revision.by.casefold() == by.casefold()


def _changed_courses(before: CoursePlan, after: CoursePlan) -> frozenset[str]:
    sides = [{course.id: course for course in plan.courses} for plan in (before, after)]
    return frozenset(one for one in {*sides[0], *sides[1]} if sides[0].get(one) != sides[1].get(one))


def _without_content(plan: CoursePlan) -> CoursePlan:
    """The same plan before anything was written of it."""
    return replace(
        plan, audiences=(), delegates=(), funding=(), assumptions=(), reminders=(), courses=(),
        closing_days=(), school_holidays=(), whole=None,
    )  # fmt: skip
