"""Ids that look changed: what is gone, and what is new and looks the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changed_ids import IdLevel
from bot.domain.changes import Reason
from bot.domain.people import Language
from bot.domain.plan import CourseStatus, Offering
from bot.invitations.diff import compute_changes
from bot.invitations.lookalikes import changed_id_text, changed_ids, changed_ids_in
from tests.builders.samples import (
    KEY,
    NOW,
    START,
    make_course,
    make_desired,
    make_entry,
    make_observed,
    make_plan,
    make_session,
    make_wanted,
    make_world,
)

LATER = START + timedelta(days=1)
PAST = START - timedelta(days=365)
AHEAD = make_desired("anna", "bo")
STANDING = make_observed(AHEAD)
ENTRY = make_entry(AHEAD, STANDING)


def told(before, after, *, now=NOW, **changes):
    """The changed ids as (level, old, new), between plans of these courses."""
    found = changed_ids(make_plan(*before), make_plan(*after, **changes), now=now)
    return [(one.level.value, one.old, one.new) for one in found]


def with_parts(*offerings, **changes):
    return make_course("kursus", **{"offerings": offerings, **changes})


def hold(name, *sessions, **changes):
    return Offering(id=name, sessions=sessions or (make_session(),), **changes)


OLD = make_course("gammel", title="Lederdag")
NEW = make_course("ny", title="Lederdag")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([OLD], [NEW], [("course", "gammel", "ny")]),
        ([OLD], [make_course("ny", make_session(start=LATER), title="LEDERDAG")], [("course", "gammel", "ny")]),
        ([OLD], [make_course("ny", title="Andet")], [("course", "gammel", "ny")]),
        ([OLD], [make_course("ny", make_session(start=LATER), title="Andet")], []),
        ([OLD], [OLD, NEW], []),
        ([OLD], [replace(NEW, was="gammel")], []),
        ([OLD], [replace(OLD, status=CourseStatus.CANCELLED), NEW], []),
        ([OLD], [replace(OLD, status=CourseStatus.DRAFT), NEW], [("course", "gammel", "ny")]),
        ([OLD], [replace(NEW, status=CourseStatus.DRAFT)], []),
        ([OLD], [replace(NEW, status=CourseStatus.CANCELLED)], []),
        ([OLD, replace(NEW, status=CourseStatus.DRAFT)], [NEW], [("course", "gammel", "ny")]),
        ([OLD, replace(NEW, status=CourseStatus.PROPOSED)], [NEW], []),
        ([replace(OLD, status=CourseStatus.PROPOSED)], [NEW], []),
        ([make_course("gammel", make_session(start=PAST), title="Lederdag")], [NEW], []),
        ([make_course("gammel", make_session(start=None), title="Lederdag")], [NEW], []),
        ([OLD], [NEW, make_course("nyere", title="Lederdag")], [("course", "gammel", "ny")]),
    ],
)  # fmt: skip
def test_a_course_that_is_gone_and_one_that_is_new_look_the_same(before, after, said):
    """By title or time; each once; past ones, drafts and what was never sent are nobody's loss."""
    assert told(before, after) == said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([hold("a", title="Hold A")], [hold("b", make_session(start=LATER), title="hold a")], [("offering", "a", "b")]),
        ([hold("a")], [hold("b")], [("offering", "a", "b")]),
        ([hold("a")], [hold("b", make_session(start=LATER))], []),
        ([hold("a")], [hold("b", was="a")], []),
        ([hold("a", make_session(start=PAST))], [hold("b", make_session(start=PAST))], []),
        ([hold("main")], [hold("hold-1"), hold("hold-2", make_session(start=LATER))], [("offering", "main", "hold-1")]),
        ([hold("a", make_session("x"))], [hold("a", make_session("y"))], [("session", "x", "y")]),
        ([hold("a", make_session("x"))], [hold("a", make_session("y", was="x"))], []),
        ([hold("a", make_session("x"))], [hold("b", make_session("y"), was="a")], [("session", "x", "y")]),
        ([hold("a", make_session("x"))], [hold("a", make_session("y", start=LATER))], []),
        ([hold("a", make_session("x", start=PAST))], [hold("a", make_session("y", start=PAST))], []),
        ([hold("a", make_session("x"))], [hold("a", make_session("x"), make_session("y"))], []),
    ],
)  # fmt: skip
def test_offerings_and_sessions_are_compared_within_what_is_in_both(before, after, said):
    """An offering by its title or times, a session by its start."""
    assert told([with_parts(*before)], [with_parts(*after)]) == said


def test_a_course_under_its_new_name_is_still_looked_into():
    """`was` explains the course and not what changed in it."""
    after = make_course("ny", title="Lederdag", was="gammel", offerings=(hold("main", make_session("del-1")),))
    assert told([OLD], [after]) == [("session", "dag", "del-1")]


def test_what_is_cancelled_in_words_is_not_compared():
    """Nobody is invited anew."""
    after = with_parts(hold("b"), status=CourseStatus.CANCELLED)
    assert told([with_parts(hold("a"))], [after]) == []


def test_another_time_zone_is_another_time():
    """Nine in Copenhagen is not nine in Nuuk."""
    assert told([OLD], [make_course("ny", title="Andet")], timezone="America/Nuuk") == []


def test_a_changed_course_concerns_both_ids():
    """The one that would be cancelled and the one that would be created."""
    (one,) = changed_ids(make_plan(OLD), make_plan(NEW), now=NOW)
    (other,) = changed_ids(make_plan(with_parts(hold("a"))), make_plan(with_parts(hold("b"))), now=NOW)
    assert (one.courses, other.courses) == (("gammel", "ny"), ("kursus",))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("after", [[NEW], [with_parts(hold("b"))], [with_parts(hold("main", make_session("del-1")))]])
def test_the_text_names_both_ids_and_the_way_out(language, after):
    """Put it back, or say what it was."""
    before = OLD if after == [NEW] else with_parts(hold("main"))
    (one,) = changed_ids(make_plan(before), make_plan(*after), now=NOW)
    said = changed_id_text(one, language)
    assert one.old in said
    assert one.new in said
    assert "was" in said


# -- without a version in force


@pytest.mark.parametrize(
    ("key", "level", "old", "new"),
    [
        ({"session": "dag-1"}, IdLevel.SESSION, "dag", "dag-1"),
        ({"offering": "hold-1"}, IdLevel.OFFERING, "main", "hold-1"),
        ({"course": "lederdag"}, IdLevel.COURSE, "kursus", "lederdag"),
    ],
)
def test_what_would_be_cancelled_and_created_alike_is_a_changed_id(key, level, old, new):
    """The outermost id that differs is the one."""
    created = make_desired("anna", key=replace(KEY, **key))
    changes = compute_changes(make_world(created, STANDING, entries=[ENTRY]))
    (one,) = changed_ids_in(changes)
    assert (one.level, one.old, one.new, one.courses) == (
        level, old, new, ("kursus", created.course) if level is IdLevel.COURSE else ("kursus",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "changes", "absent", "count"),
    [
        ({"session": "dag-1"}, {"subject": "Andet"}, {}, 1),
        ({"course": "andet"}, {"subject": "Andet"}, {}, 0),
        ({"session": "dag-1"}, {"start": START + timedelta(minutes=30)}, {}, 0),
        ({"session": "dag-1"}, {}, {KEY: Reason.STATUS_CANCELLED}, 0),
    ],
    ids=["another title in the course", "another title elsewhere", "another time", "cancelled in words"],
)
def test_what_does_not_look_like_the_same_session_is_none(key, changes, absent, count):
    new = make_desired("anna", key=replace(KEY, **key), **changes)
    world = make_world(make_wanted(new, absent=absent), STANDING, entries=[ENTRY])
    assert len(changed_ids_in(compute_changes(world))) == count


def test_one_that_is_gone_is_one_of_two_new_ones():
    """The other is simply new."""
    news = [make_desired("anna", key=replace(KEY, session=name)) for name in ("dag-1", "dag-2")]
    changes = compute_changes(make_world(make_wanted(*news), STANDING, entries=[ENTRY]))
    assert [one.new for one in changed_ids_in(changes)] == ["dag-1"]
