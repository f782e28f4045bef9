"""What a sync proposes: the whole difference, the verdicts on it, and the difference that goes now.

The table stands in `bot.rounds.steps.propose`, which makes it. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.approvals import Consent, WaitReason
from bot.domain.changes import Create, writes_to_outlook
from bot.invitations.clashes import clashes_of
from bot.invitations.overspending import overspending_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.approvals.verdicts import Verdict
    from bot.domain.approvals import Decision, Record
    from bot.domain.changes import Change
    from bot.domain.plan import CoursePlan
    from bot.invitations.clashes import Clashes
    from bot.invitations.overspending import Overspending
    from bot.invitations.safety import Passed
    from bot.rounds.steps.closer_look import Found
    from bot.rounds.steps.decide_seats import Decided
    from bot.rounds.steps.read_world import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """See the table of `bot.rounds.steps.propose`.

    `written` is the plan as it is written, `plan` what `going` is made from, `decided` the seats with it.

    `found` is what was found beside the difference; `passed` are the safety limits that are passed by what
    nobody has approved; `words` the decisions that were made just now, to be written down before anything is
    done; more than `courses_a_week` are too many.
    """

    record: Record
    written: CoursePlan
    whole: Reading
    verdicts: tuple[Verdict, ...]
    going: Reading
    decided: Decided
    plan: CoursePlan
    found: Found
    courses_a_week: int
    passed: tuple[Passed, ...] = ()
    words: tuple[Decision, ...] = ()

    @property
    def waiting(self) -> tuple[Verdict, ...]:
        """The courses that a person is asked about."""
        return tuple(verdict for verdict in self.verdicts if verdict.waits)

    def titles(self, plan: CoursePlan) -> dict[str, str]:
        """What courses are called, by id.

        As they are written, else as they were approved, else as their events are.
        """
        titles = {change.course: change.subject for change in self.whole.change_set.changes}
        for version in (plan.whole or plan, *self.record.versions.values(), plan):
            titles |= {course.id: course.title for course in version.courses}
        return titles

    @property
    def clashes(self) -> Clashes:
        """What would be at once, found anew each time it is asked for.

        A round that nobody reads need not know.
        """
        whole = self.whole
        return clashes_of(
            self.written,
            whole.world,
            whole.seen.audiences,
            whole.change_set.changes,
            most=self.courses_a_week,
        )

    @property
    def overspending(self) -> Overspending:
        """Where more money is taken than there is; found anew as `clashes` are."""
        return overspending_of(self.written, self.whole.change_set.changes, now=self.whole.seen.now)

    @property
    def meant_empty(self) -> Mapping[str, tuple[str, ...]]:
        """The groups that a person has said are to be empty, by course."""
        given = (
            verdict
            for verdict in self.verdicts
            if verdict.consent is Consent.GIVEN and WaitReason.EMPTY_GROUP in verdict.reasons
        )
        return {one.course: self.found.findings.empty_groups[one.course] for one in given}

    @property
    def held(self) -> tuple[Change, ...]:
        """What is not done, because a person has not approved it: the changes as they would be."""
        kept = {verdict.course for verdict in self.verdicts if not verdict.may_go}
        waits = (change for change in self.whole.change_set.changes if change.course in kept)
        return tuple(
            change
            for change in waits
            if writes_to_outlook(change) or (isinstance(change, Create) and change.held)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What the person who runs this says to it: `consents` to a verdict or not.

    `to_all` passes the limits as well.
    """

    consents: Callable[[Verdict], bool]
    decision: Callable[[Verdict], Decision]
    to_all: bool = False
