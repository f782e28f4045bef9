"""Whether the app may ask to be told of changes, and what a second subscription to the same says.

Needs a public address that answers.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.probing import Finding, found, unknown
from bot.graph.calls import segment
from bot.graph.gate import SUBSCRIPTIONS
from bot.graph.subscriptions import LIFECYCLE, NOTIFICATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.graph.experiments.lab import Lab, LabSeen

LIFE = timedelta(minutes=60)


async def subscriptions(lab: Lab) -> Sequence[Finding]:
    """Subscribe to the mailbox's events twice; both go away again."""
    if lab.web_address is None:
        return [unknown(one, "no_address") for one in ("subscription", "duplicate_subscription")]
    first = await _subscribe(lab)
    if not first.done:
        denied = found("subscription", "refused", status=first.status, code=first.code)
        return [denied, unknown("duplicate_subscription", "refused", status=first.status)]
    second = await _subscribe(lab)
    for one in (first, second):
        if one.done:
            await lab.ask("DELETE", f"/subscriptions/{segment(str(one.body['id']))}", gate=SUBSCRIPTIONS)
    if second.done or second.status == 409:  # noqa: PLR2004 - HTTP
        return [
            found("subscription", "made"),
            found("duplicate_subscription", "allowed" if second.done else "refused", code=second.code),
        ]
    return [
        found("subscription", "made"),
        unknown("duplicate_subscription", "refused", status=second.status, code=second.code),
    ]


async def _subscribe(lab: Lab) -> LabSeen:
    body = {
        "changeType": "updated",
        "notificationUrl": f"{lab.web_address}{NOTIFICATIONS}",
        "lifecycleNotificationUrl": f"{lab.web_address}{LIFECYCLE}",
        "resource": lab.path("events"),
        "expirationDateTime": f"{lab.now + LIFE:%Y-%m-%dT%H:%M:%SZ}",
        "clientState": secrets.token_urlsafe(32),
        "latestSupportedTlsVersion": "v1_2",
    }
    return await lab.ask("POST", "/subscriptions", body=body, gate=SUBSCRIPTIONS)
