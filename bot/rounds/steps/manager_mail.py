"""The mail to a manager on its way: it says what waits for them when it goes; when nothing does, it stays.

| of what was asked, by the books | the mail |
|---|---|
| something waits for its reader | goes, with all of it |
| nothing waits any more: it was answered, taken back, or somebody else is asked by now | is skipped |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.templates import MessageKind
from bot.messages.approval import render_approval_request, waiting_sign_ups
from bot.seats.asking_managers import REMINDER

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.manager_approval import ApprovalAsk
    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.messages.notice import Rendered
    from bot.opening.stores import Stores

NOTHING_WAITS = "nothing_waits"
"""The error of a mail that did not go because there was nothing to ask about any more."""


def why_nothing_waits(message: Message, stores: Stores, people: PeopleIndex) -> str:
    """Why a mail to a manager does not go any more, "" where it may, or is another mail."""
    if message.kind is not MessageKind.APPROVAL_REQUEST:
        return ""
    return "" if _asks_of(message, stores, people) else NOTHING_WAITS


def manager_words(
    message: Message,
    link_for: Callable[[str, str], str | None],
    *,
    plan: CoursePlan,
    stores: Stores,
    people: PeopleIndex,
) -> Rendered | None:
    """What the mail says, None for any other mail."""
    if message.kind is not MessageKind.APPROVAL_REQUEST:
        return None
    asks = _asks_of(message, stores, people)
    reader = people.find(message.email)
    language = (reader.language if reader else None) or plan.language
    return render_approval_request(
        plan,
        tuple(waiting_sign_ups(plan, asks, people, language)),
        reader_name=(reader.name if reader else "") or next((ask.name for ask in asks), ""),
        language=language,
        link=link_for(message.email, "") or "",
        reminds=message.params.get("when") == REMINDER,
    )


def _asks_of(message: Message, stores: Stores, people: PeopleIndex) -> list[ApprovalAsk]:
    """What waits for the mail's reader and was asked about."""
    own = people.canonical(message.email)
    asks = stores.manager_asks.load_asks(message.plan)
    return [ask for ask in asks if ask.asked_at and not ask.overdue and people.canonical(ask.approver) == own]
