"""What is counted, under which labels, and that nothing of a person gets in."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from bot.domain.job_runs import JobOutcome, JobRun
from bot.graph.client import Asked
from jobs.job import Result
from jobs.metrics import Metrics

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
    """Two rounds add up; a plan that did nothing has no line."""
    metrics = Metrics()
    sent = Counter({("full", "sent"): 2})
    result = Result(changes=Counter({("create", "applied"): 3, ("update", "failed"): 1}), invitation_mails=40, messages=sent)
    metrics.ran(run(), result)
    metrics.ran(run(JobOutcome.AWAY, seconds=-1), Result(exit_code=4))
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
        metrics.asked(Asked(method=method, status=status, seconds=0.2))
    found = samples(metrics)
    assert {key[1:]: value for key, value in found.items() if key[0] == "kursusbot_graph_requests_total"} == {
        ("200", "GET"): 1, ("429", "GET"): 1, ("503", "POST"): 1, ("POST", "none"): 1, ("PATCH", "none"): 1, ("418", "other"): 2,
    }  # fmt: skip
    assert found["kursusbot_graph_throttled_total",] == 2
    assert found["kursusbot_graph_request_seconds_count", "GET"] == 2
