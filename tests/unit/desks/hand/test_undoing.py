"""The way back from an act of HR's hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desks.hand.undoing import A_WHILE, WayBack, way_back, way_back_of
from bot.domain.registrations import AnswerSource
from bot.domain.seats import Transition
from tests.builders.settling import ANE, BO, NOW, C, K, S, decide, make, standing, wish

TWO = make("main", "two", capacity=2, handover=True)


def done(request, *standings):
    """The lines that a wish leads to, and where everybody stands then."""
    lines = decide(TWO, standings=standings, requests=[request]).transitions
    after = {(one.offering, one.email): one for one in standings} | {(one.after.offering, one.after.email): one.after for one in lines}
    return lines, tuple(after.values())


@pytest.mark.parametrize(
    ("request_", "standings", "back"),
    [
        (wish(K.WITHDRAW), [standing()], WayBack(kind=K.ENROL, offering="main", email=ANE)),
        (
            wish(K.WITHDRAW),
            [standing(status=S.WAITLISTED), standing(BO), standing("x@by.example")],
            WayBack(kind=K.ENROL, offering="main", email=ANE, queue=True),
        ),
        (wish(K.WITHDRAW), [standing(status=S.TENTATIVE)], None),
        (wish(K.ENROL), [], WayBack(kind=K.WITHDRAW, offering="main", email=ANE)),
        (
            wish(K.ENROL, queue=True),
            [standing(BO), standing("x@by.example")],
            WayBack(kind=K.WITHDRAW, offering="main", email=ANE),
        ),
        (wish(K.MOVE), [standing(offering="two")], WayBack(kind=K.MOVE, offering="two", email=ANE)),
        (wish(K.MOVE), [standing(offering="two", status=S.TENTATIVE)], WayBack(kind=K.WITHDRAW, offering="main", email=ANE)),
        (wish(K.HAND_OVER, to=BO), [standing()], WayBack(kind=K.HAND_OVER, offering="main", email=BO, to=ANE)),
    ],
)
def test_each_act_has_the_way_back_that_the_table_says(request_, standings, back):
    lines, after = done(request_, *standings)
    assert lines
    assert way_back(lines, after, now=NOW) == back


def test_the_way_back_is_offered_for_a_while_and_while_nobody_has_moved_since():
    """An act that was not HR's has none."""
    lines, after = done(wish(K.WITHDRAW), standing())
    assert way_back(lines, after, now=NOW + A_WHILE - timedelta(minutes=1)) is not None
    assert way_back(lines, after, now=NOW + A_WHILE) is None
    assert way_back(lines, [replace(one, status=S.REGISTERED) for one in after], now=NOW) is None
    assert way_back(lines, [], now=NOW) is None
    assert way_back([], after, now=NOW) is None
    by_rule = [Transition(before=one.before, after=replace(one.after, source=AnswerSource.RULE)) for one in lines]
    assert way_back(by_rule, after, now=NOW) is None


def test_who_was_turned_away_was_invited_by_nobody_so_there_is_no_way_back():
    line = Transition(before=None, after=standing(cause=C.TURNED_AWAY, status=None, minutes=0, source=AnswerSource.HR))
    assert way_back([line], [line.after], now=NOW) is None


def test_the_opposite_of_an_act_is_known_wherever_people_stand_by_now():
    """Long after, too; of what no hand of HR did, and of what only was considered, there is none."""
    lines, _ = done(wish(K.WITHDRAW), standing())
    assert way_back_of(lines) == WayBack(kind=K.ENROL, offering="main", email=ANE)
    assert way_back_of([replace(one, after=replace(one.after, source=AnswerSource.RULE)) for one in lines]) is None
    assert way_back_of([replace(one, noted=True) for one in lines]) is None
    assert way_back_of([]) is None
