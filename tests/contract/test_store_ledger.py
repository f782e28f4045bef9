"""The ledger, groups and people as `bot.ports` promises them, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.domain.events import EventField, LedgerEntry, LedgerState, OutlookEdit, SessionKey
from bot.domain.people import Language, Person
from bot.store.groups import SqlGroupMemory
from bot.store.ledger import SqlLedger
from bot.store.people import SqlPeopleBook

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEY = SessionKey(plan="by", course="lederdag", offering="main", session="dag")
ENTRY = LedgerEntry(
    key=KEY,
    state=LedgerState.APPLIED,
    transaction_id="0f9f6b0e-0000-4000-8000-000000000001",
    event_id="AAMk=",
    subject="Fælles lederdag – æøå",
    start=NOW,
    end=NOW + timedelta(hours=6, microseconds=7),
    desired_fields={"subject": "a1", "start": "b2"},
    observed_fields={"subject": "c3"},
    desired_attendees={"ane@by.example": "required", "sal@by.example": "resource"},
    invited_since={"ane@by.example": NOW - timedelta(days=3, microseconds=5)},
    join_url="https://teams.example/l/1",
    moved_at=NOW,
)


def test_an_entry_comes_back_as_it_was_saved(database):
    """Everything that the diff compares with is kept, microseconds too."""
    ledger = SqlLedger(database)
    bare = replace(ENTRY, key=replace(KEY, part=2), event_id=None, join_url=None, state=LedgerState.INTENDED, invited_since={})
    ledger.save_entries([ENTRY, bare])
    assert ledger.load_entries("by") == {ENTRY.key: ENTRY, bare.key: bare}
    assert ledger.load_entries("by")[KEY].start.utcoffset() == timedelta(0)


def test_what_stands_at_many_sessions_is_read_once(database):
    """A thousand sessions have few lists of people among them: work and memory grow with those."""
    ledger = SqlLedger(database)
    ledger.save_entries([ENTRY, *(replace(ENTRY, key=replace(KEY, session=f"dag-{number}")) for number in range(3))])
    first, *others = ledger.load_entries("by").values()
    assert len(others) == 3
    for other in others:
        assert other.desired_attendees is first.desired_attendees
        assert other.invited_since is first.invited_since


def test_what_was_edited_in_outlook_comes_back_and_can_be_asked_for_alone(database):
    """A page asks for every course's edits without reading the books of all."""
    ledger = SqlLedger(database)
    start = datetime(2026, 12, 1, 9)
    fields = (EventField.SUBJECT, EventField.START, EventField.END)
    edit = OutlookEdit(
        fields=fields, subject="Æ", start=start, end=start + timedelta(hours=5), all_day=False, location="", modified_at=NOW
    )  # fmt: skip
    undated = replace(ENTRY, key=replace(KEY, session="to"), edit=replace(edit, modified_at=None), rooms_declined=("sal@by.example",))
    ledger.save_entries([replace(ENTRY, edit=edit), undated, replace(ENTRY, key=replace(KEY, session="tre"))])
    assert ledger.load_entries("by")[undated.key] == undated
    assert ledger.load_edits("by") == {KEY: edit, undated.key: undated.edit}
    ledger.save_entries([ENTRY])
    assert ledger.load_edits("by").keys() == {undated.key}
    assert ledger.load_edits("andenby") == {}


def test_saving_again_replaces_and_the_last_of_two_stays(database):
    """One entry for each session and part."""
    ledger = SqlLedger(database)
    ledger.save_entries([ENTRY])
    ledger.save_entries([replace(ENTRY, subject="to"), replace(ENTRY, subject="tre", invited_since={})])
    assert ledger.load_entries("by") == {KEY: replace(ENTRY, subject="tre", invited_since={})}


def test_plans_share_a_database_without_seeing_each_other(database):
    """Everything is keyed by plan."""
    ledger = SqlLedger(database)
    other = replace(ENTRY, key=replace(KEY, plan="andenby"))
    ledger.save_entries([ENTRY, other])
    ledger.remove_entries([KEY])
    assert ledger.load_entries("by") == {}
    assert ledger.load_entries("andenby") == {other.key: other}


def test_removing_takes_exactly_the_named_parts_and_minds_no_unknown_ones(database):
    """A part is an entry of its own."""
    ledger = SqlLedger(database)
    second = replace(ENTRY, key=replace(KEY, part=2))
    ledger.save_entries([ENTRY, second])
    ledger.remove_entries([KEY, replace(KEY, session="findes-ikke")])
    ledger.remove_entries([])
    assert list(ledger.load_entries("by")) == [second.key]


def test_a_save_that_fails_halfway_saves_nothing(database):
    """Several rows are one transaction."""
    ledger = SqlLedger(database)
    naive = datetime(2026, 1, 1)
    for wrong in ({"start": naive}, {"invited_since": {"ane@by.example": naive}}):
        with pytest.raises(Exception, match="2026"):
            ledger.save_entries([ENTRY, replace(ENTRY, key=replace(KEY, session="to"), **wrong)])
    ledger.save_entries([])
    assert ledger.load_entries("by") == {}


def test_an_instant_of_another_zone_is_stored_as_the_same_instant(database):
    """What is stored is UTC."""
    ledger = SqlLedger(database)
    ledger.save_entries([replace(ENTRY, start=NOW.astimezone(timezone(timedelta(hours=2))))])
    assert ledger.load_entries("by")[KEY].start == NOW
    assert ledger.load_entries("by")[KEY].start.tzinfo is UTC


def test_text_that_no_database_stores_is_dropped_and_the_rest_kept(database):
    """A NUL or half an emoji in a title must not stop a run."""
    ledger = SqlLedger(database)
    ledger.save_entries([replace(ENTRY, subject="Dag\0 \ud83d ét")])
    assert ledger.load_entries("by")[KEY].subject == "Dag  ét"


def test_group_counts_are_remembered_each_and_overwritten(database):
    """A group that was not read this time keeps its count."""
    groups = SqlGroupMemory(database)
    assert groups.load_counts("by") == {}
    groups.save_counts("by", {"alle@by.example": 40, "tr@by.example": 3}, now=NOW)
    groups.save_counts("by", {"tr@by.example": 0}, now=NOW + timedelta(days=1))
    groups.save_counts("by", {}, now=NOW)
    assert groups.load_counts("by") == {"alle@by.example": 40, "tr@by.example": 0}
    assert groups.load_counts("andenby") == {}


def test_people_come_back_sorted_with_everything_known_of_them(database):
    """Name, language, directory id, aliases, department."""
    people = SqlPeopleBook(database)
    bo = Person(email="bo@by.example", name="Bo Ågren", language=Language.EN, directory_id="id-bo", aliases=frozenset({"b@by.example"}))
    ane = Person(email="ane@by.example", department="Børn & Unge")
    people.save_people("by", [bo, ane], now=NOW)
    people.save_people("by", [], now=NOW)
    assert people.load_people("by") == (ane, bo)
    assert people.load_people("andenby") == ()


def test_a_person_with_a_new_address_is_still_one_person_under_the_old(database):
    """The directory id tells; an answer from the former address still finds them."""
    people = SqlPeopleBook(database)
    people.save_people("by", [Person(email="ane.a@by.example", directory_id="1", aliases=frozenset({"aa@by.example"}))], now=NOW)
    people.save_people("by", [Person(email="ane.b@by.example", directory_id="1")], now=NOW)
    assert people.load_people("by") == (
        Person(email="ane.b@by.example", directory_id="1", aliases=frozenset({"ane.a@by.example", "aa@by.example"})),
    )


def test_who_takes_over_an_address_inherits_nothing(database):
    """Another directory id is another human being; the address is theirs now, and nobody's alias."""
    people = SqlPeopleBook(database)
    people.save_people(
        "by", [Person(email="chef@by.example", name="Den gamle", directory_id="1", aliases=frozenset({"x@by.example"}))], now=NOW
    )
    people.save_people("by", [Person(email="cille@by.example", directory_id="3", aliases=frozenset({"chef@by.example"}))], now=NOW)
    people.save_people("by", [Person(email="chef@by.example", name="Den nye", directory_id="2")], now=NOW)
    assert people.load_people("by") == (
        Person(email="chef@by.example", name="Den nye", directory_id="2"),
        Person(email="cille@by.example", directory_id="3"),
    )


def test_a_listed_person_who_turns_up_in_the_directory_becomes_one_with_an_id(database):
    """The plan's list knows no id; the same address is the same person, and the id stays once known."""
    people = SqlPeopleBook(database)
    people.save_people("by", [Person(email="ane@by.example")], now=NOW)
    people.save_people("by", [Person(email="ane@by.example", directory_id="1")], now=NOW)
    people.save_people("by", [Person(email="ane@by.example", name="Ane")], now=NOW)
    assert people.load_people("by") == (Person(email="ane@by.example", name="Ane", directory_id="1"),)
