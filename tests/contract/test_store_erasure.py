"""Erasing a person: nothing of them is left in any file, and the counts stand."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.domain.errors import DatabaseFailed
from bot.domain.people import Person
from bot.domain.plan_files import KeptFile
from bot.domain.registrations import ERASED_PREFIX, RegistrationStatus
from bot.store.all_tables import metadata
from bot.store.answers import SqlAnswerLog
from bot.store.erasure import Erased, erase_person, foreseen_erasure
from bot.store.ledger import SqlLedger
from bot.store.opening import open_database
from bot.store.people import SqlPeopleBook
from bot.store.plan_files import SqlPlanFileBook
from tests.builders.known_people import ALIAS, FUTURE, GONE, NOW, PAST, STAYS, TRACES, WITHOUT_ADDRESSES, answer, fill
from tests.builders.traces import dump, traces


@pytest.fixture
def filled(database):
    fill(database)
    return database


def test_no_trace_is_left_in_tables_or_files(filled):
    """Own address and alias, in any case, escaped or not: every table, log and free pages."""
    untouched = {name for name in metadata.tables if not any(trace in dump(filled, name) for trace in TRACES)}
    assert untouched == WITHOUT_ADDRESSES, "a new table needs a row in `fill`"
    if filled.file is None:
        with filled.outside_transactions() as connection:
            connection.execute(text("ANALYZE"))
    assert erase_person(filled, GONE.upper(), now=NOW) == Erased(people=2, answers=3, registrations=2, events=2, future_events=1)
    assert traces(filled) == []
    assert traces(filled, [STAYS]) == [STAYS]


def test_the_counts_stand_and_nothing_connects_them(filled):
    """The stand-in is one person within an offering, the same in ledger, answers and registrations, and another one in the next."""
    erase_person(filled, ALIAS, now=NOW)
    log = SqlAnswerLog(filled)
    rows = {row.course: row for row in log.load_registrations("by") if row.email.startswith(ERASED_PREFIX)}
    assert {course: (row.status, row.name, row.department) for course, row in rows.items()} == {
        "i-fjor": (RegistrationStatus.REGISTERED, "", ""),
        "i-år": (RegistrationStatus.REGISTERED, "", ""),
    }
    assert rows["i-fjor"].email != rows["i-år"].email
    answers = {one.key: one.email for one in log.load_answers("by") if one.email != STAYS}
    assert answers == {PAST: rows["i-fjor"].email, FUTURE: rows["i-år"].email}
    entries = SqlLedger(filled).load_entries("by")
    assert set(entries[PAST].invited_since) == set(entries[PAST].desired_attendees) == {STAYS, rows["i-fjor"].email}
    assert set(entries[FUTURE].invited_since) == set(entries[FUTURE].desired_attendees) == {STAYS}


def test_others_keep_what_is_theirs(filled):
    """Names, answers and links of other people are as before."""
    erase_person(filled, GONE, now=NOW)
    log = SqlAnswerLog(filled)
    assert answer(PAST, STAYS, "Ane") in log.load_answers("by")
    assert log.load_delta_link("by", "kurser@by.example") is not None
    assert log.load_delta_link("by", GONE) is None
    assert len(SqlPeopleBook(filled).load_people("by")) == 301


def test_two_directory_ids_are_two_people(database):
    """An address that has passed on is not a reason to erase its new owner, who only loses it where it was an alias."""
    book = SqlPeopleBook(database)
    book.save_people("by", [Person(email=GONE, directory_id="1", aliases=frozenset({"chef@by.example"}))], now=NOW)
    book.save_people("andenby", [Person(email="chef@by.example", directory_id="2", aliases=frozenset({GONE, "c@by.example"}))], now=NOW)
    assert erase_person(database, GONE, now=NOW).people == 1
    assert book.load_people("andenby") == (Person(email="chef@by.example", directory_id="2", aliases=frozenset({"c@by.example"})),)


def test_a_person_whom_nobody_knows_is_nobody(filled):
    """Nothing is changed, and the result says so."""
    before = dump(filled)
    assert not erase_person(filled, "ukendt@by.example", now=NOW).found
    assert dump(filled) == before


@pytest.mark.parametrize("content", [b"PK\x03\x04 half a workbook", b"people: [anna@by.example]"])
def test_a_kept_file_goes_where_nobody_can_look_who_stands_in_it(database, content):
    """And stays where somebody could, and the person does not stand in it."""
    book = SqlPlanFileBook(database)
    book.save_file("link", KeptFile(plan="by", drive="d", item="i", c_tag="1", content=content))
    erase_person(database, "ukendt@by.example", now=NOW)
    kept = book.load_file("link")
    assert kept is not None
    assert (kept.content, kept.c_tag) == ((None, "") if content.startswith(b"PK") else (content, "1"))


def test_what_would_be_erased_is_told_and_nothing_is_changed(filled):
    """The same numbers as the erasure itself, which comes after it."""
    before = {name: dump(filled, name) for name in metadata.tables}
    foreseen = foreseen_erasure(filled, GONE, now=NOW)
    assert {name: dump(filled, name) for name in metadata.tables} == before
    assert erase_person(filled, GONE, now=NOW) == foreseen


def test_another_program_at_work_keeps_remains_and_is_named(database_url):
    """Files cannot be rewritten under a reader: the message says to stop it and erase again, and then nothing is left."""
    url = f"{database_url}?timeout=0.05" if database_url.startswith("sqlite") else database_url
    with open_database(url) as database, open_database(url) as reader:
        SqlPeopleBook(database).save_people("by", [Person(email=GONE, name="Lærke Navnesen")], now=NOW)
        with reader.read() as connection:
            connection.execute(text("SELECT * FROM people")).all()
            with pytest.raises(DatabaseFailed, match="erase_unfinished"):
                erase_person(database, GONE, now=NOW, wait_seconds=0.2)
        assert erase_person(database, GONE, now=NOW).people == 0
        assert database.file is None or GONE.encode() not in b"".join(file.read_bytes() for file in database.file.parent.iterdir())
