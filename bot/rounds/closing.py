"""Plans that the books know and nobody has a file for any more.

Which they are, cancelling what is left of one, and forgetting it.

lock, look into each mailbox that the books name for events ahead with the plan's stamp, cancel them, and drop
them from the books
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.errors import InputError
from bot.domain.events import AttendeeType
from bot.i18n.catalogue import text
from bot.opening.clock import clock_of
from bot.opening.plan_source import parse_source
from bot.store.locks import LOCK_WAIT_SECONDS, run_lock
from bot.store.plan_ids import load_plan_ids
from config.plan_settings import plan_sources, settings_of

if TYPE_CHECKING:
    from bot.domain.events import ObservedEvent
    from bot.domain.people import Language
    from bot.graph.client import GraphClient
    from bot.opening.stores import Stores
    from bot.plan import ParsedPlan
    from bot.store.plan_ids import PlanInBooks
    from config.plan_settings import PlanSource
    from config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The ids of the settings' plans; `unreadable` are files whose id nobody can tell at the moment."""

    ids: frozenset[str]
    unreadable: tuple[str, ...] = ()


async def served_plans(settings: Settings) -> Served:
    """Which plans there are a file for; raises InputError where the settings name none."""
    ids: set[str] = set()
    unreadable: list[str] = []
    for source in plan_sources(settings):
        parsed = await _parsed(settings, source)
        if parsed is None:
            # Nothing is written on the desk yet: it will be this one.
            ids.add(source.called)
        elif parsed.plan is None:
            unreadable.append(source.name)
        else:
            ids.add(parsed.plan.id)
    return Served(ids=frozenset(ids), unreadable=tuple(unreadable))


async def _parsed(settings: Settings, source: PlanSource) -> ParsedPlan | None:
    """None of a plan on the desk that nobody has written anything of."""
    try:
        return await parse_source(settings_of(settings, source), source.where)
    except InputError as error:
        if error.code != "desk_plan_empty":
            raise
        return None


def mailed(event: ObservedEvent) -> int:
    """How many people hear of its cancellation."""
    return sum(1 for attendee in event.attendees if attendee.type is not AttendeeType.RESOURCE)


async def coming_events(
    settings: Settings, plan: PlanInBooks, client: GraphClient
) -> tuple[tuple[str, ObservedEvent], ...]:
    """The events of the plan that have not begun, each with its mailbox, by start.

    Raises GraphError, SignInFailed.
    """
    from bot.graph.calendar import GraphCalendar

    now = clock_of(settings).now()
    found: list[tuple[str, ObservedEvent]] = []
    for mailbox in plan.mailboxes:
        calendar = GraphCalendar(client, organiser=mailbox, zone="UTC")
        events = await calendar.fetch_events(plan=plan.id, since=now)
        found += [(mailbox, event) for event in events if event.content.start > now.replace(tzinfo=None)]
    return tuple(sorted(found, key=lambda pair: (pair[1].content.start, pair[1].event_id)))


async def close_plan(
    settings: Settings, plan: PlanInBooks, stores: Stores, client: GraphClient, language: Language
) -> int:
    """Cancel the plan's coming events and drop them from the books; returns how many.

    May be repeated. Raises RunLocked, GraphError.
    """
    from bot.graph.calendar import GraphCalendar

    async with run_lock(stores.database, plan.id, LOCK_WAIT_SECONDS) as still_mine:
        events = await coming_events(settings, plan, client)
        for mailbox, event in events:
            still_mine()
            calendar = GraphCalendar(client, organiser=mailbox, zone="UTC")
            await calendar.cancel_event(event.event_id, comment=text(language, "closing.comment"))
            stores.books.ledger.remove_entries([event.key])
        now = clock_of(settings).now()
        # What the books still call coming is not in any mailbox: somebody has deleted it.
        left = [key for key, entry in stores.books.ledger.load_entries(plan.id).items() if entry.start > now]
        stores.books.ledger.remove_entries(left)
    return len(events)


def plan_in_books(stores: Stores, plan: str, settings: Settings) -> PlanInBooks | None:
    """What the books have of this id, None for nothing."""
    known = load_plan_ids(stores.database, now=clock_of(settings).now())
    return next((one for one in known if one.id == plan), None)
