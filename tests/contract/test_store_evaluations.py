"""Who has answered, and what was said: nothing in the database joins the two, on every database."""

from __future__ import annotations

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.domain.evaluation import FORM, EvaluationAnswer
from bot.store.all_tables import metadata
from bot.store.erasure import erase_person
from bot.store.evaluation_tables import evaluation_answers, evaluation_done
from bot.store.evaluations import SqlEvaluationBook
from bot.store.expired import KeptSince
from bot.store.expiry import expire
from tests.builders.known_people import NOW

PEOPLE = [f"leder-{number:02}@by.example" for number in range(40)]
SAID = EvaluationAnswer(course="k", offering="main", question="overall", kind="scale", asked="Hvad synes du?", answer="4")


def form_of(number, **about):
    """What somebody says: a text that nobody else writes, so that the test can tell whose it is."""
    wrote = replace(SAID, question="best", kind="text", asked="Hvad var bedst?", answer=f"ord {number:02}")
    return [replace(one, **about) for one in (SAID, wrote)]


@pytest.fixture
def book(database):
    return SqlEvaluationBook(database)


def test_what_was_said_comes_back_each_plan_and_course_its_own_and_one_form_is_one(book):
    assert book.add("by", PEOPLE[0], form_of(0))
    assert book.add("by", PEOPLE[1], form_of(1))
    assert book.add("by", PEOPLE[0], form_of(2, course="andet"))
    assert book.add("andenby", PEOPLE[0], form_of(3))
    said = book.load_answers("by", course="k")
    assert Counter((one.question, one.kind, one.answer) for one in said) == Counter(
        {("overall", "scale", "4"): 2, ("", FORM, ""): 2, ("best", "text", "ord 00"): 1, ("best", "text", "ord 01"): 1}
    )
    assert book.load_answered("by", course="k") == {("k", "main", one) for one in PEOPLE[:2]}
    assert len(book.load_answers("by")) == 9


def test_somebody_answers_once_under_whichever_of_their_addresses(book):
    assert book.add("by", PEOPLE[0], form_of(0))
    before = book.load_answers("by")
    assert not book.add("by", PEOPLE[0], form_of(1))
    assert not book.add("by", "ny@by.example", form_of(1), others=frozenset({PEOPLE[0]}))
    assert book.load_answers("by") == before
    assert book.add("by", PEOPLE[0], form_of(1, offering="hold-2")), "another date is another form"


def test_to_what_was_shown_no_answer_comes_and_it_stays_in_its_batch(book):
    """Another date, another course and another plan are not concerned."""
    assert book.add("by", PEOPLE[0], form_of(0))
    book.note_shown("by", "k", {1: ["main", "hold-2"]})
    book.note_shown("by", "k", {2: ["main", "hold-3"]})
    assert book.load_shown("by") == {("k", "main"): 1, ("k", "hold-2"): 1, ("k", "hold-3"): 2}
    assert (book.load_shown("andenby"), book.load_shown("by", course="andet")) == ({}, {})
    before = book.load_answers("by")
    assert not book.add("by", PEOPLE[1], form_of(1))
    assert (book.load_answers("by"), len(book.load_answered("by"))) == (before, 1)
    assert book.add("by", PEOPLE[1], form_of(1, offering="hold-4"))
    assert book.add("andenby", PEOPLE[1], form_of(1))


def test_two_windows_and_many_people_at_once_lose_nothing_and_keep_one_form_each(book):
    with ThreadPoolExecutor(8) as several:
        kept = list(several.map(lambda number: book.add("by", PEOPLE[number % 12], form_of(number % 12)), range(24)))
    assert sum(kept) == 12
    assert len(book.load_answered("by")) == 12
    said = book.load_answers("by")
    assert Counter(one.answer for one in said if one.kind == "text") == Counter(f"ord {number:02}" for number in range(12))
    assert sum(one.kind == FORM for one in said) == 12


def filled(book):
    """Forms of forty people in an order that no sorting of theirs gives."""
    order = [(17 * number + 5) % 40 for number in range(40)]
    for number in order:
        assert book.add("by", PEOPLE[number], form_of(number))
    return order


def columns_of(connection, dialect):
    """Each table's rows in the order in which the database has them, with all that it keeps of each by itself."""
    hidden = "ctid, xmin, xmax, cmin, cmax, " if dialect == "postgresql" else ""
    return {name: connection.execute(text(f'SELECT {hidden}"{name}".* FROM "{name}"')).mappings().all() for name in metadata.tables}  # noqa: S608 - names of our own tables


def test_no_column_of_any_table_joins_an_answer_to_a_person(database, book):
    """Each pair of a column of the answers and one of anything that names a person: they share no value but plan, course and date."""
    filled(book)
    with database.read() as connection:
        rows = columns_of(connection, database.engine.dialect.name)
    answers = [row for row in rows["evaluation_answers"] if row["kind"] == "text"]
    assert len(answers) == 40
    shared = {"plan", "course", "offering", "xmin", "xmax"}
    for table, those in rows.items():
        people = [row for row in those if any(isinstance(value, str) and "@" in value for value in row.values())]
        for own in answers[0].keys() if people else ():
            for other in people[0]:
                pairs = {(a["answer"], str(p)) for a in answers for p in people if a[own] == p[other] and a[own] not in {None, ""}}
                joined = Counter(answer for answer, _ in pairs)
                everybody = len({str(one) for one in people})
                assert all(count in {0, everybody} for count in joined.values()), (table, own, other)
                assert not joined or (own in shared and other in shared) or everybody == 1, (table, own, other)
    for one in shared & {*answers[0].keys()}:
        assert len({row[one] for row in answers}) == 1, f"{one} is the same of every answer"


def test_no_order_of_the_rows_lines_up_with_an_order_of_the_people(database, book):
    """By insertion, by the database's own numbers, by key: as often in step as two shuffles are."""
    order = filled(book)
    with database.read() as connection:
        rows = columns_of(connection, database.engine.dialect.name)
        listed = [row["email"] for row in rows["evaluation_done"]]
    assert listed == sorted(listed), "who has answered stands by address"
    said = [row for row in rows["evaluation_answers"] if row["kind"] == "text"]
    orders = {"as they stand": [row["answer"] for row in said]}
    orders["by key"] = [row["answer"] for row in sorted(said, key=lambda row: row["key"])]
    came, by_name = [f"ord {number:02}" for number in order], [f"ord {number:02}" for number in range(40)]
    for name, found in orders.items():
        for one in (came, came[::-1], by_name, by_name[::-1]):
            in_step = sum(a == b for a, b in zip(found, one, strict=True))
            assert in_step < 10, (name, in_step)


def test_the_answers_of_one_form_are_not_joined_to_each_other(database, book):
    """Nor to the row that counts the form."""
    filled(book)
    with database.read() as connection:
        rows = [*connection.execute(select(evaluation_answers)).mappings()]
    assert len({row["key"] for row in rows}) == len(rows) == 120
    ahead = Counter((a["kind"], b["kind"]) for a, b in itertools.pairwise(rows))
    assert len(ahead) > 4, "kinds stand among each other"
    assert {column.name for column in evaluation_answers.columns} == {
        "plan", "key", "course", "offering", "question", "kind", "asked", "answer",
    }  # fmt: skip
    assert {column.name for column in evaluation_done.columns} == {"plan", "course", "offering", "email"}


def test_sqlite_has_no_numbers_of_rows_and_an_empty_log_after_each_form(database, book):
    if database.file is None:
        with database.read() as connection:
            xmins = connection.execute(text("SELECT DISTINCT xmin::text FROM evaluation_answers")).scalars().all()
        filled(book)
        with database.read() as connection:
            xmins = connection.execute(text("SELECT DISTINCT xmin::text FROM evaluation_answers")).scalars().all()
        assert len(xmins) == 1
        return
    filled(book)
    log = database.file.with_name(database.file.name + "-wal")
    assert not log.exists() or log.stat().st_size == 0
    with database.read() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name LIKE 'evaluation_%' AND type = 'table'")).scalars().all()
    assert len(made) == 3
    assert all("WITHOUT ROWID" in one for one in made)


def test_erasing_forgets_that_somebody_answered_and_what_they_said_stays(database, book):
    filled(book)
    book.add("by", "anna@by.example", [replace(SAID, kind="text", question="best", answer=f"Spørg {PEOPLE[3]}, hun ved det")])
    erase_person(database, PEOPLE[3], now=NOW)
    assert len(book.load_answered("by")) == 40
    texts = [one.answer for one in book.load_answers("by") if one.kind == "text"]
    assert "ord 03" in texts
    assert "Spørg […], hun ved det" in texts
    assert sum(one.kind == FORM for one in book.load_answers("by")) == 41


def test_in_time_who_answered_goes_then_the_texts_and_the_numbers_stay(database, book):
    filled(book)
    kept = KeptSince(**dict.fromkeys(("messages", "bounces", "people", "plan"), NOW), participation=NOW - timedelta(days=365), notes=NOW)

    def after(days):
        expire(database, "by", dated={("k", "main"): NOW - timedelta(days=days)}, audiences=(), kept=kept)
        return len(book.load_answered("by")), Counter(one.kind for one in book.load_answers("by"))

    assert after(59) == (40, {"text": 40, "scale": 40, FORM: 40})
    assert after(61) == (0, {"text": 40, "scale": 40, FORM: 40})
    assert after(366) == (0, {"scale": 40, FORM: 40})
