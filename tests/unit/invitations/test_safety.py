"""The limits: at the threshold all is well, one past it a person has to look."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.changes import SafetyFacts
from bot.invitations.safety import Limit, Passed, SafetyLimits, passed_limits

CALM = SafetyFacts(managed_future_events=100, cancelled_gone=0, places=1000, places_removed=0, mails=0, all_courses_gone=False)
LIMITS = SafetyLimits()


def passed(limits=LIMITS, **facts):
    return [one.limit for one in passed_limits(replace(CALM, **facts), limits)]


@pytest.mark.parametrize(
    ("facts", "limits"),
    [
        pytest.param({}, [], id="nothing happens"),
        pytest.param({"cancelled_gone": 20}, [], id="a fifth of the events cancelled"),
        pytest.param({"cancelled_gone": 21}, [Limit.CANCEL_SHARE], id="more than a fifth of the events cancelled"),
        pytest.param({"cancelled_gone": 2, "managed_future_events": 2}, [], id="two events are too few to judge by"),
        pytest.param({"cancelled_gone": 3, "managed_future_events": 3}, [Limit.CANCEL_SHARE], id="three are not"),
        pytest.param({"cancelled_gone": 3, "managed_future_events": 15}, [], id="three of fifteen are a fifth"),
        pytest.param({"places_removed": 200}, [], id="a fifth of the places removed"),
        pytest.param({"places_removed": 201}, [Limit.REMOVE_SHARE], id="more than a fifth of the places removed"),
        pytest.param({"places_removed": 9, "places": 9}, [], id="nine places are too few to judge by"),
        pytest.param({"places_removed": 10, "places": 10}, [Limit.REMOVE_SHARE], id="ten are not"),
        pytest.param({"places_removed": 10, "places": 50}, [], id="ten of fifty are a fifth"),
        pytest.param({"mails": 2000}, [], id="two thousand mails"),
        pytest.param({"mails": 2001}, [Limit.MAILS], id="one more"),
        pytest.param({"all_courses_gone": True}, [Limit.ALL_GONE], id="every course gone"),
    ],
)
def test_each_limit_at_and_just_past_its_threshold(facts, limits):
    assert passed(**facts) == limits


def test_what_is_passed_is_told_with_its_numbers_in_the_order_of_the_table():
    facts = SafetyFacts(managed_future_events=10, cancelled_gone=10, places=100, places_removed=50, mails=3000, all_courses_gone=True)
    assert passed_limits(facts, LIMITS) == (
        Passed(limit=Limit.CANCEL_SHARE, number=10, of=10, allowed=2),
        Passed(limit=Limit.REMOVE_SHARE, number=50, of=100, allowed=20),
        Passed(limit=Limit.MAILS, number=3000, of=0, allowed=2000),
        Passed(limit=Limit.ALL_GONE, number=10, of=10, allowed=0),
    )


def test_the_settings_move_the_thresholds():
    limits = SafetyLimits(max_cancel_share=0.29, max_remove_share=0.0, max_mails=5)
    assert passed(limits, cancelled_gone=29, mails=5) == []
    assert passed(limits, cancelled_gone=30, mails=6) == [Limit.CANCEL_SHARE, Limit.MAILS]
    assert passed(limits, places_removed=10) == [Limit.REMOVE_SHARE]
    assert passed(SafetyLimits(max_cancel_share=1.0, max_remove_share=1.0), cancelled_gone=100, places_removed=1000) == []


def test_a_share_is_not_cut_short_by_floating_point():
    """29 % of 100 is 28.999… to the machine."""
    for percent in range(1, 100):
        limits = SafetyLimits(max_cancel_share=percent / 100)
        allowed = max(percent, 2)
        assert passed(limits, cancelled_gone=allowed) == [], percent
        assert passed(limits, cancelled_gone=allowed + 1) == [Limit.CANCEL_SHARE], percent
