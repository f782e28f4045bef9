"""Whose link a page was opened by: the person where the books know them, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address

if TYPE_CHECKING:
    from bot.domain.links import Grant
    from bot.domain.people import Person
    from bot.domain.registrations import Registration
    from bot.opening.stores import Stores
    from bot.rounds.steps.decide_seats import SeatState


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVisitor:
    """Whose link it is: the person where the books know them, and their registrations."""

    person: Person | None
    email: str
    here: tuple[Registration, ...]
    elsewhere: tuple[Registration, ...]

    @property
    def everywhere(self) -> tuple[Registration, ...]:
        """Their registrations on all courses of the plan."""
        return (*self.here, *self.elsewhere)

    @property
    def name(self) -> str:
        """As the directory has it, as a registration has it, or the address."""
        named = self.person.name if self.person else ""
        return named or next((row.name for row in self.everywhere if row.name), "") or self.email


def visitor_of(
    grant: Grant, state: SeatState, rows: tuple[Registration, ...], course: str, stores: Stores
) -> PageVisitor:
    """Whose link it is, with where they stand on the course (by its id today) by `rows`, and elsewhere.

    Raises DatabaseFailed.
    """
    person = state.people.find(grant.person) if "@" in grant.person else state.people.with_id(grant.person)
    email = person.email if person else plain_address(grant.person)
    everywhere = stores.answers.load_registrations(
        state.plan.id, emails=person.addresses if person else {email}
    )
    return PageVisitor(
        person=person,
        email=email,
        here=tuple(row for row in rows if row.email == email),
        elsewhere=tuple(row for row in everywhere if row.course != course),
    )
