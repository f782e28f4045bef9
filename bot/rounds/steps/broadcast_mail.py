"""What HR wrote to people, on its way to them: when it may go, whether it still may, and its words.

| the books say | a message of it |
|---|---|
| its hour has not come | waits |
| somebody stopped the rest | is skipped, unless it has gone; a draft stays in the mailbox, unsent |
| nothing of it, or its words named somebody who was erased since | the same |
| anything else | goes as every message does |

Who is asked is the book as it is at the moment, not as it was when the round began: a stop counts at once. A
mail to try it out knows no hour and no stop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.broadcasts import BROADCAST, GROUP, LANGUAGE, STOPPED, BroadcastGroup, is_trial
from bot.domain.people import Language
from bot.domain.templates import MessageKind
from bot.messages.broadcast import render_broadcast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.messages.notice import Rendered
    from bot.opening.stores import Stores
    from bot.ports.broadcasts import BroadcastBook

WORDS_GONE = "broadcast_gone"
"""The error of a message whose words are not in the books any more."""


def whose_hour_has_come(
    pending: Iterable[Message], plan: str, stores: Stores, *, now: datetime
) -> tuple[Message, ...]:
    """All of these but what HR wrote for later; `now` UTC."""
    listed = tuple(pending)
    if not any(message.kind is MessageKind.BROADCAST for message in listed):
        return listed
    later = {
        one.id
        for one in stores.broadcasts.load_broadcasts(plan)
        if one.goes_from is not None and one.goes_from > now
    }
    return tuple(
        message for message in listed if is_trial(message) or message.params.get(BROADCAST) not in later
    )


def why_not(message: Message, book: BroadcastBook) -> str:
    """Why it does not go any more, "" where it may."""
    if message.kind is not MessageKind.BROADCAST:
        return ""
    found = book.load_broadcast(message.plan, message.params[BROADCAST])
    if found is None or not found.words:
        return WORDS_GONE
    return STOPPED if found.stopped_at is not None and not is_trial(message) else ""


def broadcast_words(
    message: Message,
    book: BroadcastBook,
    plan: CoursePlan,
    people: PeopleIndex,
    link_for: Callable[[str, str], str | None],
) -> Rendered | None:
    """What it says, None for a message that is none of HR's own.

    Raises InputError for a course that has left the plan.
    """
    if message.kind is not MessageKind.BROADCAST:
        return None
    found = book.load_broadcast(message.plan, message.params[BROADCAST])
    if found is None or not found.words:
        return None
    person, language = people.find(message.email), Language(message.params[LANGUAGE])
    return render_broadcast(
        plan,
        plan.known_course(message.course),
        found.where,
        found.words_in(language),
        group=BroadcastGroup(message.params[GROUP]),
        reader_name=person.name if person else "",
        language=language,
        link=link_for(message.email, message.course),
        is_trial=is_trial(message),
    )
