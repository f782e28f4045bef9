"""Carrying a difference out: the calendar first, then the messages that are due.

Also the rows as they are afterwards.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.delivery.parcels import in_order
from bot.domain.changes import Applied
from bot.domain.errors import RunLocked, SignInFailed
from bot.log_lines import get_logger
from bot.rounds.steps.allowance import allowance_of
from bot.rounds.steps.apply_changes import apply_changes
from bot.rounds.steps.broadcast_mail import whose_hour_has_come
from bot.rounds.steps.cancellation_words import cancellation_words
from bot.rounds.steps.carried import Carried
from bot.rounds.steps.decide_seats import load_state, rows_of
from bot.rounds.steps.deliver_chat import chat_delivery, never_mailed
from bot.rounds.steps.deliver_mail import deliver_messages
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.rounds.steps.mailbox_room import MailboxRoom
from bot.rounds.steps.postman import postman_for
from bot.rounds.steps.seat_post import may_be_sent
from bot.rounds.steps.told_again import may_be_told_again
from bot.rounds.steps.workbench import Workbench
from bot.seats.enrolment_rules import rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.domain.changes import Change
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from config.settings import Settings


LOG = get_logger()


async def carry_out(
    work: Work,
    changes: Sequence[Change],
    *,
    people: PeopleIndex,
    now: datetime,
    still_mine: Callable[[], None],
    at_once: Callable[[Change], bool],
    told: Callable[[Sequence[Applied], int], None] = lambda _done, _of: None,
    between: Callable[[], None] = lambda: None,
) -> Carried:
    """Apply the changes, those who come and go gathered unless `at_once`, then send what is due.

    `between` when the calendar is done.
    """
    settings, plan, stores = work.settings, work.plan, work.stores
    done: list[Applied] = []

    def note(result: Applied) -> None:
        done.append(result)
        told(done, len(changes))
        LOG.info(
            "sync.changed",
            action=result.change.action,
            session=str(result.change.key),
            outcome=result.outcome.value,
            mails=result.change.mails,
            error=str(result.error) if result.error else None,
        )

    room = MailboxRoom(changes, allowance_of(settings, plan, stores), plan, now, at_once)
    bench = Workbench(
        calendar=work.tenant.calendar.elsewhere(plan.organiser),
        ledger=stores.books.ledger,
        people=people,
        now=now,
        comment=lambda change: cancellation_words(plan, change),
        told=note,
        still_mine=still_mine,
        room=room.look,
        not_sent=room.give_back,
        # Twice as many as the gate lets through: the next request is ready when a place falls free.
        hands=2 * settings.graph.concurrency,
        mails_everybody=work.findings.mails_everybody,
    )
    try:
        applied = await apply_changes(changes, bench)
    finally:
        room.give_back_the_rest()
    between()
    if any(isinstance(change.error, (SignInFailed, RunLocked)) for change in applied):
        return Carried(applied=applied)
    stands = work.by(plan_as_it_stands(plan, stores))
    postman = postman_for(stands, people=people, now=now, still_mine=still_mine)
    waiting = may_be_told_again(may_be_sent(stores, plan), plan.id, stores, now=now)
    ready = whose_hour_has_come(waiting, plan.id, stores, now=now)
    news = await chat_delivery(stands, people=people, now=now, still_mine=still_mine).deliver(
        in_order(never_mailed(ready), now)
    )
    sent = await deliver_messages(news.next_way, postman)
    return replace(
        sent,
        applied=applied,
        messages=(*news.carried.messages, *sent.messages),
        stopped=sent.stopped or news.carried.stopped,
    )


def refresh_rows(
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    carried: Carried,
    *,
    now: datetime,
    courses: frozenset[str] | None = None,
) -> None:
    """The registrations as they are after the calendar was changed.

    Who was invited just now is in the books by now.

    `courses` are those whose rows may be others, None: any. What people wrote to HR for a course that is
    over, by default, is erased.
    """
    if carried.applied:
        stores.answers.save_registrations(
            plan.id, rows_of(load_state(plan, stores, course=courses)), course=courses
        )
    noted = {note.course for note in stores.notes.load_notes(plan.id)}
    said = {comment.key.course for comment in stores.comments.load_comments(plan.id)}
    if not (noted or said):
        return
    then, plan = now - timedelta(days=settings.retention.notes_days), plan_as_it_stands(plan, stores)
    ahead = {
        course.id
        for course in plan.courses
        if not all(offering.is_over(then) for offering in rules_of(plan, course).offerings.values())
    }
    stores.notes.erase_notes(plan.id, noted - ahead)
    stores.comments.erase_comments(plan.id, said - ahead)
