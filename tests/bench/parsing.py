"""The benchmark's figure on plans: what it costs to read and check a very large one.

g  parsing     a plan of 5,000 sessions
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

from bot.plan import parse_plan
from tests.bench.rows import Figure, Row
from tests.bench.world import plan_document

COURSES, AIM_SECONDS = 1667, 3.0


def parsing() -> Row:
    """Figure g."""
    document = plan_document()
    course = document["courses"][0]
    document["courses"] = [course | {"id": f"kursus-{number}"} for number in range(COURSES)]
    data = json.dumps(document, ensure_ascii=False).encode()
    started = time.process_time()
    parsed = parse_plan(data, name="plan.yaml", now=datetime(2027, 1, 4, tzinfo=UTC))
    seconds = time.process_time() - started
    return Row(
        f"g  {3 * COURSES:,} sessions parsed and validated in {seconds:.2f} s ({len(parsed.problems)} problems)   aim: under 3 s",
        (Figure(name="g parsing 5,001 sessions, CPU", value=seconds, unit="s", aim=AIM_SECONDS),),
    )
