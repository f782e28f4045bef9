"""What is not known of Microsoft Graph, what it may turn out to be, and what the program goes by.

    belief                   readings; the first is gone by until it was found out
    attendees_patch_mails    changed · everybody                        whom a PATCH of the attendees alone mails
    attendees_patch_answers  kept · forgotten                           the answers of those who stay then
    repeated_transaction     same_event · new_event_for_other_content · conflict
    cancelled_event          forgotten · remembered                     whether its transactionId still leads to it
    duplicate_subscription   refused · allowed
    subscription_rights      read_needed · write_is_enough
    upn                      same · differs                             addresses and principal names
    answer_time              always · year_1 · year_4501 · missing
    property_ids             normalised · as_asked                      how the id of an extended property comes back
    online_meeting_link      at_once · late · never
    draft_meeting            kept · sent                                what `isDraft` does on an event
    schedule                 live · documented
    zone_names               iana_and_windows · windows_only
    concurrency_scope        mailbox · app                              whose the four requests at once are

Only `GraphFindings` has consequences: how many mails a preview counts, and when people who join are invited.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Belief(StrEnum):
    """What sources about Microsoft Graph do not tell, or disagree on."""

    ATTENDEES_PATCH_MAILS = "attendees_patch_mails"
    ATTENDEES_PATCH_ANSWERS = "attendees_patch_answers"
    REPEATED_TRANSACTION = "repeated_transaction"
    CANCELLED_EVENT = "cancelled_event"
    DUPLICATE_SUBSCRIPTION = "duplicate_subscription"
    SUBSCRIPTION_RIGHTS = "subscription_rights"
    UPN = "upn"
    ANSWER_TIME = "answer_time"
    PROPERTY_IDS = "property_ids"
    ONLINE_MEETING_LINK = "online_meeting_link"
    DRAFT_MEETING = "draft_meeting"
    SCHEDULE = "schedule"
    ZONE_NAMES = "zone_names"
    CONCURRENCY_SCOPE = "concurrency_scope"


READINGS: dict[Belief, tuple[str, ...]] = {
    Belief.ATTENDEES_PATCH_MAILS: ("changed", "everybody"),
    Belief.ATTENDEES_PATCH_ANSWERS: ("kept", "forgotten"),
    Belief.REPEATED_TRANSACTION: ("same_event", "new_event_for_other_content", "conflict"),
    Belief.CANCELLED_EVENT: ("forgotten", "remembered"),
    Belief.DUPLICATE_SUBSCRIPTION: ("refused", "allowed"),
    Belief.SUBSCRIPTION_RIGHTS: ("read_needed", "write_is_enough"),
    Belief.UPN: ("same", "differs"),
    Belief.ANSWER_TIME: ("always", "year_1", "year_4501", "missing"),
    Belief.PROPERTY_IDS: ("normalised", "as_asked"),
    Belief.ONLINE_MEETING_LINK: ("at_once", "late", "never"),
    Belief.DRAFT_MEETING: ("kept", "sent"),
    Belief.SCHEDULE: ("live", "documented"),
    Belief.ZONE_NAMES: ("iana_and_windows", "windows_only"),
    Belief.CONCURRENCY_SCOPE: ("mailbox", "app"),
}


class Mailed(StrEnum):
    """Whom a PATCH of the attendees alone mails: those who join, leave or change, or all who are on the event."""

    CHANGED = "changed"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFindings:
    """What the program goes by, of a setting or of what was found in the tenant."""

    attendees_patch_mails: Mailed = Mailed.CHANGED

    @property
    def mails_everybody(self) -> bool:
        """Whether everybody on an event gets a mail when somebody joins or leaves."""
        return self.attendees_patch_mails is Mailed.EVERYBODY


NOTHING_FOUND = GraphFindings()


def findings_of(found: Mapping[str, str], *, attendees_patch_mails: Mailed | None = None) -> GraphFindings:
    """Put together what to go by: what somebody set, else what was `found` (reading by belief), else the first reading.

    A belief or reading that this version does not know counts as not found.
    """
    reading = found.get(Belief.ATTENDEES_PATCH_MAILS, "")
    known = Mailed(reading) if reading in READINGS[Belief.ATTENDEES_PATCH_MAILS] else Mailed.CHANGED
    return GraphFindings(attendees_patch_mails=attendees_patch_mails or known)
