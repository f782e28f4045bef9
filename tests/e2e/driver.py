"""The program at work: a sandbox tenant, a plan file and a database file, and the command line run against them.

`World.run` runs a command in this process (fast, for the many), `World.start` as a process of its own (for the
few where the process matters). Both give what an outsider sees, exit code, stdout and stderr, and beside it
what the tenant saw meanwhile: the requests and the mails. The time is `NOW` everywhere until a test moves it.

Everything that was run and asked for is kept: the rules of `tests.e2e.rules` hold for all of it after each test.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import logging
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
import yaml

import bot.store.locks
from bot.cli.main import main
from bot.sandbox.municipality import DOMAIN, municipality
from bot.sandbox.serve import running_sandbox
from tests.e2e.program import start_program

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pytest

    from bot.sandbox.event_record import Event
    from bot.sandbox.journal import Entry
    from bot.sandbox.mail_log import Mail
    from bot.sandbox.tenant import Tenant
    from tests.e2e.program import Program

NOW = datetime.fromisoformat("2025-03-03T09:00:00+01:00")
TOKEN = "e2e-bearer-8d1f3c77a0"
STAMP = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.session"
REPOSITORY = Path(__file__).parents[2]
PATIENCE_SECONDS = 60.0
A_LOOK_SECONDS = 0.005
CLOSING = ThreadPoolExecutor()

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One command as an outsider saw it, and what the tenant saw of it."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str
    requests: tuple[Entry, ...] = ()
    mails: tuple[Mail, ...] = ()

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def changes(self) -> list[JsonObject]:
        changes: list[JsonObject] = self.json["changes"]
        return changes

    @property
    def writes(self) -> tuple[Entry, ...]:
        """What is not read; the question about free and busy times is a POST that reads."""
        return tuple(entry for entry in self.requests if entry.method != "GET" and not entry.path.endswith("/getSchedule"))

    @property
    def wire(self) -> list[tuple[str, str]]:
        """The writes as (method, last word of the path that is no id)."""
        return [(entry.method, "cancel" if entry.path.endswith("/cancel") else "events") for entry in self.writes]

    @property
    def people_mailed(self) -> Counter[tuple[str, str]]:
        """How many mails of each kind each person got: (kind, address); rooms and the organiser apart."""
        return Counter(
            (mail.kind.value, mail.to.lower()) for mail in self.mails if mail.recipient.value != "room" and mail.kind.value != "response"
        )

    @property
    def log(self) -> list[JsonObject]:
        return [json.loads(line) for line in self.err.splitlines() if line.startswith("{")]


@dataclass(slots=True, kw_only=True)
class World:
    """One tenant, one plan, one database; `plans` are the ids of those whose events are ours."""

    tenant: Tenant
    base_url: str
    folder: Path
    now: datetime = NOW
    settings: dict[str, str] = field(default_factory=dict)
    ran: list[Ran] = field(default_factory=list)
    plans: tuple[str, ...] = ("demo",)

    @property
    def plan_file(self) -> Path:
        return self.folder / "plan.yaml"

    @property
    def database_file(self) -> Path:
        return self.folder / "kursusbot.db"

    # -- what the world is

    def write(self, plan: Mapping[str, Any]) -> None:
        self.plan_file.write_text(yaml.safe_dump(dict(plan), allow_unicode=True, sort_keys=False), encoding="utf-8")

    def move_clock(self, wall: str) -> None:
        """Go to this time, with offset, everywhere; people's planned answers happen on the way."""
        self.now = datetime.fromisoformat(wall)
        self.tenant.clock.set(self.now)

    def lose_database(self) -> None:
        for file in self.folder.glob("kursusbot.db*"):
            file.unlink()

    def environment(self, **settings: str) -> dict[str, str]:
        """The whole environment of a command: the machine's without its KURSUSBOT variables, and ours."""
        ours = {
            "PLAN": str(self.plan_file),
            "DATABASE_URL": f"sqlite:///{self.database_file}",
            "GRAPH__BASE_URL": self.base_url,
            "GRAPH__CREDENTIAL": "static_token",
            "GRAPH__STATIC_TOKEN": TOKEN,
            "GRAPH__RETRY_BUDGET_SECONDS": "10",
            "NOW": self.now.isoformat(),
            "LOG__LEVEL": "debug",
            # Most stories are about what a run does; those about approval take the default.
            "APPROVAL": "limits",
            **self.settings,
            **settings,
        }
        machine = {name: value for name, value in os.environ.items() if not name.upper().startswith("KURSUSBOT_")}
        return machine | {f"KURSUSBOT_{name}": value for name, value in ours.items() if value}

    # -- commands

    def run(self, *arguments: str, **settings: str) -> Ran:
        """Run a command here; `settings` are KURSUSBOT variables without the prefix, "" for one to leave out."""
        requests, mails = len(self.tenant.journal.entries), len(self.tenant.mail_log.mails)
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with _instead(arguments, self.environment(**settings), self.folder, out, err):
            try:
                main()
                code = 0
            except SystemExit as exit_:
                code = exit_.code if isinstance(exit_.code, int) else 0
        ran = Ran(
            arguments=arguments,
            code=code,
            out=_written(out),
            err=_written(err),
            requests=tuple(self.tenant.journal.entries[requests:]),
            mails=tuple(self.tenant.mail_log.mails[mails:]),
        )
        self.ran.append(ran)
        return ran

    def start(self, *arguments: str, **settings: str) -> Program:
        """Start a command as a process of its own; `finish` takes its end."""
        return start_program(arguments, environment=self.environment(**settings), folder=self.folder)

    def apart(self, *arguments: str) -> Ran:
        """A command in a process of its own: while a service works in this one, which tells on the same streams."""
        return self.finish(self.start(*arguments))

    def start_from_nothing(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """The same as a shell would start it, for those few where how it begins matters."""
        command = [sys.executable, "-m", "bot.cli.main", *arguments]
        environment = self.environment(**settings) | {"PYTHONPATH": str(REPOSITORY)}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)

    def finish(self, process: Program | subprocess.Popen[str]) -> Ran:
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode is not None
        ran = Ran(arguments=tuple(process.args[3:]), code=process.returncode, out=out, err=err)  # type: ignore[index]  # a list
        self.ran.append(ran)
        return ran

    def preview(self, *, code: int = 0, **settings: str) -> Ran:
        return self._expect(code, self.run("preview", "--format", "json", **settings))

    def sync(self, *options: str, code: int = 0, **settings: str) -> Ran:
        """`sync --yes`, or with the options given instead."""
        return self._expect(code, self.run("sync", "--format", "json", *(options or ("--yes",)), **settings))

    def approve(self, *, code: int = 0) -> Ran:
        """Look at the preview and approve it."""
        return self.sync("--approve", self.preview().json["checksum"], code=code)

    def registrations(self) -> dict[tuple[str, str], JsonObject]:
        """What `registrations --format json` lists, by course and address."""
        rows = self._expect(0, self.run("registrations", "--format", "json")).json
        found = {(row["course"], row["email"]): row for row in rows}
        assert len(found) == len(rows) or len({row["offering"] for row in rows}) > 1
        return found

    # -- what stands in Outlook

    @property
    def events(self) -> dict[str, list[Event]]:
        """The live events of every mailbox by stamp, "" for those without one."""
        found: dict[str, list[Event]] = {}
        for event in self.tenant.calendars.events.values():
            if event.in_calendar:
                found.setdefault(event.extended.get(STAMP, ""), []).append(event)
        return found

    @property
    def mailbox(self) -> str:
        """What the organiser's paths begin with: its account goes by id."""
        user = self.tenant.directory.find_user(mail_of("lederudvikling"))
        assert user is not None
        return f"/users/{user.id}"

    def event(self, session: str) -> Event:
        """The one live event of a session, named without the plan's id; `/main/` may be left out."""
        key = session if session.count("/") > 1 else session.replace("/", "/main/")
        (event,) = self.events[f"demo/{key}"]
        return event

    def invited(self, session: str) -> set[str]:
        return {one.address.lower() for one in self.event(session).attendees}

    def answer(self, session: str, person: str, response: str, *, comment: str = "") -> None:
        self.tenant.people.answer(self.event(session), person, response, comment=comment)

    def _expect(self, code: int, ran: Ran) -> Ran:
        assert ran.code == code, f"{' '.join(ran.arguments)} exited {ran.code}, not {code}\n{ran.out}\n{ran.err}"
        return ran


@contextlib.contextmanager
def new_world(folder: Path, *, leaders: int = 20) -> Iterator[World]:
    """A municipality with `leaders` leaders that stands at NOW, served in a thread; see `World`."""
    tenant = municipality(leaders=leaders, now=NOW)
    tenant.settings.tokens = {TOKEN}
    with contextlib.ExitStack() as stack:
        world = World(tenant=tenant, base_url=stack.enter_context(running_sandbox(tenant)), folder=folder)
        yield world
        # The server notices within a tenth of a second that it is to stop; the next test need not wait for it.
        CLOSING.submit(stack.pop_all().close)


def soon_tired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever meets a run of this process that goes on for long gives up after a moment; otherwise after five seconds."""
    monkeypatch.setattr(bot.store.locks, "LOCK_WAIT_SECONDS", 0.3)


def mail_of(name: str) -> str:
    """`anna` in the tenant's domain."""
    return name if "@" in name else f"{name}@{DOMAIN}"


def body_of(entry: Entry) -> JsonObject:
    """The JSON of a request."""
    body: JsonObject = json.loads(entry.body) if entry.body else {}
    return body


def wait_until(condition: Any, *, seconds: float = PATIENCE_SECONDS, longest: float = 0.025) -> None:
    """Poll until it holds; fails when it never does. What is long in coming is looked for more rarely: to look costs, too."""
    begun = time.monotonic()
    while not condition():
        waited = time.monotonic() - begun
        assert waited < seconds, "it never happened"
        time.sleep(min(max(waited / 20, A_LOOK_SECONDS), longest))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@contextlib.contextmanager
def _instead(
    arguments: tuple[str, ...], environment: Mapping[str, str], folder: Path, out: io.TextIOWrapper, err: io.TextIOWrapper
) -> Iterator[None]:
    """Arguments, environment, folder and streams as a process of its own has them, and all back afterwards."""
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr, dict(os.environ), Path.cwd()
    root = logging.getLogger()
    handlers, level, looks = root.handlers[:], root.level, gc.get_threshold()
    sys.argv, sys.stdin, sys.stdout, sys.stderr = ["kursusbot", *arguments], io.StringIO(), out, err
    _have(environment)
    os.chdir(folder)
    try:
        yield
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before[:4]
        _have(before[4])
        os.chdir(before[5])
        root.handlers[:] = handlers
        root.setLevel(level)
        gc.set_threshold(*looks)
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


def _have(environment: Mapping[str, str]) -> None:
    """This environment and no other; most of it is there already, and each change is two calls of the system."""
    there = dict(os.environ)
    for name in there.keys() - environment.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in environment.items() if there.get(name) != value})
