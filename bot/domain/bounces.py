"""Mails that came back, as data: what a non-delivery report names, and why a mail was not delivered.

Does not say how reports are read (`bot.graph.bounces`) nor which of our mails they are about
(`bot.delivery.bounces`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.events import SessionKey


class BounceReason(StrEnum):
    """Why a mail came back; each value is a message's `error`, and a text under `reminders.reason`."""

    UNKNOWN_ADDRESS = "bounced_unknown_address"
    MAILBOX_FULL = "bounced_mailbox_full"
    REFUSED = "bounced_refused"
    EXPIRED = "bounced_expired"
    DAY_IS_FULL = "bounced_day_is_full"
    OTHER = "bounced_other"


EXACT = {
    "5.1.1": BounceReason.UNKNOWN_ADDRESS,
    "5.1.2": BounceReason.UNKNOWN_ADDRESS,
    "5.1.10": BounceReason.UNKNOWN_ADDRESS,
    "5.1.351": BounceReason.UNKNOWN_ADDRESS,
    "5.4.1": BounceReason.UNKNOWN_ADDRESS,
    "5.4.310": BounceReason.UNKNOWN_ADDRESS,
    "5.2.2": BounceReason.MAILBOX_FULL,
    "5.1.90": BounceReason.DAY_IS_FULL,
}
FAMILIES = {"5.7": BounceReason.REFUSED, "4.4": BounceReason.EXPIRED}


def reason_of(code: str) -> BounceReason:
    """What an enhanced status code says.

    | code                                       | reason |
    |--------------------------------------------|--------|
    | 5.1.1 5.1.2 5.1.10 5.1.351 5.4.1 5.4.310   | nobody has the address, or its domain is none |
    | 5.2.2                                      | the mailbox is full |
    | 5.1.90                                     | our mailbox has sent too much in 24 hours |
    | 5.7.x                                      | the recipient's side refuses it |
    | 4.4.x                                      | tried until it expired |
    | any other, or none                         | other |

    Source: Microsoft, "Email non-delivery reports and SMTP errors in Exchange Online", 2026-11-26.
    """
    return EXACT.get(code) or FAMILIES.get(code.rpartition(".")[0]) or BounceReason.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceReport:
    """One report in the inbox, as far as it can be read: anybody may have written it.

    `originals` are the `Message-ID`s that it refers to, the likeliest first, `addresses` those it names as
    not reached, lower-cased, in its order; `code` the enhanced status code, "" without one. `received_at`
    UTC.
    """

    originals: tuple[str, ...]
    addresses: tuple[str, ...]
    code: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What a `Message-ID` is in our mailbox.

    A message by its immutable id, or a mail about the event of `event_id`.
    """

    message_id: str
    event_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """An event's mail that did not reach somebody. `email` lower-cased as invited, `received_at` UTC.

    `noted_at` (UTC) is when we wrote it down, which is later; None where an older program did.
    """

    session: SessionKey
    email: str
    reason: BounceReason
    received_at: datetime
    noted_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedReturn:
    """A report of which nobody can say what came back: HR is told the address that it names (lower-cased).

    Instants UTC.
    """

    email: str
    reason: BounceReason
    received_at: datetime
    noted_at: datetime
