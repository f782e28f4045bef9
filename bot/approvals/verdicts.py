"""What people have said of a course's change, and what follows from it (pure).

A word is of one checksum: what changes after it is another change, and nobody has said anything of that. Once
a change was carried out its approval is used up. A no takes back every yes before it.

    a course                                              its change
    has a reason to wait, nobody has approved it          waits
    has one, the last word is a no                        waits for nobody, and is not carried out
    has one, enough different people have approved it     may go
    has none, and was approved but not carried out whole  may go: it is the rest
    has none                                              needs no approval
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.approvals import Consent, Decision, Door, WaitReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.approvals import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRules:
    """The settings.

    Whether every change of the plan waits, how many have to approve, and whom `gone` may reach by itself
    (people).
    """

    every_change: bool = True
    approvers: int = 1
    max_cancelled_people: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One course of a difference.

    `reasons` are empty where it needs no approval; `people` how many would be mailed.

    `is_changed`: the plan says it otherwise than the version in force.
    """

    course: str
    checksum: str
    mails: int
    people: int
    reasons: tuple[WaitReason, ...] = ()
    consent: Consent = Consent.NOT_NEEDED
    is_rejected: bool = False
    is_changed: bool = False

    @property
    def may_go(self) -> bool:
        """Whether its change may be carried out."""
        return self.consent is not Consent.NEEDED

    @property
    def waits(self) -> bool:
        """Whether a person is asked."""
        return self.consent is Consent.NEEDED and not self.is_rejected


def by_course(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Everything that was said, course by course, oldest first."""
    decisions_of: dict[str, list[Decision]] = {}
    for decision in decisions:
        decisions_of.setdefault(decision.course, []).append(decision)
    return decisions_of


def decided(
    verdict: Verdict,
    *,
    checksum: str,
    reasons: tuple[WaitReason, ...],
    decisions: Sequence[Decision],
    rules: ApprovalRules,
) -> Verdict:
    """The verdict with what people have said of just this since it was last carried out, by the table.

    `decisions` are the course's.
    """
    of_this = _since_last_done([decision for decision in decisions if decision.checksum == checksum])
    consent = Consent.NOT_NEEDED
    if reasons:
        is_given = is_approved(_since_last_no(of_this), checksum, rules.approvers)
        consent = Consent.GIVEN if is_given else Consent.NEEDED
    elif not verdict.is_changed and is_under_way(decisions, rules):
        consent = Consent.GIVEN
    is_rejected = consent is Consent.NEEDED and bool(of_this) and not of_this[-1].approved
    return replace(verdict, checksum=checksum, reasons=reasons, consent=consent, is_rejected=is_rejected)


def with_decisions(
    verdicts: Iterable[Verdict], decisions: Iterable[Decision], rules: ApprovalRules
) -> tuple[Verdict, ...]:
    """The same verdicts with what people have decided by now."""
    decisions_of = by_course(decisions)
    return tuple(
        decided(
            verdict,
            checksum=verdict.checksum,
            reasons=verdict.reasons,
            decisions=decisions_of.get(verdict.course, []),
            rules=rules,
        )
        for verdict in verdicts
    )


def decision_about(
    change: Verdict | Waiting | Decision,
    *,
    plan: str,
    revision: str,
    since: datetime,
    by: str,
    at: datetime,
    door: Door,
    approved: bool = True,
    comment: str = "",
) -> Decision:
    """What a person says at `at` to a change that has waited `since` (UTC)."""
    return Decision(
        plan=plan,
        course=change.course,
        checksum=change.checksum,
        revision=revision,
        approved=approved,
        mails=change.mails,
        people=change.people,
        reasons=change.reasons,
        since=since,
        by=by,
        at=at,
        door=door,
        comment=comment,
    )


def is_under_way(decisions: Sequence[Decision], rules: ApprovalRules) -> bool:
    """Whether the course's latest change was approved and is not carried out whole."""
    if not decisions or not decisions[-1].approved or decisions[-1].done_at is not None:
        return False
    return is_approved(decisions, decisions[-1].checksum, rules.approvers)


def is_approved(decisions: Iterable[Decision], checksum: str, approvers: int) -> bool:
    """Whether enough different people have approved what goes by this checksum.

    Who signs in is known by an address, and who is at the command line by the name that they gave: the same
    person may have two. So several people are several at one of them.
    """
    approving: dict[bool, set[str]] = {True: set(), False: set()}
    for decision in decisions:
        if decision.approved and decision.checksum == checksum:
            approving[decision.door is Door.CLI].add(decision.by.casefold())
    return max(map(len, approving.values())) >= approvers


def approving(decisions: Iterable[Decision], course: str, checksum: str) -> frozenset[str]:
    """Who has approved just this change of the course so far, in small letters, as far as it still counts."""
    of_this = [one for one in decisions if (one.course, one.checksum) == (course, checksum)]
    return frozenset(one.by.casefold() for one in _since_last_no(_since_last_done(of_this)) if one.approved)


def is_decided(decisions: Iterable[Decision], course: str, checksum: str, approvers: int) -> bool:
    """Whether nobody is asked about this change of the course any more.

    Enough people have approved it, or the last word is a no.
    """
    of_this = _since_last_done(
        [decision for decision in decisions if (decision.course, decision.checksum) == (course, checksum)]
    )
    if not of_this:
        return False
    return not of_this[-1].approved or is_approved(_since_last_no(of_this), checksum, approvers)


def _since_last_done(decisions: list[Decision]) -> list[Decision]:
    last = max((at for at, decision in enumerate(decisions) if decision.done_at is not None), default=-1)
    return decisions[last + 1 :]


def _since_last_no(decisions: list[Decision]) -> list[Decision]:
    last = max((at for at, decision in enumerate(decisions) if not decision.approved), default=-1)
    return decisions[last + 1 :]
