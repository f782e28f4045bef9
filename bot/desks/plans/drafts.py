"""A plan that is kept on the desk, as HR edits it: in a draft, which is no plan before it is saved.

    what is done                         comes to
    the first change                     a draft of one's own, where one has none open
    a change in a form                   the draft says it, against what the plan says by now
    what two have changed otherwise      nothing is written; both are shown, and sent again it is chosen
    saving the draft                     the plan says it: it waits under Ændringer like any change
    what is wrong in the draft           stays in the draft, and is not saved
    somebody saved meanwhile             what they did stays; what both changed otherwise is chosen first
    handing over, letting go             the draft is another's, or gone

Nothing here sends anything, and nothing asks Microsoft 365. All raise DatabaseFailed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from bot.desks.plans.revisions import Revisions
from bot.desks.plans.store import SaveState, plan_store
from bot.domain.approvals import Door
from bot.domain.desk_plans import DeskSave, PlanDraft
from bot.domain.drafts import changes_between, edited, merged, rebased
from bot.domain.noted import as_decided_here
from bot.plan.desk_forms import narrowed
from bot.plan.desk_rows import course_of, read_rows, rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.desks.plan_desk import PlanDesk
    from bot.desks.plans.revisions import Difference
    from bot.domain.drafts import DraftConflict, Merged, RowChange, Rows, Side
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.sign_in import Visitor
    from bot.plan.parse import ParsedPlan

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """The draft that has a change, or what of it met another's words; neither where it is gone."""

    draft: PlanDraft | None = None
    conflicts: tuple[DraftConflict, ...] = ()


class DraftDesk:
    """The drafts of one plan, for one person of HR."""

    def __init__(self, desk: PlanDesk, visitor: Visitor, language: Language) -> None:
        self._books, self._language = desk.books, language
        self._stores = desk.stores
        self.plan: CoursePlan = desk.as_read.whole or desk.as_read
        """As it was saved last: all that it says, and nothing that was decided elsewhere."""
        self.by = (visitor.email or visitor.subject).lower()

    @property
    def is_here(self) -> bool:
        """Whether the plan is kept on the desk at all."""
        return isinstance(self._books.origin, DeskSave)

    @cached_property
    def saved(self) -> Rows:
        """The rows of that."""
        plan = self.plan
        return self._stores.kept.rows.of(plan.id, (plan,), None, lambda: rows_of(plan))

    @cached_property
    def drafts(self) -> tuple[PlanDraft, ...]:
        """All that there are, the one that was changed last first."""
        return self._stores.drafts.load(self.plan.id)

    def find(self, draft: str) -> PlanDraft | None:
        """The draft of that id, else one's own that was changed last; None where there is none."""
        if draft:
            return next((one for one in self.drafts if one.id == draft), None)
        return next((one for one in self.drafts if one.owner == self.by), None)

    def standing(self, draft: PlanDraft | None) -> Merged:
        """The plan as the draft would make it, and what stands in the way; without one the plan."""
        return merged(self.saved, draft.changes if draft is not None else ())

    def change(self, draft: PlanDraft | None, form: tuple[RowChange, ...]) -> Edited:
        """What a form changed, in the draft; None begins one."""
        changes, conflicts = edited(self.saved, draft.changes if draft is not None else (), form)
        if conflicts:
            return Edited(conflicts=conflicts)
        return Edited(draft=self.keep(draft, changes))

    def becoming(self, draft: PlanDraft | None, wanted: Rows) -> PlanDraft | None:
        """The draft with which the plan would be these rows.

        What waits for a choice in it goes on waiting.
        """
        said = draft.changes if draft is not None else ()
        waits = {(one.sheet, one.row) for one in self.standing(draft).conflicts}
        changes = [one for one in changes_between(self.saved, wanted) if one.key not in waits]
        return self.keep(draft, (*(one for one in said if one.key in waits), *changes))

    def settle(self, draft: PlanDraft, chosen: Mapping[tuple[str, str, str], Side]) -> PlanDraft | None:
        """With what was chosen of what both changed otherwise."""
        return self.keep(draft, rebased(self.saved, draft.changes, chosen))

    def keep(
        self,
        draft: PlanDraft | None,
        changes: tuple[RowChange, ...],
        *,
        title: str | None = None,
    ) -> PlanDraft | None:
        """The draft as it is now, None where somebody has changed it in this moment, or it is gone."""
        now = self._books.now()
        if draft is None:
            new = PlanDraft(
                id=secrets.token_hex(8), plan=self.plan.id, owner=self.by, title=title or "", changes=changes,
                begun_at=now, changed_at=now,
            )  # fmt: skip
            return new if self._stores.drafts.save(new, changed_at=None) else None
        # Of two who write at once the second is told, also where the clock stands still.
        at = max(now, draft.changed_at + timedelta(microseconds=1))
        said = replace(draft, changes=changes, changed_at=at, title=draft.title if title is None else title)
        return said if self._stores.drafts.save(said, changed_at=draft.changed_at) else None

    def hand_over(self, draft: PlanDraft, to: str) -> PlanDraft | None:
        """To a colleague, by address; as `keep` otherwise."""
        at = max(self._books.now(), draft.changed_at + timedelta(microseconds=1))
        given = replace(draft, owner=to.lower(), handed_by=self.by, changed_at=at)
        return given if self._stores.drafts.save(given, changed_at=draft.changed_at) else None

    def save(self, draft: PlanDraft) -> SaveState:
        """The plan says it from now on, and the draft is gone; else the draft is as it was.

        Raises PlanInvalid where the draft is no plan.
        """
        before, plan = self._books.origin, self.read(draft).usable()
        if not isinstance(before, DeskSave):
            return SaveState.CONFLICT
        store = plan_store(self._books.settings, self._stores)
        done = store.save(plan, base=before.number, by=self.by, door=Door.DESK).state
        if done in {SaveState.SAVED, SaveState.SAME}:
            self.let_go(draft)
        return done

    def let_go(self, draft: PlanDraft) -> None:
        """Nothing of it is kept."""
        self._stores.drafts.drop(self.plan.id, draft.id)

    def read(self, draft: PlanDraft | None) -> ParsedPlan:
        """The plan as the draft would make it, with everything that is wrong with it."""
        changes = draft.changes if draft is not None else ()
        plan = self.plan
        return self._stores.kept.drafted.of(
            plan.id, (plan,), changes, lambda: self._read(self.standing(draft).rows)
        )

    def read_part(self, rows: Rows, courses: Collection[str]) -> ParsedPlan:
        """These courses alone with what no course has: what is wrong with them, but for what is at once."""
        return self._read(narrowed(rows, courses))

    def _read(self, rows: Rows) -> ParsedPlan:
        settings = self._books.settings
        return read_rows(rows, now=self._books.now(), courses_a_week=settings.courses_a_week)

    def looked_at(self, rows: Rows) -> tuple[ParsedPlan, CoursePlan | None]:
        """What is wrong with what differs from the plan, and the whole plan as it would be; None with errors.

        Where only courses differ the others are taken as they are: that is quick, and a form is looked at
        while somebody types.
        """
        differing = {course_of(change.key) for change in changes_between(self.saved, rows)}
        if differing & {None, ""}:
            parsed = self._read(rows)
            return parsed, parsed.plan
        courses = {course for course in differing if course is not None}
        parsed = self.read_part(rows, courses)
        if parsed.plan is None:
            return parsed, None
        now_said = {course.id: course for course in parsed.plan.courses}
        kept = [
            now_said.get(one.id, one)
            for one in self.plan.courses
            if one.id in now_said or one.id not in courses
        ]
        new = [one for one in parsed.plan.courses if one.id not in {other.id for other in self.plan.courses}]
        return parsed, replace(self.plan, courses=(*kept, *new))

    def difference(self, after: CoursePlan) -> Difference:
        """What becoming that would come to today, in the words of a preview."""
        noted = self._stores.noted.load(self.plan.id)
        sides = [as_decided_here(one, noted) for one in (self.plan, after)]
        before, wanted = (one.whole or one for one in sides)
        return Revisions(self._books, self._language).difference(before, wanted, now=self._books.now())
