"""What is called how by now, by what the plan says that it was."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.events import SessionKey
from bot.domain.plan import Offering
from bot.domain.renames import renames_of
from tests.samples import make_course, make_plan, make_session


def plan_with(plan=None, course=None, offering=None, session=None):
    """Everything is `new`, and was what is named."""
    part = Offering(id="new", was=offering, sessions=(make_session("new", was=session),))
    return make_plan(make_course("new", was=course, offerings=(part,)), id="new", was=plan)


def key(text):
    return SessionKey.parse(text)


@pytest.mark.parametrize(
    ("was", "old", "new"),
    [
        ({}, "new/a/b/c", "new/a/b/c"),
        ({"session": "c"}, "new/new/new/c#2", "new/new/new/new#2"),
        ({"session": "c"}, "new/new/x/c", "new/new/x/c"),
        ({"offering": "b"}, "new/new/b/c", "new/new/new/c"),
        ({"course": "a"}, "new/a/b/c", "new/new/b/c"),
        ({"course": "a", "offering": "b", "session": "c"}, "new/a/b/c", "new/new/new/new"),
        ({"course": "a", "offering": "b", "session": "c"}, "new/new/new/c", "new/new/new/new"),
        ({"plan": "old"}, "old/a/b/c", "new/a/b/c"),
        ({"plan": "old", "course": "a"}, "old/a/b/c", "new/new/b/c"),
        ({"plan": "old", "course": "a"}, "new/a/b/c", "new/new/b/c"),
        ({"course": "a"}, "old/a/b/c", "old/a/b/c"),
        ({"plan": "new", "course": "new", "offering": "new", "session": "new"}, "new/new/new/new", "new/new/new/new"),
    ],
)
def test_a_key_is_renamed_from_the_outside_in(was, old, new):
    """Each level within what its parent is called by now; parts and other plans stay."""
    assert str(renames_of(plan_with(**was)).key(key(old))) == new


@pytest.mark.parametrize("level", ["plan", "course", "offering", "session"])
def test_a_plan_that_says_so_has_renames(level):
    """One is enough, and its own id is none."""
    assert renames_of(plan_with(**{level: "old"}))
    assert not renames_of(plan_with(**{level: "new"}))


def test_the_ids_of_a_plan_are_todays_and_the_one_before():
    assert renames_of(plan_with(plan="old")).plans == ("new", "old")
    assert renames_of(plan_with()).plans == ("new",)


def test_a_version_of_before_gets_the_ids_of_today():
    """And nothing else of it changes."""
    after = plan_with(plan="p", course="a", offering="b", session="c")
    part = Offering(id="b", title="Hold", sessions=(make_session("c", title="Dag"),))
    before = make_plan(make_course("a", title="Gammel", offerings=(part,)), id="p")
    course = renames_of(after).version(before).courses[0]
    assert (course.id, course.title) == ("new", "Gammel")
    assert course.offerings == (replace(part, id="new", sessions=(replace(part.sessions[0], id="new"),)),)
