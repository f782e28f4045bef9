"""A round that reads what people answered, and one that only follows what was decided by link or by HR.

    answers     lock, read what changed and what came back since last, note both, settle the seats, ask managers, move people, send
    follow      lock, settle the seats, ask managers, move people, send: after a wish has been decided

Seats are noted before the calendar is touched, so that a crash in between leaves nobody without a place: the
calendar follows the books.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.domain.directory_names import unresolved, with_addresses
from bot.domain.people import PeopleIndex
from bot.invitations.mailed import as_mailed
from bot.invitations.seat_changes import list_update
from bot.rounds.results import Collected
from bot.rounds.steps.ask_managers import ask_managers, decide_overdue
from bot.rounds.steps.carry_out import carry_out, refresh_rows
from bot.rounds.steps.copy_managers import copy_managers
from bot.rounds.steps.courses_to_read import note_rests, what_to_read
from bot.rounds.steps.decide_seats import what_follows, write
from bot.rounds.steps.follow_names import follow_names
from bot.rounds.steps.look_at_outlook import look_at_outlook
from bot.rounds.steps.note_returned import note_returned
from bot.rounds.steps.read_managers import read_managers
from bot.seats.guest_lists import attendance_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.changes import Change
    from bot.invitations.seat_changes import ListChange
    from bot.opening.tenant import Microsoft365
    from bot.opening.work import Work
    from bot.rounds.steps.decide_seats import Decided


async def responses_round(work: Work, *, collect: bool = True, by_hand: bool = False) -> Collected:
    """Read the answers given since the last time, settle the seats, and let calendar and messages follow.

    Without `collect` only what was decided by link or by HR is followed; `by_hand` nobody who comes or goes
    waits for others. Raises RunLocked, SignInFailed, GraphError when the calendar cannot be read,
    DatabaseFailed.
    """
    settings, plan, stores = work.settings, work.plan, work.stores
    await follow_names(plan, stores, now=work.now())
    async with work.locked() as still_mine:
        now = work.now()
        new = 0
        if collect:
            people = PeopleIndex(stores.books.people.load_people(plan.id))
            entries = stores.books.ledger.load_entries(plan.id)
            new = await look_at_outlook(work, people=people, entries=entries, now=now)
            await note_returned(
                plan,
                returned=work.tenant.returned,
                outbox=stores.outbox,
                bounces=stores.bounces,
                entries=entries.values(),
                people=people,
                now=now,
            )
        decide_overdue(settings, plan, stores, now=now)
        while True:
            look = what_to_read(settings, plan, stores, now=now)
            decided, wanted, held = what_follows(
                settings, plan, stores, work.findings, now=now, courses=look.courses
            )
            if held is not None:
                return Collected(new_answers=new, decided=decided, refused=held)
            if write(stores, decided, now=now):
                break
        note_rests(settings, plan, stores, look, decided, wanted, now=now)
        await ask_managers(work, now=now)
        await read_managers(work, now=now)
        copy_managers(work, now=now)
        changes = as_mailed(
            await _list_updates(work.tenant, decided, wanted),
            work.findings,
            decided.state.people,
        )
        people = decided.state.people
        carried = await carry_out(
            work,
            changes,
            people=people,
            now=now,
            still_mine=still_mine,
            at_once=lambda _one: by_hand,
        )
        changed = frozenset(result.change.course for result in carried.applied)
        refresh_rows(settings, plan, stores, carried, now=now, courses=changed)
        return Collected(new_answers=new, decided=decided, carried=carried)


async def _list_updates(
    tenant: Microsoft365, decided: Decided, wanted: Sequence[ListChange]
) -> tuple[Change, ...]:
    """The changes on the events as they stand; one that is gone is left to the next sync."""
    attendance = attendance_of(decided.standings)

    async def look(one: ListChange) -> Change | None:
        key = one.entry.key
        found = await tenant.calendar.fetch_event(one.entry.event_id or "", key)
        observed = (
            None
            if found is None
            else with_addresses(found, decided.state.people, one.entry.desired_attendees)
        )
        # such a list cannot be written whole: the next sync tells of it
        if observed is None or unresolved(observed):
            return None
        wishes = attendance[key.course, key.offering]
        update = list_update(one, observed, decided.state.people, released=wishes.released)
        # Whom HR turned away is in no books: with nobody to take off there is nothing to write.
        is_idle = not (one.add or update.remove) and wishes.turned_away.keys() >= {*one.remove}
        return None if is_idle else update

    return tuple(change for change in await asyncio.gather(*map(look, wanted)) if change is not None)
