"""Who answers for whom, by the plan: a secretary or anybody else whom a leader leaves it to (pure).

    asked                                      is
    a delegate of the plan, for that leader    allowed
    the same, for a leader whom it gives       refused
    to somebody else
    whoever once was in the plan               refused: today's plan counts
    a delegate of one of their delegates       refused: it is not passed on

Addresses are compared as people are known by them (`PeopleIndex`), so that either may be named by any address
of theirs. Nobody is a delegate of themselves. What a delegate may do is what the leader may do. Who gets
`copies` is sent what their leader is reminded of as well (`bot.reminders.copies`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.registrations import AnswerSource
from bot.domain.seats import OF_OTHERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.people import PeopleIndex
    from bot.domain.seats import Standing

OWN_DOORS = frozenset({AnswerSource.WEB, AnswerSource.TEAMS})
"""Where people speak for themselves, and delegates for their leaders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate:
    """Whoever is `by` answers for the `leader`, both by address; `copies` of the leader's reminders."""

    leader: str
    by: str
    copies: bool = False


def leaders_of(delegates: Iterable[Delegate], address: str, people: PeopleIndex) -> tuple[str, ...]:
    """The canonical addresses of those whom somebody answers for, each once, in the plan's order."""
    mine = people.canonical(address)
    leaders = (people.canonical(one.leader) for one in delegates if people.canonical(one.by) == mine)
    return tuple(dict.fromkeys(leader for leader in leaders if leader != mine))


def delegates_of(delegates: Iterable[Delegate], address: str, people: PeopleIndex) -> tuple[str, ...]:
    """The canonical addresses of those who answer for a leader, each once, in the plan's order."""
    leader = people.canonical(address)
    found = (people.canonical(one.by) for one in delegates if people.canonical(one.leader) == leader)
    return tuple(dict.fromkeys(one for one in found if one != leader))


def who_gets_copies(delegates: Iterable[Delegate], people: PeopleIndex) -> dict[str, tuple[str, ...]]:
    """By leader those who get a copy of what the leader is reminded of.

    All canonical, in the plan's order.
    """
    wanted = tuple(one for one in delegates if one.copies)
    leaders = dict.fromkeys(people.canonical(one.leader) for one in wanted)
    found = {leader: delegates_of(wanted, leader, people) for leader in leaders}
    return {leader: by for leader, by in found.items() if by}


def unknown_delegates(delegates: Iterable[Delegate], people: PeopleIndex) -> tuple[str, ...]:
    """The addresses, of leaders and of delegates, that nobody has by groups, books or directory; sorted."""
    named = {address for one in delegates for address in (one.leader, one.by)}
    return tuple(sorted(address for address in named if people.find(address) is None))


def spoken_by(standing: Standing) -> str:
    """The address of the delegate who said it for the person, as it was noted; "" for anybody else.

    A colleague who passes a seat on, or a manager, has said nothing for whoever
    gets it, and what a rule does nobody says.
    """
    by_another = standing.source in OWN_DOORS and standing.cause not in OF_OTHERS
    return standing.by if by_another and standing.by != standing.email else ""
