"""What lies in config/deploy and beside it for whoever runs the service: it parses, and names only what there is."""

from __future__ import annotations

import json
import re

import yaml

from bot.domain.job_runs import JobOutcome
from bot.domain.messages import DeliveryState
from jobs.metrics import __doc__ as metrics_doc
from jobs.registry import JOBS
from tests.architecture.sources import ROOT
from tests.architecture.test_documentation import DOCS, quoted, rows

DEPLOY = ROOT / "config/deploy"
ALERTS = [rule for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
METRIC = re.compile(r"\bkursusbot_[a-z_]+\b")
MATCHER = re.compile(r'(\w+)=~?"([^"$]+)"')


def told() -> dict[str, set[str]]:
    """Metric to labels, as docs/service.md has them."""
    return {quoted(row[0])[0]: set(quoted(row[1])) for row in rows(DOCS / "service.md", "metric", "labels", "tells")}


def expressions() -> list[str]:
    found = [rule["expr"] for rule in ALERTS]
    found += [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return found + [one["definition"] for one in DASHBOARD["templating"]["list"] if "definition" in one]


def test_the_page_and_the_module_tell_the_same_metrics():
    """With the same labels."""
    in_module = {
        METRIC.findall(line)[0]: {word.strip() for word in line.split("|")[2].split(",")} - {""}
        for line in (metrics_doc or "").splitlines()
        if line.startswith("| `kursusbot_")
    }
    assert in_module == told()


def test_alerts_and_dashboard_use_only_metrics_and_labels_that_exist():
    """A misspelt name is an alert that never comes."""
    names = told()
    used = {name for expression in expressions() for name in METRIC.findall(expression)}
    bases = {name if name in names else name.removesuffix("_bucket") for name in used}
    assert bases <= names.keys()
    assert bases == names.keys(), "every metric can be seen somewhere"
    labels = set().union(*names.values()) | {"le"}
    groups = [group for expression in expressions() for group in re.findall(r"(?:by|ignoring) \(([^)]*)\)", expression)]
    grouped = {one.strip() for group in groups for one in group.split(",")}
    assert grouped <= labels


def test_words_in_matchers_are_words_that_the_service_says():
    """Jobs, outcomes and states."""
    known = {"job": {*JOBS, "kursusbot"}, "outcome": {*JobOutcome, "failed"}, "state": {*DeliveryState, "served", "failing"}}
    asked = [(label, word) for expression in expressions() for label, words in MATCHER.findall(expression) for word in words.split("|")]
    assert asked
    assert [(label, word) for label, word in asked if word not in known[label]] == []


def test_every_alert_says_what_is_wrong_and_what_to_do():
    """Whoever is woken by it knows where to look."""
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    assert [
        rule["alert"] for rule in ALERTS if not ({"summary", "runbook"} <= rule["annotations"].keys() and rule["labels"]["severity"])
    ] == []


def test_the_dashboard_has_panels_that_do_not_overlap():
    """Grafana shows one on top of the other otherwise."""
    places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in DASHBOARD["panels"]]
    assert len(set(places)) == len(places)
    assert len({one["id"] for one in DASHBOARD["panels"]}) == len(places)
