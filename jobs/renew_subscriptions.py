"""Keeps Microsoft Graph calling us.

Subscriptions are renewed at half of their life, and made anew where they are gone.

How often: `KURSUSBOT_JOBS__RENEW_SUBSCRIPTIONS`, and at once when Graph says that something is wrong with
one. Alone in its mailbox, so that two processes never make the same one. What is new is followed by reading
all answers. A repeat finds them in order; a missed one costs minutes, because the clock's rounds find the
same. An address that Graph cannot reach is left over, and no reason for other jobs to rest.
"""

from __future__ import annotations

from bot.domain.notifications import Resource
from bot.opening.work import Work
from bot.rounds.subscriptions import notified_round, renew_subscriptions
from jobs.job import Job, Result
from jobs.outcomes import carried_out


async def run(work: Work) -> Result:
    """One look at the plan's subscriptions; raises as `renew_subscriptions` and `notified_round`."""
    watched = await renew_subscriptions(work)
    numbers = {"renewed": watched.renewed, "created": watched.created, "removed": watched.removed}
    if watched.resync:
        collected = await notified_round(work)
        if collected.held is not None:
            return Result(exit_code=collected.exit_code, error=collected.held, detail=_told(numbers))
        return carried_out(
            collected.carried,
            collected.exit_code or watched.exit_code,
            answers=collected.new_answers,
            **numbers,
        )
    return Result(
        exit_code=watched.exit_code, error=watched.refused.get(Resource.EVENTS), detail=_told(numbers)
    )


def _told(numbers: dict[str, int]) -> str:
    return " ".join(f"{name}={number}" for name, number in numbers.items() if number)


JOB = Job(name="renew_subscriptions", run=run, rest_by="deliver_messages")
