"""Every job that the service does, in the order in which they are put where several are owed at once.

A new one: its file with a `JOB`, a line here, its cadence in `config/service_settings.py` (`JobsSettings`),
and a row in docs/service.md.
"""

from __future__ import annotations

from bot.domain.errors import InputError
from config.service_settings import FORMER_JOB_NAMES
from jobs import (
    collect_responses,
    erase_expired,
    follow_decisions,
    hr_report,
    install_bot,
    read_meetings,
    refresh_audiences,
    renew_subscriptions,
    send_reminders,
    send_webhooks,
    sync_plan,
)
from jobs.job import Job

JOBS: dict[str, Job] = {
    one.JOB.name: one.JOB
    for one in (
        sync_plan,
        collect_responses,
        follow_decisions,
        send_reminders,
        refresh_audiences,
        install_bot,
        read_meetings,
        hr_report,
        send_webhooks,
        renew_subscriptions,
        erase_expired,
    )
}


def job_named(name: str) -> Job:
    """The job of that name, or of one that it had before; raises InputError."""
    today = FORMER_JOB_NAMES.get(name, name)
    if today not in JOBS:
        raise InputError("job_unknown", job=name, known=", ".join(JOBS))
    return JOBS[today]
