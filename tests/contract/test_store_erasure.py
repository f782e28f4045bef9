"""Erasing a person: nothing of them is left in any file, and the counts stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.events import LedgerEntry, LedgerState, ResponseStatus, SessionKey
from bot.domain.people import Person
from bot.domain.registrations import ERASED_PREFIX, Answer, AnswerSource, Registration, RegistrationStatus
from bot.errors import DatabaseFailed
from bot.store.answers import SqlAnswerLog
from bot.store.database import open_database
from bot.store.erasure import Erased, erase_person
from bot.store.ledger import SqlLedger
from bot.store.people import SqlPeopleBook
from bot.store.schema import metadata

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PAST = SessionKey(plan="by", course="i-fjor", offering="main", session="dag")
FUTURE = SessionKey(plan="by", course="i-år", offering="main", session="dag")
GONE, ALIAS, STAYS = "bjørn.lærke@by.example", "blk@by.example", "ane@by.example"
TRACES = [
    form for word in (GONE, ALIAS, "Lærke Navnesen") for form in (word, word.lower(), word.upper(), word.encode("unicode_escape").decode())
]


def entry(key, end):
    everybody = {GONE: "required", STAYS: "required"}
    return LedgerEntry(
        key=key,
        state=LedgerState.APPLIED,
        transaction_id="t",
        event_id="e",
        subject="s",
        start=end - timedelta(hours=1),
        end=end,
        desired_fields={},
        observed_fields={},
        desired_attendees=everybody,
        invited_since={email: NOW - timedelta(days=90) for email in everybody},
    )


def answer(key, email, name="Lærke Navnesen"):
    at = NOW - timedelta(days=80)
    return Answer(key=key, email=email, name=name, response=ResponseStatus.ACCEPTED, responded_at=at, seen_at=at)


def registration(course, email):
    return Registration(
        course=course,
        offering="main",
        email=email,
        name="Lærke Navnesen",
        status=RegistrationStatus.REGISTERED,
        since=NOW,
        source=AnswerSource.OUTLOOK,
        department="Lille afdeling",
    )


@pytest.fixture
def filled(database):
    """The person in every table, in two plans, with enough rows around them that pages are freed."""
    person = Person(email=GONE, name="Lærke Navnesen", directory_id="1", aliases=frozenset({ALIAS}), department="Lille afdeling")
    crowd = [Person(email=f"p{number}@by.example", name="x" * 50) for number in range(300)]
    SqlPeopleBook(database).save_people("by", [person, Person(email=STAYS), *crowd], now=NOW)
    SqlPeopleBook(database).save_people("andenby", [replace(person, email=ALIAS, aliases=frozenset({GONE}))], now=NOW)
    SqlLedger(database).save_entries([entry(PAST, NOW - timedelta(days=9)), entry(FUTURE, NOW + timedelta(days=9))])
    log = SqlAnswerLog(database)
    log.save_delta("by", GONE, link=f"https://graph/users/{GONE}/x", start=NOW, end=NOW, answers=[answer(PAST, GONE), answer(FUTURE, GONE)])
    log.save_delta("by", "kurser@by.example", link="https://graph/1", start=NOW, end=NOW, answers=[answer(PAST, STAYS, "Ane")])
    log.append_answers([answer(PAST, ALIAS)])
    log.save_registrations(
        "by", [registration("i-fjor", GONE), registration("i-år", GONE), replace(registration("i-fjor", STAYS), name="Ane")]
    )
    return database


def dump(database, *tables):
    """Everything that a query can find."""
    with database.read() as connection:
        names = tables or metadata.tables
        return "\n".join(sorted(str(row) for name in names for row in connection.execute(text(f"SELECT * FROM {name}"))))  # noqa: S608 - our tables


def test_no_trace_is_left_in_tables_or_files(filled):
    """Own address and alias, in any case, escaped or not: database, log and free pages."""
    if filled.file is None:
        with filled.outside_transactions() as connection:
            connection.execute(text("ANALYZE"))
    assert GONE in dump(filled)
    assert erase_person(filled, GONE.upper(), now=NOW) == Erased(people=2, answers=3, registrations=2, events=2, future_events=1)
    found = dump(filled)
    found += dump(filled, "pg_stats") if filled.file is None else ""
    assert [trace for trace in TRACES if trace in found] == []
    if filled.file is not None:
        files = sorted(filled.file.parent.glob(f"{filled.file.name}*"))
        assert {file.name for file in files} >= {filled.file.name, f"{filled.file.name}-wal"}
        read = b"".join(file.read_bytes() for file in files)
        assert STAYS.encode() in read
        assert [trace for trace in TRACES if trace.encode() in read] == []


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
