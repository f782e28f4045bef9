"""Subscriptions of the app to changes in mailboxes and libraries, and which notifications come of a change.

| resource                                  | right                    | a notification for |
|-------------------------------------------|--------------------------|---|
| users/{id}/events                         | Calendars.Read…          | an organiser's event: made, changed, gone |
| users/{id}/messages                       | Mail.Read…               | a mail that comes |
| users/{id}/mailFolders/inbox/messages     | Mail.Read…               | the same |
| drives/{id}/root                          | Files.ReadWrite.All      | whatever happens to a file, not to which |

Of a drive there is `updated` alone, for at most 42,300 minutes, and nothing but its root can be watched. A
grant on one file or site is named nowhere as enough to watch.

A second one for the same changes of the same resource is 409 (documented), or made
(`duplicate_subscription`). Where a right to read is needed, one to write does not do (documented), or does
(`subscription_rights`). Of a mailbox at most 4,230 minutes, `clientState` of at most 128 characters, https
but for loopback. Lives by the tenant's clock; what is past its time is gone. Facts: graph-facts sections 4
and 11 (2026-11-22), graph-facts-checked section 12 (2026-11-28). Calls are `notifier.py`'s.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.sandbox.directory import Directory
from bot.sandbox.event_record import Event
from bot.sandbox.files import Files
from bot.sandbox.messages import Message
from bot.sandbox.wire import JsonObject, RefusedError, bad_request
from bot.sandbox.zones import write_instant

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.notifier import Notifier
    from bot.sandbox.settings import Settings

LONGEST_MINUTES = {"events": 4230, "messages": 4230, "drive": 42_300}
LONGEST_STATE = 128
CHANGES = frozenset({"created", "updated", "deleted"})
WRITABLE = frozenset(
    {
        "changeType", "notificationUrl", "lifecycleNotificationUrl", "resource", "expirationDateTime",
        "clientState",
        "latestSupportedTlsVersion", "includeResourceData", "notificationUrlAppId",
        "notificationQueryOptions",
    }
)  # fmt: skip
NEEDED = ("changeType", "notificationUrl", "resource", "expirationDateTime")
LIFECYCLE_EVENTS = ("reauthorizationRequired", "subscriptionRemoved", "missed")
READ_RIGHTS = {
    "events": frozenset({"Calendars.ReadBasic", "Calendars.Read"}),
    "messages": frozenset({"Mail.ReadBasic.All", "Mail.Read"}),
    "drive": frozenset({"Files.ReadWrite.All"}),
}
WRITE_RIGHTS = {
    "events": frozenset({"Calendars.ReadWrite"}),
    "messages": frozenset({"Mail.ReadWrite"}),
    "drive": frozenset[str](),
}
_RESOURCE = re.compile(
    r"/?users/(?P<who>[^/']+)/(?P<what>events|messages|mailFolders(?:/inbox|\('inbox'\))/messages)",
    re.IGNORECASE,
)
_DRIVE = re.compile(r"/?drives/(?P<drive>[^/']+)/root", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Subscription:
    """One subscription.

    `holder` is the id of a mailbox or a drive, `kind` `events`, `messages` or `drive`, `immutable` whether
    notifications carry immutable ids.
    """

    id: str
    holder: str
    kind: str
    changes: frozenset[str]
    sent: JsonObject
    expires_at: datetime
    immutable: bool

    @property
    def notification_url(self) -> str:
        """Where changes are told."""
        return str(self.sent["notificationUrl"])

    @property
    def lifecycle_url(self) -> str | None:
        """Where the subscription's own fate is told, if anywhere."""
        url = self.sent.get("lifecycleNotificationUrl")
        return str(url) if url else None

    def as_json(self) -> JsonObject:
        """Return it as Graph answers it; `clientState` is given to nobody but in notifications."""
        return {
            "id": self.id,
            "resource": self.sent["resource"],
            "applicationId": "24d3b144-21ae-4080-943f-7067b395b913",
            "changeType": self.sent["changeType"],
            "clientState": None,
            "notificationUrl": self.notification_url,
            "lifecycleNotificationUrl": self.lifecycle_url,
            "expirationDateTime": write_instant(self.expires_at),
            "creatorId": "8ee44408-0679-472c-bc2a-692812af3437",
            "latestSupportedTlsVersion": self.sent.get("latestSupportedTlsVersion", "v1_2"),
            "encryptionCertificate": None,
            "encryptionCertificateId": None,
            "includeResourceData": False,
        }


class Subscriptions:
    """All subscriptions of the app."""

    def __init__(self, settings: Settings, clock: Clock, directory: Directory, notifier: Notifier) -> None:
        """Start with none."""
        self.settings = settings
        self.clock = clock
        self.directory = directory
        self.notifier = notifier
        self._all: dict[str, Subscription] = {}

    def read(self, body: JsonObject, *, immutable: bool) -> Subscription:
        """Return what a POST asks for, not yet kept: first both addresses have to answer.

        Raises RefusedError 400, 404.
        """
        _check_names(body)
        changes = _read_changes(body)
        _check_texts(body)
        holder, kind = self._read_resource(str(body["resource"]))
        if kind == "drive" and changes != {"updated"}:
            raise bad_request("Only the changeType updated is supported for drive items.", "InvalidRequest")
        return Subscription(
            id=str(uuid.uuid4()),
            holder=holder,
            kind=kind,
            changes=changes,
            sent=dict(body),
            expires_at=self._expiry(body["expirationDateTime"], kind),
            immutable=immutable,
        )

    def require_single(self, asked: Subscription) -> None:
        """Refuse (409) what another one does already."""
        if self.settings.duplicate_subscription == "allowed":
            return
        for one in self.living():
            if (one.holder, one.kind, one.changes) == (asked.holder, asked.kind, asked.changes):
                message = f"Subscription Id {one.id} already exists for the requested combination"
                raise RefusedError(409, "ObjectIdentifierInUse", message)

    def rights(self, kind: str) -> frozenset[str]:
        """The permissions any of which is enough for a kind."""
        return READ_RIGHTS[kind] | (
            WRITE_RIGHTS[kind] if self.settings.subscription_rights == "write_is_enough" else frozenset()
        )

    def keep(self, subscription: Subscription) -> None:
        """From now on changes are told."""
        self._all[subscription.id] = subscription

    def renew(self, subscription: Subscription, body: JsonObject) -> None:
        """Apply a PATCH. Raises RefusedError 400."""
        if not set(body) <= {"expirationDateTime", "notificationUrl"} or "expirationDateTime" not in body:
            raise bad_request("Only expirationDateTime can be changed.", "InvalidRequest")
        subscription.expires_at = self._expiry(body["expirationDateTime"], subscription.kind)

    def find(self, subscription_id: str) -> Subscription:
        """Return a living one. Raises RefusedError 404."""
        found = self._all.get(subscription_id)
        if found is None or found.expires_at <= self.clock.now():
            raise RefusedError(404, "ResourceNotFound", "The object was not found.")
        return found

    def remove(self, subscription: Subscription, *, tell: bool = False) -> None:
        """Take it away, by request or as Outlook sometimes does; `tell` sends `subscriptionRemoved`."""
        if tell:
            self.tell_lifecycle(subscription, "subscriptionRemoved")
        self._all.pop(subscription.id, None)

    def living(self) -> list[Subscription]:
        """Return those that have not expired."""
        return [one for one in self._all.values() if one.expires_at > self.clock.now()]

    def tell_lifecycle(self, subscription: Subscription, event: str) -> None:
        """Send a lifecycle event. Raises ValueError for an unknown one."""
        if event not in LIFECYCLE_EVENTS:
            raise ValueError(f"an event is one of {', '.join(LIFECYCLE_EVENTS)}")
        if subscription.lifecycle_url is not None:
            self.notifier.put(
                subscription.lifecycle_url, {**self._about(subscription), "lifecycleEvent": event}
            )

    def event_changed(self, event: Event, *, new: bool) -> None:
        """An organiser's event was made, changed or taken out of the calendar."""
        change = "created" if new else "updated" if event.in_calendar else "deleted"
        later = self.settings.notification_updates if event.in_calendar else 0
        for told in (change, *["updated"] * later):
            self._tell(event.mailbox_id, "events", told, "Event", event.immutable_id, event.ordinary_id)

    def message_came(self, message: Message) -> None:
        """A mail came into an inbox."""
        self._tell(
            message.mailbox_id, "messages", "created", "Message", message.immutable_id, message.ordinary_id
        )

    def drive_changed(self, drive: str) -> None:
        """Something happened to a file of the drive; which, is not told."""
        for one in self.living():
            if (one.kind, one.holder) == ("drive", drive):
                told = {
                    **self._about(one),
                    "changeType": "updated",
                    "resource": f"drives/{drive}/root",
                    "resourceData": {"@odata.type": "#Microsoft.Graph.DriveItem"},
                }
                self.notifier.put(one.notification_url, told)

    def _tell(
        self, mailbox_id: str, kind: str, change: str, noun: str, immutable_id: str, ordinary_id: str
    ) -> None:
        for one in self.living():
            if one.holder != mailbox_id or one.kind != kind or change not in one.changes:
                continue
            item_id = immutable_id if one.immutable else ordinary_id
            path = f"Users/{mailbox_id}/{noun}s/{item_id}"
            data = {"@odata.type": f"#Microsoft.Graph.{noun}", "@odata.id": path, "id": item_id}
            self.notifier.put(
                one.notification_url,
                {**self._about(one), "changeType": change, "resource": path, "resourceData": data},
            )

    def _about(self, subscription: Subscription) -> JsonObject:
        return {
            "subscriptionId": subscription.id,
            "subscriptionExpirationDateTime": write_instant(subscription.expires_at),
            "clientState": subscription.sent.get("clientState"),
            "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
        }

    def _read_resource(self, resource: str) -> tuple[str, str]:
        """Whose mailbox, and `events` or `messages` of it; or which drive."""
        drive = _DRIVE.fullmatch(resource)
        if drive is not None:
            if drive["drive"] != Files.DRIVE_ID:
                raise RefusedError(404, "itemNotFound", "The resource could not be found.")
            return drive["drive"], "drive"
        parts = _RESOURCE.fullmatch(resource)
        if parts is None:
            raise bad_request("The resource is not supported.", "ExtensionError")
        user = self.directory.find_principal(parts["who"])
        if user is None or not user.has_mailbox:
            raise RefusedError(404, "ResourceNotFound", "The mailbox was not found.")
        return user.id, "events" if parts["what"].lower() == "events" else "messages"

    def _expiry(self, sent: object, kind: str) -> datetime:
        try:
            moment = datetime.fromisoformat(str(sent)).astimezone(UTC)
        except ValueError as error:
            raise bad_request("expirationDateTime is not a time.", "InvalidRequest") from error
        now, longest = self.clock.now(), LONGEST_MINUTES[kind]
        if not now < moment <= now + timedelta(minutes=longest):
            raise bad_request(
                f"Subscription expiration can only be {longest} minutes in the future.",
                "ExtensionError",
            )
        return moment


def _check_names(body: JsonObject) -> None:
    """Refuse (400) what cannot be written, and what lacks one of the four that are needed."""
    unknown = [name for name in body if name not in WRITABLE and "@odata." not in name]
    missing = [name for name in NEEDED if not body.get(name)]
    if unknown or missing:
        raise bad_request(f"Invalid or missing: {', '.join([*unknown, *missing])}.", "BadRequest")


def _read_changes(body: JsonObject) -> frozenset[str]:
    changes = frozenset(part.strip() for part in str(body["changeType"]).split(","))
    if not changes <= CHANGES:
        raise bad_request("changeType is created, updated or deleted.", "InvalidRequest")
    return changes


def _check_texts(body: JsonObject) -> None:
    """Refuse (400) a state that is too long, and addresses that Microsoft would not call."""
    if len(str(body.get("clientState") or "")) > LONGEST_STATE:
        raise bad_request("clientState is too long.", "InvalidRequest")
    for name in ("notificationUrl", "lifecycleNotificationUrl"):
        if body.get(name) and not _is_callable(str(body[name])):
            raise bad_request(f"{name} must be an https address.", "InvalidRequest")


def _is_callable(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        return parts.scheme == "http" and (
            parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
        )
    except ValueError:
        return False
