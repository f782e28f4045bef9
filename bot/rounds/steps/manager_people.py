"""A manager's people with their courses, from the books: for the page and for the copy that is mailed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.registrations.attendance import attendance_in_plan
from bot.registrations.listing import wall_time
from bot.registrations.people_of_manager import people_of_manager

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.manager_pages import PersonOfManager
    from bot.domain.manager_people import ManagedPerson
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores


def load_people_of_manager(
    plan: CoursePlan,
    stores: Stores,
    people: PeopleIndex,
    managed: Iterable[ManagedPerson],
    language: Language,
    *,
    now: datetime,
) -> tuple[PersonOfManager, ...]:
    """What a manager is told of these people, as the books have it at `now` (UTC); by name.

    `plan` as it stands in people's calendars. Raises DatabaseFailed.
    """
    theirs = [person for one in managed if (person := people.find(one.email)) is not None]
    addresses = frozenset[str]().union(*(person.addresses for person in theirs))
    if not addresses:
        return ()
    rows = [
        replace(row, email=people.canonical(row.email))
        for row in stores.answers.load_registrations(plan.id, emails=addresses)
    ]
    words = stores.attendance.load_words(plan.id, emails=addresses)
    attendance = attendance_in_plan(plan, rows, words, people)
    return people_of_manager(plan, theirs, rows, attendance, language, now=wall_time(now, plan))
