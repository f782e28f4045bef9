"""A round that reads only what changed leaves nothing undecided that one that reads everything would decide, whatever was written."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.enrolment import Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.events import EventField, LedgerEntry, LedgerState, OutlookEdit, ResponseStatus
from bot.domain.graph_findings import NOTHING_FOUND
from bot.domain.registrations import Answer, AnswerSource
from bot.domain.seats import RequestKind, SeatRequest
from bot.opening.stores import open_stores
from bot.rounds.steps.courses_to_read import note_rests, what_to_read
from bot.rounds.steps.decide_seats import decide, what_follows, write
from bot.store.erasure import erase_person
from config.settings import Settings
from tests.contract.two_courses import COURSES, NOW, PEOPLE, PLAN, key
from tests.databases import new_sqlite_database

if TYPE_CHECKING:
    from bot.opening.stores import Stores

KINDS = (
    Enrolment(mode=EnrolmentMode.INVITE, waiting_list=True, deadline=datetime(2025, 6, 3, 12, 0)),
    Enrolment(mode=EnrolmentMode.INVITE, capacity=1, minimum=3, deadline=datetime(2025, 6, 3, 12, 0), late=LateAnswer.REFUSE),
    Enrolment(mode=EnrolmentMode.CHOOSE, unanswered=Unanswered.ASSIGN, deadline=datetime(2025, 6, 3, 12, 0)),
)
STEPS = (timedelta(), timedelta(minutes=10), timedelta(hours=20), timedelta(days=12), timedelta(days=33))


@dataclass
class Books:
    """One process with its books, whose clock and plan go on."""

    stores: Stores
    settings: Settings
    now: datetime = NOW
    plan = PLAN

    def round(self) -> frozenset[str] | None:
        """A round of the answers; what it has read. Nobody touches Outlook, so lists that are to change stay so."""
        look = what_to_read(self.settings, self.plan, self.stores, now=self.now)
        decided, wanted, held = what_follows(self.settings, self.plan, self.stores, NOTHING_FOUND, now=self.now, courses=look.courses)
        assert held is None
        assert write(self.stores, decided, now=self.now)
        note_rests(self.settings, self.plan, self.stores, look, decided, wanted, now=self.now)
        return look.courses

    def nothing_is_left_but(self, read: frozenset[str] | None) -> None:
        decided, wanted, _ = what_follows(self.settings, self.plan, self.stores, NOTHING_FOUND, now=self.now)
        assert decided.settlement.transitions == ()
        assert decided.messages == ()
        assert decided.registrations == decided.state.previous
        assert read is None or {one.entry.key.course for one in wanted} <= read


@contextmanager
def opened(database_url):
    settings = Settings(database_url=database_url, now=NOW, graph={"base_url": "http://127.0.0.1:1"})
    invited = dict.fromkeys((person.email for person in PEOPLE), NOW - timedelta(days=3))
    with open_stores(settings) as stores:
        stores.books.people.save_people("demo", PEOPLE, now=NOW)
        stores.books.audiences.save_members("demo", {"ledere": frozenset(invited)}, now=NOW)
        stores.books.ledger.save_entries(entry(one, invited) for one in COURSES)
        yield Books(stores, settings)


def entry(course, invited):
    return LedgerEntry(
        key=key(course), state=LedgerState.APPLIED, transaction_id=course, event_id=course, subject=course, start=NOW + timedelta(days=40),
        end=NOW + timedelta(days=40, hours=3), desired_fields={}, observed_fields={}, desired_attendees=dict.fromkeys(invited, "required"),
        invited_since=invited,
    )  # fmt: skip


def chosen(number, options):
    return options[number % len(options)], number // len(options)


def answer(books, number):
    course, left = chosen(number, COURSES)
    person, left = chosen(left, PEOPLE)
    said, _ = chosen(left, (ResponseStatus.ACCEPTED, ResponseStatus.ACCEPTED, ResponseStatus.DECLINED, ResponseStatus.TENTATIVE))
    books.now += timedelta(minutes=1)
    books.stores.answers.append_answers(
        [Answer(key=key(course), email=person.email, name="", response=said, responded_at=books.now, seen_at=books.now)]
    )


def hr_decides(books, number):
    course, left = chosen(number, COURSES)
    person, left = chosen(left, PEOPLE)
    kind, _ = chosen(left, (RequestKind.ENROL, RequestKind.WITHDRAW))
    wish = SeatRequest(kind=kind, course=course, offering="main", email=person.email, at=books.now, source=AnswerSource.HR, by="hr")
    decide(books.settings, books.plan, books.stores, [wish])


def somebody_is_erased(books, number):
    erase_person(books.stores.database, PEOPLE[number % len(PEOPLE)].email, now=books.now)


def the_directory_changes(books, number):
    person, left = chosen(number, PEOPLE)
    if left % 2:
        renamed = replace(person, email=f"ny-{person.email}", aliases=(person.email,), name="Nyt Navn")
        books.stores.books.people.save_people("demo", [renamed], now=books.now)
    else:
        members = frozenset(one.email for one in PEOPLE if one is not person)
        books.stores.books.audiences.save_members("demo", {"ledere": members}, now=books.now)


def a_list_is_written(books, number):
    course, left = chosen(number, COURSES)
    invited = {person.email: NOW - timedelta(days=3) for at, person in enumerate(PEOPLE) if left >> at & 1}
    books.stores.books.ledger.save_entries([entry(course, invited)])


def somebody_moves_an_event(books, number):
    course, left = chosen(number, COURSES)
    begin = datetime(2025, 6, 4, 9, 0) + timedelta(days=left % 9)
    edit = OutlookEdit(
        fields=(EventField.START, EventField.END), subject=course, start=begin, end=begin + timedelta(hours=1), all_day=False, location=""
    )
    entries = books.stores.books.ledger.load_entries("demo", course=course)
    books.stores.books.ledger.save_entries(replace(one, edit=edit, moved_at=books.now) for one in entries.values())


def an_event_goes(books, number):
    books.stores.books.ledger.remove_entries([key(COURSES[number % len(COURSES)])])


def hr_edits_the_plan(books, number):
    course, left = chosen(number, COURSES)
    enrolment, left = chosen(left, KINDS)
    if left % 3:
        edited = (replace(one, enrolment=enrolment) if one.id == course else one for one in PLAN.courses)
        books.plan = replace(PLAN, courses=tuple(edited))
    else:
        books.plan = replace(PLAN, courses=tuple(one for one in PLAN.courses if one.id != course))


def rows_are_lost(books, number):
    books.stores.answers.save_registrations("demo", (), course=COURSES[number % len(COURSES)])


def time_passes(books, number):
    books.now += STEPS[number % len(STEPS)]


HAPPENINGS = (answer, answer, answer, hr_decides, somebody_is_erased, the_directory_changes, a_list_is_written, somebody_moves_an_event,
              an_event_goes, hr_edits_the_plan, rows_are_lost, time_passes, time_passes)  # fmt: skip


HISTORIES = given(kind=st.sampled_from(KINDS), history=st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 999)), max_size=12))
MOST = settings().max_examples


@settings(max_examples=MOST // 3)
@HISTORIES
def test_nothing_is_left_undecided_by_what_was_not_read(kind, history):
    play(kind, history)


@pytest.mark.long
@settings(max_examples=MOST * 3)
@HISTORIES
def test_nothing_is_left_undecided_in_many_histories(kind, history):
    play(kind, history)


def play(kind, history):
    with tempfile.TemporaryDirectory() as folder, opened(new_sqlite_database(Path(folder) / "k.db")) as books:
        books.plan = replace(PLAN, courses=tuple(replace(one, enrolment=kind) for one in PLAN.courses))
        assert books.round() is None
        for happening, number in history:
            happening(books, number)
            read = books.round()
            books.nothing_is_left_but(read)


def test_only_the_course_that_something_happened_to_is_read(database_url):
    """On both databases, and what the round writes itself is looked at once more."""
    with opened(database_url) as books:
        assert books.round() is None
        assert books.round() == frozenset(COURSES)
        assert books.round() == frozenset()
        answer(books, 0)
        assert books.round() == {"k"}
        books.round()
        assert books.round() == frozenset()
        for happening, number, read in (
            (hr_decides, 3, {"x"}), (somebody_moves_an_event, 0, {"k"}), (a_list_is_written, 14, {"k"}), (an_event_goes, 1, {"x"}),
            (rows_are_lost, 0, {"k"}), (the_directory_changes, 0, None), (the_directory_changes, 4, None), (hr_edits_the_plan, 6, {"k"}),
            (somebody_is_erased, 2, None),
        ):  # fmt: skip
            happening(books, number)
            assert books.round() == (read if read is None else frozenset(read)), happening
            for _ in range(2):
                books.round()
            books.nothing_is_left_but(books.round())
