"""The settings of Microsoft 365.

Where Graph is and how to sign in, what the mailbox may send, where posts in Teams go.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator

from bot.domain.graph_findings import MailedByGraph
from config.given import is_guid, is_loopback, is_webhook
from config.section import Section

PREFIX = "KURSUSBOT_"
"""What the names of all variables begin with."""


class CredentialKind(StrEnum):
    """How the program proves to Microsoft who it is; all but the last through azure-identity."""

    DEFAULT = "default"
    CLIENT_SECRET = "client_secret"  # noqa: S105 - the name of a kind
    CERTIFICATE = "certificate"
    MANAGED_IDENTITY = "managed_identity"
    WORKLOAD_IDENTITY = "workload_identity"
    STATIC_TOKEN = "static_token"  # noqa: S105 - the name of a kind


class GateOf(StrEnum):
    """Whose the four requests at a time are: each mailbox's, or the app's for all mailboxes together.

    Microsoft has said both.
    """

    MAILBOX = "mailbox"
    APP = "app"


class GraphSettings(Section):
    """Where Microsoft Graph is and how to sign in. Times in seconds."""

    base_url: str = "https://graph.microsoft.com/v1.0"
    credential: CredentialKind = CredentialKind.DEFAULT
    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    certificate_path: str | None = None
    certificate_password: SecretStr | None = None
    static_token: SecretStr | None = None
    concurrency: Annotated[int, Field(ge=1, le=4)] = 4
    gate: GateOf | None = None
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30.0
    retry_budget_seconds: Annotated[float, Field(ge=0, le=3600)] = 300.0
    attendees_patch_mails: MailedByGraph | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether Graph is a simulated one on this machine."""
        return is_loopback(self.base_url)

    @model_validator(mode="after")
    def _consistent(self) -> GraphSettings:
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("base_url: an https address such as https://graph.microsoft.com/v1.0 is needed")
        if parts.scheme == "http" and not self.is_loopback:
            raise ValueError("base_url: plain http is allowed to loopback only; use https")
        needed: dict[CredentialKind, tuple[str, ...]] = {
            CredentialKind.CLIENT_SECRET: ("tenant_id", "client_id", "client_secret"),
            CredentialKind.CERTIFICATE: ("tenant_id", "client_id", "certificate_path"),
            CredentialKind.STATIC_TOKEN: ("static_token",),
        }
        missing = [name for name in needed.get(self.credential, ()) if not getattr(self, name)]
        if missing:
            names = ", ".join(f"{PREFIX}GRAPH__{name.upper()}" for name in missing)
            raise ValueError(f"credential: {self.credential.value} also needs {names}")
        if self.credential is CredentialKind.STATIC_TOKEN and not self.is_loopback:
            raise ValueError("credential: static_token is allowed with a loopback base_url only")
        return self


class MailboxSettings(Section):
    """What the organiser mailbox may send, by Exchange Online's limits, and how it sends.

    30 messages a minute are Microsoft's limit for SMTP submission; whether it holds for Graph is not known,
    so more may be asked for, up to what 10,000 requests in ten minutes let through at two for each message.

    `reserved_share` of the day's recipients is kept for cancellations and for what is worth nothing tomorrow.
    `one_for_all`: what is equal for all goes as one mail with hidden recipients. `keeps_drafts` False where
    only Mail.Send is granted.
    """

    messages_per_minute: Annotated[int, Field(ge=1, le=500)] = 30
    recipients_per_day: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    reserved_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    one_for_all: bool = False
    keeps_drafts: bool = True


class TeamsSettings(Section):
    """`app_id`: the id in our Teams app's manifest; set, the activity feed is on.

    `tab`: whether the app has a tab with the desk, signed in by Teams. `attendance_reports`: whether Teams'
    reports of every online session are read; a course with a threshold asks for its own. `channels`: channel
    name to Workflows webhook URL, a secret.
    """

    app_id: str | None = None
    tab: bool = False
    attendance_reports: bool = False
    channels: dict[str, SecretStr] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> TeamsSettings:
        if self.app_id is not None and not is_guid(self.app_id):
            raise ValueError("app_id: an id such as 00000000-0000-0000-0000-000000000000 is needed")
        if self.tab and self.app_id is None:
            raise ValueError("app_id: a tab is one of the app in Teams, so the app's id is needed")
        for name, address in self.channels.items():
            # What is wrong is told without the address: whoever has it can post.
            if not is_webhook(address.get_secret_value()):
                raise ValueError(f"channels: {name} needs the https address of a Workflows webhook")
        return self
