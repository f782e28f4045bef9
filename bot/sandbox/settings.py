"""How the simulated tenant behaves where Graph's behaviour is a choice, a limit or not known.

Data only; the control plane changes it by name. Defaults follow graph-facts (2026-11-22); where the
facts are silent the comment says what was assumed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

ThrottleForm = Literal["status", "body"]
RetryAfterForm = Literal["integer", "fraction", "date", "missing"]
DuplicateAnswer = Literal["same", "conflict"]
ReportLanguage = Literal["en", "da"]
TOKEN = "sandbox"  # noqa: S105 - what a sandbox accepts by default is no secret
CHOICES: dict[str, tuple[str, ...]] = {
    "retry_after": get_args(RetryAfterForm),
    "duplicate_transaction": get_args(DuplicateAnswer),
    "report_language": get_args(ReportLanguage),
    "webhook_throttle": get_args(ThrottleForm),
}


@dataclass(slots=True, kw_only=True)
class Settings:
    """Knobs of one tenant. Times in the unit that the name says."""

    latency_ms: float = 0.0
    tokens: set[str] = field(default_factory=lambda: {TOKEN})
    expired_tokens: set[str] = field(default_factory=set)
    # None: every application permission is granted; otherwise exactly these.
    roles: set[str] | None = None
    # None: every mailbox is in scope; otherwise these addresses (RBAC for Applications).
    mailbox_scope: set[str] | None = None
    concurrency_limit: int = 4
    requests_per_10_minutes: int = 10_000
    retry_after: RetryAfterForm = "integer"
    retry_after_seconds: float = 1.0
    # The answer to a repeated transactionId is undocumented: 201 with the same event, or 409.
    duplicate_transaction: DuplicateAnswer = "same"
    # Assumed: an immutable id still finds a cancelled event in Deleted Items.
    deleted_items_readable: bool = True
    # The documentation says only the changed attendees get a mail; users have seen everyone mailed.
    attendee_patch_mails_everyone: bool = False
    room_answer_seconds: float = 0.0
    # Exchange Online's limits for one mailbox: messages within 60 seconds, recipients within 24 hours.
    messages_per_minute: int = 30
    recipients_per_day: int = 10_000
    # How long after a delivery a non-delivery report comes back, and in the language of the sender's mailbox.
    report_seconds: float = 0.0
    report_language: ReportLanguage = "en"
    # How long, in real time, a new event is not yet found by reads (its transactionId is known at once).
    replication_seconds: float = 0.0
    # Whether a filter on extended properties may name other properties too is undocumented.
    stamp_filter_stands_alone: bool = False
    teams_available: bool = True
    # How long, in real time, a new Teams meeting has no link yet: 201 with `onlineMeeting` null (seen by practitioners).
    teams_link_seconds: float = 0.0
    # Outlook gives no fixed life of delta tokens; None: until they fall out of the cache.
    delta_token_seconds: float | None = None
    delta_token_cache: int = 5_000
    # The same item may appear twice in one delta round.
    delta_repeats: bool = False
    # Members come with type and id only (missing permission for the member type).
    limited_members: bool = False
    activities_per_second: int = 5
    bulk_activities_per_second: int = 2
    # Tokens with less than 45 minutes to go: too old for a notification to many.
    old_tokens: set[str] = field(default_factory=set)
    # Assumed of Workflows: a 429. The old connectors said so in the text of a 200.
    webhook_throttle: ThrottleForm = "status"
    # Notifications, in real time: how late (the real latency is documented as unknown), how often each (0: lost, 2: twice),
    # and in which order those that go together stand.
    notification_delay_seconds: float = 0.0
    notification_copies: int = 1
    notifications_reversed: bool = False
    notification_timeout_seconds: float = 3.0
    notification_retry_seconds: float = 10.0

    def change(self, values: dict[str, Any]) -> None:
        """Set several knobs by name. Raises ValueError for an unknown name or a wrong type."""
        for name, value in values.items():
            setattr(self, name, self._checked(name, value))

    def _checked(self, name: str, value: object) -> object:
        if name not in {f.name for f in fields(self)}:
            raise ValueError(f"unknown setting {name!r}")
        if name in CHOICES:
            if value not in CHOICES[name]:
                raise ValueError(f"{name} is one of {', '.join(CHOICES[name])}, not {value!r}")
            return value
        if name in {"tokens", "expired_tokens", "old_tokens", "roles", "mailbox_scope"}:
            if value is None and name in {"roles", "mailbox_scope"}:
                return None
            if not isinstance(value, (list, set)):
                raise ValueError(f"{name} is a list of strings")
            return {str(v) for v in value}
        if name == "delta_token_seconds" and value is None:
            return None
        wanted: type = float if name.endswith(("_ms", "_seconds")) else type(getattr(self, name))
        if isinstance(value, bool) != (wanted is bool) or not isinstance(value, (bool, int, float)):
            raise ValueError(f"{name} takes a {wanted.__name__}, not {value!r}")
        return wanted(value)

    def as_json(self) -> dict[str, Any]:
        """Return all knobs as JSON values."""
        return {k: sorted(v) if isinstance(v, set) else v for k, v in asdict(self).items()}
