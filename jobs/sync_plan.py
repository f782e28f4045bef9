"""Makes Outlook agree with the plan, as far as it is approved and within the safety limits.

How often: `KURSUSBOT_JOBS__SYNC_PLAN`, and within a minute of an approval. Alone in its mailbox. A repeat
reads the world anew and finds nothing to do; a missed one is made up for by the next. What waits for a person
is written down, and the service has HR told of it next; the rest is done.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.steps.approve import UNATTENDED
from bot.rounds.steps.propose import waiting_of
from bot.rounds.sync import sync_round
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One sync; raises as `sync_round`. The plan is the one that is written."""
    synced = await sync_round(work, approval=UNATTENDED)
    waiting = synced.proposal.waiting
    counts: dict[str, int | str] = {
        "waiting_courses": len(waiting),
        "waiting_mails": sum(verdict.mails for verdict in waiting),
    }
    if waiting:
        since = min(one.since for one in waiting_of(synced.proposal, work.written))
        counts["waiting_since"] = f"{since:%Y-%m-%dT%H:%M:%SZ}"
    groups = len(synced.proposal.whole.change_set.unknown_groups)
    return result_of(synced, unknown_groups=groups, **counts)


JOB = Job(name="sync_plan", run=run, rest_by="follow_decisions", told_by="hr_report")
