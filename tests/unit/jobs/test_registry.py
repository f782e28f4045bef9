"""Which jobs there are, by the names that they have and had."""

from __future__ import annotations

import pytest

from bot.domain.errors import InputError
from config.service_settings import FORMER_JOB_NAMES, JobsSettings
from jobs.registry import JOBS, job_named


def test_every_job_has_a_cadence_and_every_cadence_a_job() -> None:
    assert {*JOBS} == {*JobsSettings.model_fields} - {"timezone"}


@pytest.mark.parametrize(("former", "today"), FORMER_JOB_NAMES.items())
def test_a_job_is_found_by_the_name_that_it_had_before(former: str, today: str) -> None:
    assert former not in JOBS
    assert job_named(former) is job_named(today) is JOBS[today]


def test_what_sends_the_rest_is_a_job() -> None:
    assert {job.rest_by for job in JOBS.values() if job.rest_by} <= {*JOBS}


def test_a_name_that_no_job_has_is_told_with_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        job_named("deliver")
    assert caught.value.params["known"] == ", ".join(JOBS)
