"""What a person says to what waits: by `approve` and `reject`, and by running a sync.

A decision is a line in the books, about exactly what was shown; nothing is changed by it. The next sync of
whatever process finds it and carries it out. Nobody approves what has become something else meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.approvals.verdicts import decision_about
from bot.domain.approvals import Consent, Door, WaitReason
from bot.domain.errors import InputError, SafetyRefused
from bot.opening.four_eyes import left_for_another
from bot.opening.versions import load_record
from bot.rounds.steps.compare import compare, read
from bot.rounds.steps.proposal import Word
from bot.rounds.steps.propose import propose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.approvals.verdicts import Verdict
    from bot.domain.actions import Action
    from bot.domain.approvals import Decision, Record
    from bot.domain.plan import CoursePlan
    from bot.opening.work import Work
    from bot.rounds.steps.proposal import Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """How far a sync may go.

    Nothing that writes to Outlook, within the limits, or exactly what a checksum names.

    `by` is the person who says so; "" where nobody looks (the service, `run`): then what waits for a person
    waits.
    """

    within_limits: bool = False
    checksum: str | None = None
    by: str = ""


UNATTENDED = Approval(within_limits=True)
"""The clock, and `run`."""


def word_of(approval: Approval, proposal: Proposal, work: Work) -> Word | None:
    """What whoever runs a sync says by running it; None where nobody looks, or nothing was asked.

    Not to a change of which somebody else has to be the second (`bot.opening.four_eyes`).

    | they said | consents to |
    |---|---|
    | `--approve` with the checksum of the whole difference | all of it, past the limits too |
    | `--approve` with a course's own checksum | that course |
    | `--yes` | what waits only because the plan was edited |
    """
    if not approval.by or not proposal.waiting or not (approval.within_limits or approval.checksum):
        return None
    is_whole = approval.checksum == proposal.whole.change_set.checksum
    plan, approvers = work.written, work.settings.approvers
    waiting = {one.course: one.checksum for one in proposal.waiting}
    held = left_for_another(
        plan.id, proposal.record, work.stores, waiting, by=approval.by, approvers=approvers
    )

    def consents(one: Verdict) -> bool:
        if one.course in held:
            return False
        if approval.checksum is not None:
            return is_whole or one.checksum == approval.checksum
        return {*one.reasons} == {WaitReason.PLAN} and not one.is_rejected

    def decision(one: Verdict) -> Decision:
        return _decision(
            one, plan, proposal.record, by=approval.by, at=proposal.whole.seen.now, door=Door.CLI
        )

    return Word(consents=consents, decision=decision, to_all=is_whole)


async def decide_what_waits(
    work: Work,
    *,
    checksum: str,
    approved: bool,
    by: str,
    door: Door,
    courses: Collection[str] = (),
    comment: str = "",
    line: Callable[[Decision], Action] | None = None,
) -> tuple[tuple[Decision, ...], Proposal]:
    """Write a person's decision down, and say what it is about and how things stand after it.

    Nothing else is changed.

    `checksum` is the whole difference's, as it is now or as it was when it was last told, or a course's own;
    `courses` narrow it down. Where nothing waits under it, a no takes back what was approved and is not
    carried out. `line` tells of a decision in the log of who did what, in the same transaction. Raises
    SafetyRefused `checksum_differs` when it is not the difference any more,
    `nothing_waits` where there is nothing to say yes or no to, `approval_by_saver` where somebody else has to
    be the second (`bot.opening.four_eyes`), InputError for a course it is not about, and
    as a preview does.
    """
    plan, stores = work.written, work.stores
    seen, record = await read(work)
    proposal = propose(work, compare(work, seen, record))
    chosen = _chosen(proposal, checksum, courses, approved=approved)
    shown = {one.course: one.checksum for one in chosen} if approved else {}
    held = left_for_another(plan.id, record, stores, shown, by=by, approvers=work.settings.approvers)
    if held:
        raise SafetyRefused("approval_by_saver", courses=", ".join(sorted(held)))
    # Now, and not when reading began: a sync that began meanwhile has not seen it, and another one is to
    # follow.
    now = work.now()
    made = tuple(
        _decision(one, plan, record, by=by, at=now, door=door, approved=approved, comment=comment)
        for one in chosen
    )
    stores.approvals.add_decisions(made, noted=() if line is None else map(line, made))
    return made, propose(work, compare(work, seen, load_record(plan, stores)))


def _chosen(proposal: Proposal, checksum: str, courses: Collection[str], *, approved: bool) -> list[Verdict]:
    """The courses that are decided on; raises as `decide_what_waits`."""
    meant = _meant(proposal, checksum) or (() if approved else _meant(proposal, checksum, Consent.GIVEN))
    if not meant:
        if not any(verdict.consent is Consent.NEEDED for verdict in proposal.verdicts):
            raise SafetyRefused("nothing_waits")
        raise SafetyRefused("checksum_differs", checksum=proposal.whole.change_set.checksum)
    unknown = sorted({*courses} - {verdict.course for verdict in meant})
    if unknown:
        raise InputError(
            "approval_course_unknown", course=unknown[0], known=", ".join(verdict.course for verdict in meant)
        )
    return [verdict for verdict in meant if not courses or verdict.course in courses]


def _meant(proposal: Proposal, checksum: str, consent: Consent = Consent.NEEDED) -> tuple[Verdict, ...]:
    """The courses that a checksum is about.

    Of those that need a person (also where it was rejected before), or have what they need.
    """
    asked = [verdict for verdict in proposal.verdicts if verdict.consent is consent]
    told = {(held.course, held.checksum) for held in proposal.record.waiting if held.whole == checksum}
    if checksum == proposal.whole.change_set.checksum:
        return tuple(asked)
    return tuple(
        verdict
        for verdict in asked
        if verdict.checksum == checksum or (verdict.course, verdict.checksum) in told
    )


def _decision(
    one: Verdict,
    plan: CoursePlan,
    record: Record,
    *,
    by: str,
    at: datetime,
    door: Door,
    approved: bool = True,
    comment: str = "",
) -> Decision:
    since = next(
        (
            waiting.since
            for waiting in record.waiting
            if (waiting.course, waiting.checksum) == (one.course, one.checksum)
        ),
        at,
    )
    return decision_about(
        one, plan=plan.id, revision=plan.revision, since=since, by=by, at=at, door=door, approved=approved,
        comment=comment,
    )  # fmt: skip
