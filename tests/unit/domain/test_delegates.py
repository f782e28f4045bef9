"""Who answers for whom, whatever address they are named by."""

from __future__ import annotations

import pytest

from bot.domain.delegates import Delegate, delegates_of, leaders_of
from bot.domain.people import PeopleIndex, Person

BOSS, SECOND, HELP, OTHER = "chef@by.example", "to@by.example", "sekr@by.example", "en@by.example"
PEOPLE = PeopleIndex(
    [
        Person(email=BOSS, aliases=frozenset({"den.gamle.adresse@by.example"})),
        Person(email=HELP, aliases=frozenset({"s@by.example"})),
    ]
)


def plan(*pairs):
    return [Delegate(leader=leader, by=by) for leader, by in pairs]


@pytest.mark.parametrize(
    ("pairs", "asked", "leaders"),
    [
        ([(BOSS, HELP)], HELP, (BOSS,)),
        ([(BOSS, HELP)], "S@By.Example", (BOSS,)),
        ([("den.gamle.adresse@by.example", "s@by.example")], HELP, (BOSS,)),
        ([(SECOND, HELP), (BOSS, HELP), ("den.gamle.adresse@by.example", HELP)], HELP, (SECOND, BOSS)),
        ([(BOSS, HELP)], BOSS, ()),
        ([(BOSS, HELP)], OTHER, ()),
        ([(BOSS, HELP), (HELP, OTHER)], OTHER, (HELP,)),
        ([(BOSS, HELP), (HELP, BOSS)], BOSS, (HELP,)),
        ([(HELP, "s@by.example")], HELP, ()),
        ([], HELP, ()),
    ],
)
def test_whom_somebody_answers_for(pairs, asked, leaders):
    """Not passed on, never for oneself, and each once in the plan's order."""
    assert leaders_of(plan(*pairs), asked, PEOPLE) == leaders


def test_who_answers_for_a_leader():
    both = plan((BOSS, OTHER), (SECOND, HELP), ("den.gamle.adresse@by.example", "s@by.example"), (BOSS, HELP))
    assert delegates_of(both, "DEN.gamle.adresse@by.example", PEOPLE) == (OTHER, HELP)
    assert delegates_of(plan((HELP, "s@by.example")), HELP, PEOPLE) == ()
