"""Reads the answers given in Outlook, settles the seats, and lets calendar, messages and channels follow.

How often: `KURSUSBOT_JOBS__COLLECT_RESPONSES`, and at once when Microsoft Graph tells that something has
changed. Alone in its mailbox. A repeat finds no new answers; after a missed one the next brings more.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.channel_cards import show_in_channels
from bot.rounds.subscriptions import notified_round
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One collection, then the cards; raises as `notified_round`."""
    collected = await notified_round(work)
    return result_of(collected, answers=collected.new_answers, cards=await show_in_channels(work))


JOB = Job(name="collect_responses", run=run, rest_by="follow_decisions")
