"""What undecided decisions come to at most and at least, without going through every combination (pure).

A stake is what is taken in addition where a condition holds; it is never below nothing. The search

1. takes decisions apart that no condition names together: each group is the same by itself, whatever the
   others come to;
2. decides the one that most conditions of its group name, each way in turn, and begins again with what is
   left;
3. remembers what it has seen, so that a chain of decisions costs little more than its length.

The answer is exact as long as no more than `MOST_TOGETHER` decisions hang together and no more than
`MOST_SITUATIONS` different situations come up: any 12 decisions between two options however they hang
together, and hundreds that do not. Beyond that the search goes on with the way that looks best, and says that
it did.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.domain.assumptions import Condition, Outcome

MOST_SITUATIONS = 20_000
MOST_TOGETHER = 60
"""Decisions that hang together; the search goes as deep as that."""

Stake: TypeAlias = tuple[Decimal, int]
"""An amount, and how many amounts are not known; compared in this order."""
Stakes: TypeAlias = "dict[Condition, Stake]"
NOTHING: Stake = (Decimal(0), 0)
Assignment: TypeAlias = "tuple[tuple[str, Outcome], ...]"
"""What each of some assumptions comes to, in the order of the plan."""
_Found: TypeAlias = "tuple[Stake, dict[str, Outcome]]"
_Way = TypeVar("_Way")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extreme:
    """The assignment that takes most, or least, of all; `is_exact` is False where the search had to guess."""

    assignment: Assignment
    is_exact: bool


def combinations(options: Mapping[str, Sequence[Outcome]]) -> Iterator[Assignment]:
    """Every assignment, the first assumption changing slowest; one without any for no assumptions."""
    for outcomes in product(*options.values()):
        yield tuple(zip(options, outcomes, strict=True))


def extreme(
    stakes: Iterable[tuple[Condition, Stake]], options: Mapping[str, Sequence[Outcome]], *, most: bool
) -> Extreme:
    """The dearest assignment of all of `options`, or with `most` False the cheapest.

    Conditions name nothing else.
    """
    search = _Search(options=options, most=most)
    _, found = search.best(merged(stakes))
    assignment = tuple((name, found.get(name, outcomes[0])) for name, outcomes in options.items())
    return Extreme(assignment=assignment, is_exact=search.is_exact)


def merged(stakes: Iterable[tuple[Condition, Stake]]) -> Stakes:
    """One stake for each condition; the order of terms and saying one twice make no difference."""
    together: Stakes = {}
    for condition, stake in stakes:
        key = tuple(sorted(set(condition), key=lambda term: (term.assumption, str(term.outcome))))
        together[key] = plus(together.get(key, NOTHING), stake)
    return together


def plus(one: Stake, other: Stake) -> Stake:
    """Both together."""
    return one[0] + other[0], one[1] + other[1]


@dataclass(slots=True, kw_only=True)
class _Search:
    options: Mapping[str, Sequence[Outcome]]
    most: bool
    is_exact: bool = True
    seen: dict[frozenset[tuple[Condition, Stake]], _Found] = field(default_factory=dict)

    def best(self, stakes: Stakes) -> _Found:
        total, choices = stakes.get((), NOTHING), dict[str, "Outcome"]()
        for group in _groups(stakes):
            stake, of_group = self._best_of_group(group)
            total, choices = plus(total, stake), choices | of_group
        return total, choices

    def _best_of_group(self, group: Stakes) -> _Found:
        situation = frozenset(group.items())
        if situation not in self.seen:
            self.seen[situation] = self._decided(group)
        return self.seen[situation]

    def _decided(self, group: Stakes) -> _Found:
        if len(_names(group)) > MOST_TOGETHER or len(self.seen) >= MOST_SITUATIONS:
            return self._guessed(group)
        name = _most_named(group)
        found = [(outcome, *self.best(_after(group, name, outcome))) for outcome in self.options[name]]
        outcome, stake, choices = self._pick(found, key=lambda way: way[1])
        return stake, choices | {name: outcome}

    def _guessed(self, group: Stakes) -> _Found:
        """The way that leaves most, or least, to be taken, decision by decision."""
        self.is_exact = False
        choices = dict[str, "Outcome"]()
        while any(group):
            name = _most_named(group)
            ways = [(outcome, _after(group, name, outcome)) for outcome in self.options[name]]
            choices[name], group = self._pick(ways, key=lambda way: reduce(plus, way[1].values(), NOTHING))
        return group.get((), NOTHING), choices

    def _pick(self, ways: Sequence[_Way], key: Callable[[_Way], Stake]) -> _Way:
        return max(ways, key=key) if self.most else min(ways, key=key)


def _names(stakes: Stakes) -> Counter[str]:
    """How many conditions name each assumption."""
    return Counter(name for condition in stakes for name in {term.assumption for term in condition})


def _most_named(stakes: Stakes) -> str:
    named = _names(stakes)
    return max(named, key=lambda name: (named[name], name))


def _after(group: Stakes, name: str, outcome: Outcome) -> Stakes:
    """What is at stake once the assumption has come to this outcome.

    What needs another one is not there any more.
    """
    return merged(
        (tuple(term for term in condition if term.assumption != name), stake)
        for condition, stake in group.items()
        if all(term.outcome == outcome for term in condition if term.assumption == name)
    )


def _groups(stakes: Stakes) -> list[Stakes]:
    """Stakes whose conditions hang together by the assumptions that they name."""
    groups: list[tuple[set[str], Stakes]] = []
    for condition, stake in stakes.items():
        if not condition:
            continue
        names = {term.assumption for term in condition}
        touched = [group for group in groups if not group[0].isdisjoint(names)]
        groups = [group for group in groups if group[0].isdisjoint(names)]
        joined: Stakes = {condition: stake}
        for of_names, of_stakes in touched:
            names |= of_names
            joined |= of_stakes
        groups.append((names, joined))
    return [group for _, group in groups]
