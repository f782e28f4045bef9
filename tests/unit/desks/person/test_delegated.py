"""Who acts behind a delegate's link, by the people and the plan of today."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.desks.person.delegated import acting_for, language_of, turned_away
from bot.domain.delegates import Delegate
from bot.domain.links import Grant, LinkEnd, Purpose
from bot.domain.people import Language, PeopleIndex, Person
from tests.builders.occasions import plan

LEADER, HELPER = "lone@by.example", "sanne@by.example"
PEOPLE = PeopleIndex([Person(email=LEADER), Person(email=HELPER, name="Sanne Sekretær", directory_id="7", language=Language.EN)])
PLAN = replace(plan(), delegates=(Delegate(leader=LEADER, by=HELPER),))


def grant(delegate):
    return Grant(purpose=Purpose.PERSON, plan="by", person=LEADER, course="k", made_at=datetime(2025, 5, 1, tzinfo=UTC), delegate=delegate)


def test_a_link_of_the_leaders_own_has_nobody_who_acts():
    assert acting_for(PLAN, PEOPLE, grant(""), LEADER) is None


def test_a_delegate_is_known_by_id_and_by_address_and_acts_as_long_as_the_plan_says_so():
    for named in ("7", HELPER):
        acting = acting_for(PLAN, PEOPLE, grant(named), LEADER)
        assert (acting.name, acting.email, acting.is_allowed) == ("Sanne Sekretær", HELPER, True)
        assert not acting_for(replace(PLAN, delegates=()), PEOPLE, grant(named), LEADER).is_allowed


def test_who_is_known_by_the_address_alone_is_called_by_it():
    acting = acting_for(PLAN, PEOPLE, grant("ny@by.example"), LEADER)
    assert (acting.name, acting.is_allowed) == ("ny@by.example", False)


def test_who_is_turned_away_reads_it_in_their_language():
    ended = turned_away(PLAN, PEOPLE.find(HELPER), LinkEnd.NO_DELEGATE)
    assert (ended.language, ended.contact) == (Language.EN, PLAN.contact)
    assert language_of(PLAN, None) is PLAN.language
