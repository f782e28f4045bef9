"""A look into the groups between two syncs: who has joined is known to pages and seats at once.

    lock, read the groups, add who is new to the books' people and audiences

Never takes anybody out of the books: a group that answers short, by mistake or by a fault, would free seats
without a sync's safety limits. Sizes of groups stay a sync's as well. Calendars are neither read nor written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.people import PeopleIndex
from bot.invitations.audiences import known_people, merged_people, resolve_audiences
from bot.rounds.results import RoundResult
from bot.rounds.steps.read_world import fetch_groups

if TYPE_CHECKING:
    from bot.opening.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed(RoundResult):
    """How many places in audiences are new; what could not be learnt is left over."""

    joined: int


async def refresh_round(work: Work) -> Refreshed:
    """Read the groups of the plan's audiences and add who is new.

    Raises RunLocked, SignInFailed, DatabaseFailed.
    """
    plan, books, directory = work.plan, work.stores.books, work.tenant.directory
    async with work.locked():
        now = work.now()
        remembered = books.groups.load_counts(plan.id)
        answers = await fetch_groups(plan, directory, remembered)
        audiences = resolve_audiences(plan, answers, remembered).values()
        known = known_people(audiences)
        people = PeopleIndex(merged_people([*known, *books.people.load_people(plan.id)]))
        before = books.audiences.load_members(plan.id)
        # An audience that no sync has read yet is a new course's, and the first sync of it decides who
        # belongs there.
        today = {
            audience.id: before[audience.id] | {people.canonical(person.email) for person in audience.people}
            for audience in audiences
            if audience.is_known and audience.id in before
        }
        joined = {audience: members for audience, members in today.items() if members != before[audience]}
        books.groups.save_ids(plan.id, directory.looked_up, now=now)
        if joined:
            books.people.save_people(plan.id, known, now=now)
            books.audiences.save_members(plan.id, joined, now=now)
        return Refreshed(
            joined=sum(len(members - before[audience]) for audience, members in joined.items()),
            left_over=not all(audience.is_known for audience in audiences),
        )
