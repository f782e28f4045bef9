"""Who answers for whom, whatever address they are named by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.delegates import Delegate, delegates_of, leaders_of, spoken_by, unknown_delegates
from bot.domain.people import PeopleIndex, Person
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, Standing

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)

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


def test_whom_nobody_knows_is_told_once_whichever_side_they_are_on():
    pairs = plan((BOSS, HELP), ("chfe@by.example", HELP), (BOSS, "skr@by.example"), ("chfe@by.example", "skr@by.example"))
    assert unknown_delegates(pairs, PEOPLE) == ("chfe@by.example", "skr@by.example")
    assert unknown_delegates(plan(("s@by.example", "den.gamle.adresse@by.example")), PEOPLE) == ()


@pytest.mark.parametrize(
    ("source", "cause", "by", "said"),
    [
        (AnswerSource.WEB, Cause.CHOSEN, HELP, HELP),
        (AnswerSource.TEAMS, Cause.CHOSEN, HELP, HELP),
        (AnswerSource.TEAMS, Cause.CHOSEN, BOSS, ""),
        (AnswerSource.WEB, Cause.CHOSEN, "", ""),
        (AnswerSource.WEB, Cause.TAKEN_OVER, OTHER, ""),
        (AnswerSource.HR, Cause.CHOSEN, OTHER, ""),
        (AnswerSource.RULE, Cause.CHOSEN, HELP, ""),
        (AnswerSource.OUTLOOK, Cause.CHOSEN, HELP, ""),
    ],
)
def test_a_delegate_speaks_at_peoples_own_doors_only(source, cause, by, said):
    standing = Standing(
        course="a", offering="main", email=BOSS, status=RegistrationStatus.REGISTERED, since=NOW, cause=cause, source=source, by=by
    )
    assert spoken_by(standing) == said
