"""Makes Outlook agree with the plan, within the safety limits.

How often: `KURSUSBOT_JOBS__SYNC_PLAN`. Alone in its mailbox. A repeat reads the world anew and finds nothing to do; a missed one is
made up for by the next. Past the limits the plan's whole change set is held until somebody approves it; the other jobs of the plan go
on.
"""

from __future__ import annotations

from bot.outcomes import Approval
from bot.rounds import sync_round
from jobs.job import Job, Result, Work
from jobs.outcomes import carried_out


async def run(work: Work) -> Result:
    """One sync; raises as `sync_round`."""
    synced = await sync_round(work.settings, work.plan, work.stores, work.tenant, approval=Approval(within_limits=True))
    if synced.refused is not None:
        changes = synced.reading.change_set
        return Result(exit_code=synced.exit_code, error=synced.refused, detail=f"changes={len(changes.changes)} mails={changes.mails}")
    return carried_out(synced.carried, synced.exit_code, unknown_groups=len(synced.reading.change_set.unknown_groups))


JOB = Job(name="sync_plan", run=run, rest_by="deliver_messages")
