"""Who did what only grows, on both databases, whatever program it is that would have it otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.domain.actions import Action
from bot.store.actions import SqlActionBook, let_go, pseudonymise
from bot.store.plan_ids import forget_plan, load_plan_ids
from bot.store.schema import actions_over, old_names

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ANNA = "anna@by.example"
DEED = Action(at=NOW, by="Bente", command="move", plan="by", course="kursus", subject=ANNA, detail="hold-2")


@pytest.fixture
def book(database):
    made = SqlActionBook(database)
    made.note(DEED)
    return made


def attempt(database, statement, **facts):
    with database.write() as connection:
        connection.execute(text(statement), facts)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM actions",
        "UPDATE actions SET \"by\" = 'Carl'",
        "UPDATE actions SET subject = 'carl@by.example'",
        "UPDATE actions SET subject = ''",
        "UPDATE actions SET command = 'person'",
        "UPDATE actions SET detail = 'hold-3'",
        "UPDATE actions SET course = ''",
        "UPDATE actions SET plan = 'andenby'",
        "UPDATE actions SET door = 'desk'",
        "UPDATE actions SET at = '2020-01-01 00:00:00.000000'",
        "UPDATE actions SET id = 'x'",
    ],
)
def test_no_line_is_changed_or_goes(database, book, statement):
    """Not by this program, and not by another with the same rights."""
    with pytest.raises(IntegrityError):
        attempt(database, statement)
    assert book.load_actions() == (DEED,)


def test_no_line_is_written_over(database, book):
    statements = {
        "sqlite": "INSERT OR REPLACE INTO actions SELECT id, at, 'Carl', command, plan, course, subject, door, detail FROM actions",
        "postgresql": "TRUNCATE actions",
    }
    with pytest.raises(IntegrityError):
        attempt(database, statements["postgresql" if database.file is None else "sqlite"])
    assert book.load_actions() == (DEED,)


def test_what_went_stays_written_down(database, book):
    assert let_go(database, until=NOW + timedelta(days=1), plan="by", besides=["by"]) == 1
    with database.read() as connection:
        rows = connection.execute(select(actions_over.c.until, actions_over.c.lines)).all()
    assert rows == [(NOW + timedelta(days=1), 1)]
    for statement in ("DELETE FROM actions_over", "UPDATE actions_over SET lines = 0"):
        with pytest.raises(IntegrityError):
            attempt(database, statement)
    assert let_go(database, until=NOW + timedelta(days=1), plan="by", besides=["by"]) == 0, "nothing went, and nothing is written"
    with database.read() as connection:
        assert len(connection.execute(select(actions_over)).all()) == 1


def test_only_what_is_over_goes_and_only_of_plans_that_are_asked_for_or_gone(database, book):
    """What concerns all plans goes with any of them; a plan that the books have nothing else of has nobody to ask."""
    lines = {"all": replace(DEED, plan=""), "other": replace(DEED, plan="andenby"), "gone": replace(DEED, plan="væk")}
    for line in lines.values():
        book.note(line)
    young = replace(DEED, at=NOW + timedelta(hours=2))
    book.note(young)
    assert let_go(database, until=NOW + timedelta(hours=1), plan="by", besides=["by", "andenby"]) == 3
    assert {*book.load_actions()} == {young, lines["other"]}


def test_a_person_who_is_erased_leaves_the_lines_and_takes_the_name(database, book):
    """One stand-in in all of them: it can be seen that they belong together, and not to whom."""
    hers = replace(DEED, by="ANNA@by.example", subject="bo@by.example")
    about = replace(DEED, detail="Anna Eksempel bad om det")
    for line in (hers, about):
        book.note(line)
    with database.write() as connection:
        pseudonymise(connection, {ANNA}, {"Anna Eksempel"}, "erased-1")
    assert {*book.load_actions()} == {
        replace(DEED, subject="erased-1"),
        replace(hers, by="erased-1"),
        replace(about, subject="erased-1", detail=""),
    }


def test_lines_are_found_by_plan_whatever_it_was_called_and_by_subject(database, book):
    before, of_all, other = (replace(DEED, plan=plan, at=NOW + timedelta(hours=1)) for plan in ("før", "", "andenby"))
    for line in (before, of_all, other):
        book.note(line)
    with database.write() as connection:
        connection.execute(old_names.insert().values(plan="by", level="plan", old="før", course=""))
    assert {*book.load_actions("by")} == {DEED, before, of_all}
    assert book.load_actions("by", about={ANNA})[-1] == DEED
    assert book.load_actions("by", about={"ingen@by.example"}) == ()


def test_a_plan_that_is_forgotten_leaves_who_did_it_and_is_none_by_that(database, book):
    assert load_plan_ids(database, now=NOW) == ()
    forget_plan(database, "by")
    assert book.load_actions() == (DEED,)
