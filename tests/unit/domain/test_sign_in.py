"""Who may see what, and for how long somebody is taken for who they were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.sign_in import Area, Role, SignIn, Visitor, areas_of, has_ended, has_to_show_again, is_for_all, may

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
HR, DIRECTOR, READER = Role.HR, Role.DIRECTOR, Role.READER


def visitor(*roles, proved_at=NOW):
    return Visitor(subject="1", email="a@by.example", name="Ane", roles=frozenset(roles), proved_at=proved_at)


@pytest.mark.parametrize(
    ("roles", "areas"),
    [
        ((), "me"),
        ((READER,), "courses overview me"),
        ((DIRECTOR,), "overview me"),
        ((DIRECTOR, READER), "courses overview me"),
        ((HR,), "today courses list_mail changes plan people hand overview decisions dates runs write me"),
    ],
)
def test_each_role_sees_what_the_table_says(roles, areas):
    """And somebody with two roles what either may."""
    assert areas_of(visitor(*roles)) == tuple(map(Area, areas.split()))
    assert all(may(visitor(*roles), area) is (area.value in areas.split()) for area in Area)


@pytest.mark.parametrize(
    ("begun", "seen", "ended"),
    [
        (timedelta(), timedelta(), False),
        (timedelta(hours=9), timedelta(hours=1, minutes=59), False),
        (timedelta(hours=3), timedelta(hours=2), True),
        (timedelta(hours=10), timedelta(), True),
    ],
)
def test_a_browser_that_is_left_alone_or_a_day_that_is_over_ends_it(begun, seen, ended):
    """Two hours, and ten in all."""
    sign_in = SignIn(key="k", visitor=visitor(HR), begun_at=NOW - begun, seen_at=NOW - seen)
    assert has_ended(sign_in, now=NOW) is ended


@pytest.mark.parametrize(
    ("proved_at", "again"), [(NOW, False), (NOW - timedelta(minutes=59), False), (NOW - timedelta(hours=1), True), (None, True)]
)
def test_who_approves_has_shown_who_they_are_within_the_hour(proved_at, again):
    """What the provider does not say is no proof."""
    assert has_to_show_again(visitor(HR, proved_at=proved_at), now=NOW) is again


def test_what_is_for_all_is_what_somebody_without_a_role_sees():
    assert {area for area in Area if is_for_all(area)} == {*areas_of(visitor())}
