"""The scripts that set Microsoft 365 up: they change nothing unless told to, and never grant what reaches every mailbox.

`az` is a program of ours that records how it was called; there is no PowerShell here, so of the other script only the text is held.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.graph.errors import PERMISSIONS
from tests.architecture.pages import DOCS, quoted, rows
from tests.architecture.sources import ROOT

ENTRA, EXCHANGE = ROOT / "config/deploy/setup-entra.sh", ROOT / "config/deploy/setup-exchange.ps1"
BESIDE = ROOT / "config/deploy/kursusbot-beside"
BOT = ROOT / "config/deploy/setup-bot.sh"
GRAPH = "00000003-0000-0000-c000-000000000000"
ROLES = {
    "GroupMember.Read.All": "role-group",
    "User.Read.All": "role-user",
    "Files.Read.All": "role-files",
    "Place.Read.All": "role-places",
    "Mail.Send": "role-mail",
    "Files.SelectedOperations.Selected": "role-file",
    "Sites.Selected": "role-site",
}
FAKE = """#!{python}
import json, os, sys
given = sys.argv[1:]
with open(os.environ["AZ_CALLS"], "a") as calls:
    calls.write(json.dumps(given) + "\\n")
state = json.load(open(os.environ["AZ_STATE"]))
words = " ".join(given)
if "create" in given and "app" in given:
    state["apps"] = ["app-1"]
    json.dump(state, open(os.environ["AZ_STATE"], "w"))
elif words.startswith("account show"):
    print("tenant-1")
elif words.startswith("ad app list"):
    assert given[given.index("--filter") + 1] == "displayName eq '" + state["name"] + "'", given
    print("\\n".join(state["apps"]))
elif words.startswith("cloud show"):
    print("https://graph.example/")
elif words.startswith("ad sp list"):
    print("\\n".join(state["principals"]))
elif words.startswith("rest --method post"):
    sys.exit(state["granting"])
elif words.startswith("rest"):
    assert given[given.index("--url") + 1] == "https://graph.example/v1.0/servicePrincipals/object-1/appRoleAssignments", given
    print("\\n".join(state["consented"]))
elif words.startswith("ad app permission list"):
    print("\\n".join(state["granted"]))
elif words.startswith("ad sp show") and "appRoles[].[id" in words:
    print("\\n".join(f"{{number}}\\t{{name}}" for name, number in state["roles"].items()))
elif words.startswith("ad sp show") and "appRoles[?" in words:
    print(state["roles"].get(words.split("'")[1], ""))
elif words.startswith("ad sp show"):
    print("object-1")
"""
READING = {"show", "list", "get"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str
    calls: list[list[str]]

    @property
    def changes(self) -> list[list[str]]:
        return [call for call in self.calls if READING.isdisjoint(call)]


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    path = tmp_path / "public.pem"
    path.write_text("-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n", encoding="utf-8")
    return path


def entra(tmp_path: Path, *arguments: str, apps: tuple[str, ...] = (), **facts: object) -> Ran:
    """`facts`: of the app, the roles it asks for (`granted`) and has (`consented`), its `principals`, and its `name` as a filter has it."""
    folder, calls, state = tmp_path / "bin", tmp_path / "calls", tmp_path / "state"
    folder.mkdir(exist_ok=True)
    (folder / "az").write_text(FAKE.format(python=sys.executable), encoding="utf-8")
    (folder / "az").chmod(0o755)
    calls.write_text("", encoding="utf-8")
    known = {"name": "kursusbot", "granted": (), "consented": (), "principals": ("object-1",), "granting": 0}
    state.write_text(json.dumps({"apps": apps, "roles": ROLES, **known, **facts}), encoding="utf-8")
    environ = {"PATH": f"{folder}:{os.environ['PATH']}", "AZ_CALLS": str(calls), "AZ_STATE": str(state)}
    ran = subprocess.run(["bash", ENTRA, *arguments], capture_output=True, text=True, check=False, env=environ)
    return Ran(code=ran.returncode, out=ran.stdout, err=ran.stderr, calls=[json.loads(line) for line in calls.read_text().splitlines()])


def test_shellcheck_has_nothing_to_say():
    """Of this script, and of those that set up and check the project."""
    checker = Path(sys.executable).parent / "shellcheck"
    checked = subprocess.run(
        [checker, ENTRA, BOT, BESIDE, ROOT / ".ci/setup", ROOT / ".ci/run"], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.parametrize("apps", [(), ("app-1",)], ids=["a new tenant", "the app is there"])
def test_nothing_is_changed_without_apply(tmp_path, certificate, apps):
    """It reads, and says each command that it would give."""
    ran = entra(tmp_path, "--certificate", str(certificate), apps=apps)
    assert (ran.code, ran.err, ran.changes) == (0, "", [])
    assert ran.calls
    assert ran.out.count("would do: az ad") == (6 if not apps else 4)
    assert "Nothing was changed" in ran.out


def test_apply_makes_the_app_with_its_certificate_and_two_permissions(tmp_path, certificate):
    """And tells the settings and the next step."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--apply")
    assert ran.code == 0, ran.err
    assert ran.changes == [
        ["ad", "app", "create", "--display-name", "kursusbot", "--sign-in-audience", "AzureADMyOrg"],
        ["ad", "sp", "create", "--id", "app-1"],
        ["ad", "app", "credential", "reset", "--id", "app-1", "--cert", f"@{certificate}", "--append"],
        *(
            ["ad", "app", "permission", "add", "--id", "app-1", "--api", GRAPH, "--api-permissions", f"{ROLES[name]}=Role"]
            for name in ("GroupMember.Read.All", "User.Read.All")
        ),
        ["ad", "app", "permission", "admin-consent", "--id", "app-1"],
    ]
    assert "KURSUSBOT_GRAPH__CLIENT_ID=app-1" in ran.out
    assert "-AppId app-1 -ObjectId object-1" in ran.out


def test_a_second_time_makes_no_second_app_and_files_are_asked_for_by_name(tmp_path, certificate):
    """The certificate is added beside the old one."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--files", "--rooms", "--apply", apps=("app-1",))
    assert ran.code == 0, ran.err
    assert [call[:3] for call in ran.changes if "create" in call] == []
    assert any("role-files=Role" in call for call in ran.changes)
    assert any("role-places=Role" in call for call in ran.changes)


FILE, SITE = "drives/b!AbC-d_e/items/01ABC", "kommune.sharepoint.example:/sites/hr"
SITE_ID = "kommune.sharepoint.example,2c712604-1370-44e7-a1f5-426573fda80a,2d2244c3-251a-49ea-93a8-39e1c3a060fe"
NAMED = {"id": "app-1", "displayName": "kursusbot"}


@pytest.mark.parametrize(
    ("arguments", "role", "url", "body"),
    [
        (("--file", FILE), "role-file", FILE, {"grantedToV2": {"application": {"id": "app-1"}}}),
        (("--site", SITE), "role-site", f"sites/{SITE}:", {"grantedToIdentities": [{"application": NAMED}]}),
        (("--site", SITE_ID), "role-site", f"sites/{SITE_ID}", {"grantedToIdentities": [{"application": NAMED}]}),
    ],
)
def test_a_plan_in_sharepoint_takes_a_right_to_read_one_file_or_one_site(tmp_path, certificate, arguments, role, url, body):
    """Said first; the permission alone reaches nothing, so it is granted there as well."""
    said = entra(tmp_path, "--certificate", str(certificate), *arguments)
    assert (said.code, said.changes) == (0, [])
    assert f"https://graph.example/v1.0/{url}/permissions" in shlex.split(said.out)
    ran = entra(tmp_path, "--certificate", str(certificate), *arguments, "--apply")
    assert ran.code == 0, ran.err
    assert any(f"{role}=Role" in call for call in ran.changes)
    assert not any("role-files=Role" in call for call in ran.changes)
    grant = ran.changes[-1]
    assert grant[grant.index("--url") + 1] == f"https://graph.example/v1.0/{url}/permissions"
    assert json.loads(grant[grant.index("--body") + 1]) == {"roles": ["read"], **body}
    assert ("KURSUSBOT_PLAN=" in ran.out) is (role == "role-file")


def test_a_grant_that_the_cli_may_not_make_is_left_to_somebody_who_may(tmp_path, certificate):
    """All else is done and told, and the request stands there whole."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--file", FILE, "--apply", granting=1)
    assert ran.code == 1
    assert "KURSUSBOT_GRAPH__CLIENT_ID=app-1" in ran.out
    assert "still to do" in ran.err
    assert f"POST https://graph.example/v1.0/{FILE}/permissions" in ran.err
    assert json.loads(ran.err.splitlines()[-1])["roles"] == ["read"]


def test_what_reaches_every_mailbox_stops_it(tmp_path, certificate):
    """Grants add up: Exchange's scope would restrict nothing."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--apply", apps=("app-1",), granted=("role-user", "role-mail"))
    assert (ran.code, ran.changes) == (2, [])
    assert "Mail.Send in Entra, which reaches every mailbox" in ran.err


def test_what_was_consented_to_stops_it_though_the_app_does_not_ask_for_it(tmp_path, certificate):
    """An assignment counts, whatever the registration lists."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--apply", apps=("app-1",), consented=("role-group", "role-mail"))
    assert (ran.code, ran.changes) == (2, [])
    assert "Mail.Send in Entra, which reaches every mailbox" in ran.err


def test_an_app_without_its_service_principal_gets_one(tmp_path, certificate):
    """The run before was cut off between the two."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--apply", apps=("app-1",), principals=())
    assert ran.code == 0, ran.err
    assert ran.changes[0] == ["ad", "sp", "create", "--id", "app-1"]


def test_a_name_is_found_as_it_is(tmp_path, certificate):
    """Not those that begin with it, and an apostrophe ends no text."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--name", "Per's", name="Per''s")
    assert ran.code == 0, ran.err


def test_for_workload_identity_the_cluster_vouches_and_no_certificate_is_given(tmp_path):
    """The command is said, because issuer and namespace are the cluster's."""
    ran = entra(tmp_path, "--no-certificate", "--apply")
    assert ran.code == 0, ran.err
    assert [call for call in ran.changes if "credential" in call] == []
    assert "KURSUSBOT_GRAPH__CREDENTIAL=workload_identity" in ran.out
    (line,) = [one for one in ran.out.splitlines() if "federated-credential create --id app-1" in one]
    assert json.loads(shlex.split(line)[-1])["subject"] == "system:serviceaccount:NAMESPACE:kursusbot"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--certificate is missing"),
        (("--certificate", "x", "--no-certificate"), "not both"),
        (("--certificate", "/nowhere.pem"), "cannot be read"),
        (("--everything",), "unknown: --everything"),
        (("--file", "https://kommune.sharepoint.example/x"), "drives/DRIVE/items/ITEM"),
        (("--site", "hr"), "HOST:/sites/NAME"),
        (("--file", FILE, "--site", SITE), "not both"),
        (("--file", FILE, "--files"), "would restrict nothing"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_asked(tmp_path, arguments, told):
    """No call at all."""
    ran = entra(tmp_path, *arguments)
    assert (ran.code, ran.calls) == (2, [])
    assert told in ran.err


def test_a_private_key_is_not_sent(tmp_path, certificate):
    """Whoever has it can sign in."""
    certificate.write_text("-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----\n", encoding="utf-8")
    ran = entra(tmp_path, "--certificate", str(certificate), "--apply")
    assert (ran.code, ran.calls) == (2, [])
    assert "private key" in ran.err


def test_two_apps_of_the_name_are_not_guessed_between(tmp_path, certificate):
    """The wrong one could be another department's."""
    ran = entra(tmp_path, "--certificate", str(certificate), "--apply", apps=("app-1", "app-2"))
    assert (ran.code, ran.changes) == (2, [])


def test_exchange_is_changed_only_in_steps_that_ask_for_apply():
    """Every cmdlet that changes something stands within a `Step`, and `Step` does it under `$Apply` alone."""
    source = EXCHANGE.read_text(encoding="utf-8")
    body = source[source.index("param(") :]
    changing = [line for line in body.splitlines() if re.search(r"\b(New|Set|Add|Remove|Enable|Disable|Update)-(?!Strict)\w+", line)]
    assert len(changing) == 3
    assert [line for line in changing if not re.match(r'\s+Step "[^"]+" \{ New-\w+ .*\}$', line)] == []
    assert 'if ($Apply) { Write-Output "doing: $Told"; & $Action | Out-Null } else { Write-Output "would do: $Told" }' in body


def test_the_scripts_grant_what_the_pages_tell():
    """The table of the installation names nothing that no call needs, and the scripts nothing that the table has not."""
    table = rows(DOCS / "install.md", "feature", "in Entra", "in Exchange, for the one mailbox")
    in_entra, in_exchange = ({name for row in table for name in quoted(row[column])} for column in (1, 2))
    assert in_entra | in_exchange <= {permission for _, _, permission in PERMISSIONS} | {"Member.Read.Hidden"}
    asked = set(re.findall(r"\b[A-Z]\w+\.Read\w*(?:\.\w+)?\b", ENTRA.read_text(encoding="utf-8")))
    assert asked <= in_entra
    granted = {name.removeprefix("Application ") for name in re.findall(r"'(Application [\w.]+)'", EXCHANGE.read_text(encoding="utf-8"))}
    assert granted == in_exchange - {"Calendars.Read"}
    told = {name for row in rows(DOCS / "microsoft365.md", "command") for cell in row[1:] for name in quoted(cell)}
    assert (in_entra | in_exchange) - told == {"Member.Read.Hidden"}


def test_the_playground_can_be_begun(monkeypatch, tmp_path):
    """It is run by hand; without the Playground it says what is missing."""
    begun = importlib.import_module("tests.playground.__main__")
    monkeypatch.setattr("sys.argv", ["playground", str(tmp_path)])
    assert begun.main() == 2


def test_the_bench_can_be_begun():
    """It is run seldom, and names what everything else names: what was moved has to be found there too."""
    names = {measurement.letters for measurement in importlib.import_module("tests.bench.__main__").MEASUREMENTS}
    assert {"r", "s"} <= names
