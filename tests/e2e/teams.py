"""A course whose reminders go to Teams, and what is shown there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.e2e.as_it_was import played_once
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan
from tests.e2e.seats import ANNA, answer

if TYPE_CHECKING:
    from tests.e2e.driver import World

APP = "11111111-2222-4333-8444-555555555555"
BOTH = {"ada": "Ada Prøve", "bea": "Bea Prøve", "cia": "Cia Prøve"}
AUDIENCES: dict[str, Any] = {"ledere": {"groups": ["proeve@norddjurs.example"], "people": [{"email": ANNA}]}}


def rule(*channels: str, **changes: Any) -> dict[str, Any]:
    return {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "template": "practical"} | {
        "channels": list(channels), **changes,
    }  # fmt: skip


@played_once
def begin(world: World, *rules: dict[str, Any], courses: tuple[dict[str, Any], ...] = (), **more: Any) -> None:
    """Ada, Bea and Cia of the directory, and Anna from outside, are coming; Cia has no app. It is the morning a week before."""
    for name, shown in BOTH.items():
        world.tenant.directory.add_person(shown, mail_of(name), "koncernledelse@norddjurs.example")
    world.tenant.teams.installed |= {user.id for user in map(world.tenant.directory.find_user, map(mail_of, ("ada", "bea"))) if user}
    world.tenant.directory.add_group("Prøve", "proeve@norddjurs.example", members=map(mail_of, BOTH))
    webhook = world.base_url.replace("/v1.0", "/webhooks/ledere?sig=hemmeligt")
    world.settings = {"TEAMS__APP_ID": APP, "TEAMS__CHANNELS": json.dumps({"ledere": webhook})}
    listed = courses or (make_course("kursus", teams_channel="ledere"),)
    world.write(make_plan(*listed, audiences=AUDIENCES, reminders=list(rules), **more))
    world.sync()
    for course in listed:
        for person in (*map(mail_of, BOTH), ANNA):
            answer(world, f"{course['id']}/dag", person, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")


def feed(world: World) -> list[tuple[str, str]]:
    return [(item.to.partition("@")[0], item.text) for item in world.tenant.teams.all_items()]
