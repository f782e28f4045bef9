"""`doctor` about Teams, as far as it can be told without writing.

What the plan asks for, and what the settings say.

    the plan            the settings                      then
    has rules for teams no app id                         unknown: they go by mail
    has a channel       the bot is in one of that name    ok
    posts in a channel  neither bot nor webhook is there  unknown: the posts are skipped
    –                   a webhook of an old address       unknown: Microsoft has turned them off
    –                   a webhook                         ok: it is an address, and nothing is sent to try it

Whether an address is one at all is looked at with the settings; the permission is `bot.graph.checks`'. Facts:
graph-facts section 7, 2026-11-22.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.conversations import channel_key
from bot.domain.reminder_rules import Channel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.plan import CoursePlan
    from config.settings import Settings

OLD_ADDRESSES = ("webhook.office.com", "outlook.office.com", "logic.azure.com")
"""Of the old connectors, and what Workflows gave out until 2025.

It gives out `*.environment.api.powerplatform.com` now.
"""


def teams_findings(
    settings: Settings, plan: CoursePlan | None, *, with_bot: frozenset[str] = frozenset()
) -> Iterator[DoctorFinding]:
    """Nothing where neither plan nor settings speak of Teams; `with_bot`: the keys of the bot's channels."""
    wants_feed, wanted = _wanted(plan) if plan is not None else (False, set[str]())
    if wants_feed and settings.teams.app_id is None:
        yield DoctorFinding(name="doctor.checks.feed", state=State.UNKNOWN, message="doctor.feed_not_set_up")
    wanted |= {settings.bot.hr_channel} if settings.bot.hr_channel else set()
    there = {name for name in wanted | _named(plan) if channel_key(name) in with_bot}
    yield from (_channel(name, State.OK, "doctor.channel_bot") for name in sorted(there))
    for name in sorted(wanted - settings.teams.channels.keys() - there):
        message = "doctor.channel_not_set_up" if name else "doctor.channel_not_named"
        yield _channel(name, State.UNKNOWN, message)
    for name, address in sorted(settings.teams.channels.items()):
        is_old = _is_old(address.get_secret_value())
        message = "doctor.channel_old" if is_old else "doctor.channel_ok"
        yield _channel(name, State.UNKNOWN if is_old else State.OK, message)


def _named(plan: CoursePlan | None) -> set[str]:
    courses = plan.courses if plan is not None else ()
    return {course.teams_channel for course in courses if course.teams_channel}


def _channel(name: str, state: State, message: str) -> DoctorFinding:
    return DoctorFinding(
        name="doctor.checks.channel", subject=name, state=state, message=message, params={"channel": name}
    )


def _wanted(plan: CoursePlan) -> tuple[bool, set[str]]:
    """Whether a rule goes to people's feeds, and the channels that rules post in; "": none is named."""
    rules = [(course, rule) for course in plan.courses for rule in (*plan.reminders, *course.reminders)]
    channels = {course.teams_channel or "" for course, rule in rules if Channel.CHANNEL in rule.channels}
    return any(Channel.TEAMS in rule.channels for _, rule in rules), channels


def _is_old(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return any(host == old or host.endswith(f".{old}") for old in OLD_ADDRESSES)
