"""What a round comes to, by the tables of `bot.rounds.steps.carried` and `bot.rounds.results`."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bot.domain.approvals import WaitReason
from bot.domain.changes import Applied, Outcome
from bot.domain.errors import (
    GraphError,
    GraphRefused,
    GraphUnclear,
    InputError,
    KursusbotError,
    PermissionMissing,
    RunLocked,
    SafetyRefused,
    SignInFailed,
)
from bot.domain.job_runs import JobOutcome
from bot.domain.messages import DeliveryState
from bot.domain.postage import Full, Wait
from bot.rounds.results import RoundResult, Synced
from bot.rounds.steps.carried import GATHERED, NOTHING_CARRIED, Carried
from tests.builders.parcels import reminder

if TYPE_CHECKING:
    from bot.domain.changes import Change
    from bot.rounds.steps.proposal import Proposal

LATER = datetime(2025, 6, 18, 12, 1, tzinfo=UTC)
CHANGE = cast("Change", SimpleNamespace(action="update"))
DONE, PARTLY, HELD, AWAY, LOCKED = JobOutcome.DONE, JobOutcome.PARTLY, JobOutcome.HELD, JobOutcome.AWAY, JobOutcome.LOCKED
WAITS = SafetyRefused("waits_for_approval", courses=1)
SENT, REFUSED = (reminder("anna", state=state) for state in (DeliveryState.SENT, DeliveryState.FAILED))
UNCLEAR, SIGN_IN = GraphUnclear("graph_unclear"), SignInFailed("graph_sign_in_failed")


def change(outcome: Outcome, error: KursusbotError | None = None) -> Applied:
    return Applied(change=CHANGE, outcome=outcome, error=error)


GOES = change(Outcome.APPLIED)


def failed(error: KursusbotError) -> Applied:
    return change(Outcome.FAILED, error)


def full(room: Full) -> Wait:
    return Wait(until=LATER, full=room)


CASES: dict[str, tuple[Carried, JobOutcome]] = {
    "nothing to do": (NOTHING_CARRIED, DONE),
    "all went": (Carried(applied=(GOES,), messages=(SENT,)), DONE),
    "people wait for others who come and go": (Carried(applied=(change(Outcome.HELD, KursusbotError(GATHERED)),)), DONE),
    "room again in a minute": (Carried(messages=(SENT,), wait=full(Full.MINUTE), waiting=3), DONE),
    "a change waits for tomorrow": (Carried(applied=(change(Outcome.HELD, KursusbotError("day_is_full")),)), PARTLY),
    "the day is full": (Carried(wait=full(Full.DAY), waiting=3), PARTLY),
    "the day is full and a line could not go": (Carried(wait=full(Full.DAY), stopped=UNCLEAR), PARTLY),
    "one of two changes failed": (Carried(applied=(GOES, failed(UNCLEAR))), PARTLY),
    "the only change was refused": (Carried(applied=(failed(GraphRefused("graph_refused", status=400)),)), PARTLY),
    "a message was refused": (Carried(messages=(REFUSED,)), PARTLY),
    "words of HR's own failed": (Carried(broken=(InputError("words_failed"),)), PARTLY),
    "Graph ended the sending after one": (Carried(messages=(SENT,), stopped=UNCLEAR), PARTLY),
    "the only change got no answer": (Carried(applied=(failed(UNCLEAR),)), AWAY),
    "no permission for any": (Carried(applied=(failed(PermissionMissing("permission_missing")),)), AWAY),
    "no change went, but a message": (Carried(applied=(failed(UNCLEAR),), messages=(SENT,)), PARTLY),
    "Graph ended the sending at once": (Carried(stopped=GraphError("graph_failed")), AWAY),
    "a sign-in failed on the way": (Carried(applied=(GOES, failed(SIGN_IN))), AWAY),
    "a sign-in failed in sending": (Carried(messages=(SENT,), stopped=SIGN_IN), AWAY),
    "the lock was lost": (Carried(applied=(GOES, failed(RunLocked("run_lock_lost", plan="p")))), LOCKED),
}


@pytest.mark.parametrize(("carried", "outcome"), CASES.values(), ids=CASES.keys())
def test_what_was_carried_out_makes_the_outcome(monkeypatch: pytest.MonkeyPatch, carried: Carried, outcome: JobOutcome) -> None:
    monkeypatch.setattr("bot.rounds.steps.carried.writes_to_outlook", lambda _change: True)
    assert RoundResult(carried=carried).outcome is outcome
    may_be_held = {DONE: HELD, PARTLY: HELD}
    assert RoundResult(carried=carried, refused=WAITS).outcome is may_be_held.get(outcome, outcome)


def test_what_is_left_over_is_told_where_nothing_failed() -> None:
    assert RoundResult(left_over=True).outcome is PARTLY
    assert RoundResult(left_over=True, refused=WAITS).outcome is HELD


@pytest.mark.parametrize(
    ("reasons", "applied", "outcome"),
    [
        ([(WaitReason.PLAN,)], (), HELD),
        ([(WaitReason.EMPTY_GROUP,), (WaitReason.PLAN,)], (), HELD),
        ([(WaitReason.EMPTY_GROUP, WaitReason.PLAN)], (), HELD),
        ([(WaitReason.EMPTY_GROUP,)], (), PARTLY),
        ([(WaitReason.EMPTY_GROUP,)], None, HELD),
        ([], (), PARTLY),
    ],
)
def test_an_empty_group_is_no_order_and_is_left_over_as_an_unknown_one(
    reasons: list[tuple[WaitReason, ...]], applied: tuple[Applied, ...] | None, outcome: JobOutcome
) -> None:
    waiting = tuple(SimpleNamespace(reasons=one) for one in reasons)
    proposal = cast("Proposal", SimpleNamespace(waiting=waiting))
    refused = WAITS if reasons else None
    assert Synced(proposal=proposal, applied=applied, refused=refused, left_over=True).outcome is outcome


def test_rounds_one_after_the_other_are_told_as_one_and_the_last_says_what_waits() -> None:
    first = RoundResult(carried=Carried(messages=(SENT,), wait=full(Full.MINUTE), waiting=1), left_over=True)
    both = first.then(RoundResult(carried=Carried(applied=(GOES,), messages=(REFUSED,)), refused=WAITS))
    assert both == RoundResult(carried=Carried(applied=(GOES,), messages=(SENT, REFUSED)), refused=WAITS, left_over=True)


def test_every_outcome_has_the_exit_code_of_the_contract() -> None:
    codes = {DONE: 0, JobOutcome.BROKEN: 1, JobOutcome.FAILED: 2, HELD: 3, AWAY: 4, LOCKED: 5, PARTLY: 6}
    assert {outcome: outcome.exit_code for outcome in JobOutcome} == codes
