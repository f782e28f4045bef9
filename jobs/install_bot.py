"""Installs the app in Teams for the plan's audiences, where the settings say so (`KURSUSBOT_BOT__INSTALL`).

How often: `KURSUSBOT_JOBS__INSTALL_BOT`; outside the plan's sending hours it does nothing. Works beside
everything else of the mailbox, which it does not touch. A repeat installs for nobody whom an earlier one had,
and a missed one is made up for by the next.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.errors import PermissionMissing
from bot.domain.job_runs import JobOutcome
from bot.opening.work import Work
from bot.rounds.app_installs import install_round
from jobs.job import Job, Result
from jobs.outcomes import result_of


async def run(work: Work) -> Result:
    """One round; raises as `install_round`."""
    done = await install_round(work)
    result = result_of(done, installed=done.installed, there=done.there, nowhere=done.nowhere)
    # Without the right nothing happens until a person gives it: that is no matter of trying again.
    outcome = JobOutcome.FAILED if isinstance(done.error, PermissionMissing) else result.outcome
    return replace(result, outcome=outcome, error=done.error)


JOB = Job(name="install_bot", run=run, alone=False)
