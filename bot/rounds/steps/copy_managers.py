"""Copies for managers of what their people are signed up to: who gets one now, and what it says when it goes.

    copy_managers        by the plan, once a period: what is kept and the mails, in one transaction
    copy_words           what such a mail says, by the books of when it goes
    why_no_copy          why it does not go any more

Who gets one: `bot.registrations.manager_copies`. Books only; everything raises DatabaseFailed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.domain.people import PeopleIndex
from bot.domain.templates import MessageKind
from bot.log_lines import get_logger
from bot.messages.manager_copy import render_manager_copy
from bot.registrations.listing import wall_time
from bot.registrations.manager_copies import copying, period_of, signed_up
from bot.reminders.moments import sending_hours
from bot.rounds.steps.look_at_outlook import plan_as_it_stands
from bot.rounds.steps.manager_people import load_people_of_manager

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.manager_people import ManagedPerson
    from bot.domain.messages import Message
    from bot.domain.plan import CoursePlan
    from bot.messages.notice import Rendered
    from bot.opening.stores import Stores
    from bot.opening.work import Work
    from config.settings import Settings

log = get_logger("bot.managers")
NO_PEOPLE = "no_people"
"""The error of a copy that did not go: its reader is nobody's manager any more, or the plan sends none."""


def copy_managers(work: Work, *, now: datetime) -> None:
    """Write down who gets a copy at `now` (UTC), and the mails."""
    plan, stores = work.plan, work.stores
    before = stores.managed_people.load_copies(plan.id)
    if plan.managers is None or not plan.managers.is_mailed:
        if before:
            stores.managed_people.save_copies(plan.id, ())
        return
    if not sending_hours(plan).allows(now):
        return
    period = period_of(plan.managers, wall_time(now, plan))
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    teams: defaultdict[str, list[ManagedPerson]] = defaultdict(list)
    for one in stores.managed_people.load_managed(plan.id):
        if one.manager:
            teams[people.canonical(one.manager)].append(one)
    done = {one.email for one in before if one.period == period}
    if done == teams.keys() == {one.email for one in before}:
        return
    standing = plan_as_it_stands(plan, stores)
    told = {
        manager: ()
        if manager in done
        else load_people_of_manager(standing, stores, people, theirs, plan.language, now=now)
        for manager, theirs in teams.items()
    }
    found = copying(plan.id, period, told, before, now=now)
    stores.managed_people.save_copies(plan.id, found.copies, found.messages)
    log.info("managers.copied", managers=len(found.copies), mails=len(found.messages))


def why_no_copy(message: Message, *, plan: CoursePlan, stores: Stores, people: PeopleIndex) -> str:
    """Why a copy does not go any more, "" where it may, or is another mail."""
    if message.kind is not MessageKind.MANAGER_COPY:
        return ""
    is_sent = plan.managers is not None and plan.managers.is_mailed
    return "" if is_sent and _led_by(message, stores, people) else NO_PEOPLE


def copy_words(
    message: Message,
    *,
    settings: Settings,
    plan: CoursePlan,
    stores: Stores,
    people: PeopleIndex,
    now: datetime,
) -> Rendered | None:
    """What the mail says at `now` (UTC), None for any other mail."""
    if message.kind is not MessageKind.MANAGER_COPY:
        return None
    managed = _led_by(message, stores, people)
    reader = people.find(message.email)
    language = (reader.language if reader else None) or plan.language
    standing = plan_as_it_stands(plan, stores)
    has_page = settings.web.base_url is not None and settings.signin.is_set
    return render_manager_copy(
        plan,
        signed_up(load_people_of_manager(standing, stores, people, managed, language, now=now)),
        reader_name=(reader.name if reader else "") or next((one.name for one in managed if one.name), ""),
        language=language,
        link=f"{(settings.web.base_url or '').rstrip('/')}/my-people" if has_page else "",
    )


def _led_by(message: Message, stores: Stores, people: PeopleIndex) -> tuple[ManagedPerson, ...]:
    """Whose manager the mail's reader is."""
    reader = people.find(message.email)
    addresses = reader.addresses if reader is not None else frozenset({message.email})
    return stores.managed_people.load_people_of(message.plan, "", addresses)
