"""Which events are made in the place of others, by the table of `bot.invitations.replaced`, and what the books say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.plan import Offering
from tests.builders.model_rounds import Town
from tests.builders.samples import NOW, START, make_course, make_person, make_plan, make_session

ALL = "alle@demo.example"
LATER = NOW + timedelta(days=1)
NEXT_WEEK = START + timedelta(days=7)
DAG, MOVED, OTHER_NAME, OTHER_DAY = (
    make_session(name, start=start) for name, start in (("dag", START), ("dag", NEXT_WEEK), ("ny", START), ("ny", NEXT_WEEK))
)


def plan_of(*sessions, others=()):
    return make_plan(make_course("kursus", offerings=(Offering(id="main", sessions=sessions), *others)))


@pytest.fixture
def town():
    town = Town(plan_of(DAG))
    town.groups.members[ALL] = (make_person("anna"),)
    town.sync()
    town.now = LATER
    return town


def moved(town, *sessions, others=()):
    """Session id to when it was moved, by the books after a run."""
    town.plan = plan_of(*sessions, others=others)
    town.sync()
    return {key.session: entry.moved_at for key, entry in town.shelf.entries.items() if key.offering == "main"}


def test_what_takes_the_place_of_another_day_is_moved_whatever_it_is_called(town):
    assert moved(town, MOVED) == {"dag": LATER}
    assert moved(town, OTHER_DAY) == {"ny": LATER}, "at the time of the one that goes, so as that one"
    town.now += timedelta(days=1)
    assert moved(town, make_session("tredje", start=START)) == {"tredje": town.now}


def test_a_session_that_only_has_another_name_is_not_moved(town):
    assert moved(town, OTHER_NAME) == {"ny": None}


@pytest.mark.parametrize("sessions", [(DAG, OTHER_DAY), (DAG,)], ids=["a day more", "nothing"])
def test_a_day_more_is_asked_about_and_moves_nobody(town, sessions):
    assert set(moved(town, *sessions).values()) == {None}


def test_a_day_that_loses_its_date_and_one_in_its_place(town):
    undated = replace(DAG, start=None, end=None)
    assert moved(town, undated, OTHER_DAY) == {"ny": LATER}


def test_another_offering_is_not_moved_by_what_goes_here(town):
    assert moved(town, DAG, make_session("to", start=START + timedelta(days=1)), others=[Offering(id="h2", sessions=(DAG,))])["to"] is None
    town.plan = plan_of(DAG, others=[Offering(id="h2", sessions=(OTHER_DAY,))])
    town.sync()
    at = {(key.offering, key.session): entry.moved_at for key, entry in town.shelf.entries.items()}
    assert at == {("main", "dag"): None, ("h2", "ny"): LATER}


@pytest.mark.parametrize("steps", range(0, 40, 3))
def test_a_crash_does_not_hide_it(town, steps):
    """The old day is off long before the new one is made, when there is more to do: it is in the books before that."""

    def others(hours):
        return [Offering(id=f"h{day}", sessions=(make_session(start=START + timedelta(days=day, hours=hours)),)) for day in range(8)]

    moved(town, DAG, others=others(0))
    town.now = LATER + timedelta(hours=1)
    town.plan = plan_of(OTHER_DAY, others=others(1))
    town.sync_through_a_crash(steps)
    assert moved(town, OTHER_DAY, others=others(1)) == {"ny": town.now}


@pytest.mark.parametrize(("session", "at"), [(DAG, None), (MOVED, LATER)])
def test_what_somebody_deleted_and_is_made_again_is_moved_where_it_is_at_another_time(town, session, at):
    town.restore = True
    town.outlook.remove(town.outlook.events[0], by_bot=False)
    assert moved(town, session) == {"dag": at}


def test_a_new_event_at_the_same_time_is_not_confirmed_by_being_new(town):
    moved(town, MOVED)
    town.restore, town.now = True, LATER + timedelta(days=1)
    town.outlook.remove(town.outlook.live("demo/kursus/main/dag")[0], by_bot=False)
    assert moved(town, MOVED) == {"dag": LATER}
