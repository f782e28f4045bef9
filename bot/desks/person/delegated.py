"""Who acts behind a link or a press for whom, held against today's plan (pure).

By `bot.domain.delegates`: what a link says of who acts is looked up among the people of today, and the plan
of today says whether they may. Whoever is found by nobody is known by the address that the plan has for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.delegates import leaders_of
from bot.domain.links import EndedLink

if TYPE_CHECKING:
    from bot.domain.links import Grant, LinkEnd
    from bot.domain.people import Language, PeopleIndex, Person
    from bot.domain.plan import CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """Who acts for somebody: the person where they are known, and their canonical address."""

    person: Person | None
    email: str
    is_allowed: bool

    @property
    def name(self) -> str:
        """As the directory has it, or the address."""
        return (self.person.name if self.person else "") or self.email


def acting_for(plan: CoursePlan, people: PeopleIndex, grant: Grant, leader: str) -> Acting | None:
    """Who acts behind a link for the leader (canonical address); None where it is the leader's own."""
    if not grant.delegate:
        return None
    person = people.find(grant.delegate) if "@" in grant.delegate else people.with_id(grant.delegate)
    email = person.email if person is not None else plain_address(grant.delegate)
    return Acting(person=person, email=email, is_allowed=leader in leaders_of(plan.delegates, email, people))


def language_of(plan: CoursePlan, reader: Person | None) -> Language:
    """The reader's own, else the plan's."""
    return (reader.language if reader is not None else None) or plan.language


def turned_away(plan: CoursePlan, reader: Person | None, why: LinkEnd) -> EndedLink:
    """What is said to the reader of a link that opens nothing."""
    return EndedLink(why=why, language=language_of(plan, reader), contact=plan.contact)
