"""The settings of the service: how often it does each job, and how a process works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, model_validator

from config.cadence import Cadence, parse_cadence
from config.section import Section

FORMER_JOB_NAMES = {"deliver_messages": "follow_decisions"}
"""What jobs and their settings were called in the version before, and what they are called now."""


def under_names_of_today(given: object) -> object:
    """Cadences with what jobs are called now; a name of today says more than a former one."""
    if not isinstance(given, Mapping):
        return given
    former = {FORMER_JOB_NAMES[name]: value for name, value in given.items() if name in FORMER_JOB_NAMES}
    return former | {name: value for name, value in given.items() if name not in FORMER_JOB_NAMES}


class JobsSettings(Section):
    """How often the service does each of its jobs by itself (`config.cadence`).

    Wall-clock times are of `timezone`.
    """

    timezone: str = "Europe/Copenhagen"
    sync_plan: str = "15m"
    collect_responses: str = "5m"
    send_reminders: str = "10m"
    follow_decisions: str = "10m"
    refresh_audiences: str = "6h"
    install_bot: str = "1h"
    read_meetings: str = "15m"
    hr_report: str = "15m"
    send_webhooks: str = "1m"
    renew_subscriptions: str = "1h"
    erase_expired: str = "1d"

    @model_validator(mode="before")
    @classmethod
    def _named_as_before(cls, given: object) -> object:
        return under_names_of_today(given)

    @model_validator(mode="after")
    def _consistent(self) -> JobsSettings:
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("timezone: a name such as Europe/Copenhagen is needed") from None
        for name in type(self).model_fields:
            if name != "timezone":
                self.cadence(name)
        return self

    def cadence(self, job: str) -> Cadence:
        """How often a job is done; raises ValueError that names the setting."""
        try:
            return parse_cadence(getattr(self, job))
        except ValueError as error:
            raise ValueError(f"{job}: {error}") from None


class WorkerSettings(Section):
    """Every process that works: jobs at the same time, and how often it says that it lives.

    Silent for three times that, it counts as dead. `metrics_port`: where `worker` answers `/healthz` and
    `/metrics`, on the web's host.
    """

    concurrency: Annotated[int, Field(ge=1, le=32)] = 4
    heartbeat_seconds: Annotated[float, Field(ge=0.2, le=300)] = 10.0
    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = None
