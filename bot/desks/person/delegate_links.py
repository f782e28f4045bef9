"""Who answers for whom as HR sees it on a person's page, and the links by which they do.

| HR asks for | is |
|---|---|
| who answers for somebody, or whom they answer for | what the plans that HR may see say today |
| the links of one of these pairs | the delegate's own, one for each course; a line about each of the two |

Whoever has such a link acts for the leader, as the delegate: it is for the delegate alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.desks.person.links import for_delegate, link_owner, own_links
from bot.domain.delegates import delegates_of
from bot.domain.people import PeopleIndex, Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desks.plan_desk import PlanDesk
    from bot.domain.sign_in import Visitor
    from bot.registrations.known_people import KnownPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersFor:
    """One who answers for a leader by the plan of a desk."""

    desk: PlanDesk
    leader: Person
    by: Person

    @property
    def plan(self) -> str:
        """The plan's id."""
        return self.desk.written.id

    def links(self, visitor: Visitor) -> list[tuple[str, str]]:
        """Course title and link, in the order of the courses; who asked is written down.

        Raises InputError where there is nothing that a link could open, or no web address is set.
        """
        plan, stores, now = self.desk.written, self.desk.stores, self.desk.now()
        owner = for_delegate(
            plan, stores, link_owner(plan, stores, self.leader.email, now=now), self.by.email
        )
        found = own_links(self.desk.books.settings, plan, stores, owner, now=now)
        for subject in (self.by.email, self.leader.email):
            self.desk.note(visitor, "link", subject=subject, detail="--delegate")
        return [(plan.title_of(course), link) for course, link in found]


def answering(desks: Iterable[PlanDesk], person: KnownPerson) -> tuple[AnswersFor, ...]:
    """Who answers for the person, and whom the person answers for; raises DatabaseFailed."""
    found: list[AnswersFor] = []
    for desk in desks:
        plan = desk.written
        if not plan.delegates:
            continue
        people = PeopleIndex(desk.stores.books.people.load_people(plan.id))
        for leader in dict.fromkeys(people.canonical(one.leader) for one in plan.delegates):
            for by in delegates_of(plan.delegates, leader, people):
                if not person.addresses.isdisjoint({leader, by}):
                    whom, who = (people.find(email) or Person(email=email) for email in (leader, by))
                    found.append(AnswersFor(desk=desk, leader=whom, by=who))
    return tuple(found)
