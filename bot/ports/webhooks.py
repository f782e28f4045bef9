"""What the house needs of whoever keeps what other programs are to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from bot.domain.webhook_kinds import WebhookKind
    from bot.domain.webhooks import WebhookCall, WebhookTroubles


class WebhookBook(Protocol):
    """News, and the calls that are made of them. Every method raises DatabaseFailed; instants are UTC."""

    def spread(
        self,
        plan: str,
        targets: Collection[str],
        body_of: Callable[[WebhookKind, dict[str, object]], str],
        *,
        now: datetime,
    ) -> None:
        """Make a call of each of the plan's news for each target; what is for nobody goes."""

    def try_again(
        self,
        plan: str,
        target: str,
        body_of: Callable[[WebhookKind, dict[str, object]], str],
        *,
        now: datetime,
    ) -> int:
        """Tell a program anew of all that was given up, as it is by now; how many calls that makes."""

    def take(self, plan: str, target: str, *, now: datetime, until: datetime) -> WebhookCall | None:
        """The next call that is due, which is nobody else's `until` then; of one course in order."""

    def end(self, call: WebhookCall) -> None:
        """It was taken."""

    def put_off(self, call: WebhookCall, *, again_at: datetime | None, now: datetime) -> None:
        """It was not taken: again then, or never (None)."""

    def troubles(self, plan: str) -> WebhookTroubles:
        """What was not taken."""
