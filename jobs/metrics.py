"""What the service counts, for Prometheus: `/metrics`, and the worker's own port.

No personal data, and no label without an end.

| metric | labels | |
|---|---|---|
| `kursusbot_rounds_total` | plan, round, outcome | rounds that are over |
| `kursusbot_round_seconds` | round | how long they took |
| `kursusbot_changes_total` | plan, action, outcome | changes of the calendar |
| `kursusbot_invitation_mails_total` | plan | mails that applied changes made Exchange send |
| `kursusbot_messages_total` | plan, kind, state | what became of messages in the rounds |
| `kursusbot_graph_requests_total` | method, status | attempts at Microsoft Graph; `status` `none` without an answer |
| `kursusbot_graph_request_seconds` | method | how long Graph took |
| `kursusbot_graph_throttled_total` | | answers 429 and 503, which ask to wait |
| `kursusbot_messages_waiting` | plan, state | messages that are still to be sent |
| `kursusbot_oldest_waiting_message_age_seconds` | plan | how long the oldest of them has waited, 0 for none |
| `kursusbot_waiting_courses` | plan | courses that wait for a person's approval |
| `kursusbot_oldest_waiting_course_age_seconds` | plan | how long the oldest of them has waited, 0 for none |
| `kursusbot_erasure_waits` | plan | 1 where letting go of old data waits for a person (`kursusbot expire`), else 0 |
| `kursusbot_last_good_round_age_seconds` | plan, round | since the last good round of any process, else since the oldest one known |
| `kursusbot_plans` | state | plans that are `served`, and those that are `failing` |
| `kursusbot_database_up` | | 1 while the database answers and has room for more |

The first eight count what this process did; the others are read from the books when they are asked for, so
every `serve` tells the same. What an alert asks for begins at 0 for every plan that is served: `increase()`
does not see a counter that is born at 1. A gauge whose facts cannot be had is left out, and
`kursusbot_database_up` says why. Labels are ids of plans that are served, names of jobs (under `round`,
because `job` is what Prometheus calls whom it scrapes), and the words of our own enumerations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.clock import SystemClock
from bot.domain.changes import Outcome
from bot.domain.errors import DatabaseFailed
from bot.domain.job_runs import JobOutcome
from bot.domain.messages import DeliveryState
from bot.domain.templates import MessageKind
from bot.store.erasure_marks import load_marks
from bot.store.waiting import WAITING, load_queued, load_unapproved
from jobs.registry import JOBS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from bot.domain.job_runs import JobRun
    from bot.graph.calls import GraphQuestion
    from bot.opening.stores import Stores
    from bot.store.waiting import Queued, Unapproved
    from jobs.job import Result

ROUND_BUCKETS = (0.1, 0.5, 1, 5, 15, 60, 180, 600, 1800)
REQUEST_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
THROTTLED = frozenset({429, 503})
METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE"})
REFUSED = ("401", "403")
ACTIONS = ("create", "update", "invite", "adopt", "cancel", "forget")
"""What a change of the calendar can be, and fail at; a `conflict` is never tried."""


class Metrics:
    """The counters of one process. `ran` and `asked` are its observers, safe in any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._rounds = self._counter("rounds", "Rounds that are over.", "plan", "round", "outcome")
        self._seconds = self._histogram("round_seconds", "How long rounds took.", ROUND_BUCKETS, "round")
        self._changes = self._counter("changes", "Changes of the calendar.", "plan", "action", "outcome")
        self._mails = self._counter(
            "invitation_mails", "Mails that applied changes made Exchange send.", "plan"
        )
        self._messages = self._counter(
            "messages", "What became of messages in the rounds.", "plan", "kind", "state"
        )
        self._requests = self._counter("graph_requests", "Attempts at Microsoft Graph.", "method", "status")
        self._request_seconds = self._histogram(
            "graph_request_seconds", "How long Graph took.", REQUEST_BUCKETS, "method"
        )
        self._throttled = self._counter("graph_throttled", "Answers of Graph that ask to wait.")
        self._begun: set[str] = set()
        self._plans: Callable[[], Iterable[str]] = tuple
        for method in METHODS:
            for status in REFUSED:
                self._requests.labels(method, status)

    def ran(self, run: JobRun, result: Result) -> None:
        """A round is over."""
        self._rounds.labels(run.plan, run.job, run.outcome.value).inc()
        self._seconds.labels(run.job).observe(max(0.0, (run.finished_at - run.started_at).total_seconds()))
        for (action, outcome), number in result.changes.items():
            self._changes.labels(run.plan, action, outcome).inc(number)
        if result.invitation_mails:
            self._mails.labels(run.plan).inc(result.invitation_mails)
        for (kind, state), number in result.messages.items():
            self._messages.labels(run.plan, kind, state).inc(number)

    def asked(self, asked: GraphQuestion) -> None:
        """Graph was asked once, and answered or not."""
        method = asked.method if asked.method in METHODS else "other"
        self._requests.labels(method, str(asked.status) if asked.status > 0 else "none").inc()
        self._request_seconds.labels(method).observe(asked.seconds)
        if asked.status in THROTTLED:
            self._throttled.inc()

    def watch(self, stores: Stores, shelves: Callable[[], Mapping[str, bool]]) -> None:
        """Tell the gauges as well.

        `shelves` gives the ids of the plans that are served, and whether each is in order.
        """
        self._plans = shelves
        self._begin()
        self.registry.register(_Books(stores, shelves))

    def render(self) -> tuple[bytes, str]:
        """The page and its content type."""
        self._begin()
        return generate_latest(self.registry), CONTENT_TYPE_LATEST

    def _begin(self) -> None:
        """Make the counters that alerts ask for, at 0, for plans that are new."""
        for plan in [one for one in self._plans() if one not in self._begun]:
            for job in JOBS:
                for outcome in JobOutcome:
                    self._rounds.labels(plan, job, outcome.value)
            for action in ACTIONS:
                self._changes.labels(plan, action, Outcome.FAILED.value)
            for kind in MessageKind:
                self._messages.labels(plan, kind.value, DeliveryState.FAILED.value)
            self._begun.add(plan)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"kursusbot_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"kursusbot_{name}", told, labels, buckets=buckets, registry=self.registry)


class _Books:
    """What is read when it is asked for."""

    def __init__(self, stores: Stores, shelves: Callable[[], Mapping[str, bool]]) -> None:
        self._stores, self._shelves = stores, shelves

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand, so that registering it asks no database."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The gauges of now."""
        now, shelves = SystemClock().now(), self._shelves()
        plans = GaugeMetricFamily("kursusbot_plans", "Plans, by whether they are in order.", labels=["state"])
        plans.add_metric(["served"], sum(shelves.values()))
        plans.add_metric(["failing"], sum(not good for good in shelves.values()))
        yield plans
        try:
            self._stores.database.look_for_room()
            queued, last_good = load_queued(self._stores.database), self._stores.job_runs.load_last_good()
            unapproved, marks = load_unapproved(self._stores.database), load_marks(self._stores.database)
        except DatabaseFailed:
            yield GaugeMetricFamily(
                "kursusbot_database_up", "Whether the database answers and takes more.", value=0
            )
            return
        yield GaugeMetricFamily(
            "kursusbot_database_up", "Whether the database answers and takes more.", value=1
        )
        yield from _queue_gauges(queued, shelves, now)
        yield from _approval_gauges(unapproved, shelves, now)
        erasure = GaugeMetricFamily(
            "kursusbot_erasure_waits", "Whether letting go of old data waits for a person.", labels=["plan"]
        )
        for plan in shelves:
            erasure.add_metric([plan], float(plan in marks and marks[plan].waits is not None))
        yield erasure
        ages = GaugeMetricFamily(
            "kursusbot_last_good_round_age_seconds", "Since the last good round.", labels=["plan", "round"]
        )
        for (plan, job), good in last_good.items():
            if plan in shelves:
                ages.add_metric([plan, job], _age(good, now))
        yield ages


def _queue_gauges(
    queued: Iterable[Queued], plans: Iterable[str], now: datetime
) -> Iterable[GaugeMetricFamily]:
    found = {(one.plan, one.state): one for one in queued}
    waiting = GaugeMetricFamily(
        "kursusbot_messages_waiting", "Messages that are still to be sent.", labels=["plan", "state"]
    )
    oldest = GaugeMetricFamily(
        "kursusbot_oldest_waiting_message_age_seconds", "How long the oldest has waited.", labels=["plan"]
    )
    for plan in plans:
        mine = [found[plan, state] for state in WAITING if (plan, state) in found]
        for state in WAITING:
            waiting.add_metric([plan, state.value], found[plan, state].count if (plan, state) in found else 0)
        oldest.add_metric([plan], max((_age(one.oldest_at, now) for one in mine), default=0.0))
    yield waiting
    yield oldest


def _approval_gauges(
    unapproved: Iterable[Unapproved], plans: Iterable[str], now: datetime
) -> Iterable[GaugeMetricFamily]:
    found = {one.plan: one for one in unapproved}
    waiting = GaugeMetricFamily(
        "kursusbot_waiting_courses", "Courses that wait for approval.", labels=["plan"]
    )
    oldest = GaugeMetricFamily(
        "kursusbot_oldest_waiting_course_age_seconds", "How long the oldest has waited.", labels=["plan"]
    )
    for plan in plans:
        waiting.add_metric([plan], found[plan].count if plan in found else 0)
        oldest.add_metric([plan], _age(found[plan].oldest_at, now) if plan in found else 0.0)
    yield waiting
    yield oldest


def _age(then: datetime, now: datetime) -> float:
    return max(0.0, (now - then).total_seconds())
