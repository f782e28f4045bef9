"""A plan on the desk: nobody's save is lost, each is a version with who made it, and a person goes out of all of it."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.actions import Action
from bot.domain.desk_plans import DeskPlan, DeskSave, PlanDraft, document_content
from bot.domain.drafts import RowChange
from bot.domain.errors import InputError
from bot.domain.people import Person
from bot.domain.renames import renames_of
from bot.domain.revisions import PlanRevision, RevisionSource
from bot.store.actions import SqlActionBook
from bot.store.desk_plans import SqlDeskPlanBook
from bot.store.drafts import SqlDraftBook
from bot.store.erasure import erase_person
from bot.store.expired import KeptSince
from bot.store.expiry import expire
from bot.store.people import SqlPeopleBook
from bot.store.renames import rename_books
from bot.store.revisions import SqlRevisionBook
from tests.builders.samples import make_plan

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
GONE = "anna.proeve@by.example"


def document(title: str) -> dict[str, object]:
    return {"id": "by", "contact": "hr@by.example", "courses": [{"id": "a", "title": title}]}


def save(database, number: int, title: str, by: str = "hr@by.example", plan: str = "by") -> bool:
    said = document(title) | {"id": plan}
    kept = DeskPlan(save=DeskSave(plan=plan, number=number, saved_at=AT, saved_by=by), content=document_content(said))
    revision = PlanRevision(plan=plan, number=0, at=AT, source=RevisionSource.DESK, by=by, stamp=f"sha256:{number} x")
    line = Action(at=AT, by=by, command="plan save", plan=plan, door="desk", detail=f"{number}")
    return SqlDeskPlanBook(database).save(kept, revision=revision, document=said, noted=[line])


def test_a_save_follows_on_the_one_before_and_is_kept_with_its_version_and_its_line(database) -> None:
    book = SqlDeskPlanBook(database)
    assert (book.look("by"), book.load("by")) == (None, None)
    assert save(database, 1, "a")
    assert save(database, 2, "Æblegård \0 <script>", by="bente@by.example")
    last = book.look("by")
    assert last == DeskSave(plan="by", number=2, saved_at=AT, saved_by="bente@by.example")
    kept = book.load("by")
    assert kept is not None
    assert (kept.save, json.loads(kept.content)) == (last, document("Æblegård \0 <script>"))
    assert [(one.number, one.by, one.source) for one in SqlRevisionBook(database).load("by")] == [
        (1, "hr@by.example", RevisionSource.DESK), (2, "bente@by.example", RevisionSource.DESK)
    ]  # fmt: skip
    assert {one.detail for one in SqlActionBook(database).load_actions("by")} == {"1", "2"}


@pytest.mark.parametrize("number", [1, 2, 4])
def test_what_does_not_follow_on_the_last_save_is_not_written(database, number) -> None:
    for each in (1, 2):
        assert save(database, each, f"{each}")
    assert not save(database, number, "too late")
    kept = SqlDeskPlanBook(database).load("by")
    assert kept is not None
    assert json.loads(kept.content) == document("2")
    assert len(SqlRevisionBook(database).load("by")) == len(SqlActionBook(database).load_actions("by")) == 2


@pytest.mark.parametrize("number", [1, 2])
def test_of_many_who_save_at_once_one_does(database, number) -> None:
    if number == 2:
        assert save(database, 1, "first")
    with ThreadPoolExecutor(6) as several:
        saved = list(several.map(lambda who: save(database, number, f"from {who}", by=f"{who}@by.example"), range(6)))
    assert sorted(saved) == [*[False] * 5, True]
    assert len(SqlRevisionBook(database).load("by")) == number


def test_a_save_that_breaks_off_leaves_nothing(database) -> None:
    """Not even the version: what is written down is all or nothing."""
    assert save(database, 1, "a")
    broken = Action(at=AT.replace(tzinfo=None), by="", command="plan save", plan="by")
    kept = DeskPlan(save=DeskSave(plan="by", number=2, saved_at=AT, saved_by=""), content=b"{}")
    revision = PlanRevision(plan="by", number=0, at=AT, source=RevisionSource.DESK)
    with pytest.raises(Exception, match="2026"):
        SqlDeskPlanBook(database).save(kept, revision=revision, document=document("b"), noted=[broken])
    last = SqlDeskPlanBook(database).look("by")
    assert last is not None
    assert (last.number, len(SqlRevisionBook(database).load("by"))) == (1, 1)


def test_a_plan_of_another_name_by_now_is_found_by_the_one_that_the_settings_say(database) -> None:
    assert save(database, 1, "a", plan="old")
    assert save(database, 1, "other")
    rename_books(database, renames_of(make_plan(id="new", was="old")))
    book = SqlDeskPlanBook(database)
    for called in ("old", "new"):
        last = book.look(called)
        assert last is not None
        assert last.plan == "new"
    assert book.look("newer") is None


def test_a_person_goes_out_of_the_plan_and_whoever_is_editing_is_told(database) -> None:
    """The plan without them is one more save, by nobody."""
    SqlPeopleBook(database).save_people("by", [Person(email=GONE, name="Anna Prøve")], now=AT)
    assert save(database, 1, f"Kaffe med Anna Prøve ({GONE})", by=GONE)
    later = AT + timedelta(days=1)
    erase_person(database, GONE, now=later)
    kept = SqlDeskPlanBook(database).load("by")
    assert kept is not None
    assert kept.save == DeskSave(plan="by", number=2, saved_at=later, saved_by="")
    assert json.loads(kept.content)["courses"][0]["title"] == "Kaffe med … (…)"
    assert not save(database, 2, "begun before")


def test_whom_a_plan_needs_is_not_erased_before_it_has_somebody_else(database) -> None:
    assert save(database, 1, "a")
    with pytest.raises(InputError) as refused:
        erase_person(database, "HR@by.example", now=AT)
    assert (refused.value.code, refused.value.params["plan"]) == ("erase_plan_needs", "by")


DRAFT = PlanDraft(
    id="d1", plan="by", owner="hr@by.example", title="Ny lederdag", begun_at=AT, changed_at=AT,
    changes=(
        RowChange(sheet="courses", row="lederdag", before=({"title": "Før"},), after=({"title": "Efter \0 <b>"},), behind="a"),
        RowChange(sheet="speakers", row="lederdag/*", after=({"name": "Ane"}, {"name": "Bo"})),
    ),
)  # fmt: skip


def test_a_draft_comes_back_as_it_was_kept_and_is_its_plans_alone(database) -> None:
    book = SqlDraftBook(database)
    assert book.save(DRAFT, changed_at=None)
    assert not book.save(DRAFT, changed_at=None), "it is there already"
    later = replace(DRAFT, id="d2", changed_at=AT + timedelta(hours=1), handed_by="bente@by.example")
    assert book.save(later, changed_at=None)
    assert book.load("by") == (later, DRAFT)
    assert (book.load("skole"), book.find("skole", "d1"), book.find("by", "d1")) == ((), None, DRAFT)
    book.drop("skole", "d1")
    book.drop("by", "d2")
    assert book.load("by") == (DRAFT,)


def test_what_somebody_else_has_changed_in_a_draft_is_not_written_over(database) -> None:
    """Nor is one brought back that is gone."""
    book = SqlDraftBook(database)
    assert book.save(DRAFT, changed_at=None)
    later = replace(DRAFT, title="Lederdag", changed_at=AT + timedelta(seconds=1))
    assert book.save(later, changed_at=AT)
    assert not book.save(replace(DRAFT, title="Noget andet"), changed_at=AT)
    assert book.load("by") == (later,)
    book.drop("by", "d1")
    assert not book.save(later, changed_at=later.changed_at)


def test_a_draft_that_nobody_goes_on_with_goes_in_time_and_the_plan_stays(database) -> None:
    assert save(database, 1, "a")
    book = SqlDraftBook(database)
    for number, days in enumerate((0, 10)):
        assert book.save(replace(DRAFT, id=f"{number}", changed_at=AT + timedelta(days=days)), changed_at=None)
    names = [one.name for one in fields(KeptSince)]
    kept = KeptSince(**dict.fromkeys(names, AT + timedelta(days=5)))
    expire(database, "by", dated={("a", "main"): None}, audiences=(), kept=kept)
    assert [one.id for one in book.load("by")] == ["1"]
    assert SqlDeskPlanBook(database).look("by") is not None
