"""`python -m tests.playground PLAYGROUND [--shots FOLDER] [--stay]`: a leader lives through a course in Microsoft's own client.

PLAYGROUND is the folder in which `npm i @microsoft/m365agentsplayground` was run. A municipality of made-up people, its
service and the bot are begun on this machine; the Playground is shown to the bot by `tests/playground/bridge.py` and driven in
Chromium as somebody new would: hello, help, my courses, what is coming, the course, sign up, and give the seat up. What
is seen is told step by step, and photographed. `--stay`: leave it open at the end, to go on by hand.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from bot.web.server import serving
from jobs.registry import JOBS
from jobs.service import app_of
from tests.builders.browsers import SWITCHES
from tests.builders.signing_in import free_port
from tests.e2e.driver import new_world
from tests.e2e.in_teams import APP_ID, BOT_SECRET, TENANT, leaders
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.service_driver import at_work, settings_for
from tests.playground.bridge import Bridge, bridge_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

SEATS = {"mode": "signup", "capacity": 5, "waiting_list": True, "handover": True}
SECRET = "en hemmelighed for siderne, som ingen andre har"
FAILED = 400
PATIENCE_MS = 6_000


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.playground", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("playground", type=Path)
    parser.add_argument("--shots", type=Path, default=Path(tempfile.gettempdir()) / "playground")
    parser.add_argument("--stay", action="store_true")
    given = parser.parse_args()
    program = given.playground / "node_modules" / ".bin" / "agentsplayground"
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program.exists() or browser is None:
        sys.stderr.write(f"needs Chromium and {program}: npm i @microsoft/m365agentsplayground\n")
        return 2
    given.shots.mkdir(parents=True, exist_ok=True)
    return asyncio.run(played(program.resolve(), browser, given.shots, stay=given.stay))


async def played(program: Path, browser: str, shots: Path, *, stay: bool) -> int:
    """The whole scene; 1 where a step was not seen or a request failed."""
    bot_port, bridge_port, port = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder, new_world(Path(folder), leaders=20) as world:
        everybody = leaders(world, 3)
        course = make_course("kursus", make_session(day="2025-06-18"), title="Psykologisk tryghed", enrolment=SEATS)
        other = make_course("andet", make_session(day="2025-09-03"), title="Økonomi for ledere")
        world.write(make_plan(course, other, audiences=people(*everybody)))
        user = world.tenant.directory.find_user(everybody[0])
        assert user is not None
        home = f"http://127.0.0.1:{bridge_port}"
        bridge = Bridge(
            home=home,
            bot=f"http://127.0.0.1:{bot_port}/bot/messages",
            playground=f"http://127.0.0.1:{port}",
            app_id=APP_ID,
            tenant_id=TENANT,
            person={"aadObjectId": user.id, "name": user.display_name, "email": user.mail or ""},
        )
        bot = {"app_id": APP_ID, "app_secret": BOT_SECRET, "tenant_id": TENANT, "sandbox_url": home}
        web = {"base_url": f"http://127.0.0.1:{bot_port}", "secret_key": SECRET, "port": bot_port}
        async with at_work(settings_for(world, web=web, bot=bot)) as service:
            with serving(app_of(service), host="127.0.0.1", port=bot_port), serving(bridge_app(bridge), host="127.0.0.1", port=bridge_port):
                for label in service.plans.shelves:
                    await service.runner.run(label, JOBS["sync_plan"])
                told = await asyncio.to_thread(_in_browser, program, browser, port, home, shots, bridge, stay)
                rows = service.stores.answers.load_registrations("demo")
        stands = sorted((row.course, row.status.value, row.source.value) for row in rows if row.email == user.mail)
    say("\nWhat went through, with the status it got:")
    for what, status, *_ in bridge.told:
        say(f"  {status}  {what}")
    say(f"\nAnd in the books: {stands}")
    return 1 if told or any(status >= FAILED for _, status, *_ in bridge.told) else 0


def _in_browser(program: Path, browser: str, port: int, home: str, shots: Path, bridge: Bridge, stay: bool) -> list[str]:
    """What was not seen."""
    # It writes a log of its own where it stands.
    command = [str(program), "-e", f"{home}/api/messages", "-c", "msteams", "-p", str(port), "--disable-telemetry"]
    with (shots / "playground.log").open("wb") as log, subprocess.Popen(command, cwd=shots, stdout=log, stderr=log) as client:
        try:
            with sync_playwright() as playwright:
                opened = playwright.chromium.launch(executable_path=browser, args=SWITCHES)
                try:
                    return _story(opened.new_page(viewport={"width": 1280, "height": 1400}), port, shots, bridge, stay)
                finally:
                    opened.close()
        finally:
            client.terminate()


def _story(page: Page, port: int, shots: Path, bridge: Bridge, stay: bool) -> list[str]:
    missed: list[str] = []
    _open(page, f"http://127.0.0.1:{port}/")
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not bridge.told and time.monotonic() < deadline:
        page.wait_for_timeout(100)

    def seen(step: str, *words: str) -> None:
        lacks = []
        for word in words:
            try:
                page.get_by_text(word).last.wait_for(timeout=PATIENCE_MS)
            except PlaywrightError:
                lacks.append(word)
        page.wait_for_timeout(600)
        number = len(list(shots.glob("*.png"))) + 1
        page.screenshot(path=shots / f"{number:02}-{step}.png")
        say(f"{'ok  ' if not lacks else 'MISS'} {step}" + (f": {lacks}" if lacks else ""))
        missed.extend(lacks)

    def write(line: str) -> None:
        box = page.get_by_role("textbox").last
        box.click()
        box.fill(line)
        box.press("Enter")

    def press(title: str) -> None:
        page.get_by_role("button", name=title).last.click(timeout=PATIENCE_MS)

    for old in shots.glob("*.png"):
        old.unlink()
    write("hjælp")
    seen("hjælp", "Det kan jeg hjælpe med")
    write("mine kurser")
    seen("ingen-plads", "Du har ingen plads på noget kursus lige nu.")
    write("kommende")
    seen("kommende", "Psykologisk tryghed", "Økonomi for ledere")
    press("Åbn Psykologisk tryghed")
    seen("kurset", "5 ledige pladser")
    press("Tilmeld")
    seen("tilmeldt", "Du er tilmeldt Psykologisk tryghed", "4 ledige pladser")
    write("mine kurser")
    seen("mine-kurser", "Dine kurser")
    press("Åbn Psykologisk tryghed")
    seen("min-plads", "Giv pladsen til en kollega")
    press("Meld fra")
    seen("sikker", "Ja, meld mig fra")
    page.get_by_label("Hvorfor melder du fra?").last.fill("Jeg holder ferie")
    press("Ja, meld mig fra")
    seen("meldt-fra", "5 ledige pladser")
    write("hvad mangler jeg?")
    seen("mangler", "Økonomi for ledere")
    write("hvor står kaffen?")
    seen("andet", "Det forstod jeg ikke")
    if stay:
        input("The Playground is open; Enter ends it. ")
    return missed


def _open(page: Page, address: str) -> None:
    """The Playground takes a moment to listen."""
    for _ in range(100):
        try:
            page.goto(address)
        except PlaywrightError:
            page.wait_for_timeout(100)
        else:
            return
    raise TimeoutError(address)


if __name__ == "__main__":
    raise SystemExit(main())
