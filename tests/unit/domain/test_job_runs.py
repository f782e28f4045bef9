"""What the books keep of a run of the service."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.job_runs import EXIT_CODES, JobOutcome, JobRun

NOW = datetime(2025, 6, 1, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("outcome", JobOutcome)
def test_a_round_that_was_carried_through_is_good_with_something_left_over_or_held_too(outcome):
    """By the contract's codes: done 0, held for a person 3, done but for something 6."""
    run = JobRun(plan="demo", job="sync", run_id="r", started_at=NOW, finished_at=NOW, outcome=outcome, exit_code=outcome.exit_code)
    assert run.is_good is (EXIT_CODES[outcome] in {0, 3, 6})
