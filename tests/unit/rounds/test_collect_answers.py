"""Collecting: the delta link and its window, the log, and what follows from it. The books are real (SQLite), the calendar is a list."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.answers.fold import fold_claims
from bot.domain.errors import GraphUnclear, SyncStateLost
from bot.domain.events import LedgerState
from bot.domain.invited import invited_addresses, invited_since
from bot.domain.people import PeopleIndex
from bot.domain.registrations import AnswerSource
from bot.rounds.steps.collect_answers import AHEAD, BEHIND, FURTHEST, collect_answers, window_serves
from bot.store.answers import SqlAnswerLog
from bot.store.ledger import SqlLedger
from bot.store.opening import open_database
from bot.store.people import SqlPeopleBook
from tests.builders.registrations import (
    ACCEPTED,
    ANE,
    BO,
    DAG,
    DECLINED,
    DEL_1,
    INVITED,
    NOW,
    PLAN,
    attendee,
    entry,
    event,
)

ORGANISER = PLAN.organiser


@dataclass
class Delta:
    events: tuple
    link: str
    removed: tuple = ()


@dataclass
class ListedCalendar:
    """Answers each call with the next of `rounds` (events, or an error to raise) and remembers what it was asked."""

    rounds: list
    asked: list = field(default_factory=list)

    async def fetch_delta(self, *, link, start, end, keys):
        self.asked.append((link, start, end, dict(keys)))
        result = self.rounds.pop(0)
        if isinstance(result, Exception):
            raise result
        return Delta(events=tuple(result), link=f"https://graph.example/delta/{len(self.asked)}")


@dataclass
class Collected:
    new_answers: int
    claims: tuple


class Books:
    """The plan's books and one collection after another."""

    def __init__(self, database):
        self.database = database
        self.ledger, self.people, self.log = SqlLedger(database), SqlPeopleBook(database), SqlAnswerLog(database)
        self.people.save_people("by", [ANE, BO], now=NOW)

    def collect(self, *rounds, plan=PLAN, now=NOW):
        calendar = ListedCalendar(list(rounds))
        people, entries = PeopleIndex(self.people.load_people(plan.id)), self.ledger.load_entries(plan.id)
        new = asyncio.run(collect_answers(calendar, answer_log=self.log, people=people, entries=entries, plan=plan, now=now))
        return Collected(
            new_answers=new, claims=fold_claims(plan, invited_since(entries), self.log.load_answers(plan.id), people)
        ), calendar.asked


@pytest.fixture
def books(tmp_path):
    with open_database(f"sqlite:///{tmp_path / 'k.db'}") as database:
        yield Books(database)


def rows(result):
    return [(row.email, row.status.value) for row in result.claims]


def test_the_first_collection_reads_the_whole_window_and_the_next_goes_on_from_its_link(books):
    """One request when nothing has changed; the answers count once."""
    books.ledger.save_entries([entry(DAG, [ANE.email, BO.email])])
    first, asked = books.collect([event(DAG, attendee("AAS@by.example"))])
    assert asked == [(None, NOW - BEHIND, NOW + AHEAD, {"e1": DAG})]
    assert (first.new_answers, rows(first)) == (1, [(ANE.email, "registered"), (BO.email, "invited")])
    later = NOW + timedelta(minutes=5)
    second, asked = books.collect([event(DAG, attendee(), attendee(BO.email, DECLINED, 2))], now=later)
    assert asked == [("https://graph.example/delta/1", NOW - BEHIND, NOW + AHEAD, {"e1": DAG})]
    assert (second.new_answers, rows(second)) == (1, [(ANE.email, "registered"), (BO.email, "declined")])
    assert books.log.load_delta_link("by", ORGANISER) == ("https://graph.example/delta/1", NOW - BEHIND, NOW + AHEAD)


def test_a_lost_sync_state_is_a_whole_reading_and_no_answer_twice(books):
    """410: the link is given up, the window begins anew, the log knows what it has."""
    books.ledger.save_entries([entry()])
    books.collect([event(DAG, attendee())])
    later = NOW + timedelta(days=2)
    result, asked = books.collect(SyncStateLost("graph_sync_state_lost"), [event(DAG, attendee())], now=later)
    assert [one[:2] for one in asked] == [("https://graph.example/delta/1", NOW - BEHIND), (None, later - BEHIND)]
    assert (result.new_answers, rows(result)) == (0, [(ANE.email, "registered")])
    assert books.log.load_delta_link("by", ORGANISER) == ("https://graph.example/delta/2", later - BEHIND, later + AHEAD)


def test_an_answer_without_a_time_counts_once_however_often_it_is_read(books):
    """It stands on the event in every round; a change of mind without a time is one more."""
    books.ledger.save_entries([entry()])
    rounds = [
        (attendee(at=None), 1),
        (attendee(at=None), 0),
        (attendee(response=DECLINED, at=None), 1),
        (attendee(response=DECLINED, at=None), 0),
    ]
    for number, (guest, new) in enumerate(rounds):
        found, _ = books.collect([event(DAG, guest)], now=NOW + timedelta(hours=number))
        assert found.new_answers == new
    assert [(one.response, one.timed) for one in books.log.load_answers("by")] == [(ACCEPTED, False), (DECLINED, False)]
    assert rows(found) == [(ANE.email, "withdrawn")]


def test_a_calendar_that_does_not_answer_leaves_everything_as_it_was(books):
    """Neither link nor log nor registrations move; the error goes to whoever asked."""
    books.ledger.save_entries([entry()])
    books.collect([event(DAG, attendee())])
    with pytest.raises(GraphUnclear):
        books.collect(GraphUnclear("graph_unclear"))
    assert books.log.load_delta_link("by", ORGANISER) is not None
    assert [one.response for one in books.log.load_answers("by")] == [ACCEPTED]


def test_the_window_is_made_anew_in_time():
    """After 30 days, when the clock was set back, and when an event would begin beyond its end."""
    start, end = NOW - BEHIND, NOW + AHEAD
    month = timedelta(days=30)
    assert window_serves(start, end, [], NOW)
    assert window_serves(start, end, [entry(starts=end - timedelta(seconds=1))], NOW + month)
    assert not window_serves(start, end, [], NOW + month + timedelta(seconds=1))
    assert not window_serves(start, end, [], NOW - timedelta(seconds=1))
    assert not window_serves(start, end, [entry(starts=end)], NOW)
    assert window_serves(start, end, [entry(starts=NOW + FURTHEST)], NOW)


def test_the_window_reaches_the_last_event(books):
    """A course planned two years ahead is seen, one beyond what a calendar view may span waits its turn."""
    far, beyond = NOW + timedelta(days=700), NOW + FURTHEST + timedelta(days=1)
    books.ledger.save_entries([entry(starts=far), entry(DEL_1, event_id="e2", starts=beyond)])
    _, asked = books.collect([])
    assert asked[0][2] == far + timedelta(days=1)
    _, asked = books.collect([])
    assert asked[0][0] == "https://graph.example/delta/1"


def test_two_plans_on_one_mailbox_do_not_take_each_others_answers(books):
    """Each has its own link."""
    other = replace(PLAN, id="andenby")
    theirs = entry(replace(DAG, plan="andenby"), event_id="e9")
    books.ledger.save_entries([entry(), theirs])
    books.collect([event(DAG, attendee())])
    result, asked = books.collect([event(theirs.key, attendee(), event_id="e9")], plan=other)
    assert (asked[0][0], asked[0][3]) == (None, {"e9": theirs.key})
    assert result.new_answers == 1


def test_events_that_the_ledger_does_not_know_are_ignored(books):
    """The mailbox has other meetings as well."""
    books.ledger.save_entries([entry()])
    result, _ = books.collect([event(DEL_1, attendee(), event_id="privat")])
    assert (result.new_answers, rows(result)) == (0, [(ANE.email, "invited")])


def test_without_events_in_the_books_nothing_is_asked(books):
    """A plan that has invited nobody costs nothing."""
    result, asked = books.collect()
    assert (asked, result.new_answers, result.claims) == ([], 0, ())


def test_a_forwarded_invitation_is_listed_and_an_alias_found_out_later_is_not(books):
    """Whoever turns out to be one of us is, from then on."""
    books.ledger.save_entries([entry(DAG, [ANE.email, "cai@by.example"])])
    guests = event(DAG, attendee("ven@firma.example", name="En ven"), attendee("c.alias@by.example"))
    result, _ = books.collect([guests])
    assert [one.email for one in result.claims if not one.invited] == ["c.alias@by.example", "ven@firma.example"]
    books.people.save_people("by", [replace(BO, email="cai@by.example", aliases=frozenset({"c.alias@by.example"}))], now=NOW)
    result, _ = books.collect([])
    assert [one.email for one in result.claims if not one.invited] == ["ven@firma.example"]
    assert ("cai@by.example", "registered") in rows(result)


def test_while_a_write_is_under_way_nobody_has_left(books):
    """The intention in the ledger has none of those that it moves; after a crash it says nothing of who is there."""
    books.ledger.save_entries([entry()])
    books.collect([event(DAG, attendee())])
    books.ledger.save_entries([replace(entry(), state=LedgerState.INTENDED, invited_since={})])
    result, _ = books.collect([])
    assert rows(result) == [(ANE.email, "registered")]
    assert [one.source for one in books.log.load_answers("by")] == [AnswerSource.OUTLOOK]


def test_rooms_are_nobody_and_parts_belong_together():
    """What the ledger says of who is invited: with rooms for knowing addresses, without them for people."""
    second = entry(replace(DAG, part=2), [BO.email], event_id="e2")
    entries = {one.key: one for one in (entry(rooms=["sal@by.example"]), second)}
    assert invited_since(entries) == {DAG: {ANE.email: INVITED}, replace(DAG, part=2): {BO.email: INVITED}}
    assert invited_addresses(entries, PeopleIndex([ANE])) == {DAG: frozenset({ANE.email, BO.email, "sal@by.example"})}
    entries[second.key] = replace(second, state=LedgerState.INTENDED)
    assert invited_since(entries) == {}
