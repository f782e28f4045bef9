"""What kursusbot takes for granted of Microsoft Graph, and what a probe of a test mailbox found of it.

Each assumption has a few readings; the first is the one that kursusbot goes by until a probe says otherwise.
The same list, in words and with what follows, stands in docs/microsoft365.md; a test holds the two against
each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ASSUMPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # creating
        "mailbox_address": ("works", "id_only"),
        "zone_names": ("iana_and_windows", "windows_only"),
        "stamp_filter": ("at_once", "late", "never"),
        "stamp_with_date": ("together", "alone"),
        "stamp_case": ("ignored", "matters"),
        "all_day": ("whole_days", "shifted"),
        "refused_address": ("whole_list", "rest_invited", "taken"),
        "repeated_transaction": ("same_event", "conflict", "second_event"),
        "repeated_transaction_changed": ("same_event", "conflict", "second_event"),
        "repeated_transaction_cancelled": ("second_event", "same_event", "conflict"),
        "draft_meeting": ("silent", "mailed", "refused"),
        "online_meeting_link": ("at_once", "late", "never"),
        "online_meeting_kept": ("kept", "lost"),
        # changing
        "attendees_patch_mails": ("changed", "everybody"),
        "attendees_patch_answers": ("kept", "forgotten"),
        "content_patch_mails": ("one_each", "none", "several"),
        "time_patch_answers": ("forgotten", "kept"),
        "hidden_attendees": ("listed", "hidden"),
        "old_etag": ("refused", "taken"),
        # ending
        "cancelled_event": ("shown_cancelled", "gone", "unchanged"),
        "cancel_without_people": ("refused", "done"),
        # answers and mail
        "answer_time": ("given", "year_1", "year_4501", "missing"),
        "answer_message": ("leads_to_event", "not_found"),
        "draft_by_key": ("at_once", "late", "never"),
        "sent_copy": ("at_once", "late", "never"),
        "property_ids": ("normalised", "as_asked"),
        "returned_mail": ("found", "not_found"),
        "invitation_copy": ("leads_to_event", "not_found"),
        # reading
        "delta_events": ("whole", "partial"),
        "delta_window": ("five_years", "shorter"),
        "lost_delta_link": ("told", "other"),
        "free_busy": ("answered", "refused"),
        "free_busy_unknown": ("error", "empty"),
        "free_busy_codes": ("numbers", "names"),
        "free_busy_window": ("sixty_two_days", "shorter"),
        "concurrency": ("mailbox", "app"),
        # being told
        "subscription": ("made", "refused"),
        "duplicate_subscription": ("refused", "allowed"),
        # the app in Teams, and meetings there
        "catalogue_filter": ("found", "nothing"),
        "repeated_install": ("conflict", "taken"),
        "install_forbidden": ("everybody", "one"),
        "meeting_by_link": ("found", "nothing"),
        "missing_policy": ("forbidden", "other"),
        "report_time": ("soon", "late"),
    }
)
"""Assumption to its readings, in the order in which they are told."""

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a probe found.

    `reading` is one of the assumption's, or UNKNOWN, and then `why` says by a code why it could not be told.

    `evidence` has numbers, statuses and Graph's own codes; never an address, an id or a text of anybody's.
    """

    assumption: str
    reading: str
    why: str = ""
    evidence: Mapping[str, str | int | float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.reading not in {*ASSUMPTIONS[self.assumption], UNKNOWN}:
            raise ValueError(f"{self.assumption} has no reading {self.reading!r}")

    @property
    def taken(self) -> str:
        """What kursusbot takes for granted."""
        return ASSUMPTIONS[self.assumption][0]

    @property
    def holds(self) -> bool | None:
        """Whether it is as taken for granted; None where it could not be told."""
        return None if self.reading == UNKNOWN else self.reading == self.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One probe of one mailbox (its address, lower case).

    When it ended (UTC), and what it found, in the order of ASSUMPTIONS.
    """

    mailbox: str
    at: datetime
    findings: tuple[Finding, ...]


def unknown(assumption: str, why: str, **evidence: str | float) -> Finding:
    """An assumption about which nothing can be said: `why` is one of WHY."""
    return Finding(assumption=assumption, reading=UNKNOWN, why=why, evidence=MappingProxyType(dict(evidence)))


def found(assumption: str, reading: str, **evidence: str | float) -> Finding:
    """A reading that was seen."""
    return Finding(assumption=assumption, reading=reading, evidence=MappingProxyType(dict(evidence)))


WHY = (
    "denied",
    "refused",
    "not_said",
    "no_answer",
    "no_address",
    "not_tried",
    "no_meeting",
    "no_app",
    "not_seen",
    "no_report",
)
"""Why nothing can be said: no right to look.

Graph refused what the try needs; nobody said; nobody answered the invitation; no public address for
notifications; the probe was not asked to; the mailbox holds no online meetings;
the app in Teams is not set up; nothing of the kind happened; nobody was in the meeting, or no report came.
"""


def in_order(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """One finding for each assumption, in their order; one that no experiment spoke of was not tried."""
    by_name = {finding.assumption: finding for finding in findings}
    return tuple(by_name.get(name) or unknown(name, "not_tried") for name in ASSUMPTIONS)
