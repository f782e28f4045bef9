"""What became of the jobs: the latest runs of each, and no more than can be looked through."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.job_runs import JobOutcome
from bot.store.job_runs import RUNS_KEPT, SqlJobRunBook
from tests.contract.job_runs import BEGAN, RUN, later


def test_a_run_is_kept_as_it_was(database):
    book = SqlJobRunBook(database)
    assert book.load_latest(3) == {}
    book.save_run(RUN)
    assert book.load_latest(3) == {("by", "sync_plan"): (RUN,)}


def test_the_latest_come_first_by_plan_and_job(database):
    book = SqlJobRunBook(database)
    runs = [later(number) for number in (2, 0, 3, 1)]
    others = [later(5, job="send_reminders"), later(4, plan="andenby")]
    for run in [*runs, *others]:
        book.save_run(run)
    newest = book.load_latest(2)
    assert newest == {
        ("andenby", "sync_plan"): (others[1],),
        ("by", "send_reminders"): (others[0],),
        ("by", "sync_plan"): (runs[2], runs[0]),
    }
    assert book.load_latest(2, plan="andenby").keys() == {("andenby", "sync_plan")}


def test_old_runs_of_the_same_job_are_forgotten_and_no_others(database):
    book = SqlJobRunBook(database)
    book.save_run(later(0, plan="andenby"))
    for number in range(RUNS_KEPT + 3):
        book.save_run(later(number))
    kept = book.load_latest(RUNS_KEPT + 3)
    assert [run.run_id for run in kept["by", "sync_plan"]] == [str(number) for number in range(RUNS_KEPT + 2, 2, -1)]
    assert len(kept["andenby", "sync_plan"]) == 1


def test_the_last_good_run_is_known_however_long_ago_it_was(database):
    """One that never went well counts from its first run."""
    book = SqlJobRunBook(database)
    book.save_run(later(0, outcome=JobOutcome.DONE))
    for number in range(1, RUNS_KEPT + 3):
        book.save_run(later(number))
        book.save_run(later(number, job="send_reminders"))
    since = book.load_last_good()
    assert since["by", "sync_plan"] == BEGAN + timedelta(seconds=2)
    assert since["by", "send_reminders"] == BEGAN + timedelta(minutes=3)
    book.save_run(later(60, outcome=JobOutcome.HELD))
    assert book.load_last_good()["by", "sync_plan"] == BEGAN + timedelta(minutes=60, seconds=2)
