"""Deciding on one course with a real database: what the whole plan says of it, and the other courses left as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.events import LedgerEntry, LedgerState, ResponseStatus
from bot.domain.people import Person
from bot.domain.registrations import Answer, AnswerSource, RegistrationStatus
from bot.domain.seats import Cause, RefusalReason, RequestKind, SeatRequest
from bot.opening.stores import open_stores
from bot.rounds.steps.decide_seats import decide, load_state, rows_of, settle_books, settled, write
from config.settings import Settings
from tests.contract.two_courses import COURSES, NOW, PEOPLE, PLAN, key

S = RegistrationStatus


def answered(identity, person, response=ResponseStatus.ACCEPTED, *, minute=0):
    said = NOW - timedelta(days=1, minutes=-minute)
    return Answer(key=key(identity), email=person.email, name=person.name, response=response, responded_at=said, seen_at=NOW)


@pytest.fixture
def settings(database_url):
    return Settings(database_url=database_url, now=NOW, graph={"base_url": "http://127.0.0.1:1"})


@pytest.fixture
def stores(settings):
    """Two courses with the same four invited, and answers that nobody has decided on yet: three for two seats on each."""
    invited = dict.fromkeys((person.email for person in PEOPLE), NOW - timedelta(days=3))
    with open_stores(settings) as opened:
        opened.books.people.save_people("demo", PEOPLE, now=NOW)
        opened.books.ledger.save_entries(
            LedgerEntry(
                key=key(one),
                state=LedgerState.APPLIED,
                transaction_id=one,
                event_id=one,
                subject=one,
                start=NOW + timedelta(days=40),
                end=NOW + timedelta(days=40, hours=3),
                desired_fields={},
                observed_fields={},
                desired_attendees=dict.fromkeys(invited, "required"),
                invited_since=invited,
            )
            for one in COURSES
        )
        opened.answers.append_answers(answered(one, person, minute=at) for one in COURSES for at, person in enumerate(PEOPLE[:3]))
        yield opened


def of(rows, identity):
    return [row for row in rows if row.course == identity]


@pytest.mark.parametrize("identity", COURSES)
def test_a_course_alone_is_what_the_whole_plan_says_of_it(settings, stores, identity):
    assert write(stores, settled(load_state(PLAN, stores), settings, now=NOW), now=NOW)
    stores.answers.append_answers([answered(identity, PEOPLE[0], ResponseStatus.DECLINED, minute=60)])
    whole, alone = load_state(PLAN, stores), load_state(PLAN, stores, course=identity)
    assert rows_of(alone) == tuple(of(rows_of(whole), identity)) != ()
    decided = [one for one in settle_books(whole, settings, now=NOW).transitions if one.after.course == identity]
    assert list(settle_books(alone, settings, now=NOW).transitions) == decided != []
    everything, one_course = settled(whole, settings, now=NOW), settled(alone, settings, now=NOW)
    assert list(one_course.messages) == of(everything.messages, identity) != []
    assert list(one_course.registrations) == of(everything.registrations, identity)


def test_deciding_on_a_course_leaves_the_claims_rows_and_lines_of_another(settings, stores):
    """What waits to be decided there is decided there later, as if nothing had been."""
    before = of(rows_of(load_state(PLAN, stores)), "x")
    stores.answers.save_registrations("demo", rows_of(load_state(PLAN, stores)))
    wish = SeatRequest(
        kind=RequestKind.ENROL, course="k", offering="main", email=PEOPLE[3].email, at=NOW, source=AnswerSource.HR, by="hr", queue=True
    )
    found = decide(settings, PLAN, stores, [wish])
    assert {one.after.course for one in found.transitions} == {"k"}
    rows = stores.answers.load_registrations("demo")
    assert of(rows, "x") == before
    assert {row.email: row.status for row in of(rows, "k")} == {
        PEOPLE[0].email: S.REGISTERED,
        PEOPLE[1].email: S.REGISTERED,
        PEOPLE[2].email: S.WAITLISTED,
        PEOPLE[3].email: S.WAITLISTED,
    }
    assert stores.seats.load_standings("demo", course="x")[1] == ()
    later = settle_books(load_state(PLAN, stores), settings, now=NOW).transitions
    assert [(one.after.email, one.after.status) for one in later if one.after.course == "x"] == [
        (PEOPLE[0].email, S.REGISTERED),
        (PEOPLE[1].email, S.REGISTERED),
        (PEOPLE[2].email, S.WAITLISTED),
    ]


def test_wishes_for_several_courses_are_written_together(settings, stores):
    """A list of HR is one decision, in the log of the plan."""
    wishes = [
        SeatRequest(kind=RequestKind.WITHDRAW, course=one, offering="main", email=PEOPLE[0].email, at=NOW, source=AnswerSource.HR, by="hr")
        for one in COURSES
    ]
    decide(settings, PLAN, stores, wishes)
    assert [(row.course, row.email) for row in stores.answers.load_registrations("demo") if row.status is S.WITHDRAWN] == [
        ("k", PEOPLE[0].email),
        ("x", PEOPLE[0].email),
    ]


def test_books_are_loaded_and_saved_for_one_course_or_for_some_addresses(stores):
    rows = rows_of(load_state(PLAN, stores))
    stores.answers.save_registrations("demo", rows)
    stores.answers.save_registrations("demo", [replace(of(rows, "k")[0], status=S.DECLINED)], course="k")
    stores.answers.save_registrations("demo", [], course="findes-ikke")
    saved = stores.answers.load_registrations("demo")
    assert (len(of(saved, "k")), of(saved, "x")) == (1, of(rows, "x"))
    assert stores.answers.load_registrations("demo", course="x") == tuple(of(rows, "x"))
    assert [row.course for row in stores.answers.load_registrations("demo", emails={PEOPLE[0].email})] == ["k", "x"]
    assert stores.answers.load_registrations("demo", emails=()) == ()
    assert {one.course for one in stores.books.ledger.load_entries("demo", course="x")} == {"x"}
    assert {one.key.course for one in stores.answers.load_answers("demo", course="x")} == {"x"}
    assert stores.outbox.load_messages("demo", course="x") == ()


def wish(person, kind, course="k"):
    return SeatRequest(kind=kind, course=course, offering="main", email=person.email, at=NOW, source=AnswerSource.HR, by="hr")


def test_one_refused_wish_and_nothing_of_a_list_is_written(settings, stores):
    """The seat that is asked for in vain stands last, on another course."""
    before = stores.seats.load_log("demo")
    wishes = [wish(PEOPLE[0], RequestKind.WITHDRAW), wish(PEOPLE[3], RequestKind.ENROL, "x")]
    found = decide(settings, PLAN, stores, wishes, all_or_none=True)
    assert [(one.request.email, one.reason) for one in found.refusals] == [(PEOPLE[3].email, RefusalReason.FULL)]
    assert stores.seats.load_log("demo") == before
    assert stores.outbox.load_pending("demo") == ()


def test_somebody_who_decides_in_between_leaves_a_list_all_or_nothing(settings, stores, monkeypatch):
    """The last seat is taken between looking and writing: the whole list is refused, and only the other's decision stands."""
    assert write(stores, settled(load_state(PLAN, stores), settings, now=NOW), now=NOW)
    decide(settings, PLAN, stores, [wish(PEOPLE[0], RequestKind.WITHDRAW), wish(PEOPLE[2], RequestKind.WITHDRAW)])
    append, other = type(stores.seats).append, [wish(PEOPLE[2], RequestKind.ENROL)]

    def overtaken(book, *arguments, **named):
        monkeypatch.setattr(type(stores.seats), "append", append)
        decide(settings, PLAN, stores, other)
        return append(book, *arguments, **named)

    monkeypatch.setattr(type(stores.seats), "append", overtaken)
    wishes = [wish(PEOPLE[1], RequestKind.WITHDRAW, "x"), wish(PEOPLE[3], RequestKind.ENROL)]
    found = decide(settings, PLAN, stores, wishes, all_or_none=True)
    assert [one.request.email for one in found.refusals] == [PEOPLE[3].email]
    log = [line for _, line in stores.seats.load_log("demo")]
    assert (log[-1].after.email, log[-1].after.status) == (PEOPLE[2].email, S.REGISTERED)
    assert not any(line.after.cause is Cause.WITHDRAWN and line.after.course == "x" for line in log)


def test_somebody_new_is_decided_on_under_the_address_that_the_directory_has(settings, stores):
    """HR wrote an alias; the books did not know the person."""
    new = Person(email="ny@demo.example", name="Ny", aliases=frozenset({"nina@demo.example"}))
    decide(settings, PLAN, stores, [wish(PEOPLE[0], RequestKind.WITHDRAW), wish(PEOPLE[2], RequestKind.WITHDRAW)])
    alias = replace(wish(new, RequestKind.ENROL), email="nina@demo.example")
    found = decide(settings, PLAN, stores, [alias], newcomers=[new], all_or_none=True)
    assert [one.after.email for one in found.transitions] == ["ny@demo.example"]
