"""Setting Teams up: the app's package, the settings, and what `doctor` says of them."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from tests.e2e.examined import examined
from tests.e2e.plans import make_course, make_plan
from tests.e2e.teams import APP, rule

if TYPE_CHECKING:
    from tests.e2e.driver import World

CLIENT = "99999999-2222-4333-8444-555555555555"
READY = {"TEAMS__APP_ID": APP, "GRAPH__CLIENT_ID": CLIENT}
WEBSITE = ("--website", "https://www.demokommunen.example")
LOGIC = "https://prod-9.westeurope.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=hemmeligt"
POWER = "https://default.1.environment.api.powerplatform.com:443/powerautomate/automations/direct/workflows/1?sig=hemmeligt"
WORKFLOW = "https://prod-1.logic.example/workflows/1?sig=hemmeligt"


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a picture whose parts are whole."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, content = 8, b""
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        part = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + part)
        content += part if kind == b"IDAT" else b""
        at += 12 + length
    width, height = struct.unpack(">II", png[16:24])
    assert len(zlib.decompress(content)) == height * (width * 4 + 1)
    return width, height


def test_the_package_is_made_of_the_settings_and_the_plan_s_names(world: World) -> None:
    world.write(make_plan(make_course()))
    ran = world.run("teams-app", "kurser.zip", *WEBSITE, **READY)
    assert (ran.code, ran.requests, "kurser.zip er skrevet" in ran.out) == (0, (), True)
    content = (world.folder / "kurser.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.namelist() == ["manifest.json", "en.json", "color.png", "outline.png"]
        manifest = json.loads(package.read("manifest.json"))
        assert [size_of(package.read(manifest["icons"][kind])) for kind in ("color", "outline")] == [(192, 192), (32, 32)]
    assert (manifest["id"], manifest["webApplicationInfo"]["id"]) == (APP, CLIENT)
    assert manifest["name"] == {"short": "Kurser", "full": "Kurser i Demokommunen"}
    assert tuple(map(int, manifest["manifestVersion"].split("."))) >= (1, 7)
    assert manifest["authorization"]["permissions"]["resourceSpecific"] == [{"name": "TeamsActivity.Send.User", "type": "Application"}]
    assert "$" not in json.dumps({name: value for name, value in manifest.items() if name != "$schema"})
    assert (len(manifest["name"]["short"]) <= 30, len(manifest["description"]["short"]) <= 80) == (True, True)
    assert all(len(one["description"]) <= 128 and len(one["type"]) <= 32 for one in manifest["activities"]["activityTypes"])
    assert manifest["version"] in ran.out
    world.move_clock("2025-03-05T09:00:00+01:00")
    world.run("teams-app", "igen.zip", *WEBSITE, **READY)
    assert (world.folder / "igen.zip").read_bytes() == content


def version_in(world: World, *options: str, **settings: str) -> tuple[int, ...]:
    world.run("teams-app", "kurser.zip", *options, **{**READY, **settings})
    with zipfile.ZipFile(io.BytesIO((world.folder / "kurser.zip").read_bytes())) as package:
        return tuple(map(int, json.loads(package.read("manifest.json"))["version"].split(".")))


def test_whatever_changes_in_the_package_has_a_higher_version_also_the_way_back(world: World) -> None:
    world.write(make_plan(make_course()))
    other = ("--website", "https://andet.demokommunen.example")
    versions = [version_in(world, *website) for website in (WEBSITE, WEBSITE, other, WEBSITE)]
    assert versions[0] == versions[1] < versions[2] < versions[3]
    # Nobody remembers: the day is in it.
    world.move_clock("2025-03-05T09:00:00+01:00")
    world.lose_database()
    assert version_in(world, *WEBSITE) > versions[3]


@pytest.mark.parametrize(
    ("settings", "options", "named"),
    [
        ({"GRAPH__CLIENT_ID": CLIENT}, WEBSITE, "KURSUSBOT_TEAMS__APP_ID"),
        ({"TEAMS__APP_ID": APP}, WEBSITE, "KURSUSBOT_GRAPH__CLIENT_ID"),
        (READY, (), "KURSUSBOT_WEB__BASE_URL"),
        (READY, ("--website", "http://www.demokommunen.example"), "--website https"),
    ],
)
def test_what_the_package_lacks_is_named(world: World, settings: dict[str, str], options: tuple[str, ...], named: str) -> None:
    world.write(make_plan(make_course()))
    ran = world.run("teams-app", "kurser.zip", *options, **settings)
    assert (ran.code, named in ran.err, (world.folder / "kurser.zip").exists()) == (2, True, False)


@pytest.mark.parametrize(
    "settings",
    [
        {"TEAMS__APP_ID": "kurser"},
        {"TEAMS__CHANNELS": '{"ledere": "http://logic.example/hemmeligt"}'},
        {"TEAMS__CHANNELS": '{"ledere": "hemmeligt"}'},
        {"TEAMS__CHANNELS": '{"ledere": "https://[hemmeligt"}'},
        {"TEAMS__CHANNELS": '{"ledere": "https://xn--/hemmeligt"}'},
        {"TEAMS__CHANNELS": '{"ledere": "https://logic..example/hemmeligt"}'},
        {"TEAMS__CHANNELS": '{"ledere": "https://logic.example:port/hemmeligt"}'},
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_and_its_secret_kept(world: World, settings: dict[str, str]) -> None:
    world.write(make_plan(make_course()))
    ran = world.run("reminders", **settings)
    assert (ran.code, next(iter(settings)).partition("__")[0] in ran.err, "hemmeligt" in ran.out + ran.err) == (2, True, False)


def test_doctor_says_what_the_plan_asks_for_and_the_settings_lack(world: World) -> None:
    world.write(make_plan(make_course(teams_channel="ledere"), make_course("andet"), reminders=[rule("teams", "channel")]))
    found = examined(world, code=0)
    assert (found["feed"][0], "KURSUSBOT_TEAMS__APP_ID" in found["feed"][1]) == ("unknown", True)
    rows = {row["subject"]: row for row in world.run("doctor", "--format", "json").json["checks"] if row["check"] == "channel"}
    assert {name: row["state"] for name, row in rows.items()} == {"": "unknown", "ledere": "unknown"}
    assert "KURSUSBOT_TEAMS__CHANNELS" in rows["ledere"]["message"]


def test_doctor_finds_a_set_up_in_order_without_sending_anything(world: World) -> None:
    world.write(make_plan(make_course(teams_channel="ledere"), reminders=[rule("teams", "channel")]))
    channels = json.dumps(
        {"ledere": WORKFLOW, "gammel": "https://kommune.webhook.office.com/webhookb2/hemmeligt", "forrige": LOGIC, "ny": POWER}
    )
    ran = world.run("doctor", "--format", "json", TEAMS__APP_ID=APP, TEAMS__CHANNELS=channels)
    rows = {(row["check"], row["subject"]): row["state"] for row in ran.json["checks"]}
    assert (ran.code, ran.writes, world.tenant.teams.posts) == (0, (), [])
    assert (rows["channel", "ledere"], rows["channel", "gammel"], rows["feed", ""]) == ("ok", "unknown", "unknown")
    assert (rows["channel", "forrige"], rows["channel", "ny"]) == ("unknown", "ok")
    assert "hemmeligt" not in ran.out + ran.err
    rejected = world.run("doctor", "--format", "json", TEAMS__APP_ID=APP, GRAPH__STATIC_TOKEN="another-secret-5512")
    assert rejected.code == 4
