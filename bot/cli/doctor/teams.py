"""`doctor` about Teams, as far as it can be told without writing.

What the plan asks for, and what the settings say.

    the plan            the settings                      then
    has rules for teams no app id                         unknown: they go by mail
    posts in a channel  no webhook for it                 unknown: the posts are skipped
    –                   a webhook of an old address       unknown: Microsoft has turned them off
    –                   a webhook                         ok: it is an address, and nothing is sent to try it

Whether an address is one at all is looked at with the settings; the permission is `bot.graph.checks`'. Facts:
graph-facts section 7, 2026-11-22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.cli.doctor.findings import DoctorFinding, State
from bot.domain.reminder_rules import Channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.plan import CoursePlan
    from config.settings import Settings

OLD_ADDRESSES = ("webhook.office.com", "outlook.office.com", "logic.azure.com")
"""Of the old connectors, and what Workflows gave out until 2025.

It gives out `*.environment.api.powerplatform.com` now.
"""


def teams_findings(settings: Settings, plan: CoursePlan | None) -> Iterator[DoctorFinding]:
    """Nothing where neither plan nor settings speak of Teams."""
    rules = (
        [(course, rule) for course in plan.courses for rule in (*plan.reminders, *course.reminders)]
        if plan
        else []
    )
    if settings.teams.app_id is None and any(Channel.TEAMS in rule.channels for _, rule in rules):
        yield DoctorFinding(name="doctor.checks.feed", state=State.UNKNOWN, message="doctor.feed_not_set_up")
    wanted = {course.teams_channel or "" for course, rule in rules if Channel.CHANNEL in rule.channels}
    for name in sorted(wanted - settings.teams.channels.keys()):
        message = "doctor.channel_not_set_up" if name else "doctor.channel_not_named"
        yield DoctorFinding(
            name="doctor.checks.channel",
            subject=name,
            state=State.UNKNOWN,
            message=message,
            params={"channel": name},
        )
    for name, address in sorted(settings.teams.channels.items()):
        host = urlsplit(address.get_secret_value()).hostname or ""
        is_old = any(host == old or host.endswith(f".{old}") for old in OLD_ADDRESSES)
        message = "doctor.channel_old" if is_old else "doctor.channel_ok"
        yield DoctorFinding(
            name="doctor.checks.channel",
            subject=name,
            state=State.UNKNOWN if is_old else State.OK,
            message=message,
        )
