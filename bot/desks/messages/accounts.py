"""What became of a plan's messages: sent or why not, kind by kind, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.delivery.accounts import accounts, returned_mails
from bot.delivery.bounces import still_wanted
from bot.rounds.hr_report import UNPLACED_TOLD

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.delivery.accounts import Account, Returned
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores


def message_accounts(
    plan: CoursePlan, stores: Stores, *, now: datetime
) -> tuple[Sequence[Account], tuple[Returned, ...]]:
    """By kind, and what came back of addresses that are in an audience or on an event today; `now` UTC.

    Invitations come back only of what is still to come. Raises DatabaseFailed.
    """
    sent, entries = stores.outbox.load_messages(plan.id), stores.books.ledger.load_entries(plan.id)
    members = stores.books.audiences.load_members(plan.id).values()
    in_use = frozenset[str]().union(*members, *(entry.desired_attendees for entry in entries.values()))
    unplaced = stores.bounces.load_unplaced(plan.id, since=now - UNPLACED_TOLD)
    wanted = still_wanted(stores.bounces.load_bounces(plan.id), entries.values(), now=now)
    return accounts(sent), returned_mails(sent, wanted, in_use, unplaced)
