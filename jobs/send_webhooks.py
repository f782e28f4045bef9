"""Tells other programs what changed (`KURSUSBOT_WEBHOOKS__TARGETS`).

How often: `KURSUSBOT_JOBS__SEND_WEBHOOKS`. Asks Microsoft 365 for nothing and works beside everything else. A
repeat tells only what nobody has taken, and what one missed the next one tells.
"""

from __future__ import annotations

from bot.domain.job_runs import JobOutcome
from bot.opening.work import Work
from bot.rounds.webhooks import webhooks_round
from jobs.job import Job, Result


async def run(work: Work) -> Result:
    """One round; raises as `webhooks_round`."""
    told = await webhooks_round(work)
    detail = f"taken={told.taken} put_off={told.put_off} given_up={told.given_up}"
    outcome = JobOutcome.PARTLY if told.put_off or told.given_up else JobOutcome.DONE
    return Result(outcome=outcome, detail=detail)


JOB = Job(name="send_webhooks", run=run, alone=False, asks_graph=False)
