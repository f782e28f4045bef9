"""Personal data goes when its time is over: nothing of it is left in any file, counts stand, and what is needed stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.domain.people import Person
from bot.domain.registrations import RegistrationStatus, is_stand_in
from bot.store.answers import SqlAnswerLog
from bot.store.app_installs import SqlAppInstallBook
from bot.store.bounces import SqlBounceBook
from bot.store.conversations import SqlConversationBook
from bot.store.expired import Expired, KeptSince
from bot.store.expiry import expire
from bot.store.ledger import SqlLedger
from bot.store.notes import SqlNoteBook
from bot.store.opening import open_database
from bot.store.outbox import SqlOutbox
from bot.store.people import SqlPeopleBook
from bot.store.places import count_places
from bot.store.repeats import SqlRepeatBook
from bot.store.seats import SqlSeatBook
from bot.store.sign_ins import SqlSignInBook
from tests.builders.known_people import ALIAS, FUTURE, GONE, NOW, PAST, STAYS, answer, fill, message
from tests.builders.traces import dump, traces

AHEAD = {("i-år", "main"): NOW + timedelta(days=9)}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def kept(moment: datetime, **others: datetime) -> KeptSince:
    return KeptSince(
        **{"participation": moment, "messages": moment, "bounces": moment, "notes": moment, "people": moment, "plan": moment, **others}
    )


YESTERDAY = kept(NOW - timedelta(days=1))


@pytest.fixture
def filled(database):
    fill(database)
    SqlAnswerLog(database).forget_delta_link("by", GONE)
    return database


def let_go(database, *, dated=AHEAD, audiences=("ledere",), since=YESTERDAY, plan="by"):
    return expire(database, plan, dated=dated, audiences=audiences, kept=since)


def test_nothing_is_left_of_anybody_when_everything_is_over(filled):
    """Every table of every plan, log and free pages, in any spelling."""
    if filled.file is None:
        with filled.outside_transactions() as connection:
            connection.execute(text("ANALYZE"))
    assert GONE in traces(filled)
    later = NOW + timedelta(days=400)
    SqlSignInBook(filled).let_go(begun_before=later, seen_before=later)
    SqlRepeatBook(filled).forget(now=later)
    SqlConversationBook(filled).let_go(activities_before=later, seen_before=later)
    SqlAppInstallBook(filled).let_go(before=later)
    assert let_go(filled, dated={}, audiences=(), since=kept(later)).people == 302
    assert let_go(filled, dated={}, audiences=(), since=kept(later), plan="andenby").people == 1
    assert traces(filled) == []
    assert traces(filled, [STAYS, "p299@by.example", "nødder"]) == []


def test_a_course_that_is_over_becomes_anonymous_and_the_next_one_stays(filled):
    """Counts and statuses stand; one stand-in for a person in all tables, whatever address an answer came from."""
    expired = let_go(filled)
    assert expired == Expired(places=2, messages=3, bounces=1, notes=3, revisions=1), "notes, comments and answers to questions"
    log = SqlAnswerLog(filled)
    past = [row for row in log.load_registrations("by") if row.course == "i-fjor"]
    assert [(row.status, row.name, row.department, is_stand_in(row.email)) for row in past] == [
        (RegistrationStatus.REGISTERED, "", "", True)
    ] * 2
    stand_ins = {row.email for row in past}
    assert len(stand_ins) == 2
    entries = SqlLedger(filled).load_entries("by")
    assert set(entries[PAST].desired_attendees) == set(entries[PAST].invited_since) == stand_ins
    assert set(entries[FUTURE].desired_attendees) == {GONE, STAYS}
    assert {one.email for one in log.load_answers("by") if one.key == PAST} == stand_ins
    assert {one.email for one in log.load_answers("by") if one.key == FUTURE} == {GONE}
    lines = [line.after for _, line in SqlSeatBook(filled).load_log("by")]
    assert {line.email for line in lines if line.course == "i-fjor"} == stand_ins
    assert [(line.by, line.reason) for line in lines] == [("", "")] * 3
    assert [line.email for line in lines if line.course == "i-år"] == [GONE]
    assert {one.course for one in SqlOutbox(filled).load_messages("by")} == {"i-år"}
    assert {one.session for one in SqlBounceBook(filled).load_bounces("by")} == {FUTURE}
    assert {one.course for one in SqlNoteBook(filled).load_notes("by")} == {"i-år"}
    assert len(SqlPeopleBook(filled).load_people("by")) == 302, "they were seen lately"


def test_what_is_foreseen_is_what_goes_and_whoever_has_two_addresses_is_counted_once(filled):
    """A share of the places is compared with all of them, so both have to be counted alike."""
    later = kept(NOW + timedelta(days=400))
    everything = count_places(filled)
    assert everything == 4, "two people, two courses; one of them has answered from another address"
    foreseen = expire(filled, "by", dated={}, audiences=(), kept=later, only_foresee=True)
    assert count_places(filled) == everything
    gone = let_go(filled, dated={}, audiences=(), since=later)
    assert (foreseen.places, foreseen.messages, foreseen.bounces, foreseen.notes) == (everything, 4, 2, 7)
    assert (gone.places, gone.messages, gone.bounces, gone.notes) == (everything, 4, 2, 7)
    assert count_places(filled) == 0


def test_a_second_round_finds_nothing(filled):
    """What has gone is not looked at again, and nobody becomes somebody else."""
    let_go(filled)
    before = dump(filled)
    assert let_go(filled) == Expired()
    assert dump(filled) == before


def test_who_is_needed_stays_however_long_ago_they_were_seen(filled):
    """In an audience, on an event, in a registration; everybody else goes, and whoever is only an alias of one who stays."""
    SqlPeopleBook(filled).save_people("by", [Person(email="ny@by.example", aliases=frozenset({"kun.alias@by.example"}))], now=NOW)
    log = SqlAnswerLog(filled)
    log.append_answers([answer(FUTURE, "kun.alias@by.example", "")])
    assert let_go(filled, since=kept(LONG_AGO, people=NOW + timedelta(days=1))).people == 300
    assert {one.email for one in SqlPeopleBook(filled).load_people("by")} == {GONE, STAYS, "ny@by.example"}


@pytest.mark.parametrize(
    ("dated", "goes"),
    [
        ({("i-fjor", "main"): None}, False),
        ({("i-fjor", "main"): NOW - timedelta(days=10)}, False),
        ({}, False),
        ({("i-fjor", "main"): NOW - timedelta(days=30)}, False),
    ],
    ids=["undated", "the plan says ten days", "the ledger says nine", "the later of both counts"],
)
def test_an_offering_ends_when_plan_and_ledger_say_so(filled, dated, goes):
    """A course without dates is not over, and of two ends the later one counts."""
    since = kept(LONG_AGO, participation=NOW - timedelta(days=9, hours=1))
    assert bool(let_go(filled, dated=dated, since=since).places) is goes
    sooner = kept(LONG_AGO, participation=NOW - timedelta(days=8))
    assert bool(let_go(filled, dated=dated, since=sooner).places) is (None not in dated.values())


def test_what_neither_plan_nor_ledger_know_ended_with_its_last_row(filled):
    """A course that was taken out of plan and calendar long ago."""
    SqlLedger(filled).remove_entries([PAST])
    assert let_go(filled, since=kept(LONG_AGO, participation=NOW - timedelta(days=79))).places == 0, "a registration is of today"
    assert let_go(filled, since=kept(LONG_AGO, participation=NOW + timedelta(days=1))).places == 2


def test_messages_about_a_whole_course_wait_for_its_last_offering(filled):
    """What was sent is what keeps it from being sent again, so it stays while the course goes on."""
    outbox = SqlOutbox(filled)
    for course in ("i-år", "udateret", "forbi"):
        outbox.add_messages([replace(message(course, STAYS), key=f"hele/{course}", offering="")])
    dated = {**AHEAD, ("i-år", "tidligt"): NOW - timedelta(days=90), ("udateret", "main"): None}
    let_go(filled, dated=dated)
    assert {one.key for one in outbox.load_messages("by") if one.key.startswith("hele/")} == {"hele/i-år", "hele/udateret"}


def test_a_reader_keeps_remains_and_the_round_says_so(database_url):
    """The rows are gone all the same; the files are rewritten when nobody reads."""
    url = f"{database_url}?timeout=0.05" if database_url.startswith("sqlite") else database_url
    with open_database(url) as database, open_database(url) as reader:
        SqlPeopleBook(database).save_people("by", [Person(email=GONE)], now=NOW)
        with reader.read() as connection:
            connection.execute(text("SELECT * FROM people")).all()
            since = kept(NOW + timedelta(days=1))
            assert expire(database, "by", dated={}, audiences=(), kept=since, wait_seconds=0.2) == Expired(people=1, unfinished=True)
        assert SqlPeopleBook(database).load_people("by") == ()


def test_an_alias_and_its_owner_are_one_stand_in(filled):
    """Two addresses of one person count once."""
    assert len({one.email for one in SqlAnswerLog(filled).load_answers("by") if one.key == PAST}) == 3
    let_go(filled)
    assert ALIAS not in dump(filled, "answers")
    assert len({one.email for one in SqlAnswerLog(filled).load_answers("by") if one.key == PAST}) == 2
