"""Sends what the plan's reminder rules ask for and is due.

How often: `KURSUSBOT_JOBS__SEND_REMINDERS`. Alone in its mailbox. What is due is computed anew each time, so
a repeat sends nothing twice (each message has a key in the outbox), and a missed one is made up for while the
message is still worth sending.
"""

from __future__ import annotations

from bot.domain.messages import DeliveryState
from bot.opening.work import Work
from bot.rounds.reminders import reminders_round
from jobs.job import Job, Result
from jobs.outcomes import by_kind_and_state, more_at


async def run(work: Work) -> Result:
    """One round of reminders; raises as `reminders_round`."""
    reminded = await reminders_round(work)
    delivery = reminded.delivery
    sent = sum(one.state is DeliveryState.SENT for one in delivery.messages)
    words = [
        f"{name}={number}" for name, number in (("messages", sent), ("waiting", delivery.waiting)) if number
    ]
    error = reminded.held or delivery.stopped or next(iter(delivery.broken), None)
    counted = by_kind_and_state(delivery.messages)
    return Result(
        exit_code=reminded.exit_code,
        error=error,
        detail=" ".join(words),
        more_at=more_at(delivery.wait),
        messages=counted,
    )


JOB = Job(name="send_reminders", run=run)
