"""What is counted, under which labels, and that nothing of a person gets in."""

from __future__ import annotations

import contextlib
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args, get_type_hints

from prometheus_client.parser import text_string_to_metric_families

from bot.clock import SystemClock
from bot.domain.approvals import Waiting, WaitReason
from bot.domain.changes import Cancel, Create, Forget, Update
from bot.domain.job_runs import JobOutcome, JobRun
from bot.graph.calls import GraphQuestion
from bot.opening.stores import open_stores
from config.settings import Settings
from jobs.job import Result
from jobs.metrics import ACTIONS, Metrics

AT = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


def run(outcome=JobOutcome.DONE, seconds=2.0):
    return JobRun(
        plan="by", job="sync_plan", run_id="1", started_at=AT, finished_at=AT + timedelta(seconds=seconds), outcome=outcome, exit_code=0
    )


def samples(metrics):
    page, content_type = metrics.render()
    assert content_type.startswith("text/plain")
    families = text_string_to_metric_families(page.decode())
    return {(one.name, *sorted(one.labels.values())): one.value for family in families for one in family.samples}


def test_rounds_changes_and_messages_are_counted_by_what_they_came_to():
    """Two rounds add up."""
    metrics = Metrics()
    sent = Counter({("full", "sent"): 2})
    result = Result(changes=Counter({("create", "applied"): 3, ("update", "failed"): 1}), invitation_mails=40, messages=sent)
    metrics.ran(run(), result)
    metrics.ran(run(JobOutcome.AWAY, seconds=-1), Result(outcome=JobOutcome.AWAY))
    found = samples(metrics)
    assert found["kursusbot_rounds_total", "by", "done", "sync_plan"] == 1
    assert found["kursusbot_rounds_total", "away", "by", "sync_plan"] == 1
    assert found["kursusbot_changes_total", "applied", "by", "create"] == 3
    assert found["kursusbot_changes_total", "by", "failed", "update"] == 1
    assert found["kursusbot_invitation_mails_total", "by"] == 40
    assert found["kursusbot_messages_total", "by", "full", "sent"] == 2
    assert found["kursusbot_round_seconds_count", "sync_plan"] == 2
    assert found["kursusbot_round_seconds_sum", "sync_plan"] == 2, "a clock that was set back counts as no time"


def test_requests_are_counted_by_method_and_answer():
    """Without an answer the status is `none`, and an unknown method does not make a new line each time."""
    metrics = Metrics()
    for method, status in [("GET", 200), ("GET", 429), ("POST", 503), ("POST", 0), ("PATCH", -1), ("BREW", 418), ("MAKE", 418)]:
        metrics.asked(GraphQuestion(method=method, status=status, seconds=0.2))
    found = samples(metrics)
    assert {key[1:]: value for key, value in found.items() if key[0] == "kursusbot_graph_requests_total" and value} == {
        ("200", "GET"): 1, ("429", "GET"): 1, ("503", "POST"): 1, ("POST", "none"): 1, ("PATCH", "none"): 1, ("418", "other"): 2,
    }  # fmt: skip
    assert found["kursusbot_graph_throttled_total",] == 2
    assert found["kursusbot_graph_request_seconds_count", "GET"] == 2


@contextlib.contextmanager
def watching(tmp_path, shelves):
    """Numbers with books in a new database."""
    metrics = Metrics()
    with open_stores(Settings(database_url=f"sqlite:///{tmp_path}/kursusbot.db")) as stores:
        metrics.watch(stores, lambda: shelves)
        yield metrics, stores


def test_what_alerts_ask_for_begins_at_0(tmp_path):
    """Else the first failure of a process would be no increase; also for a plan that comes later, and for no other plan."""
    shelves = {"by": True}
    with watching(tmp_path, shelves) as (metrics, _):
        shelves["ny.yaml"] = False
        metrics.ran(run(JobOutcome.BROKEN), Result(outcome=JobOutcome.BROKEN))
        found = samples(metrics)
    assert found["kursusbot_rounds_total", "broken", "by", "sync_plan"] == 1
    for plan in ("by", "ny.yaml"):
        for key in (
            ("kursusbot_rounds_total", plan, "held", "sync_plan"),
            ("kursusbot_rounds_total", plan, "broken", "hr_report"),
            ("kursusbot_changes_total", plan, "create", "failed"),
            ("kursusbot_messages_total", plan, "full", "failed"),
        ):
            assert found[key[0], *sorted(key[1:])] == 0
    assert {key[1:] for key in found if key[0] == "kursusbot_graph_requests_total"} >= {("403", "GET"), ("401", "POST")}
    assert {one for key in found for one in key if one.startswith(("by", "ny"))} == {"by", "ny.yaml"}


def test_every_change_that_can_fail_begins_at_0():
    """By the types of changes."""
    hints = (get_type_hints(kind, localns={"datetime": datetime}) for kind in (Create, Update, Cancel, Forget))
    actions = {action for of_kind in hints for action in get_args(of_kind["action"])}
    assert set(ACTIONS) == actions


def test_a_round_that_was_never_good_is_as_old_as_the_first_that_is_known(tmp_path):
    """Without a number no alert would come in the worst case; one good round makes it young again."""
    now = SystemClock().now()
    bad = [replace(run(JobOutcome.AWAY), run_id=str(hours), started_at=now - timedelta(hours=hours)) for hours in (5, 3, 1)]
    with watching(tmp_path, {"by": True}) as (metrics, stores):
        assert ("kursusbot_last_good_round_age_seconds", "by", "sync_plan") not in samples(metrics)
        for one in bad:
            stores.job_runs.save_run(replace(one, finished_at=one.started_at))
        age = samples(metrics)["kursusbot_last_good_round_age_seconds", "by", "sync_plan"]
        assert 5 * 3600 <= age < 5 * 3600 + 60
        stores.job_runs.save_run(replace(run(), run_id="good", started_at=now, finished_at=now))
        assert samples(metrics)["kursusbot_last_good_round_age_seconds", "by", "sync_plan"] < 60


def test_what_waits_for_a_person_is_counted_with_the_age_of_the_oldest(tmp_path):
    """By plan; where nothing waits the number is 0."""
    now = SystemClock().now()
    oldest = Waiting(
        plan="by", course="a", checksum="1", whole="w", revision="", mails=1, people=1, reasons=(WaitReason.PLAN,),
        since=now - timedelta(hours=5),
    )  # fmt: skip
    with watching(tmp_path, {"by": True, "ny": True}) as (metrics, stores):
        stores.approvals.replace_waiting("by", [oldest, replace(oldest, course="b", since=now)])
        found = samples(metrics)
    assert (found["kursusbot_waiting_courses", "by"], found["kursusbot_waiting_courses", "ny"]) == (2, 0)
    assert 5 * 3600 <= found["kursusbot_oldest_waiting_course_age_seconds", "by"] < 5 * 3600 + 60
    assert found["kursusbot_oldest_waiting_course_age_seconds", "ny"] == 0
