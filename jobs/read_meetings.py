"""Reads Teams' reports of who was in the online sessions that are over.

Where the settings or a course's threshold ask for them.

How often: `KURSUSBOT_JOBS__READ_MEETINGS`; where no session is due it asks Graph nothing. Works beside
everything else of the mailbox, which it does not touch. A repeat reads no report again, and a missed one is
made up for by the next.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.errors import PermissionMissing
from bot.domain.job_runs import JobOutcome
from bot.opening.work import Work
from bot.rounds.meeting_reports import meeting_reports_round
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One round; raises as `meeting_reports_round`."""
    done = await meeting_reports_round(work)
    result = result_of(done, read=done.read, waiting=done.waiting, said=done.said)
    # Without right or policy nothing happens until a person gives it: that is no matter of trying again.
    outcome = JobOutcome.FAILED if isinstance(done.error, PermissionMissing) else result.outcome
    return replace(result, outcome=outcome, error=done.error)


JOB = Job(name="read_meetings", run=run, alone=False)
