"""The script that registers the bot: it changes nothing unless told to, and shows nobody the secret.

`az` and `npx` are programs of ours that record how they were called, and answer as Microsoft's do.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.bot_settings import BotSettings
from tests.architecture.sources import ROOT

SCRIPT = ROOT / "config/deploy/setup-bot.sh"
TENANT, APP, SECRET = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b", "hemmeligt~5512"
HOST = ("--host", "kurser.kommune.example")
ENDPOINT = "https://kurser.kommune.example/bot/messages"
AZURE = (*HOST, "--azure", "--resource-group", "hr")
IDENTITY = "/subscriptions/1/resourcegroups/hr/providers/Microsoft.ManagedIdentity/userAssignedIdentities/kurser"
FAKE = """#!{python}
import json, os, sys
given = [os.path.basename(sys.argv[0]), *sys.argv[1:]]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(given) + "\\n")
facts = json.loads(os.environ["FACTS"])
words = " ".join(given)
made = os.path.exists(os.environ["CALLS"] + ".made")
if given[0] == "npx":
    print("CLIENT_SECRET={secret}")
    with open(given[given.index("--env") + 1], "a") as file:
        file.write(facts["written"])
elif words.startswith("az ad app create"):
    open(os.environ["CALLS"] + ".made", "w").close()
elif words.startswith("az ad app list"):
    print("{app}" if made or facts["app"] else "")
elif words.startswith("az ad app credential reset"):
    print("{secret}")
elif words.startswith("az account show"):
    print("{tenant}")
elif words.startswith("az group show"):
    print("group-1") if facts["group"] else sys.exit(3)
elif words.startswith("az bot show"):
    print("bot-1") if facts["bot"] else sys.exit(3)
elif words.startswith("az identity show"):
    print("{app}")
"""
FACTS = {"app": False, "group": True, "bot": False, "written": f"CLIENT_ID={APP}\nCLIENT_SECRET={SECRET}\nTENANT_ID={TENANT}\n"}
READING = {"show", "list"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str
    calls: list[list[str]]
    settings: Path

    @property
    def changes(self) -> list[list[str]]:
        return [call for call in self.calls if READING.isdisjoint(call)]

    def read(self) -> BotSettings:
        pairs = (line.split("=", 1) for line in self.settings.read_text(encoding="utf-8").splitlines())
        return BotSettings(**{name.removeprefix("KURSUSBOT_BOT__").lower(): value for name, value in pairs})


def run(tmp_path: Path, *arguments: str, **facts: object) -> Ran:
    """`facts` of what is there: the app registration, the resource group, the bot, and what the Teams CLI writes."""
    folder, calls = tmp_path / "bin", tmp_path / "calls"
    folder.mkdir(exist_ok=True)
    for name in ("az", "npx"):
        (folder / name).write_text(FAKE.format(python=sys.executable, app=APP, secret=SECRET, tenant=TENANT), encoding="utf-8")
        (folder / name).chmod(0o755)
    calls.write_text("", encoding="utf-8")
    environ = {"PATH": f"{folder}:{os.environ['PATH']}", "CALLS": str(calls), "FACTS": json.dumps(FACTS | facts), "TMPDIR": str(tmp_path)}
    ran = subprocess.run(["bash", SCRIPT, *arguments], capture_output=True, text=True, check=False, env=environ)
    made = [json.loads(line) for line in calls.read_text(encoding="utf-8").splitlines()]
    return Ran(code=ran.returncode, out=ran.stdout, err=ran.stderr, calls=made, settings=tmp_path / "bot.env")


def applied(tmp_path: Path, *arguments: str, **facts: object) -> Ran:
    return run(tmp_path, *arguments, "--settings", str(tmp_path / "bot.env"), "--apply", **facts)


@pytest.mark.parametrize("way", [AZURE, (*AZURE, "--identity", IDENTITY), (*HOST, "--teams-managed")])
def test_nothing_is_changed_without_apply(tmp_path, way):
    """It says each command that it would give, with the address that Teams calls."""
    ran = run(tmp_path, *way)
    assert (ran.code, ran.err, ran.changes) == (0, "", [])
    assert "would do:" in ran.out
    assert ENDPOINT in ran.out
    assert "Nothing was changed" in ran.out


def test_an_azure_bot_is_of_one_tenant_free_and_in_teams(tmp_path):
    ran = applied(tmp_path, *AZURE)
    assert ran.code == 0, ran.err
    made = next(call for call in ran.changes if call[:3] == ["az", "bot", "create"])
    told = dict(zip(made[3::2], made[4::2], strict=True))
    assert told == {
        "--resource-group": "hr", "--name": "kursusbot-teams", "--appid": APP, "--app-type": "SingleTenant",
        "--tenant-id": TENANT, "--sku": "F0", "--endpoint": ENDPOINT,
    }  # fmt: skip
    assert ["az", "bot", "msteams", "create", "--resource-group", "hr", "--name", "kursusbot-teams"] in ran.changes
    assert ["az", "ad", "app", "create", "--display-name", "kursusbot-teams", "--sign-in-audience", "AzureADMyOrg"] in ran.changes


def test_a_managed_identity_takes_the_place_of_app_and_secret(tmp_path):
    ran = applied(tmp_path, *AZURE, "--identity", IDENTITY)
    assert ran.code == 0, ran.err
    assert [call for call in ran.changes if call[1] == "ad"] == []
    made = next(call for call in ran.changes if call[:3] == ["az", "bot", "create"])
    assert made[made.index("--app-type") :][:4] == ["--app-type", "UserAssignedMSI", "--msi-resource-id", IDENTITY]
    assert (ran.read().managed_identity, ran.read().app_secret) == (APP, None)


def test_teams_manages_a_bot_of_this_tenant_alone(tmp_path):
    ran = applied(tmp_path, *HOST, "--teams-managed")
    assert ran.code == 0, ran.err
    (made,) = ran.changes
    assert made[3:-2] == [
        "--yes", "--disable-auto-update", "app", "create", "--name", "kursusbot-teams", "--endpoint", ENDPOINT,
        "--teams-managed", "--sign-in-audience", "myOrg",
    ]  # fmt: skip
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("tmp.")] == []


@pytest.mark.parametrize("way", [AZURE, (*HOST, "--teams-managed")])
def test_the_settings_are_such_as_kursusbot_takes_and_the_secret_is_seen_by_nobody(tmp_path, way):
    ran = applied(tmp_path, *way)
    read = ran.read()
    assert (read.app_id, read.tenant_id, read.app_secret.get_secret_value()) == (APP, TENANT, SECRET)
    assert stat.S_IMODE(ran.settings.stat().st_mode) == 0o600
    assert SECRET not in ran.out + ran.err
    assert SECRET not in json.dumps(ran.calls)


@pytest.mark.parametrize(
    ("facts", "told"),
    [({"app": True}, "app registration"), ({"bot": True}, "a bot kursusbot-teams already"), ({"group": False}, "no resource group hr")],
)
def test_what_is_there_already_or_is_not_there_stops_it_before_anything_is_made(tmp_path, facts, told):
    ran = applied(tmp_path, *AZURE, **facts)
    assert (ran.code, ran.changes, told in ran.err) == (2, [], True)


def test_a_bot_of_which_nothing_was_written_is_told(tmp_path):
    ran = applied(tmp_path, *HOST, "--teams-managed", written="")
    assert (ran.code, "dev.teams.microsoft.com" in ran.err, ran.settings.exists()) == (2, True, False)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--host is missing"),
        (HOST, "--azure or --teams-managed is missing"),
        ((*AZURE, "--teams-managed"), "not both"),
        ((*HOST, "--azure"), "--resource-group is missing"),
        ((*HOST, "--teams-managed", "--resource-group", "hr"), "are the Azure Bot's"),
        (("--host", "https://kurser.kommune.example", "--teams-managed"), "a name alone"),
        ((*AZURE, "--identity", "kurser"), "whole id"),
        ((*AZURE, "--name", "Per's"), "--name has"),
        ((*AZURE, "--apply"), "--settings is missing"),
        ((*AZURE, "--everything"), "unknown: --everything"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_asked(tmp_path, arguments, told):
    ran = run(tmp_path, *arguments)
    assert (ran.code, ran.calls, told in ran.err) == (2, [], True)


def test_settings_that_are_there_are_not_written_over(tmp_path):
    (tmp_path / "bot.env").write_text("kept", encoding="utf-8")
    ran = applied(tmp_path, *AZURE)
    assert (ran.code, ran.calls, ran.settings.read_text(encoding="utf-8")) == (2, [], "kept")
