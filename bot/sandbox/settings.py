"""How the simulated tenant behaves where Graph's behaviour is a choice, a limit or not known.

Data only; the control plane changes it by name. Defaults follow the documentation, and where it is silent
what was seen live (graph-facts 2026-11-22, graph-facts-checked 2026-11-28); the comment says which, and what
was assumed. `STRICT` is the other reading of everything that sources disagree on, or the harder one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, get_args

ThrottleForm = Literal["status", "body"]
RetryAfterForm = Literal["integer", "fraction", "date", "missing"]
DuplicateAnswer = Literal["same", "new_event_for_other_content", "conflict"]
KeptAnswers = Literal["kept", "forgotten"]
DuplicateSubscription = Literal["refused", "allowed"]
SubscriptionRights = Literal["read_needed", "write_is_enough"]
Upn = Literal["same", "differs"]
AnswerTime = Literal["always", "year_1", "year_4501", "missing"]
PropertyIds = Literal["normalised", "as_asked"]
MeetingLink = Literal["at_once", "late", "never"]
CancelledTransaction = Literal["forgotten", "remembered"]
DraftMeeting = Literal["kept", "sent", "refused"]
ScheduleForm = Literal["live", "documented"]
ZoneNames = Literal["iana_and_windows", "windows_only"]
ConcurrencyScope = Literal["mailbox", "app"]
ReportLanguage = Literal["en", "da"]
TOKEN = "sandbox"  # noqa: S105 - what a sandbox accepts by default is no secret
CHOICES: dict[str, tuple[str, ...]] = {
    "retry_after": get_args(RetryAfterForm),
    "duplicate_transaction": get_args(DuplicateAnswer),
    "report_language": get_args(ReportLanguage),
    "webhook_throttle": get_args(ThrottleForm),
    "attendees_patch_answers": get_args(KeptAnswers),
    "duplicate_subscription": get_args(DuplicateSubscription),
    "subscription_rights": get_args(SubscriptionRights),
    "upn": get_args(Upn),
    "answer_time": get_args(AnswerTime),
    "property_ids": get_args(PropertyIds),
    "online_meeting_link": get_args(MeetingLink),
    "cancelled_transaction": get_args(CancelledTransaction),
    "draft_meeting": get_args(DraftMeeting),
    "schedule": get_args(ScheduleForm),
    "zone_names": get_args(ZoneNames),
    "concurrency_scope": get_args(ConcurrencyScope),
}
STRICT: dict[str, Any] = {
    "attendees_patch_answers": "forgotten",
    "attendee_patch_mails_everyone": True,
    "duplicate_transaction": "new_event_for_other_content",
    "cancelled_transaction": "remembered",
    "deleted_items_readable": False,
    "duplicate_subscription": "allowed",
    "upn": "differs",
    "answer_time": "year_4501",
    "property_ids": "as_asked",
    "online_meeting_link": "late",
    "draft_meeting": "sent",
    "schedule": "documented",
    "zone_names": "windows_only",
    "concurrency_scope": "app",
    "stamp_filter_stands_alone": True,
    "delta_repeats": True,
    "feed_two_apps": True,
    "notification_copies": 2,
    "activity_copies": 2,
    "notification_updates": 2,
    "no_report_is_404": True,
    "meeting_found_by_link": False,
    "app_found_by_manifest": False,
    "repeated_install_taken": True,
    "attendance_records_at_once": 3,
    "sent_copy_delay": 0.3,
    "index_delay": 0.3,
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
    # Whether the four at once are an app's for each mailbox or for all together: the documentation has said
    # both.
    concurrency_scope: ConcurrencyScope = "mailbox"
    # A repeated transactionId is undocumented. 201 with the same event, as one practitioner saw "because an
    # event of the same content exists" (what becomes of other content is not known); or 409.
    duplicate_transaction: DuplicateAnswer = "same"
    # Whether the transactionId of a cancelled event still leads to it: not known.
    cancelled_transaction: CancelledTransaction = "forgotten"
    # Assumed: an immutable id still finds a cancelled event in Deleted Items.
    deleted_items_readable: bool = True
    # The documentation says only the changed attendees get a mail; users have seen everyone mailed.
    attendee_patch_mails_everyone: bool = False
    # What a PATCH of `attendees` does to the answers of those who stay: no source.
    attendees_patch_answers: KeptAnswers = "kept"
    # `isDraft` on a POST or PATCH of an event: one source keeps the meeting as a draft; or the word is passed
    # over and it is sent; or it is refused as read-only.
    draft_meeting: DraftMeeting = "kept"
    # When an answer was given: always there, or one of Exchange's two words for never (seen live), or not at
    # all.
    answer_time: AnswerTime = "always"
    # How ids of extended properties come back: a tag without its leading zeros and a GUID in lower case (seen
    # live), or as asked for.
    property_ids: PropertyIds = "normalised"
    # Whether users go by a principal name that is their address. Paths take an id or a principal name, never
    # an address.
    upn: Upn = "same"
    room_answer_seconds: float = 0.0
    # Exchange Online's limits for one mailbox: messages within 60 seconds, recipients within 24 hours.
    messages_per_minute: int = 30
    recipients_per_day: int = 10_000
    # How long after a delivery a non-delivery report comes back, and in the language of the sender's mailbox.
    report_seconds: float = 0.0
    report_language: ReportLanguage = "en"
    # How long, in real time, a new event is not yet found by reads (its transactionId is known at once).
    replication_seconds: float = 0.0
    # How long, in real time, lists and filters do not yet find what was just written; reads by id do.
    index_delay: float = 0.0
    # How long, in real time, a message that was sent is not yet found among what was sent ("may not succeed
    # immediately").
    sent_copy_delay: float = 0.0
    # Whether a filter on extended properties may name other properties too is undocumented.
    stamp_filter_stands_alone: bool = False
    teams_available: bool = True
    # The way into an online meeting: in the answer to the POST, not before the event is read again (seen
    # live), or never.
    online_meeting_link: MeetingLink = "at_once"
    # How long, in real time, Teams takes to make one; then the next read of the event brings it.
    teams_link_seconds: float = 0.0
    # Whether Teams has an application access policy for the app: without it meetings and reports are 403.
    meeting_policy: bool = True
    # Whether an app alone finds meetings by their link, and apps of the catalogue by the manifest's id: both
    # documented, seen by nobody here.
    meeting_found_by_link: bool = True
    app_found_by_manifest: bool = True
    # To install what is there: 409 (documented), or it is taken again.
    repeated_install_taken: bool = False
    # Directory ids of people for whom a policy of Teams forbids the app.
    app_forbidden_for: set[str] = field(default_factory=set)
    # How long after the last one left a meeting its report is there, by the tenant's clock ("minutes").
    attendance_report_seconds: float = 0.0
    # What is told of a meeting without a report: an empty list, or 404. Not documented.
    no_report_is_404: bool = False
    # How many records come with a report, and on a page. Not documented.
    attendance_records_at_once: int = 200
    # Zone names in `Prefer` and in bodies: both kinds (seen live), or an IANA name is 400 as for one in 2019.
    zone_names: ZoneNames = "iana_and_windows"
    # getSchedule as it was seen, or as it is documented.
    schedule: ScheduleForm = "live"
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
    # A flow's posts in five minutes (real time); beyond that the 202 is given and the card is lost.
    posts_per_5_minutes: int = 25
    # What the Bot Connector takes of one app in a second (real time); the limits of a chat stand fast.
    bot_requests_per_second: int = 30
    # How often each line and press is brought to the bot: Teams asks again where it is not sure.
    activity_copies: int = 1
    # How long a person's client waits for the bot to answer a press, in real time.
    invoke_timeout_seconds: float = 5.0
    # Two apps of the tenant have our application id: activity notifications that do not name theirs are 409.
    feed_two_apps: bool = False
    # A second subscription to the same changes of the same resource: 409 (documented), or it is made (seen in
    # 2026).
    duplicate_subscription: DuplicateSubscription = "refused"
    # Documented: where reading is enough, a right to write does not let an app subscribe. Others do with it.
    subscription_rights: SubscriptionRights = "read_needed"
    # Notifications, in real time: how late (the real latency is documented as unknown), how often each (0:
    # lost, 2: twice), and in which order those that go together stand.
    notification_delay_seconds: float = 0.0
    notification_copies: int = 1
    # How many `updated` follow each change of an event: one act was seen to make several.
    notification_updates: int = 0
    notifications_reversed: bool = False
    notification_timeout_seconds: float = 3.0
    notification_retry_seconds: float = 10.0

    def names_differ(self) -> bool:
        """Whether a principal name is another than the address."""
        return self.upn == "differs"

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
        if name in {"tokens", "expired_tokens", "old_tokens", "roles", "mailbox_scope", "app_forbidden_for"}:
            if value is None and name in {"roles", "mailbox_scope"}:
                return None
            if not isinstance(value, (list, set)):
                raise ValueError(f"{name} is a list of strings")
            return {str(v) for v in value}
        if name == "delta_token_seconds" and value is None:
            return None
        wanted: type = float if name.endswith(("_ms", "_seconds", "_delay")) else type(getattr(self, name))
        if isinstance(value, bool) != (wanted is bool) or not isinstance(value, (bool, int, float)):
            raise ValueError(f"{name} takes a {wanted.__name__}, not {value!r}")
        return wanted(value)

    def as_json(self) -> dict[str, Any]:
        """Return all knobs as JSON values."""
        return {k: sorted(v) if isinstance(v, set) else v for k, v in asdict(self).items()}
