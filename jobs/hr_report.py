"""Sends HR's report when it is due, and tells at once what has begun to wait or is wrong with the plan.

`KURSUSBOT_REPORT__EVERY` and its fellows say when the report is due; what began to wait outside the sending
hours is told when they begin. How often it is looked at: `KURSUSBOT_JOBS__HR_REPORT`. Alone in its mailbox.
Not due, it asks Graph for nothing; each report has a key with its day, so a repeat sends nothing twice, and
after a pause there is one and not several.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.at_once import tell_at_once
from bot.rounds.hr_report import report_round
from bot.rounds.plan_mistakes import tell_mistakes
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """What is wrong with the plan, what has begun to wait, a round of reports; raises as `report_round`."""
    told = (await tell_mistakes(work)).then(await tell_at_once(work))
    return result_of(told.then(await report_round(work)))


JOB = Job(name="hr_report", run=run)
