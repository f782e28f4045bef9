"""Who came, line by line of the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.attendance import (
    AttendanceSaid,
    AttendanceSource,
    AttendanceWord,
    Presence,
    attendance_in_offering,
    attendance_of,
)

NINE = datetime(2027, 1, 12, 8, tzinfo=UTC)
ANNA, BO = "anna@by.example", "bo@by.example"
HR, DOOR, SELF, TEAMS = AttendanceSource
CAME, ABSENT, UNDO, CLOSED, REOPENED = AttendanceSaid


def word(said, source=DOOR, *, email=ANNA, minutes=0, **more):
    at = NINE + timedelta(minutes=minutes)
    given = {"plan": "by", "course": "k", "offering": "h", "session": "s", "name": "", "noted_at": at, "key": f"{source}{minutes}{email}"}
    return AttendanceWord(**(given | more), email=email, said=said, source=source, at=at)


def known(*words, seated=(ANNA,), maybe=(), who=ANNA):
    return attendance_of(words, seated, maybe).of(who)


ATTENDED, NO_SHOW = Presence.ATTENDED, Presence.NO_SHOW


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([word(CAME, HR), word(ABSENT, DOOR, minutes=5)], ATTENDED),
        ([word(ABSENT, HR), word(CAME, SELF, minutes=5)], NO_SHOW),
        ([word(CAME, HR), word(ABSENT, HR, minutes=5)], NO_SHOW),
        ([word(ABSENT, DOOR), word(CAME, SELF)], NO_SHOW),
        ([word(CAME, SELF), word(ABSENT, TEAMS)], ATTENDED),
        ([word(ABSENT, TEAMS)], NO_SHOW),
        ([word(CAME, HR), word(UNDO, HR, minutes=1), word(ABSENT, DOOR)], NO_SHOW),
        ([word(CAME), word(UNDO, minutes=1)], None),
        ([], None),
        ([word(CLOSED, email="")], NO_SHOW),
        ([word(CLOSED, email=""), word(REOPENED, email="", minutes=1)], None),
        ([word(CLOSED, HR, email=""), word(REOPENED, DOOR, email="", minutes=1)], NO_SHOW),
        ([word(CLOSED, email=""), word(CAME, SELF, minutes=9)], ATTENDED),
    ],
    ids=[
        "hr before the door", "hr before themselves", "hr's last", "the door before themselves", "themselves before teams", "teams",
        "taken back by hr", "taken back", "nobody said", "closed", "opened again", "hr's word on the list", "late on a closed list",
    ],
)  # fmt: skip
def test_each_line_of_the_table(words, expected):
    assert known(*words) is expected


def test_nobody_is_absent_who_had_no_seat():
    """A maybe who stays away is missed by nobody, and whoever only walked by even less."""
    closed = word(CLOSED, email="")
    assert known(closed, seated=(), maybe=(ANNA,)) is None
    assert known(word(ABSENT), seated=()) is None


def test_who_comes_without_a_seat_is_a_walk_in_but_a_maybe_is_not():
    found = attendance_of([word(CAME), word(CAME, email=BO), word(CAME, email="", name="Gæst Gæstesen")], (), (BO,))
    assert found.walk_ins == {ANNA, "name:gæst gæstesen"}
    assert found.came == {ANNA, BO, "name:gæst gæstesen"}


def test_who_was_where_in_an_offering():
    assert attendance_in_offering([ATTENDED, NO_SHOW, None]) is ATTENDED
    assert attendance_in_offering([NO_SHOW, NO_SHOW]) is NO_SHOW
    assert attendance_in_offering([NO_SHOW, None]) is None
    assert attendance_in_offering([]) is None


def test_a_word_that_is_heard_of_later_counts_by_when_it_was_said():
    said_first_heard_last = replace(word(ABSENT), noted_at=NINE + timedelta(hours=3))
    assert known(said_first_heard_last, word(CAME, minutes=2)) is ATTENDED
