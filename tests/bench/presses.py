"""The benchmark's figures on the bot in Teams: what a press takes, and what a card costs that is brought unasked.

x  200 people press Tilmeld, four at a time, at one `serve`    presses a second, and how long they waited: median and 95th percentile
y  a reminder to 240 people and to 40, as cards and as mails   CPU of the whole process for each more

Teams waits five seconds for an answer; ours are to come within half a second. Everything is real but Teams: the token is checked, the
press decided in the books, the card drawn.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

import structlog

from bot.connector.chat import ConnectorChat
from bot.opening.stores import open_stores
from config.bot_settings import BotSettings
from tests.bench.rows import Figure, Row
from tests.builders.played_teams import PlayedTeams
from tests.e2e.driver import TOKEN, new_world, wait_until
from tests.e2e.in_teams import APP_ID, BOT_SECRET, TENANT, bot_settings, leaders
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

PEOPLE, FEW, AT_ONCE, SEATS, TITLE = 240, 40, 4, 60, "Psykologisk tryghed"
COURSE = make_course("kursus", title=TITLE, enrolment={"mode": "signup", "capacity": SEATS, "waiting_list": True})
REMINDER = {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "unanswered", "template": "please_answer"}
REMINDED = "2025-06-11T09:00:00+02:00"
LONGEST_SECONDS, PRESS = 0.5, "adaptiveCard/action"


def presses() -> Row:
    """Figure x."""
    with tempfile.TemporaryDirectory() as folder, new_world(Path(folder), leaders=400) as world:
        everybody = leaders(world, PEOPLE)
        world.write(make_plan(COURSE, audiences=people(*everybody)))
        world.tenant.settings.change({"messages_per_minute": 100_000})
        assert world.run("sync", "--yes").code == 0
        world.tenant.teams.installed.clear()
        teams = PlayedTeams(world.base_url)
        with _serving(world) as (home, pid):
            teams.listen_at(f"{home}/bot/messages", app_id=APP_ID, secret=BOT_SECRET, tenant_id=TENANT)
            wait_until(lambda: teams.add(everybody[0])[0]["status"] == 200 if everybody[0] not in _added(world) else True)
            with ThreadPoolExecutor(AT_ONCE) as crowd:
                list(crowd.map(teams.add, everybody[1:]))
                list(crowd.map(lambda one: teams.write(one, TITLE), everybody))
                begun, spent = time.perf_counter(), _cpu_of(pid)
                seen = list(crowd.map(lambda one: teams.press(one, "decide", data={"kind": "choose"}), everybody))
                took, spent = time.perf_counter() - begun, _cpu_of(pid) - spent
        assert {one["error"] for one in seen} == {""}, {one["error"] for one in seen}
        waited = [one.seconds for one in world.tenant.chats.calls if one.activity.get("name") == PRESS][-PEOPLE:]
    median, worst = quantiles(waited, n=20)[9], quantiles(waited, n=20)[18]
    return Row(
        f"x  {PEOPLE} people press Tilmeld for {SEATS} seats, {AT_ONCE} at a time: {PEOPLE / took:.0f} presses a second; an answer after"
        f" {median * 1000:.0f} ms, 95th percentile {worst * 1000:.0f} ms   aim: at most {LONGEST_SECONDS * 1000:.0f} ms;"
        f" CPU of serve for each, with what follows {spent / PEOPLE * 1000:.0f} ms, {spent / took:.0%} of one core",
        (
            Figure(name="x press in Teams, 95th percentile ÷ half a second", value=worst / LONGEST_SECONDS, aim=1.0),
            Figure(name="x press in Teams, CPU of serve with what follows", value=spent / PEOPLE, unit="s"),
        ),
    )


def cards() -> Row:
    """Figure y."""
    (many, mailed), (few, few_mailed) = (_announced(count) for count in (PEOPLE, FEW))
    card, mail = ((more - less) / (PEOPLE - FEW) for more, less in ((many, few), (mailed, few_mailed)))
    return Row(
        f"y  a card in a chat: {card * 1000:.1f} ms CPU of the whole process, the same as a mail {mail * 1000:.1f} ms: {card / mail:.2f}",
        (Figure(name="y card in a chat ÷ the same as a mail, CPU", value=card / mail),),
    )


def _announced(count: int) -> tuple[float, float]:
    """The CPU of reminding so many people: in their chats, and by mail."""
    found = []
    for by_chat in (True, False):
        rule = REMINDER | {"channels": ["teams" if by_chat else "mail"]}
        with tempfile.TemporaryDirectory() as folder, new_world(Path(folder), leaders=400) as world:
            asked = leaders(world, count)
            world.write(make_plan(make_course("kursus"), audiences=people(*asked), reminders=[rule]))
            assert world.run("sync", "--yes").code == 0
            world.move_clock(REMINDED)
            world.tenant.settings.change({"messages_per_minute": 100_000, "bot_requests_per_second": 100_000})
            PlayedTeams(world.base_url).listen_at("", app_id=APP_ID, secret=BOT_SECRET, tenant_id=TENANT)
            if by_chat:
                asyncio.run(_open_chats(world, asked))
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            command = [sys.executable, "-m", "bot.cli.main", "--plan", str(world.plan_file), "send"]
            subprocess.run(command, env=_environment(world, "http://127.0.0.1:1"), check=True, capture_output=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            found.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            shown = sum(len(one.shown) for one in world.tenant.chats.conversations.values())
            assert shown == (count if by_chat else 0), shown
    return found[0], found[1]


async def _open_chats(world: World, asked: list[str]) -> None:
    # A command in this process leaves structlog as it comes, which says everything.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    chat = ConnectorChat(BotSettings(**bot_settings(world)))
    with open_stores(settings_for(world)) as stores:
        async with chat.connected():
            for one in asked:
                user = world.tenant.directory.find_user(one)
                world.tenant.teams.installed.add(user.id)
                stores.conversations.save(replace(await chat.open(user.id), email=one))


def _added(world: World) -> set[str]:
    users = world.tenant.directory.users
    return {users[one].mail for one in world.tenant.teams.installed}


@contextlib.contextmanager
def _serving(world: World) -> Iterator[tuple[str, int]]:
    """Its address and its process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = f"http://127.0.0.1:{port}"
    environment = _environment(world, home) | {"KURSUSBOT_WEB__PORT": str(port), "KURSUSBOT_PLAN": str(world.plan_file)}
    command = [sys.executable, "-m", "bot.cli.main", "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _listens(port), seconds=60)
            yield home, process.pid
        finally:
            process.terminate()


def _cpu_of(pid: int) -> float:
    """Seconds that a process has computed so far, all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _environment(world: World, home: str) -> dict[str, str]:
    bot = {f"KURSUSBOT_BOT__{name.upper()}": str(value) for name, value in bot_settings(world).items()}
    return {**os.environ, **bot} | {
        "KURSUSBOT_DATABASE_URL": f"sqlite:///{world.database_file}",
        "KURSUSBOT_GRAPH__BASE_URL": world.base_url,
        "KURSUSBOT_GRAPH__CREDENTIAL": "static_token",
        "KURSUSBOT_GRAPH__STATIC_TOKEN": TOKEN,
        "KURSUSBOT_WEB__BASE_URL": home,
        "KURSUSBOT_WEB__SECRET_KEY": "a-secret-of-chance-for-the-bench-0123456789",
        "KURSUSBOT_NOW": world.now.isoformat(),
        "KURSUSBOT_APPROVAL": "limits",
        "KURSUSBOT_LOG__LEVEL": "error",
    }
