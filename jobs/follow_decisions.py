"""Lets calendar and mail follow what is decided in the books.

Seats that moved, messages about them that wait, and the courses' cards in Teams channels.

How often: at once when somebody decides on a page, and `KURSUSBOT_JOBS__FOLLOW_DECISIONS` for what could not
be carried out then. Alone in its mailbox. Several decisions in a row are one round; a repeat finds nothing
left, and a missed one is made up for by the next of any kind.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.answers import responses_round
from bot.rounds.channel_cards import show_in_channels
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One round without asking for answers, then the cards; raises as `responses_round`."""
    followed = await responses_round(work, collect=False)
    return result_of(followed, cards=await show_in_channels(work))


JOB = Job(name="follow_decisions", run=run)
