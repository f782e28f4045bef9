"""The tenant of the demonstration has a mailbox for everybody whom the plan's reports and lists go to."""

from __future__ import annotations

from importlib.resources import files

import httpx
import yaml

from bot.demo.living import set_scene
from bot.domain.people import Language
from bot.sandbox.serve import TOKEN


def test_whoever_is_written_to_has_a_mailbox() -> None:
    """Who looks after a course, the plan's contact, and those who sign in and send a list to themselves."""
    plan = yaml.safe_load(files("config").joinpath("plans", "norddjurs.yaml").read_text(encoding="utf-8"))
    written = [plan["contact"], *(course.get("responsible", ()) for course in plan["courses"])]
    addresses = {one for said in written for one in ([said] if isinstance(said, str) else said)}
    with set_scene(Language.DA, 20, {"base_url": "http://127.0.0.1:1", "secret_key": "a-secret-of-chance-for-links-0123456789"}) as scene:
        addresses |= {account.address for account in scene.people}
        asked = {"base_url": scene.settings["graph"]["base_url"], "headers": {"Authorization": f"Bearer {TOKEN}"}}
        with httpx.Client(**asked) as graph:
            without = [one for one in sorted(addresses) if graph.get(f"users/{one}").status_code != 200]
    assert without == []
