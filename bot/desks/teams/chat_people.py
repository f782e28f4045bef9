"""For whom somebody in Teams presses a button (pure).

| the press says                         | it is meant for |
|---|---|
| nobody                                 | who pressed |
| their own directory id or address      | who pressed |
| a leader for whom they answer by today's plan, in the same way | that leader; who pressed speaks for them |
| somebody else                          | nobody: it is refused |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address
from bot.domain.links import owner_of
from bot.domain.pages import SaidBy
from bot.domain.registrations import AnswerSource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.conversations import Press
    from bot.domain.people import Person
    from bot.domain.sign_in import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Who speaks, and for which leader; None for themselves."""

    visitor: Visitor
    said: SaidBy
    leader: Person | None = None

    @property
    def name(self) -> str:
        """What whoever they act for is called, "" for themselves."""
        return (self.leader.name or self.leader.email) if self.leader is not None else ""

    @property
    def id(self) -> str:
        """What a press calls whom they act for, "" for themselves."""
        return id_of(self.leader) if self.leader is not None else ""


def person_meant(visitor: Visitor, press: Press, leaders: Iterable[Person]) -> Meant | None:
    """By the table above; `leaders` are those whom the visitor answers for by today's plan."""
    said = SaidBy(source=AnswerSource.TEAMS)
    whom = plain_address(press.acts_for)
    if not whom or whom in own_names(visitor):
        return Meant(visitor=visitor, said=said)
    leader = next((one for one in leaders if whom in one.addresses or whom == id_of(one).lower()), None)
    return Meant(visitor=visitor, said=said, leader=leader) if leader is not None else None


def id_of(person: Person) -> str:
    """What a press calls somebody: the directory id, else the address."""
    return owner_of(person, person.email)


def own_names(visitor: Visitor) -> frozenset[str]:
    """What a press may call who pressed: the id, and the address where the provider vouches for it."""
    return frozenset({visitor.subject.lower(), visitor.email if visitor.vouches else ""}) - {""}
