"""HR's report, as it was mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messages.visible_text import visible_text
from bot.sandbox.municipality import DOMAIN

if TYPE_CHECKING:
    from bot.sandbox.mail_log import Mail
    from tests.e2e.driver import Ran, World

HR, LINE = f"hr@{DOMAIN}", f"line.leder@{DOMAIN}"
WEEKLY = {"REPORT__EVERY": "week"}
MONDAY, TUESDAY, SATURDAY = "2025-05-19T07:30:00+02:00", "2025-05-20T09:00:00+02:00", "2025-05-24T09:00:00+02:00"
NEXT_MONDAY = "2025-05-26T08:00:00+02:00"


def reports(world: World, ran: Ran) -> dict[str, str]:
    """What each reader got, as text on one line."""
    mails = [mail for mail in ran.mails if mail.kind.value == "message" and mail.subject.startswith("Kursusrapport")]
    assert len({mail.to for mail in mails}) == len(mails)
    return {mail.to: " ".join(visible_text(html_of(world, mail)).split()) for mail in mails}


def html_of(world: World, mail: Mail) -> str:
    return next(one.html for one in world.tenant.messages.messages.values() if one.immutable_id == mail.event)
