"""What happens to a service in a day, by chance: HR edits two plans, leaders answer, come and go, processes begin and are killed.

Acts go over the sandbox's control plane, because the processes ask it meanwhile. The same seed makes the same choices, not the same
timing.
"""

from __future__ import annotations

import contextlib
import socket
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import httpx
import yaml

from bot.sandbox.municipality import DOMAIN, ORGANISER
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.program import start_program
from tests.e2e.service_driver import folder_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.world import Sandbox
    from tests.e2e.driver import World
    from tests.e2e.program import Program

PLANS = {"demo-nord": ORGANISER, "demo-syd": f"kompetence@{DOMAIN}"}
LEADERS = mail_of("ledere")
NAMES = [mail_of(name) for name in ("anna", "bo", "carl", "dorte", "eva", "finn", "gerd", "hans")]
TODAY_AT_WORK = timedelta(hours=7)
"""From nine o'clock on; the rules come due meanwhile."""

TODAY, TOMORROW, NEXT_WEEK, LATER = "2025-03-03", "2025-03-04", "2025-03-10", "2025-05-{day:02}"
COMING = {"to": ["unanswered", "registered"], "channels": ["mail"]}
RULES = [
    {"id": "praktisk", "before": "start", "days": 7, "at": "11:00", "template": "practical", **COMING},
    {"id": "i-morgen", "before": "start", "days": 1, "at": "13:00", "template": "tomorrow", **COMING},
    {"id": "tak", "after": "end", "hours": 1, "template": "follow_up", **COMING},
]


class Life:
    """What HR, the leaders and the power do, by a seed."""

    def __init__(self, world: World, tenant: Sandbox, seed: int) -> None:
        self.world, self.chance, self.edits = world, Random(seed), 0  # noqa: S311 - chance that can be repeated
        self.tenant, self.newcomers = tenant, list[str]()
        self.tenant.act("POST", "/users", {"display_name": "Kompetence", "mail": PLANS["demo-syd"]})
        self.tenant.act("POST", "/groups", {"display_name": "Ledere", "mail": LEADERS})
        for address in NAMES:
            self.arrive(address)
        self.courses = {plan: self.first_courses() for plan in PLANS}
        self.processes: dict[str, Program] = {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.logs: dict[str, Path] = {}
        self.answered: set[tuple[str, str]] = set()
        self.acts: list[Callable[[], None]] = [
            self.retitle, self.move, self.add, self.cancel, self.drop, self.join_or_leave, self.answer, self.answer, self.answer,
        ]  # fmt: skip
        for plan in PLANS:
            self.write(plan)

    # -- HR

    def first_courses(self) -> list[dict[str, Any]]:
        full = make_course("pladser", make_session(day=NEXT_WEEK), title="Pladser", enrolment={"capacity": 3})
        return [
            full,
            make_course("i-dag", make_session(day=TODAY, start="10:30", end="11:30"), title="I dag"),
            make_course("i-morgen", make_session(day=TOMORROW), title="I morgen"),
            make_course("uge", make_session(day=NEXT_WEEK, start="13:00", end="15:00"), title="Næste uge"),
            *(self.later_course(number) for number in range(3)),
        ]

    def later_course(self, number: int) -> dict[str, Any]:
        # No two begin at the same moment: one that goes and one that comes then would look like one under a new id, and wait.
        session = make_session(day=LATER.format(day=2 + number % 27), start=f"09:{number % 60:02}")
        return make_course(f"kursus-{number}", session, title=f"Kursus {number}")

    def write(self, plan: str) -> None:
        made = make_plan(
            *self.courses[plan],
            id=plan,
            organiser=PLANS[plan],
            contact=PLANS[plan],
            audiences={"ledere": {"groups": [LEADERS]}},
            reminders=RULES,
        )
        (folder_of(self.world) / f"{plan}.yaml").write_text(yaml.safe_dump(made, allow_unicode=True, sort_keys=False), "utf-8")

    def edit(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change one of the courses far ahead; each edit shows in the title, so that the mails of two of them differ."""
        plan = self.chance.choice([*PLANS])
        course = self.chance.choice([one for one in self.courses[plan] if one["id"].startswith("kursus-")])
        self.edits += 1
        course["title"] = f"{course['id'].capitalize()}, udgave {self.edits}"
        change(course)
        self.write(plan)

    def retitle(self) -> None:
        self.edit(lambda _course: None)

    def move(self) -> None:
        day = LATER.format(day=self.chance.randint(1, 28))
        start = f"10:{self.edits % 60:02}"
        self.edit(lambda course: course.update(sessions=[make_session(day=day, start=start)]))

    def cancel(self) -> None:
        self.edit(lambda course: course.update(status="cancelled"))

    def add(self) -> None:
        plan, self.edits = self.chance.choice([*PLANS]), self.edits + 1
        self.courses[plan].append(self.later_course(100 + self.edits))
        self.write(plan)

    def drop(self) -> None:
        plan = self.chance.choice([*PLANS])
        later = [one for one in self.courses[plan] if one["id"].startswith("kursus-")]
        if len(later) > 2:
            self.courses[plan].remove(self.chance.choice(later))
            self.write(plan)

    def arrive(self, address: str) -> None:
        self.tenant.act("POST", "/users", {"display_name": address.partition("@")[0].title(), "mail": address})
        self.tenant.act("POST", f"/groups/{LEADERS}/members", {"add": [address]})

    def join_or_leave(self) -> None:
        """Somebody begins, or one of those leaves for good: whoever came back would be invited again, and rightly so."""
        if self.newcomers and self.chance.random() < 0.5:
            gone = self.newcomers.pop(self.chance.randrange(len(self.newcomers)))
            self.tenant.act("POST", f"/groups/{LEADERS}/members", {"remove": [gone]})
            return
        self.edits += 1
        self.newcomers.append(mail_of(f"ny-{self.edits}"))
        self.arrive(self.newcomers[-1])

    @property
    def leaders(self) -> set[str]:
        """Who is to be invited."""
        return {*NAMES, *self.newcomers}

    # -- leaders

    def answer(self) -> None:
        """Each once for a course, so that nobody waits in line twice and is told of it twice."""
        live = [one for one in self.tenant.act("GET", "/events") if one["attendees"] and one["in_calendar"]]
        scarce = [event for event in live if event["subject"] == "Pladser"]
        for event in [*self.chance.sample(live, min(2, len(live))), *self.chance.sample(scarce, min(2, len(scarce)))]:
            person = self.chance.choice([*event["attendees"]]).lower()
            self.say(event, person, self.chance.choice(["accept", "accept", "accept", "decline"]))

    def all_want_a_seat(self) -> None:
        """Whoever has not answered the course with few seats yet accepts it: somebody has to wait in line, however the day went."""
        for event in self.tenant.act("GET", "/events"):
            if event["subject"] == "Pladser" and event["in_calendar"]:
                for person in event["attendees"]:
                    self.say(event, person.lower(), "accept")

    def say(self, event: dict[str, Any], person: str, response: str) -> None:
        """Answer, unless the person has."""
        if (event["id"], person) not in self.answered:
            self.answered.add((event["id"], person))
            with contextlib.suppress(httpx.HTTPStatusError):  # it was cancelled this moment
                self.tenant.act("POST", "/answer", {"event": event["id"], "person": person, "response": response})

    def go_to(self, now: datetime) -> None:
        self.world.now = now
        self.tenant.act("POST", "/clock", {"now": now.isoformat()})

    # -- machines

    def start(self, *names: str) -> None:
        """Those of them that do not run, as whoever supervises them does."""
        for name in names:
            if name not in self.processes or self.processes[name].poll() is not None:
                self._start(name)

    def _start(self, name: str) -> None:
        # Graph calls one of them, as it would call what stands before them all.
        port = self.port if name == "serve-1" else 0
        environment = self.world.environment(WEB__PORT=str(port), WEB__BASE_URL=f"http://127.0.0.1:{self.port}")
        environment |= {"PGAPPNAME": name}
        command = [name.partition("-")[0]]
        with (self.world.folder / f"{name}-{self.chance.randrange(10**9)}.log").open("xb") as log:
            self.logs[name] = Path(log.name)
            self.processes[name] = start_program(command, environment=environment, folder=self.world.folder, out=log, err=log)

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def is_up(self) -> bool:
        """Whether every process has begun, and would end in good order."""
        return all(b"service.started" in self.logs[name].read_bytes() for name in self.processes)

    def stop(self) -> dict[str, int]:
        for process in self.processes.values():
            process.terminate()
        return {name: process.wait(30) for name, process in self.processes.items()}
