"""What `doctor` found: one line of its table."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


DOCS = {
    "settings": "settings.md",
    "database": "settings.md#database",
    "plan": "plan.md#problems",
    "file": "microsoft365.md#a-plan-in-sharepoint",
    "approval": "settings.md#approval",
    "waiting": "settings.md#approval",
    "feed": "microsoft365.md#teams",
    "channel": "microsoft365.md#teams",
    "bot": "microsoft365.md#teams",
    "bot_door": "microsoft365.md#teams",
    "chats": "microsoft365.md#teams",
    "bot_right": "microsoft365.md#installing-by-graph",
    "bot_app": "microsoft365.md#installing-by-graph",
    "installs": "microsoft365.md#installing-by-graph",
    "meeting_rights": "microsoft365.md#who-was-in-a-meeting",
    "meeting_policy": "microsoft365.md#who-was-in-a-meeting",
    "token": "settings.md#credentials",
    "write": "microsoft365.md#one-mailbox-only-rbac-for-applications",
    "mail": "microsoft365.md#one-mailbox-only-rbac-for-applications",
    "users": "microsoft365.md#least-permissions",
    "group": "microsoft365.md#least-permissions",
    "mailbox": "microsoft365.md#prepare",
    "calendar": "microsoft365.md#one-mailbox-only-rbac-for-applications",
    "zone": "microsoft365.md#prepare",
    "teams": "microsoft365.md#prepare",
    "inbox": "microsoft365.md#one-mailbox-only-rbac-for-applications",
    "schedules": "microsoft365.md#least-permissions",
    "rooms": "microsoft365.md#least-permissions",
    "notifications": "microsoft365.md#notifications",
    "webhooks": "api.md#webhooks",
}
"""Where to read on, by check, below `docs/`."""


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorFinding:
    """One line of the table.

    `name` and `message` are codes of the catalogue, `subject` tells several of a kind apart.
    """

    name: str
    state: State
    message: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    subject: str = ""
    exit_code: int = 0
    further: tuple[tuple[str, Mapping[str, object]], ...] = ()

    @property
    def check(self) -> str:
        """The check's own name."""
        return self.name.rpartition(".")[2]

    @property
    def docs(self) -> str:
        """Where to read on about what is not in order, "" where nothing is wrong."""
        if self.state not in {State.FAILED, State.UNKNOWN}:
            return ""
        return (
            "docs/install.md#upgrade"
            if self.message == "errors.database_behind"
            else f"docs/{DOCS[self.check]}"
        )
