"""Sends what the plan's reminder rules ask for and is due.

How often: `KURSUSBOT_JOBS__SEND_REMINDERS`. Alone in its mailbox. What is due is computed anew each time, so
a repeat sends nothing twice (each message has a key in the outbox), and a missed one is made up for while the
message is still worth sending.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.reminders import reminders_round
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One round of reminders; raises as `reminders_round`."""
    return result_of(await reminders_round(work))


JOB = Job(name="send_reminders", run=run)
