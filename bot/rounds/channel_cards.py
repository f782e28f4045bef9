"""Keeping the cards of courses that stand in Teams channels as the courses are, from the books to the posts.

    look without a lock: does any card show what is not so      most rounds end here
    lock, look again, then card by card: written down, posted or put in its place, written down

Which card stands where is decided in `bot.cards.standing`. There is no key to a post, so a card is written
down as begun before it goes: what was lost on the way is left alone, and never posted twice.

    Teams says                    a card that is posted          a card that is put in another's place
    it is there                   stands                         stands
    not there                     the channel is forgotten       taken away by somebody: left alone
    refused for what it is        not begun                      tried again in the next round
    unclear                       left alone                     tried again: it is the same card
    not now, or cannot sign in    not begun, and the round ends  tried again, and the round ends

What fails here keeps nobody's seat and nobody's mail: it is logged, and the round that it follows stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.cards.standing import AskedCourse, CardStep, card_steps
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear
from bot.log_lines import get_logger
from bot.reminders.moments import sending_hours
from bot.rounds.steps.count_seats import numbers_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.domain.conversations import Conversation
    from bot.opening.work import BookWork, Work
    from bot.ports.conversations import Chat, ConversationBook

log = get_logger("bot.delivery")


async def show_in_channels(work: Work) -> int:
    """Post and renew the cards of the plan that is in force by now; how many.

    Raises RunLocked, DatabaseFailed.
    """
    chat, book, shown = work.tenant.chat, work.stores.conversations, 0
    channels = book.load_channels() if chat is not None else ()
    if chat is None or not channels:
        return shown
    work = work.afresh()
    if not _steps(work, channels, now=work.now()):
        return shown
    async with work.locked() as still_mine:
        for step in _steps(work, book.load_channels(), now=work.now()):
            still_mine()
            try:
                shown += await take_step(step, chat, book)
            except GraphError as error:
                log.warning("channel_card.stopped", course=step.standing.course, error=str(error))
                break
    return shown


def _steps(work: BookWork, channels: Sequence[Conversation], *, now: datetime) -> tuple[CardStep, ...]:
    plan = work.plan
    standing = work.stores.conversations.load_cards(plan.id)
    if not standing and not any(course.teams_channel for course in plan.courses):
        return ()
    asked = {
        course: AskedCourse(is_asked=numbers.seats.invited > 0, offerings=numbers.offerings)
        for course, numbers in numbers_of(plan, work.stores).items()
    }
    may_post = sending_hours(plan).allows(now)
    app_id = work.settings.bot.app_id or ""
    return card_steps(plan, asked, standing, channels, app_id=app_id, now=now, may_post=may_post)


async def take_step(step: CardStep, chat: Chat, book: ConversationBook) -> bool:
    """Whether a card was shown; raises GraphError where the others had better wait."""
    done = step.standing
    if step.card is not None:
        activity = await (_renewed if done.activity else _posted)(step, chat, book)
        if activity is None:
            return False
        done = replace(done, activity=activity)
    if step.is_last:
        book.forget_card(done)
    else:
        book.save_card(done)
    return step.card is not None


async def _posted(step: CardStep, chat: Chat, book: ConversationBook) -> str | None:
    """The activity of a card that was posted, None where it was not, or nobody knows."""
    assert step.card is not None  # noqa: S101 - whoever calls has looked
    begun = step.standing
    book.save_card(begun)
    try:
        return await chat.send(step.conversation, step.card, summary="") or None
    except GraphUnclear as error:
        log.warning("channel_card.unclear", course=begun.course, error=str(error))
        return None
    except GraphGone:
        book.forget(step.conversation.id)
        return None
    except GraphRefused as error:
        book.forget_card(begun)
        log.warning("channel_card.refused", course=begun.course, error=str(error))
        return None
    except GraphError:
        book.forget_card(begun)
        raise


async def _renewed(step: CardStep, chat: Chat, book: ConversationBook) -> str | None:
    """The activity of a card that is in the other's place now, None where it is not."""
    assert step.card is not None  # noqa: S101 - whoever calls has looked
    try:
        await chat.update(step.conversation, step.standing.activity, step.card)
    except GraphGone:
        book.save_card(replace(step.standing, activity=""))
        return None
    except (GraphRefused, GraphUnclear) as error:
        log.warning("channel_card.not_renewed", course=step.standing.course, error=str(error))
        return None
    return step.standing.activity
