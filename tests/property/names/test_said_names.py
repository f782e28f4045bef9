"""Whatever is said of ids at the desk, in whatever order: the plan stays one that the format takes."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changed_ids import IdLevel, IdWord, NotedId, with_names
from tests.builders.samples import make_course, make_plan

NOW = datetime(2025, 3, 3, tzinfo=UTC)
NAMES = "abcd"
WORDS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(IdWord)), max_size=8)


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["", "x", "y"]), min_size=1), WORDS)
def test_words_never_contradict_the_plan_or_one_another(courses, words):
    """No id is two things, none is another's of before, and what the plan says stands."""
    if courses.get("a") == "x":
        courses = {name: "" if was == "x" and name != "a" else was for name, was in courses.items()}
    used = [was for was in courses.values() if was]
    if len({*used}) != len(used):
        return
    plan = make_plan(*(make_course(name, was=was or None) for name, was in courses.items()))
    noted = [NotedId(level=IdLevel.COURSE, course="", offering="", old=old, new=new, word=word, noted_at=NOW) for old, new, word in words]
    named = with_names(plan, noted)
    before = [course.was for course in named.courses if course.was]
    assert len({*before}) == len(before)
    assert {*before}.isdisjoint(courses)
    last = {(old, new): word for old, new, word in words}
    for course in named.courses:
        said_in_plan = courses[course.id]
        assert not said_in_plan or course.was == said_in_plan
        assert said_in_plan or course.was is None or last[course.was, course.id] is IdWord.SAME
    assert with_names(named, noted) == named
