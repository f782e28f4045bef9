"""`doctor` about webhooks: whether other programs take what they are told. Only reads.

of the plan's calls              then
none are told                    nothing is said
all were taken                   in order
some wait after a failure        told: how many, and since when
some were given up               failed: the program there did not take them for a day, or does not want them
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.desks.doctor.findings import DoctorFinding, State
from bot.domain.errors import DatabaseFailed
from bot.i18n.dates import short_moment_text
from bot.rounds.webhooks import targets_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from config.settings import Settings

NAME = "doctor.checks.webhooks"


def webhook_findings(
    settings: Settings, plan: CoursePlan | None, language: Language, *, has_books: bool
) -> Iterator[DoctorFinding]:
    """`has_books` says that the database can be read as it is."""
    if plan is None or not has_books or not settings.webhooks.targets:
        return
    from bot.opening.stores import open_stores_to_read

    try:
        with open_stores_to_read(settings) as stores:
            found = stores.webhooks.troubles(plan.id)
    except DatabaseFailed as error:
        yield DoctorFinding(
            name=NAME,
            state=State.FAILED,
            message=f"errors.{error.code}",
            params=error.params,
            exit_code=error.exit_code,
        )
        return
    if found.given_up:
        hosts = {target: one.url.get_secret_value() for target, one in targets_of(settings).items()}
        named = sorted(
            {urlsplit(hosts[one.target]).hostname or "" for one in found.given_up if one.target in hosts}
        )
        count = sum(one.count for one in found.given_up)
        first = min(one.since for one in found.given_up)
        params = {"count": count, "receivers": ", ".join(named), "since": _wall(first, plan, language)}
        yield DoctorFinding(name=NAME, state=State.FAILED, message="doctor.webhooks_given_up", params=params)
    elif found.since is not None:
        waits = {"count": found.waiting, "since": _wall(found.since, plan, language)}
        yield DoctorFinding(name=NAME, state=State.UNKNOWN, message="doctor.webhooks_waiting", params=waits)
    else:
        yield DoctorFinding(
            name=NAME,
            state=State.OK,
            message="doctor.webhooks_ok",
            params={"count": len(settings.webhooks.targets)},
        )


def _wall(moment: datetime, plan: CoursePlan, language: Language) -> str:
    return short_moment_text(language, moment.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None))
