"""What attendees answered, as lines of the log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.responses import answers_from, only_new, unknown_attendees
from bot.domain.events import AttendeeType, ResponseStatus
from bot.domain.people import PeopleIndex
from tests.builders.registrations import (
    ACCEPTED,
    ANE,
    BO,
    DAG,
    DECLINED,
    DEL_1,
    NONE,
    NOW,
    TENTATIVE,
    answer,
    attendee,
    day,
    entry,
    event,
    registration,
)

PEOPLE = PeopleIndex([ANE, BO])
KNOWN = {DAG: frozenset({ANE.email, BO.email})}


def read(*events, known=KNOWN):
    return answers_from(events, PEOPLE, seen_at=NOW, known=known)


def test_an_answer_becomes_a_line_under_the_persons_own_address_and_name():
    """An alias, in any case, is the person; the directory's name comes before Outlook's."""
    (line,) = read(event(DAG, attendee("AAS@by.example", name="aas")))
    assert line == replace(answer(DAG, ANE.email), name="Ane Ås", seen_at=NOW)


def test_no_answer_is_no_line():
    """None, not responded, the organiser, a status without a time of somebody whom we did not invite, a room."""
    silent = event(
        DAG,
        attendee("a@by.example", NONE),
        attendee("b@by.example", ResponseStatus.NOT_RESPONDED),
        attendee("c@by.example", ResponseStatus.ORGANIZER),
        attendee("d@by.example", at=None),
        attendee("sal@by.example", kind=AttendeeType.RESOURCE),
    )
    assert read(silent) == ()


def test_an_answer_without_a_time_of_somebody_invited_has_the_time_when_it_was_seen():
    """Put in by the organiser, or from a calendar that tells none: it is an answer, and marked."""
    (line,) = read(event(DAG, attendee("AAS@by.example", at=None)))
    assert line == replace(answer(DAG, ANE.email), name="Ane Ås", seen_at=NOW, responded_at=NOW, timed=False)


@pytest.mark.parametrize("silent", [NONE, ResponseStatus.NOT_RESPONDED, ResponseStatus.ORGANIZER])
def test_who_has_not_answered_has_not_answered_without_a_time_either(silent):
    assert read(event(DAG, attendee(response=silent, at=None))) == ()


def new(*lines, log=(), entries=None):
    return only_new(lines, log, entries or {DAG: entry()}, PEOPLE)


def untimed(response=ACCEPTED, at=3):
    return answer(DAG, "AAS@by.example", response, at, timed=False)


def test_what_the_log_says_last_is_no_news_without_a_time():
    """The last word counts, in whatever order the log is read, and whether it had a time or not."""
    yes, no = answer(at=1), answer(response=DECLINED, at=2)
    assert new(untimed()) == (untimed(),)
    for log in ([yes], [untimed(at=2)]):
        assert new(untimed(), log=log) == ()
    for log in ([yes, no], [no, yes]):
        assert new(untimed(), log=log) == (untimed(),)
        assert new(untimed(DECLINED), log=log) == ()
    assert new(untimed(), log=[replace(yes, key=DEL_1)]) == (untimed(),)


def test_what_has_a_time_is_always_told():
    assert new(answer(at=1), log=[answer(at=1)]) == (answer(at=1),)


@pytest.mark.parametrize("since", [{"invited_since": {"aas@by.example": day(2)}}, {"moved_at": day(2)}])
def test_an_answer_to_the_invitation_or_the_date_before_is_not_this_one(since):
    """A removed person's answer is void, and after a move Exchange has forgotten the answers."""
    entries = {DAG: replace(entry(), **since)}
    assert new(untimed(), log=[answer(at=1)], entries=entries) == (untimed(),)
    assert new(untimed(at=4), log=[answer(at=1), untimed(at=3)], entries=entries) == ()


def test_who_was_not_invited_is_told_apart_by_session():
    """A forwarded invitation brings people whom nobody asked; being invited to one session is not to all."""
    lines = read(event(DAG, attendee(), attendee("Ven@firma.example", TENTATIVE, name="En ven")), event(DEL_1, attendee()))
    assert [(str(line.key), line.email, line.name, line.known) for line in lines] == [
        (str(DAG), "ane@by.example", "Ane Ås", True),
        (str(DAG), "ven@firma.example", "En ven", False),
        (str(DEL_1), "ane@by.example", "Ane Ås", False),
    ]


def test_the_invited_of_one_part_are_invited_to_the_session():
    """A session over 500 people is several events, and one session."""
    (line,) = read(event(replace(DAG, part=2), attendee(kind=AttendeeType.OPTIONAL)))
    assert line.known


def test_the_same_answer_on_the_same_event_twice_is_one_line():
    """A delta may show an event twice in one round, and a person may stand on it under two addresses."""
    assert len(read(event(DAG, attendee(), attendee("aas@by.example")), event(DAG, attendee()))) == 1


def test_the_lines_come_in_one_order_whatever_was_read_first():
    """By session, address, response, time."""
    events = [event(DEL_1, attendee()), event(DAG, attendee(BO.email), attendee())]
    assert read(*events) == read(*reversed(events))
    assert [line.email for line in read(*events)] == [ANE.email, BO.email, ANE.email]


def test_strangers_are_listed_with_their_last_answer():
    """Whoever the registrations say is invited is none, whatever the log thought when it was read."""
    answers = [
        answer(DAG, "ven@firma.example", at=2, known=False),
        answer(DAG, "ven@firma.example", TENTATIVE, at=3, known=False),
        answer(DAG, ANE.email, known=False),
    ]
    rows = [registration(DAG, "ven@firma.example", invited=False), registration(DAG, ANE.email)]
    assert unknown_attendees(answers, rows) == (answers[1],)
    assert unknown_attendees(reversed(answers), rows) == (answers[1],)
    assert day(3) == answers[1].responded_at


def test_what_is_invisible_in_an_attendees_address_is_no_part_of_it():
    (mine, stranger) = read(event(DAG, attendee("\u200eAAS@by.\u200bexample\u00a0"), attendee("\ufeffVen@firma.example")))
    assert (mine.email, stranger.email) == (ANE.email, "ven@firma.example")
