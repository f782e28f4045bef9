"""Sends what the plan's reminder rules ask for and is due.

How often: `KURSUSBOT_JOBS__SEND_REMINDERS`. Alone in its mailbox. What is due is computed anew each time, so a repeat sends nothing
twice (each message has a key in the outbox), and a missed one is made up for while the message is still worth sending.
"""

from __future__ import annotations

from bot.domain.messages import DeliveryState
from bot.reminding import reminders_round
from jobs.job import Job, Result, Work


async def run(work: Work) -> Result:
    """One round of reminders; raises as `reminders_round`."""
    reminded = await reminders_round(work.settings, work.plan, work.stores, work.tenant)
    sent = sum(one.state is DeliveryState.SENT for one in reminded.delivery.messages)
    return Result(exit_code=reminded.exit_code, error=reminded.held or reminded.delivery.stopped, detail=f"messages={sent}" if sent else "")


JOB = Job(name="send_reminders", run=run)
