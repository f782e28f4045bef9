"""Weeks with more courses than somebody should have: which difference fills one, how it is told, and what is kept of it while it waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.events import EventField
from bot.invitations.clashes import clashes_of
from bot.invitations.preview_clashes import waiting_clashes
from bot.invitations.preview_page import as_text
from tests.unit.invitations.clashes import AUDIENCES, EVERYTHING, course, create, key, page, update, world_of

NAMES = "abcd"


def week_of(*courses, changes=lambda _world: (), most=3):
    plan, world = world_of(*courses)
    return clashes_of(plan, world, AUDIENCES, changes(world), most=most)


def on(number, name=None, **changes):
    """The course of this number on its day of the week of 16 June."""
    return course(name or NAMES[number], datetime(2025, 6, 16, 9) + timedelta(days=number), **changes)


def test_more_courses_than_are_good_in_one_week_are_found_by_who_the_people_are():
    """Bo is in both audiences, and has four; nobody else has more than three."""
    four = (on(0), on(1, audience=("tr",)), on(2), on(3, audience=("tr",)))
    (found,) = week_of(*four).weeks_before
    assert (found.week, found.people, found.courses) == ((2025, 25), {"bo@demo.example"}, tuple(NAMES))
    assert [stay.key.course for stay in found.stays] == [*NAMES]
    assert week_of(*four, most=4).weeks_before == ()
    assert week_of(*four[:3], course("d", datetime(2025, 6, 23, 9))).weeks_before == ()


MOVED = {"start": datetime(2025, 6, 25, 9), "end": datetime(2025, 6, 25, 12)}


def moved(world, name, **was):
    one = update(world, name, fields=(EventField.START, EventField.END))
    return replace(one, observed=replace(one.observed, content=replace(one.observed.content, **was)))


@pytest.mark.parametrize(
    ("make", "at"),
    [
        (lambda world: [create(world, "d")], key("d")),
        (lambda world: [create(world, "a"), create(world, "c")], key("c")),
        (lambda world: [moved(world, "b", **MOVED)], key("b")),
        (lambda world: [moved(world, "b", start=datetime(2025, 6, 20, 9), end=datetime(2025, 6, 20, 12))], None),
        (lambda world: [update(world, "b", add=("bo@demo.example",))], key("b")),
        (lambda world: [update(world, "b", add=("eva@demo.example",))], None),
        (lambda world: [update(world, "b", fields=(EventField.BODY,))], None),
        (lambda _: [], None),
    ],
)
def test_a_full_week_is_told_at_the_change_that_fills_it_and_nowhere_else(make, at):
    """At the last of its courses that a change touches; within the week it was as full before."""
    found = week_of(on(0), on(1, audience=("tr",)), on(2), on(3, audience=("tr",)), changes=make)
    assert list(found.weeks) == ([at] if at else [])
    assert len(found.weeks_before) == (at is None)


def test_a_full_week_is_told_in_words_and_in_json():
    courses = (on(0), on(1), on(2), on(3))
    shown, rows = page(*courses, changed="d")
    told = [line for line in as_text(shown).splitlines() if "Uge" in line]
    assert told == ["    Uge 25 i 2025: 2 personer er på flere end 3 kurser (A, B, C, D)"]
    assert rows == [
        {
            "kind": "week",
            "sessions": [f"demo/{name}/main/dag" for name in NAMES],
            "start": "2025-06-16T09:00:00",
            "end": "2025-06-19T12:00:00",
            "count": 2,
            "shared": [],
            "made": True,
        }
    ]
    shown, rows = page(*courses, changed="")
    assert shown.opening[1:] == ("Fra før er nogen på flere end 3 kurser i 1 uge: uge 25 i 2025.",)
    assert [row["made"] for row in rows] == [False]


def test_what_waits_of_a_course_is_kept_without_anybodys_address():
    plan, world = world_of(on(0, **EVERYTHING), on(1), on(2), course("d", datetime(2025, 6, 16, 10), **EVERYTHING))
    found = clashes_of(plan, world, AUDIENCES, [create(world, "d")])
    told = waiting_clashes(found, "d")
    assert [(one.kind, one.titles, one.count, one.limit) for one in told] == [
        ("people", ("A",), 2, 0),
        ("room", ("A",), 1, 0),
        ("speaker", ("A",), 1, 0),
        ("week", ("A", "D", "B", "C"), 2, 3),
    ]
    assert (told[3].start, told[3].end) == (datetime(2025, 6, 16), datetime(2025, 6, 23))
    assert waiting_clashes(found, "a") == ()
