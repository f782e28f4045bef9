"""The script that gives a registration what the app in Teams needs: it changes nothing unless told to.

`az` is a program of ours that records how it was called, and answers as Microsoft's does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

SCRIPT = ROOT / "config/deploy/setup-teams.sh"
GRAPH, APP = "00000003-0000-0000-c000-000000000000", "00000000-0000-4000-8000-00000000000b"
FAKE = """#!{python}
import json, os, sys
given = sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(given) + "\\n")
facts = json.loads(os.environ["FACTS"])
words = " ".join(given)
if "identifierUris" in words:
    print("\\n".join(facts["uris"]))
elif "oauth2PermissionScopes[?value!=" in words:
    print("\\n".join(facts["others"]))
elif "oauth2PermissionScopes[?value==" in words:
    print(facts["scope"])
elif words.startswith("ad app show"):
    print(facts["app"]) if facts["app"] else sys.exit(3)
elif words.startswith("cloud show"):
    print("https://graph.example/")
elif words.startswith("ad sp show"):
    print(facts["role"])
"""
FACTS = {"app": "object-1", "role": "role-installs", "uris": (), "others": (), "scope": ""}
TAB = ("--app", APP, "--tab", "--host", "kurser.kommune.example")
CLIENTS = ["1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str
    calls: list[list[str]]

    @property
    def changes(self) -> list[list[str]]:
        return [call for call in self.calls if "show" not in call]


def run(tmp_path: Path, *arguments: str, **facts: object) -> Ran:
    folder, calls = tmp_path / "bin", tmp_path / "calls"
    folder.mkdir(exist_ok=True)
    (folder / "az").write_text(FAKE.format(python=sys.executable), encoding="utf-8")
    (folder / "az").chmod(0o755)
    calls.write_text("", encoding="utf-8")
    environ = {"PATH": f"{folder}:{os.environ['PATH']}", "CALLS": str(calls), "FACTS": json.dumps(FACTS | facts)}
    ran = subprocess.run(["bash", SCRIPT, *arguments], capture_output=True, text=True, check=False, env=environ)
    made = [json.loads(line) for line in calls.read_text(encoding="utf-8").splitlines()]
    return Ran(code=ran.returncode, out=ran.stdout, err=ran.stderr, calls=made)


def test_shellcheck_has_nothing_to_say():
    checked = subprocess.run([Path(sys.executable).parent / "shellcheck", SCRIPT], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_nothing_is_changed_without_apply(tmp_path):
    ran = run(tmp_path, "--app", APP, "--installs")
    assert (ran.code, ran.err, ran.changes) == (0, "", [])
    assert ran.out.count("would do: az ad app permission") == 2
    assert "Nothing was changed" in ran.out


def test_apply_grants_the_right_to_install_and_no_other(tmp_path):
    ran = run(tmp_path, "--app", APP, "--installs", "--apply")
    assert ran.code == 0, ran.err
    assert ran.changes == [
        ["ad", "app", "permission", "add", "--id", APP, "--api", GRAPH, "--api-permissions", "role-installs=Role"],
        ["ad", "app", "permission", "admin-consent", "--id", APP],
    ]
    assert any("TeamsAppInstallation.ReadWriteSelfForUser.All" in " ".join(call) for call in ran.calls)
    assert "KURSUSBOT_BOT__INSTALL=true" in ran.out


def test_apply_grants_the_rights_to_who_was_in_a_meeting_and_says_what_teams_itself_needs(tmp_path):
    ran = run(tmp_path, "--app", APP, "--attendance", "--apply", role="role-meetings")
    assert ran.code == 0, ran.err
    added, again, consent = ran.changes
    assert added == again == ["ad", "app", "permission", "add", "--id", APP, "--api", GRAPH, "--api-permissions", "role-meetings=Role"]
    assert consent[-3:] == ["admin-consent", "--id", APP]
    asked = " ".join(" ".join(call) for call in ran.calls)
    assert "'OnlineMeetings.Read.All'" in asked
    assert "'OnlineMeetingArtifact.Read.All'" in asked
    assert f"New-CsApplicationAccessPolicy -Identity kursusbot -AppIds {APP}" in ran.out


@pytest.mark.parametrize("known", ["", "00000000-0000-4000-8000-00000000000d"], ids=["new", "there"])
def test_apply_exposes_the_scope_of_the_tab_to_teams_clients_alone_and_keeps_what_was_there(tmp_path, known):
    ran = run(tmp_path, *TAB, "--apply", scope=known, uris=("api://andet",))
    assert ran.code == 0, ran.err
    named, exposed, allowed = ran.changes
    assert named == ["ad", "app", "update", "--id", APP, "--identifier-uris", "api://andet", f"api://kurser.kommune.example/{APP}"]
    assert exposed[exposed.index("--url") + 1] == "https://graph.example/v1.0/applications/object-1"
    api = json.loads(exposed[-1])["api"]
    (scope,) = api["oauth2PermissionScopes"]
    assert (api["requestedAccessTokenVersion"], scope["value"], scope["type"]) == (2, "access_as_user", "Admin")
    assert scope["id"] == known or (not known and len(scope["id"]) == 36)
    clients = json.loads(allowed[-1])["api"]["preAuthorizedApplications"]
    assert [one["appId"] for one in clients] == CLIENTS
    assert all(one["delegatedPermissionIds"] == [scope["id"]] for one in clients)
    assert "KURSUSBOT_TEAMS__TAB=true" in ran.out
    again = run(tmp_path, *TAB, "--apply", scope=known, uris=(f"api://kurser.kommune.example/{APP}",))
    assert [call[0] for call in again.changes] == ["rest", "rest"]


def test_of_the_tab_nothing_is_changed_without_apply(tmp_path):
    ran = run(tmp_path, *TAB, "--installs")
    assert (ran.code, ran.err, ran.changes) == (0, "", [])
    assert ran.out.count("would do: az") == 5


@pytest.mark.parametrize(("arguments", "facts", "said"), [
    (("--installs",), {}, "--app is an id"),
    (("--app", "kursusbot", "--installs"), {}, "--app is an id"),
    (("--app", APP), {}, "--installs, --attendance or --tab is missing"),
    (TAB[:3], {}, "--host is a name alone"),
    ((*TAB[:4], "https://kurser.kommune.example"), {}, "--host is a name alone"),
    (TAB, {"others": ("read",)}, "exposes other scopes already (read)"),
    (("--app", APP, "--installs"), {"app": ""}, "there is no app registration"),
    (("--app", APP, "--installs"), {"role": ""}, "has no permission"),
    (("--app", APP, "--everything"), {}, "unknown: --everything"),
], ids=lambda one: str(one)[:30])  # fmt: skip
def test_what_cannot_be_done_is_said_and_nothing_is_changed(tmp_path, arguments, facts, said):
    ran = run(tmp_path, *arguments, "--apply", **facts)
    assert (ran.code, ran.changes) == (2, [])
    assert said in ran.err
