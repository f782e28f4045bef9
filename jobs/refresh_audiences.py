"""Gets to know who has joined the groups, so that pages and seats know them before a sync.

How often: `KURSUSBOT_JOBS__REFRESH_AUDIENCES`. Alone in its mailbox. A repeat learns nothing new. It only
ever adds: that somebody left a group counts when a sync has seen it within the safety limits, so that a
broken directory answer takes nobody's seat.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.audiences import refresh_round
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One look into the groups; raises as `refresh_round`."""
    refreshed = await refresh_round(work)
    return result_of(refreshed, joined=refreshed.joined)


JOB = Job(name="refresh_audiences", run=run)
