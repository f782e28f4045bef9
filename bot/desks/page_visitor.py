"""Whose link a page was opened by: the person where the books know them, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.people import Person
    from bot.domain.registrations import Registration


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
