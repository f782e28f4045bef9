"""What is called how by now, by what the plan says that it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.domain.events import SessionKey
from bot.domain.local_tasks import OPEN_FOR, LocalTask
from bot.domain.messages import AWAITS, Message
from bot.domain.plan import Offering
from bot.domain.reminders import ReminderItem, items_of, items_text
from bot.domain.renames import names_text, renamed_document, renames_of
from bot.domain.templates import MessageKind
from tests.builders.samples import NOW, make_course, make_plan, make_session


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


ALL = plan_with(plan="p", course="a", offering="b", session="c")


def message(key, course="a", offering="b", **params):
    kind = MessageKind.CHANGED
    return Message(plan="p", key=key, kind=kind, course=course, offering=offering, email="x@demo.example", created_at=NOW, params=params)


@pytest.mark.parametrize(
    ("key", "course", "offering", "renamed"),
    [
        ("changed/a/b/x@demo.example/1", "a", "b", "changed/new/new/x@demo.example/1"),
        ("announcement/a/x@demo.example", "a", "", "announcement/new/x@demo.example"),
        ("report/2025-06-01/x@demo.example", "", "", "report/2025-06-01/x@demo.example"),
        ("changed/other/b/x@demo.example/1", "a", "b", "changed/other/b/x@demo.example/1"),
    ],
)
def test_a_message_is_known_by_todays_names(key, course, offering, renamed):
    """So that it is not made a second time."""
    new = renames_of(ALL).message(message(key, course, offering))
    assert (new.plan, new.key) == ("new", renamed)


def test_what_a_message_waits_for_has_its_new_name():
    new = renames_of(ALL).message(message("changed/a/b/x", **{AWAITS: json.dumps([["p/a/b/c", "2025-06-18T07:00:00+00:00"]])}))
    assert json.loads(new.params[AWAITS]) == [["new/new/new/new", "2025-06-18T07:00:00+00:00"]]


def test_a_reminder_has_the_new_names_in_key_and_items_and_several_in_one_by_what_they_say():
    item = ReminderItem("rule", "a", "b", "c", "2025-06-18", "mail", "practical")
    alone = renames_of(ALL).message(message(f"{item.stem}x@demo.example", items=items_text([item])))
    (said,) = items_of(alone)
    assert (said.course, said.offering, said.session) == ("new", "new", "new")
    assert alone.key == f"{said.stem}x@demo.example"
    digest = renames_of(ALL).message(message("reminder/digest/0/x", "", "", items=items_text([item, replace(item, rule="other")])))
    assert (digest.key, [one.course for one in items_of(digest)]) == ("reminder/digest/0/x", ["new", "new"])


def test_a_task_is_the_same_under_its_new_id_wherever_it_is_named():
    """In the rule that tells of it, in what was sent, and in what was kept of the plan; of its own course alone."""
    task = LocalTask(id="nyt", was="gammelt", text="Prøv det", due=OPEN_FOR)
    plan = make_plan(make_course("new", was="a", after=(task, replace(task, id="andet", was=None))), id="p")
    renames = renames_of(plan)
    assert renames
    assert [renames.task(course, "gammelt") for course in ("a", "new", "andet")] == ["nyt", "nyt", "gammelt"]
    assert [renames.rule("a", rule) for rule in ("after.gammelt", "after.andet", "gammelt")] == ["after.nyt", "after.andet", "gammelt"]
    item = ReminderItem("after.gammelt", "a", "b", "c", "2025-06-18", "mail", "local_task")
    (said,) = items_of(renames.message(message(f"{item.stem}x@demo.example", items=items_text([item]))))
    assert said.rule == "after.nyt"
    document = {"id": "p", "courses": [{"id": "a", "after": [{"id": "gammelt", "text": "x"}, {"id": "andet", "text": "y"}]}]}
    assert [one["id"] for one in renamed_document(renames, document)["courses"][0]["after"]] == ["nyt", "andet"]
    before = make_plan(make_course("a", after=(replace(task, id="gammelt", was=None),)), id="p")
    assert [one.id for one in renames.version(before).courses[0].after] == ["nyt"]
    assert names_text(renames) == "a → new, new/gammelt → nyt"


@pytest.mark.parametrize(
    ("offering", "before", "after"),
    [
        ("b", {"offerings": [{"id": "b", "sessions": [{"id": "c"}]}]}, {"offerings": [{"id": "new", "sessions": [{"id": "new"}]}]}),
        ("main", {"sessions": [{"id": "c"}]}, {"offerings": [{"id": "new", "sessions": [{"id": "new"}]}]}),
        ("b", {"sessions": [{"id": "c"}]}, {"sessions": [{"id": "c"}]}),
        ("b", {"offerings": [{"id": "b"}]}, {"offerings": [{"id": "new"}]}),
        ("b", {}, {}),
    ],
)
def test_a_document_of_before_gets_the_ids_of_today(offering, before, after):
    """Sessions straight under the course are those of `main`."""
    renames = renames_of(plan_with(plan="p", course="a", offering=offering, session="c"))
    document = {"id": "p", "courses": [{"id": "a", "title": "A", **before}]}
    assert renamed_document(renames, document) == {"id": "new", "courses": [{"id": "new", "title": "A", **after}]}


@pytest.mark.parametrize(
    ("was", "said"),
    [
        ({}, ""),
        ({"plan": "old"}, "old → new"),
        ({"course": "a", "offering": "b", "session": "c"}, "a → new, new/b → new, new/new/c → new"),
        ({"plan": "old", "session": "c"}, "old → new, new/new/c → new"),
    ],
)
def test_the_log_says_what_is_called_otherwise_within_what_its_parents_are_called_by_now(was, said):
    assert names_text(renames_of(plan_with(**was))) == said
