"""A plan on the desk: begun, saved, taken back; who saves on what is no more the last is told so, and loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.desks.plans.store import Heading, PlanStore, SaveState, plan_store
from bot.domain.approvals import Door
from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.opening.stores import open_stores
from bot.plan import parse_plan, render_workbook, render_yaml
from config.settings import Settings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HEADING = Heading(
    organisation="Eksempel Kommune", timezone="Europe/Copenhagen", language="da",
    organiser="kurser@by.example", contact="hr@by.example",
)  # fmt: skip
COURSE = """
  - {id: %s, title: %s, status: proposed, sessions: [{id: dag, period: 2027-H1}]}"""


@pytest.fixture
def store(tmp_path):
    settings = Settings(plan="desk:demo", database_url=f"sqlite:///{tmp_path / 'k.db'}")
    with open_stores(settings) as stores:
        yield plan_store(settings, stores)


def with_courses(store, *titles, **header):
    """The plan as it is kept, with courses of these ids and titles."""
    plan, _ = store.kept()
    courses = "".join(COURSE % pair for pair in titles)
    content = render_yaml(replace(plan, courses=(), **header)).decode().replace("courses: []", f"courses: {courses or '[]'}")
    parsed = parse_plan(content.encode(), name="x.yaml", now=NOW)
    assert parsed.plan is not None, parsed.problems
    return parsed.plan


def begun(store):
    assert store.begin(HEADING, by="hr@by.example", door=Door.DESK).state is SaveState.SAVED


def save(store, plan, base, by="hr@by.example"):
    return store.save(plan, base=base, by=by, door=Door.DESK)


def test_a_plan_is_begun_with_what_every_plan_says_and_once(store):
    assert (store.last(), store.kept()) == (None, None)
    begun(store)
    plan, last = store.kept()
    assert (plan.id, plan.organiser, plan.courses, last.number, last.saved_by) == ("demo", "kurser@by.example", (), 1, "hr@by.example")
    assert store.begin(HEADING, by="bente@by.example", door=Door.DESK).state is SaveState.CONFLICT


def test_a_heading_that_is_no_plan_is_told_like_any_plan_and_nothing_is_kept(store):
    result = store.begin(replace(HEADING, organiser="kurser", timezone=""), by="hr@by.example", door=Door.DESK)
    assert result.state is SaveState.INVALID
    assert {problem.code for problem in result.problems} == {"address.invalid", "key.missing"}
    assert store.last() is None


def test_who_saves_on_what_is_no_more_the_last_is_told_and_nothing_is_written(store):
    begun(store)
    assert save(store, with_courses(store, ("a", "A")), 1).state is SaveState.SAVED
    late = save(store, with_courses(store, ("b", "B")), 1, by="bente@by.example")
    assert (late.state, late.last.number, late.last.saved_by) == (SaveState.CONFLICT, 2, "hr@by.example")
    assert [course.id for course in store.kept()[0].courses] == ["a"]


def test_what_the_plan_says_already_is_no_save(store):
    begun(store)
    assert save(store, store.kept()[0], 1).state is SaveState.SAME
    assert store.last().number == 1


def test_another_plan_is_not_saved_in_its_place_unless_it_says_that_it_is_the_same(store):
    begun(store)
    assert save(store, with_courses(store, id="other"), 1).state is SaveState.OTHER_PLAN
    assert save(store, with_courses(store, id="other", was="demo"), 1).state is SaveState.SAVED


def test_every_save_is_a_version_with_who_made_it_and_the_next_sync_finds_it_kept(store):
    begun(store)
    save(store, with_courses(store, ("a", "A")), 1, by="bente@by.example")
    stores = store._stores
    assert [(one.number, one.by) for one in stores.revisions.load("demo")] == [(1, "hr@by.example"), (2, "bente@by.example")]
    assert {line.command for line in stores.actions.load_actions("demo")} == {"plan begin", "plan save"}


def test_the_last_save_of_somebody_is_taken_back_and_what_others_saved_since_stays(store):
    begun(store)
    save(store, with_courses(store, ("a", "A")), 1)
    save(store, with_courses(store, ("a", "A"), ("b", "B")), 2, by="bente@by.example")
    assert store.undoable("hr@by.example").number == 2
    assert store.undo(base=3, by="HR@by.example", door=Door.DESK).state is SaveState.SAVED
    assert [course.id for course in store.kept()[0].courses] == ["b"]


def test_what_others_changed_of_the_same_since_is_a_conflict_and_nothing_is_saved(store):
    begun(store)
    save(store, with_courses(store, ("a", "A")), 1)
    save(store, with_courses(store, ("a", "Et andet navn")), 2, by="bente@by.example")
    result = store.undo(base=3, by="hr@by.example", door=Door.DESK)
    assert (result.state, store.last().number) == (SaveState.CONFLICT, 3)
    assert {conflict.row for conflict in result.conflicts} >= {"a"}


def test_nothing_is_taken_back_of_who_saved_nothing_or_before_the_plan_was_begun(store):
    assert store.undo(base=0, by="hr@by.example", door=Door.DESK).state is SaveState.NOTHING_TO_UNDO
    begun(store)
    for who in ("hr@by.example", "bente@by.example"):
        assert store.undo(base=1, by=who, door=Door.DESK).state is SaveState.NOTHING_TO_UNDO


@pytest.mark.parametrize("render", [render_yaml, lambda plan: render_workbook(plan, Language.DA)])
def test_what_was_taken_along_and_comes_back_is_the_same(store, render):
    begun(store)
    save(store, with_courses(store, ("a", "Æblegård – og én til"), ("b", "B")), 1)
    plan, _ = store.kept()
    back = store.read(render(plan)).usable()
    assert save(store, back, 2).state is SaveState.SAME


def test_a_difference_is_told_before_anything_is_saved_also_of_the_first(store):
    begun(store)
    told = store.difference(with_courses(store, ("a", "Kursus A")), Language.DA)
    assert [(row.change.value, row.key) for row in told.rows][:1] == [("new", "courses")]
    assert store.last().number == 1


def test_a_plan_in_a_file_has_no_store(tmp_path):
    with pytest.raises(InputError) as refused:
        plan_store(Settings(plan="plan.yaml"), None)
    assert refused.value.code == "desk_plan_elsewhere"
    assert PlanStore(Settings(plan="desk:x"), None, "x").plan_id == "x"
