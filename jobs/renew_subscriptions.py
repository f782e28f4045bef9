"""Keeps Microsoft Graph calling us.

Subscriptions are renewed at half of their life, and made anew where they are gone.

How often: `KURSUSBOT_JOBS__RENEW_SUBSCRIPTIONS`, and at once when Graph says that something is wrong with
one. Alone in its mailbox, so that two processes never make the same one. What is new is followed by reading
all answers. A repeat finds them in order; a missed one costs minutes, because the clock's rounds find the
same. An address that Graph cannot reach is left over, and no reason for other jobs to rest.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.notifications import Resource
from bot.opening.work import Work
from bot.rounds.subscriptions import notified_round, renew_subscriptions
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One look at the plan's subscriptions; raises as `renew_subscriptions` and `notified_round`."""
    watched = await renew_subscriptions(work)
    numbers = {"renewed": watched.renewed, "created": watched.created, "removed": watched.removed}
    if watched.resync:
        collected = await notified_round(work)
        done = replace(collected, left_over=collected.left_over or watched.left_over)
        return result_of(done, answers=collected.new_answers, **numbers)
    error = watched.unwatched.get(Resource.EVENTS)
    return replace(result_of(watched, **numbers), error=error)


JOB = Job(name="renew_subscriptions", run=run, rest_by="follow_decisions")
