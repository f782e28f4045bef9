"""What an error means to HR, and what is wrong with a plan."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.desks.doctor.findings import DOCS, State
from bot.desks.service_view import NoService
from bot.domain.job_runs import JobOutcome, JobRun
from bot.domain.people import Language
from bot.domain.service_state import EXACT, JobState, ServedPlan, ServiceState, Trouble, trouble_of
from bot.i18n.catalogue import load_area, text
from jobs.registry import JOBS

NOW = datetime(2025, 6, 2, tzinfo=UTC)
INSIDE = ("job", "sync", "exit", "session", "kontrolsum", "kørslen", "KURSUSBOT_", "revision", "»kursusbot ")


def run(outcome, error="", job="sync_plan"):
    return JobRun(plan="by", job=job, run_id="1", started_at=NOW, finished_at=NOW, outcome=outcome, exit_code=0, error=error)


@pytest.mark.parametrize(
    ("code", "means"),
    [
        *EXACT.items(),
        ("graph_sign_in_failed", Trouble.SIGN_IN),
        ("graph_sign_in_of_tomorrow", Trouble.SIGN_IN),
        ("plan_file_missing", Trouble.PLAN_FILE),
        ("plans_unreadable", Trouble.PLAN_FILE),
        ("database_full", Trouble.DATABASE),
        ("graph_refused", Trouble.OTHER),
        ("", Trouble.OTHER),
        ("of_tomorrow", Trouble.OTHER),
    ],
)
def test_every_code_means_something_to_whoever_is_told(code, means):
    assert trouble_of(code) is means


@pytest.mark.parametrize("language", Language)
def test_everything_that_may_be_told_has_words_and_a_remedy(language):
    """Of troubles, kinds of work, and whatever an examination looks at."""
    for trouble in Trouble:
        assert all(text(language, f"runs.{part}.{trouble}") for part in ("trouble", "remedy", "trouble_short"))
    assert all(text(language, f"runs.job.{job}") for job in JOBS)
    assert all(text(language, f"runs.check.need.{check}") for check in DOCS)
    assert all(text(language, f"runs.check.state.{state}") for state in State)


def test_no_word_of_the_programs_inside_is_told():
    words = "\n".join(load_area(Language.DA, "runs").values())
    assert [one for one in INSIDE if one.lower() in words.lower()] == []


@pytest.mark.parametrize(
    ("outcome", "error", "trouble"),
    [
        (JobOutcome.DONE, "", None),
        (JobOutcome.PARTLY, "graph_refused", None),
        (JobOutcome.HELD, "waits_for_approval", None),
        (JobOutcome.AWAY, "graph_unanswered", Trouble.MICROSOFT_AWAY),
        (JobOutcome.AWAY, "database_locked", Trouble.DATABASE),
        (JobOutcome.FAILED, "graph_no_mailbox", Trouble.MAILBOX),
        (JobOutcome.BROKEN, "", Trouble.PROGRAM),
    ],
)
def test_a_run_that_went_wrong_is_trouble(outcome, error, trouble):
    assert JobState(job="sync_plan", last=run(outcome, error)).trouble is trouble


def test_what_has_not_gone_well_for_too_long_is_late():
    assert JobState(job="sync_plan", is_late=True).trouble is Trouble.LATE
    assert JobState(job="sync_plan", last=run(JobOutcome.DONE), is_late=True).trouble is Trouble.LATE
    assert JobState(job="sync_plan").trouble is None


def test_a_trouble_is_told_once_however_many_run_into_it_and_the_plans_own_first():
    away = [JobState(job=job, last=run(JobOutcome.AWAY, "graph_unanswered", job)) for job in ("sync_plan", "send_reminders")]
    read = ServedPlan(plan="by", timezone="UTC", error="plan_invalid", erasure_waits=True, jobs=(*away, JobState(job="hr_report")))
    assert read.troubles == ((Trouble.PLAN, ""), (Trouble.ERASURE, ""), (Trouble.MICROSOFT_AWAY, "sync_plan"))
    assert ServedPlan(plan="by", timezone="UTC").troubles == ()


def test_pages_without_a_service_have_nothing_to_tell():
    assert (NoService().state(), NoService().examine("by", Language.DA)) == (ServiceState(), True)
    assert NoService().last_examination("by").at is None
