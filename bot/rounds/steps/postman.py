"""Who delivers a plan's messages: the mailbox, what it may send, and where each kind leads its reader."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.domain.links import Purpose
from bot.domain.templates import MessageKind
from bot.opening.person_links import delegate_link_maker, link_maker
from bot.rounds.steps.allowance import allowance_of
from bot.rounds.steps.certificate_mail import why_no_certificate
from bot.rounds.steps.copy_managers import copy_words, why_no_copy
from bot.rounds.steps.deliver_mail import Postman
from bot.rounds.steps.manager_mail import manager_words, why_nothing_waits

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.messages.notice import Rendered
    from bot.opening.stores import Stores
    from bot.opening.work import Work


def _why_untrue(message: Message, *, plan: CoursePlan, stores: Stores, people: PeopleIndex) -> str:
    """Why a certificate's mail, or one to a manager, says nothing that is so any more."""
    return (
        why_no_certificate(message, stores=stores, people=people)
        or why_nothing_waits(message, stores=stores, people=people)
        or why_no_copy(message, plan=plan, stores=stores, people=people)
    )


def _to_manager(
    message: Message,
    link_for: Callable[[str, str], str | None],
    *,
    work: Work,
    people: PeopleIndex,
    now: datetime,
) -> Rendered | None:
    """What a mail to a manager says, by the books of when it goes; None for any other."""
    plan, stores = work.plan, work.stores
    return manager_words(message, link_for, plan=plan, stores=stores, people=people) or copy_words(
        message, settings=work.settings, plan=plan, stores=stores, people=people, now=now
    )


def postman_for(work: Work, *, people: PeopleIndex, now: datetime, still_mine: Callable[[], None]) -> Postman:
    """Who delivers the plan's messages.

    `now` UTC, `still_mine` raises RunLocked when the run lock is lost.
    """
    settings, plan, stores = work.settings, work.plan, work.stores
    link_for_leader = delegate_link_maker(settings, plan, stores, people=people, now=now)
    return Postman(
        plan=plan,
        people=people,
        mailbox=work.tenant.mailbox,
        outbox=stores.outbox,
        broadcasts=stores.broadcasts,
        words=stores.reminder_words,
        allowance=allowance_of(settings, plan, stores),
        now=now,
        link_for=lambda email, course: link_for_leader(email, email, course),
        link_for_leader=link_for_leader,
        own_links={
            MessageKind.CERTIFICATE_READY: link_maker(
                settings, plan, stores, people=people, now=now, purpose=Purpose.CERTIFICATE
            ),
            MessageKind.APPROVAL_REQUEST: link_maker(
                settings, plan, stores, people=people, now=now, purpose=Purpose.MANAGER
            ),
        },
        why_untrue=partial(_why_untrue, plan=plan, stores=stores, people=people),
        asking=partial(_to_manager, work=work, people=people, now=now),
        still_mine=still_mine,
        one_for_all=settings.mailbox.one_for_all,
    )
