"""Sends HR's report when it is due (`KURSUSBOT_REPORT__EVERY` and its fellows say when that is).

How often it is looked at: `KURSUSBOT_JOBS__HR_REPORT`. Alone in its mailbox. Not due, it asks Graph for
nothing; each report has a key with its day, so a repeat sends nothing twice, and after a pause there is one
and not several.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.hr_report import report_round
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One round of reports; raises as `report_round`."""
    return result_of(await report_round(work))


JOB = Job(name="hr_report", run=run)
