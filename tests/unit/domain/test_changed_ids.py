"""What HR says of an id that looks changed is as if the plan said it, until the plan says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.changed_ids import ChangedId, IdLevel, IdWord, NotedId, last_word, with_names
from bot.domain.plan import Offering
from tests.builders.samples import make_course, make_plan, make_session

NOW = datetime(2025, 3, 3, tzinfo=UTC)
SAME, OTHER, OPEN = IdWord.SAME, IdWord.OTHER, IdWord.OPEN
PLACES = {
    IdLevel.COURSE: {"course": "", "offering": ""},
    IdLevel.OFFERING: {"course": "ny", "offering": ""},
    IdLevel.SESSION: {"course": "ny", "offering": "ny"},
}


def said(word=SAME, level=IdLevel.COURSE, old="gl", new="ny", **changes):
    return NotedId(level=level, old=old, new=new, word=word, noted_at=NOW, **(PLACES[level] | changes))


def plan_with(level=None, was="gl", *more):
    """One course, offering and session of the new id; that of the `level` says what it was."""
    says = {one: {"was": was} if one is level else {} for one in IdLevel}
    session = make_session("ny", **says[IdLevel.SESSION])
    offering = Offering(id="ny", sessions=(session,), **says[IdLevel.OFFERING])
    return make_plan(make_course("ny", offerings=(offering,), **says[IdLevel.COURSE]), *more)


@pytest.mark.parametrize("level", IdLevel)
def test_said_at_the_desk_is_as_written_in_the_plan(level):
    """And where the plan is read again after it was followed, nothing changes."""
    plan = plan_with()
    assert with_names(plan, [said(level=level)]) == plan_with(level)
    assert with_names(plan_with(level), [said(level=level)]) == plan_with(level)
    whole = replace(plan, whole=plan)
    assert with_names(whole, [said(level=level)]).whole == plan_with(level)


@pytest.mark.parametrize("words", [(), (OTHER,), (SAME, OPEN), (SAME, OTHER), (OPEN,)], ids=lambda words: "-".join(words) or "nothing")
def test_the_last_word_counts(words):
    """Whatever else was said of the same before, the plan is the one that it was."""
    plan = plan_with()
    assert with_names(plan, [said(word) for word in words]) is plan
    assert with_names(plan, [*map(said, words), said(SAME)]) == plan_with(IdLevel.COURSE)


def test_the_plan_has_the_last_word():
    """What it says itself, and an id that is another thing's, stay."""
    for plan in (plan_with(IdLevel.COURSE, "helt-andet"), plan_with(None, "", make_course("gl")), make_plan(make_course("andet"))):
        assert with_names(plan, [said()]) is plan
    claimed = plan_with(None, "", make_course("tredje", was="gl"))
    assert with_names(claimed, [said()]) is claimed


def test_one_old_id_is_one_new_one():
    """The first in the plan has it, and the other stays what it is."""
    named = with_names(plan_with(None, "", make_course("tredje")), [said(new="tredje"), said()])
    assert [course.was for course in named.courses] == ["gl", None]


def test_a_word_is_of_the_very_thing():
    """Of that level, at that place, of those two ids."""
    one = ChangedId(level=IdLevel.SESSION, course="ny", gone="ny", old="gl", new="ny", title="", offering="ny")
    mine = said(SAME, IdLevel.SESSION)
    others = (said(OTHER), said(OTHER, IdLevel.SESSION, offering="x"), said(OTHER, IdLevel.SESSION, old="x"))
    assert last_word(one, [mine, *others]) is SAME
    assert last_word(one, others) is OPEN
    assert last_word(one, [mine, said(OTHER, IdLevel.SESSION)]) is OTHER
