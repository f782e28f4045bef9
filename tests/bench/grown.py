"""The benchmark's figures on growth: whether the work of a round grows with what changed, or with all there is.

h  one decline, the first in line gets the seat     requests and mails of the answers' round, among 1,000 sessions × 40
u  the same                                         its CPU ÷ the CPU among 10 sessions × 40
v  nothing to do                                    CPU of each round with 1,000 registrations ÷ with 10

The rounds are those of a process that has done them before (`tests.bench.one_round`), as the service's are; the sandbox is another process.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.rows import Figure, Row
from tests.bench.world import GROUP, NOW, environment, people, plan_document, run_module, sandbox, write_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.bench.world import Sandbox

MANY, FEW, ATTENDEES = 1_000, 10, 40
LINE = "maaling/lille/main/del-0"
ROUNDS = ("answers", "reminders", "sync")


def one_answer_by_growth() -> Iterator[Row]:
    """Figures h and u."""
    (few, _, _), (many, requests, mails) = (_a_decline(sessions) for sessions in (FEW, MANY))
    yield Row(
        f"h  one decline among {MANY} sessions × {ATTENDEES}, the first in line gets the seat: {requests} requests, {mails} mails"
        "   aim: as many requests as there are things that changed (delta, event, list, draft, send)",
        (Figure(name="h one answer among many sessions", value=requests, unit="requests"),),
    )
    yield Row(
        f"u  one decline, the first in line gets the seat: CPU among {MANY} sessions × {ATTENDEES} {many:.3f} s ÷ among {FEW} {few:.3f} s"
        f" = {many / few:.2f}   aim: at most 3",
        (Figure(name="u one answer, many ÷ few sessions", value=many / few, aim=3),),
    )


def idle_rounds_by_growth() -> Row:
    """Figure v."""
    few, many = (_cpu_of_idle_rounds(sessions, attendees) for sessions, attendees in ((1, 10), (25, ATTENDEES)))
    each = ", ".join(f"{name} {many[name]:.3f} ÷ {few[name]:.3f} = {many[name] / few[name]:.1f}" for name in ROUNDS)
    whole = sum(many.values()) / sum(few.values())
    return Row(
        f"v  idle rounds, CPU with 1,000 registrations ÷ with 10: {whole:.2f} ({each})   aim: at most 2",
        (Figure(name="v idle rounds, 1,000 ÷ 10 registrations", value=whole, aim=2),),
    )


def _a_decline(sessions: int) -> tuple[float, int, int]:
    """CPU seconds, requests and mails of the round that finds it."""
    document = plan_document()
    course = document["courses"][0]
    limited = course | {"id": "lille", "sessions": course["sessions"][:1], "enrolment": {"capacity": 1}}
    document |= {"courses": [limited, *_courses(course, sessions - 1)]}
    with _world(document, ATTENDEES) as (folder, served):
        now = _invite(folder, served, sessions)
        event = next(one["id"] for one in served.act("GET", "/events") if LINE in one["stamps"].values())
        for person in people(2):
            served.act("POST", "/answer", {"event": event, "person": person, "response": "accept"})

        def decline() -> None:
            served.act("POST", "/answer", {"event": event, "person": people(1)[0], "response": "decline"})
            served.clear()

        figures = _rounds(folder, served, ["answers"], "once", now=now, between=decline)
        return figures["answers"], len(served.requests()), served.mails()


def _cpu_of_idle_rounds(sessions: int, attendees: int) -> dict[str, float]:
    document = plan_document()
    document["courses"] = _courses(document["courses"][0] | {"sessions": document["courses"][0]["sessions"][:1]}, sessions)
    with _world(document, attendees) as (folder, served):
        return _rounds(folder, served, [*ROUNDS], "idle", now=_invite(folder, served, sessions))


def _invite(folder: Path, served: Sandbox, sessions: int) -> str:
    """A sync a day, for as many days as the mailbox takes to send it all; what time it is after that."""
    now, there = datetime.fromisoformat(NOW), 0
    while there < sessions:
        served.act("POST", "/clock", {"now": now.isoformat()})
        run_module("tests.bench.ours", str(folder / "plan.yaml"), folder=folder, served=served, now=now.isoformat())
        now += timedelta(days=1, minutes=1)
        before, there = there, len(served.act("GET", "/events"))
        if there == before:
            raise SystemExit(f"{there} of {sessions} sessions were invited to, and no more")
    served.act("POST", "/clock", {"now": now.isoformat()})
    return now.isoformat()


def _courses(course: dict[str, Any], sessions: int) -> list[dict[str, Any]]:
    """The course again and again, until there are so many sessions."""
    each = course["sessions"]
    count = -(-sessions // len(each))
    found = [course | {"id": f"kursus-{number}"} for number in range(count)]
    left = sessions - (count - 1) * len(each)
    return [*found[:-1], found[-1] | {"sessions": each[:left]}]


@contextlib.contextmanager
def _world(document: dict[str, Any], attendees: int) -> Iterator[tuple[Path, Sandbox]]:
    with tempfile.TemporaryDirectory() as name, sandbox(attendees=attendees) as served:
        served.act("PATCH", "/settings", {"recipients_per_day": 10**6, "messages_per_minute": 10**6})
        write_plan(Path(name), document | {"audiences": {"ledere": {"name": "Ledere", "groups": [GROUP]}}})
        yield Path(name), served


def _rounds(
    folder: Path, served: Sandbox, names: list[str], how: str, *, now: str, between: Callable[[], object] = lambda: None
) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.one_round", str(folder / "plan.yaml"), *names]
    settings = environment(folder, served, now=now)
    with subprocess.Popen(command, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise SystemExit("tests.bench.one_round never got ready")
        between()
        told, _ = process.communicate(how + "\n")
    figures: dict[str, float] = json.loads(told)
    return figures
