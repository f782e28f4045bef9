"""What a result means for the service: by exit code and error, and when the rest of it can go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.errors import DatabaseFailed, GraphUnclear, InputError, KursusbotError, RunLocked, SafetyRefused, SignInFailed
from bot.domain.job_runs import JobOutcome
from bot.domain.postage import Full, Wait
from bot.rounds.results import RoundResult
from bot.rounds.steps.carried import Carried
from jobs.outcomes import BROKEN, failure, result_of

LATER = datetime(2025, 6, 18, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (InputError("plan_missing"), JobOutcome.FAILED),
        (SafetyRefused("limits_passed"), JobOutcome.HELD),
        (SignInFailed("graph_sign_in_failed"), JobOutcome.AWAY),
        (DatabaseFailed("database_locked"), JobOutcome.AWAY),
        (RunLocked("run_locked"), JobOutcome.LOCKED),
    ],
)
def test_an_error_is_an_outcome(error: KursusbotError, outcome: JobOutcome):
    assert failure(error).outcome is outcome


def test_a_bug_is_one_of_its_own():
    assert BROKEN.outcome is failure(KursusbotError("new")).outcome is JobOutcome.BROKEN


def test_what_is_kept_of_an_error_are_graphs_codes_and_nothing_of_persons():
    error = GraphUnclear("graph_unclear", status=503, graph_code="Busy", request_id="r-1", call="GET /users/a…@by.example", who="Anna")
    assert failure(error).detail == "status=503 graph_code=Busy request_id=r-1"
    assert result_of(RoundResult(carried=Carried(stopped=error)), answers=3).detail == "answers=3 status=503 graph_code=Busy request_id=r-1"


def test_what_the_minute_has_no_room_for_goes_in_a_minute_and_what_the_day_has_none_for_waits_for_the_ticks():
    minute, day = (
        result_of(RoundResult(carried=Carried(wait=Wait(until=LATER, full=full), waiting=7))) for full in (Full.MINUTE, Full.DAY)
    )
    assert (minute.more_at, day.more_at) == (LATER, None)
    assert minute.detail == "waiting=7"
    assert result_of(RoundResult()).more_at is None
