"""Whose a course is: the addresses that its report goes to (pure).

Addresses are lower-cased.

the course             its reader
names responsible ones those addresses
names none             the plan's contact
has left the plan      the plan's contact; so too what is about no course at all
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from bot.domain.reminders import items_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.messages import Message
    from bot.domain.plan import CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """`contact` and those responsible for each course, lower-cased."""

    contact: str
    responsible: Mapping[str, tuple[str, ...]]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Everybody who may get a report, each once; the contact first."""
        return tuple(dict.fromkeys((self.contact, *sorted(chain.from_iterable(self.responsible.values())))))

    def of(self, course: str) -> tuple[str, ...]:
        """The readers of a course, by its id."""
        return self.responsible.get(course, (self.contact,))


def readers_of(plan: CoursePlan) -> Readers:
    """The readers of a plan."""
    return Readers(
        contact=plan.contact.lower(),
        responsible={course.id: plan.looks_after(course) for course in plan.courses},
    )


def courses_of(message: Message) -> tuple[str, ...]:
    """The courses that a message is about, each once; "" for none."""
    return tuple(dict.fromkeys(item.course for item in items_of(message))) or (message.course,)
