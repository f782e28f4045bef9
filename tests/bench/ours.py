"""One sync of ours in a process of its own: `python -m tests.bench.ours PLAN`, settings by environment.

Prints wall and CPU seconds of the sync (from the parsed plan on), CPU seconds of the whole process and its peak memory as JSON.
Garbage is looked for as the program does it: not at all before everything is imported.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time

from tests.bench.rows import peak_mb


async def _run(plan_file: str) -> dict[str, float]:
    from bot.opening.plan_source import load_plan
    from bot.opening.stores import open_stores
    from bot.opening.work import open_work
    from bot.rounds.steps.approve import Approval
    from bot.rounds.sync import sync_round
    from config.settings import load_settings

    gc.freeze()
    gc.enable()
    settings = load_settings(plan=plan_file)
    plan = await load_plan(settings)
    with open_stores(settings) as stores:
        async with open_work(settings, plan, stores) as work:
            wall, cpu = time.perf_counter(), time.process_time()
            synced = await sync_round(work, approval=Approval(within_limits=True))
            figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return figures | {
        "cpu_whole": time.process_time(),
        "memory_mb": peak_mb(),
        "exit": synced.outcome.exit_code,
        "mails": synced.reading.change_set.mails,
    }


if __name__ == "__main__":
    from bot.cli.main import OBJECTS_BETWEEN_LOOKS

    gc.disable()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(json.dumps(asyncio.run(_run(sys.argv[1]))))  # noqa: T201 - its output
