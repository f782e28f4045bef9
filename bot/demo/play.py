"""Playing the whole story: the sandbox tenant, the stage and the narrator put together, from start to end."""

from __future__ import annotations

import secrets
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.demo.control import ControlPlane
from bot.demo.stage import PLAN_ZONE, Stage
from bot.demo.story import CHANNEL, HABITS, SCRIPTS, STORY
from bot.demo.telling import Narrator
from bot.domain.times import instant
from bot.i18n.catalogue import text
from bot.registrations.export import registrations_xlsx
from bot.sandbox.behaviour import Behaviour
from bot.sandbox.http import VERSION
from bot.sandbox.municipality import municipality
from bot.sandbox.serve import TOKEN, running_sandbox
from bot.sandbox.webhooks import WEBHOOK_PATH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.demo.performed import Performed
    from bot.domain.changes import Applied
    from bot.domain.people import Language

TEAMS_APP = "11111111-2222-4333-8444-555555555555"
LATENCY_MS = 3.0  # so that requests overlap, as they do in the world
HOME = "https://kurser.norddjurs.example"
"""Where the pages would be that mails lead to."""


class Screen(Protocol):
    """Where it is shown: pages by `print`, what is being worked on in between by `progress`."""

    def print(self, page: str) -> None:
        """Show a page."""

    def progress(self, line: str) -> None:
        """Show what is being done, in place of the line before; an empty line takes it away."""


async def play(
    screen: Screen, *, language: Language, leaders: int, write: Callable[[str, bytes], None] | None
) -> bool:
    """Play the story among so many leaders; True when all came true.

    `write(name, content)` keeps the workbook and the plan; without it they go with the temporary folder.
    """
    tenant = municipality(leaders=leaders, now=instant(STORY[0].at, PLAN_ZONE))
    tenant.settings.latency_ms = LATENCY_MS
    Behaviour(tenant, habits=HABITS, scripts=SCRIPTS)
    with running_sandbox(tenant) as base_url, tempfile.TemporaryDirectory(prefix="kursusbot-demo-") as folder:
        return await _play(screen, base_url, Path(folder), language, leaders, write)


async def _play(
    screen: Screen,
    base_url: str,
    folder: Path,
    language: Language,
    leaders: int,
    write: Callable[[str, bytes], None] | None,
) -> bool:
    control, narrator = ControlPlane(base_url), Narrator(language, len(STORY))
    title = ""

    def told(done: Sequence[Applied], of: int) -> None:
        screen.progress(f"{title}  {text(language, 'demo.changes', done=len(done), of=of)}")

    stage = Stage(
        control=control,
        graph={"base_url": base_url, "credential": "static_token", "static_token": TOKEN},
        web={"base_url": HOME, "secret_key": secrets.token_hex(32)},
        teams={
            "app_id": TEAMS_APP,
            "channels": {CHANNEL: base_url.removesuffix(VERSION) + f"{WEBHOOK_PATH}/{CHANNEL}"},
        },
        folder=folder,
        plan_text=files("config").joinpath("plans", "norddjurs.yaml").read_text(encoding="utf-8"),
        language=language,
        leaders=leaders,
        told=told,
    )
    screen.print(narrator.opening())
    story: list[Performed] = []
    for number, step in enumerate(STORY, 1):
        name = text(language, f"demo.step.{step.id}.title")
        title = text(language, "demo.progress", number=number, steps=len(STORY), title=name)
        screen.progress(title)
        story.append(await stage.perform(step))
        screen.progress("")
        screen.print(narrator.page(story[-1]))
    most_in_flight = max(control.fetch_state()["most_in_flight"].values(), default=0)
    screen.print(narrator.summary(story, most_in_flight=most_in_flight))
    plan, registrations, strangers = await stage.load_registrations(STORY[-1].at)
    workbook = folder / text(language, "demo.workbook")
    workbook.write_bytes(registrations_xlsx(registrations, plan, language, strangers))
    if write is None:
        screen.print(text(language, "demo.workbook_dropped", kilobytes=round(workbook.stat().st_size / 1000)))
    else:
        for file in (workbook, stage.plan_file):
            write(file.name, file.read_bytes())
    broken = sum(len(performed.disappointments) for performed in story)
    screen.print(text(language, "demo.unwell", count=broken) if broken else text(language, "demo.well"))
    return not broken
