"""Asking nearest managers about sign-ups that wait: what is due by now is decided or written down.

    decide_overdue    what the plan's own rule decides once the time is up, by the books alone
    ask_managers      who is asked about which wish; the directory is asked about new ones, and again once a day

    open_asks           what waits for a yes just now, for who looks
    read_managers_of    who the directory says is whose manager

The mails go with those of the round. What cannot be read is tried again; nothing of it stops a round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import GraphError
from bot.domain.people import PeopleIndex
from bot.log_lines import get_logger
from bot.registrations.standing_rows import canonical_standings
from bot.reminders.moments import sending_hours
from bot.rounds.steps.decide_seats import decide
from bot.seats.asking_managers import ManagersRead, asking, by_rule, open_wishes, to_look_up

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.manager_approval import ApprovalAsk
    from bot.domain.people import Person
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from bot.opening.tenant import Microsoft365
    from bot.opening.work import Work
    from bot.seats.asking_managers import WaitingWish
    from config.settings import Settings

log = get_logger("bot.managers")


def decide_overdue(settings: Settings, plan: CoursePlan, stores: Stores, *, now: datetime) -> None:
    """Decide by the plan's rule what nobody has answered in time; `now` UTC. Raises DatabaseFailed."""
    if not any(course.approval for course in plan.courses):
        return
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    requests = by_rule(_wishes(plan, stores, people, now), stores.manager_asks.load_asks(plan.id), now=now)
    if requests:
        decide(settings, plan, stores, requests)
        log.info("managers.by_rule", decided=len(requests))


async def ask_managers(work: Work, *, now: datetime) -> None:
    """Write down who is asked about each wish at `now` (UTC), and the mails. Raises DatabaseFailed."""
    plan, stores = work.plan, work.stores
    asks = stores.manager_asks.load_asks(plan.id)
    if not asks and not any(course.approval for course in plan.courses):
        return
    people = PeopleIndex(stores.books.people.load_people(plan.id))
    wishes = _wishes(plan, stores, people, now)
    due = to_look_up(wishes, asks, now=now)
    found = await read_managers_of(work.tenant, due, people)
    read = ManagersRead(managers={}, unread=due) if found is None else ManagersRead(managers=found)
    becomes = asking(
        plan,
        wishes,
        asks,
        read,
        people,
        now=now,
        in_hours=sending_hours(plan).allows(now),
        has_pages=work.settings.web.base_url is not None,
    )
    if becomes.changed:
        stores.manager_asks.save_asks(plan.id, becomes.asks, becomes.messages)
        log.info("managers.asked", waiting=len(becomes.asks), mails=len(becomes.messages))


def open_asks(
    plan: CoursePlan, stores: Stores, people: PeopleIndex, *, now: datetime, course: str | None = None
) -> tuple[ApprovalAsk, ...]:
    """The asks whose sign-up waits still, by the seat log of now, of one course or all; the oldest first."""
    asks = stores.manager_asks.load_asks(plan.id)
    if not asks:
        return ()
    waits = {(wish.place, wish.since) for wish in _wishes(plan, stores, people, now)}
    return tuple(
        ask
        for ask in asks
        if course in {None, ask.course}
        and ((ask.course, ask.offering, people.canonical(ask.email)), ask.wished_at) in waits
    )


def _wishes(plan: CoursePlan, stores: Stores, people: PeopleIndex, now: datetime) -> tuple[WaitingWish, ...]:
    asking_courses = frozenset(course.id for course in plan.courses if course.approval)
    if not asking_courses:
        return ()
    _, standings = stores.seats.load_standings(plan.id, course=asking_courses)
    return open_wishes(plan, canonical_standings(standings, people), now=now)


async def read_managers_of(
    tenant: Microsoft365, emails: frozenset[str], people: PeopleIndex
) -> dict[str, Person | None] | None:
    """By address the manager of each, None for nobody to ask; None where they cannot be read.

    Whom the plan has by address alone, the directory is asked for first.
    """
    try:
        ids = {
            one: email for email in sorted(emails) if (one := await _id_of(tenant, people.find(email), email))
        }
        found = await tenant.managers.managers_of(ids) if ids else {}
    except GraphError as error:
        log.warning("managers.unread", people=len(emails), error=str(error))
        return None
    known = {ids[one]: manager for one, manager in found.items() if one in ids}
    return dict.fromkeys(emails) | known


async def _id_of(tenant: Microsoft365, person: Person | None, email: str) -> str | None:
    if person is not None and person.directory_id:
        return person.directory_id
    found = await tenant.directory.find_person(email)
    return found.directory_id if found is not None else None
