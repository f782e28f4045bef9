"""Rounds of a process that has done them before, as the service does: `python -m tests.bench.one_round PLAN ROUND…`.

Does each round twice, says so, waits for a line on its input, does each once more and prints the CPU seconds of that as JSON, by round.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import TYPE_CHECKING, Any

from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.opening.work import open_work
from bot.rounds.answers import responses_round
from bot.rounds.reminders import reminders_round
from bot.rounds.steps.approve import UNATTENDED
from bot.rounds.sync import sync_round
from config.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

WARM_UP = 2
MEASURED = 3


async def _run(plan_file: str, names: list[str]) -> dict[str, float]:
    settings = load_settings(plan=plan_file)
    plan = await load_plan(settings)
    with open_stores(settings) as stores:
        async with open_work(settings, plan, stores) as opened:
            work = opened.by(plan)
            rounds: dict[str, Callable[[], Awaitable[Any]]] = {
                "sync": lambda: sync_round(work, approval=UNATTENDED),
                "answers": lambda: responses_round(work),
                "reminders": lambda: reminders_round(work),
            }
            for _ in range(WARM_UP):
                for name in names:
                    await rounds[name]()
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            times = MEASURED if sys.stdin.readline().strip() == "idle" else 1
            figures: dict[str, float] = {}
            for name in names:
                began = time.process_time()
                for _ in range(times):
                    await rounds[name]()
                figures[name] = (time.process_time() - began) / times
    return figures


if __name__ == "__main__":
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(json.dumps(asyncio.run(_run(sys.argv[1], sys.argv[2:]))))  # noqa: T201 - its output
