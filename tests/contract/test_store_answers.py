"""The log of answers, the delta links and the registrations, on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.events import ResponseStatus, SessionKey
from bot.domain.registrations import Answer, AnswerSource, Registration, RegistrationStatus
from bot.store.answers import SqlAnswerLog

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
KEY = SessionKey(plan="by", course="lederdag", offering="main", session="dag")
ANSWER = Answer(
    key=KEY,
    email="ane@by.example",
    name="Ane Ærø",
    response=ResponseStatus.ACCEPTED,
    responded_at=NOW - timedelta(days=1, microseconds=3),
    seen_at=NOW,
)
REGISTRATION = Registration(
    course="lederdag",
    offering="main",
    email="ane@by.example",
    name="Ane Ærø",
    status=RegistrationStatus.REGISTERED,
    since=NOW,
    source=AnswerSource.OUTLOOK,
    department="Børn & Unge",
    answers=(("del-1", RegistrationStatus.REGISTERED), ("del-2", RegistrationStatus.INVITED)),
    said=RegistrationStatus.REGISTERED,
    said_at=NOW,
    unconfirmed=True,
    reopened=True,
    answered_by="sekr@by.example",
)


def test_an_answer_is_one_row_however_often_it_is_read(database):
    """The same session, address, response and moment; the first reading stays."""
    log = SqlAnswerLog(database)
    later = replace(ANSWER, seen_at=NOW + timedelta(hours=1), name="Ane", known=False)
    assert log.append_answers([ANSWER, later]) == 1
    assert log.append_answers([later]) == 0
    assert log.append_answers([]) == 0
    assert log.load_answers("by") == (ANSWER,)


def test_another_response_moment_session_or_address_is_another_answer(database):
    """The log keeps all that was ever said."""
    log = SqlAnswerLog(database)
    others = [
        replace(ANSWER, response=ResponseStatus.DECLINED),
        replace(ANSWER, responded_at=NOW - timedelta(hours=1)),
        replace(ANSWER, key=replace(KEY, part=2)),
        replace(ANSWER, email="bo@by.example", known=False, source=AnswerSource.HR),
    ]
    assert log.append_answers([ANSWER, *others]) == 5
    assert set(log.load_answers("by")) == {ANSWER, *others}
    assert log.load_answers("andenby") == ()


def test_answers_come_in_the_order_they_were_given(database):
    """By responded_at, then seen_at, then address, whatever order they were saved in."""
    log = SqlAnswerLog(database)
    wanted = [
        replace(ANSWER, responded_at=NOW - timedelta(days=2), email="å@by.example"),
        replace(ANSWER, email="B@by.example", seen_at=NOW - timedelta(hours=1)),
        replace(ANSWER, email="Z@by.example"),
        replace(ANSWER, email="a@by.example"),
    ]
    log.append_answers(reversed(wanted))
    assert log.load_answers("by") == tuple(wanted)


def test_the_delta_link_belongs_to_plan_and_mailbox(database):
    """Two plans on one mailbox each read all of it."""
    log = SqlAnswerLog(database)
    window = {"start": NOW - timedelta(days=30), "end": NOW + timedelta(days=400)}
    assert log.load_delta_link("by", "kurser@by.example") is None
    assert log.save_delta("by", "kurser@by.example", link="https://graph/1", **window, answers=[ANSWER]) == 1
    assert log.save_delta("by", "kurser@by.example", link="https://graph/2", **window, answers=[ANSWER]) == 0
    assert log.load_delta_link("by", "kurser@by.example") == ("https://graph/2", window["start"], window["end"])
    assert log.load_delta_link("andenby", "kurser@by.example") is None
    assert log.load_delta_link("by", "andre@by.example") is None
    log.forget_delta_link("by", "kurser@by.example")
    log.forget_delta_link("by", "kurser@by.example")
    assert log.load_delta_link("by", "kurser@by.example") is None


def test_the_link_is_not_stored_without_its_answers(database):
    """A crash reads them again rather than never."""
    log = SqlAnswerLog(database)
    naive = replace(ANSWER, email="bo@by.example", responded_at=datetime(2026, 1, 1))
    with pytest.raises(Exception, match="2026"):
        log.save_delta("by", "kurser@by.example", link="x", start=NOW, end=NOW, answers=[ANSWER, naive])
    assert log.load_delta_link("by", "kurser@by.example") is None
    assert log.load_answers("by") == ()


def test_registrations_are_replaced_as_a_whole(database):
    """What is not in the new set is gone; another plan's rows are not touched."""
    log = SqlAnswerLog(database)
    waiting = replace(REGISTRATION, email="bo@by.example", status=RegistrationStatus.WAITLISTED, position=2, answers=(), invited=False)
    log.save_registrations("andenby", [REGISTRATION])
    log.save_registrations("by", [waiting, REGISTRATION])
    assert log.load_registrations("by") == (REGISTRATION, waiting)
    moved = replace(REGISTRATION, status=RegistrationStatus.WITHDRAWN, source=AnswerSource.RULE)
    log.save_registrations("by", [moved])
    assert log.load_registrations("by") == (moved,)
    log.save_registrations("by", [])
    assert log.load_registrations("by") == ()
    assert log.load_registrations("andenby") == (REGISTRATION,)


def test_registrations_are_sorted_by_course_offering_and_address(database):
    """By code point, so that every database says the same."""
    log = SqlAnswerLog(database)
    rows = [
        replace(REGISTRATION, course="a", offering="hold-2", email="z@by.example"),
        replace(REGISTRATION, course="b", offering="hold-1", email="Z@by.example"),
        replace(REGISTRATION, course="b", offering="hold-1", email="a@by.example"),
        replace(REGISTRATION, course="b", offering="hold-1", email="å@by.example"),
    ]
    log.save_registrations("by", reversed(rows))
    assert log.load_registrations("by") == tuple(rows)
