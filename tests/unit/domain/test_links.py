"""Until when a link opens what it is to, and whose it is: by the plan of the day, for a person and not for an address."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.door_links import door_owner
from bot.domain.links import Grant, Purpose, feed_is_over, generation_of, is_of_nobody, is_over, owner_of
from bot.domain.people import PeopleIndex, Person

NOW = datetime(2027, 3, 5, 10, tzinfo=UTC)
DAY = timedelta(days=1)
GRANT = Grant(purpose=Purpose.PERSON, plan="p", person="anna@by.example", course="c", made_at=NOW)
ANNA = Person(email="anna@by.example", directory_id="id-1", aliases=frozenset({"a@by.example"}))


@pytest.mark.parametrize(
    ("made", "course_ends", "promised", "over"),
    [
        (0, 100, None, False),
        (-400, 100, None, False),
        (-30, -13.9, None, False),
        (-30, -14, None, True),
        (-30, -14, 1, False),
        (-30, 30, -1, False),
        (-193.9, None, None, False),
        (-194, None, None, True),
        (-300, None, 1, False),
        (-300, None, 0, True),
    ],
    ids=[
        "a course to come", "a year ahead", "thirteen days after", "fourteen days after", "over, but more was promised",
        "moved since it was promised", "without a date, half a year", "without a date, longer", "without a date, more was promised",
        "what was promised is over",
    ],
)  # fmt: skip
def test_a_link_lives_by_the_plan_of_today_and_at_least_as_long_as_was_promised(made, course_ends, promised, over):
    """All in days from now."""
    grant = replace(GRANT, made_at=NOW + made * DAY, promised_until=None if promised is None else NOW + promised * DAY)
    assert is_over(grant, course_ends=None if course_ends is None else NOW + course_ends * DAY, now=NOW) is over


@given(st.floats(-900, 900), st.floats(-900, 900), st.one_of(st.none(), st.floats(-900, 900)))
def test_wherever_a_course_is_moved_the_link_in_the_old_mail_lives_as_long_as_a_new_one(made, moved_to, promised):
    """A new link opens no page that an old one does not."""
    ends = NOW + moved_to * DAY
    old = replace(GRANT, made_at=NOW + made * DAY, promised_until=None if promised is None else NOW + promised * DAY)
    assert is_over(GRANT, course_ends=ends, now=NOW) >= is_over(old, course_ends=ends, now=NOW)


@pytest.mark.parametrize(
    ("plan_ends", "promised", "over"), [(None, None, False), (-364, None, False), (-365, None, True), (-365, 1, False), (-400, 0, True)]
)
def test_the_feed_goes_on_until_a_year_after_the_last_date(plan_ends, promised, over):
    """Whoever subscribes does not lose it between two years."""
    grant = replace(GRANT, purpose=Purpose.FEED, promised_until=None if promised is None else NOW + promised * DAY)
    assert feed_is_over(grant, plan_ends=None if plan_ends is None else NOW + plan_ends * DAY, now=NOW) is over


def test_a_link_is_the_persons_and_the_address_only_where_there_is_nothing_else():
    """Who inherits an address is another person."""
    assert owner_of(ANNA, ANNA.email) == "id-1"
    assert owner_of(replace(ANNA, directory_id=None), ANNA.email) == owner_of(None, ANNA.email.upper()) == "anna@by.example"
    people = PeopleIndex([replace(ANNA, directory_id="id-2"), Person(email="bo@by.example")])
    assert people.with_id("id-1") is None
    assert people.with_id("id-2").email == "anna@by.example"


@pytest.mark.parametrize(
    ("person", "renewed", "generation"),
    [
        (ANNA, {}, 0),
        (ANNA, {"id-1": 2}, 2),
        (ANNA, {"id-1": 1, "anna@by.example": 3}, 3),
        (ANNA, {"a@by.example": 1}, 1),
        (ANNA, {"id-2": 5, "bo@by.example": 5}, 0),
        (None, {"anna@by.example": 1}, 1),
        (replace(ANNA, directory_id=None), {"id-1": 1}, 0),
    ],
)
def test_what_was_renewed_under_any_id_or_address_of_a_person_counts(person, renewed, generation):
    """Somebody who was only an address gets an id later."""
    assert generation_of(person, "anna@by.example", renewed) == generation


def test_links_to_a_feed_and_to_a_door_are_counted_by_nobodys_name():
    counted = {"feed", "feed/hr", door_owner("lederdag", "main", "dag")}
    assert all(map(is_of_nobody, counted))
    assert not any(map(is_of_nobody, (ANNA.email, ANNA.directory_id)))
