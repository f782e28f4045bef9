"""Lets go of personal data whose time is over, by `KURSUSBOT_RETENTION__…`.

How often: `KURSUSBOT_JOBS__ERASE_EXPIRED`. Asks Graph for nothing. A repeat finds nothing left, and after a
missed one the next lets go of more.
"""

from __future__ import annotations

from bot.opening.work import Work
from bot.rounds.expiry import erase_expired
from jobs.job import Job, Result


async def run(work: Work) -> Result:
    """One round; raises RunLocked, DatabaseFailed, and SafetyRefused where it waits for a person."""
    expired = await erase_expired(work, apart=work.tenant.clock_apart())
    numbers = {
        "places": expired.places,
        "messages": expired.messages,
        "bounces": expired.bounces,
        "notes": expired.notes,
        "people": expired.people,
        "unfinished": int(expired.unfinished),
    }
    return Result(detail=" ".join(f"{name}={number}" for name, number in numbers.items() if number))


JOB = Job(name="erase_expired", run=run, asks_graph=False)
