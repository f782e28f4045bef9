"""The tables of `bot.answers.fold`, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.answers.fold import fold_claims
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseSession, Offering
from bot.domain.programme import Speaker
from bot.domain.registrations import AnswerSource, RegistrationStatus
from tests.builders.registrations import (
    ACCEPTED,
    ANE,
    BO,
    DAG,
    DECLINED,
    DEL_1,
    DEL_2,
    INVITED,
    NONE,
    NOW,
    PLAN,
    TENTATIVE,
    answer,
    day,
    left,
)

S = RegistrationStatus
PEOPLE = PeopleIndex([ANE, BO])
ON_EVENT = {DAG: {ANE.email: INVITED}}


def fold(invited, answers=(), people=PEOPLE):
    return fold_claims(PLAN, invited, answers, people)


def only(invited, *answers):
    (row,) = fold(invited, answers)
    return row.status, row.since, row.source


@pytest.mark.parametrize(
    ("said", "status", "since"),
    [
        ([], S.INVITED, 0),
        ([(NONE, 1)], S.INVITED, 0),
        ([(ACCEPTED, 1)], S.REGISTERED, 1),
        ([(ACCEPTED, 1), (NONE, 2)], S.REGISTERED, 1),
        ([(ACCEPTED, 1), (ACCEPTED, 2)], S.REGISTERED, 1),
        ([(TENTATIVE, 1)], S.TENTATIVE, 1),
        ([(ACCEPTED, 1), (TENTATIVE, 2)], S.TENTATIVE, 2),
        ([(DECLINED, 1)], S.DECLINED, 1),
        ([(TENTATIVE, 1), (DECLINED, 2)], S.DECLINED, 2),
        ([(ACCEPTED, 1), (DECLINED, 2)], S.WITHDRAWN, 2),
        ([(ACCEPTED, 1), (TENTATIVE, 2), (DECLINED, 3)], S.WITHDRAWN, 3),
        ([(ACCEPTED, 1), (DECLINED, 2), (DECLINED, 3)], S.WITHDRAWN, 2),
        ([(DECLINED, 1), (ACCEPTED, 2)], S.REGISTERED, 2),
        ([(ACCEPTED, 1), (DECLINED, 2), (ACCEPTED, 3)], S.REGISTERED, 3),
    ],
)
def test_the_last_answer_decides_and_the_one_that_began_the_status_dates_it(said, status, since):
    """A fall back to none is nothing; a decline after an accept gives up a seat."""
    assert only(ON_EVENT, *(answer(response=response, at=at) for response, at in said)) == (status, day(since), AnswerSource.OUTLOOK)


def test_the_time_of_the_answer_decides_not_the_time_of_the_reading():
    """A notification may overtake another."""
    late = answer(response=DECLINED, at=2, seen_at=day(3))
    assert only(ON_EVENT, late, answer(at=1, seen_at=day(9))) == (S.WITHDRAWN, day(2), AnswerSource.OUTLOOK)


def test_an_answer_from_elsewhere_says_so():
    """The source of a status is that of the answer that began it."""
    assert only(ON_EVENT, answer(source=AnswerSource.HR)) == (S.REGISTERED, day(1), AnswerSource.HR)


def test_a_row_carries_the_persons_name_and_department_and_a_strangers_own_name():
    """The book knows people; of a stranger there is only what Outlook said."""
    answers = [answer(email="aas@by.example", name="aas"), answer(email="ven@firma.example", name="En ven", known=False)]
    rows = fold(ON_EVENT, answers)
    assert [(row.email, row.name, row.department, row.invited) for row in rows] == [
        (ANE.email, "Ane Ås", "Børn & Unge", True),
        ("ven@firma.example", "En ven", "", False),
    ]


def test_the_parts_of_a_session_are_one_session():
    """Answers and invitations meet whatever part they stand on, and the first invitation counts."""
    second = replace(DAG, part=2)
    assert only({DAG: {ANE.email: day(5)}, second: {ANE.email: INVITED}}) == (S.INVITED, INVITED, AnswerSource.OUTLOOK)
    assert only({DAG: {}, second: {ANE.email: INVITED}}, answer(), answer(second)) == (S.REGISTERED, day(1), AnswerSource.OUTLOOK)


@pytest.mark.parametrize(
    ("first", "second", "status", "since"),
    [
        ([(ACCEPTED, 1)], [], S.REGISTERED, 1),
        ([(ACCEPTED, 1)], [(ACCEPTED, 2)], S.REGISTERED, 1),
        ([(ACCEPTED, 1), (DECLINED, 3)], [(ACCEPTED, 2)], S.REGISTERED, 1),
        ([(ACCEPTED, 1)], [(DECLINED, 2)], S.REGISTERED, 1),
        ([(TENTATIVE, 1)], [], S.TENTATIVE, 1),
        ([(TENTATIVE, 1)], [(DECLINED, 2)], S.TENTATIVE, 1),
        ([(DECLINED, 1)], [], S.INVITED, 0),
        ([(ACCEPTED, 1), (DECLINED, 2)], [], S.INVITED, 0),
        ([(ACCEPTED, 1), (DECLINED, 2)], [(DECLINED, 3)], S.WITHDRAWN, 3),
        ([(DECLINED, 1)], [(DECLINED, 2)], S.DECLINED, 2),
        ([], [], S.INVITED, 0),
    ],
)
def test_the_sessions_of_an_offering_decide_together(first, second, status, since):
    """One session takes a seat; while one is unanswered there is still something to answer."""
    said = [answer(DEL_1, response=response, at=at) for response, at in first]
    said += [answer(DEL_2, response=response, at=at) for response, at in second]
    on_both = {DEL_1: {ANE.email: INVITED}, DEL_2: {ANE.email: INVITED}}
    assert only(on_both, *said) == (status, day(since), AnswerSource.OUTLOOK)


def test_a_row_says_what_was_answered_for_each_of_several_sessions():
    """Who comes to one part only is seen, and who is invited to one part only; for one session there is nothing to add."""
    (row,) = fold({DEL_1: {ANE.email: INVITED}, DEL_2: {ANE.email: INVITED}}, [answer(DEL_2)])
    assert row.answers == (("del-1", S.INVITED), ("del-2", S.REGISTERED))
    (row,) = fold({DEL_1: {ANE.email: INVITED}, DEL_2: {}}, [answer(DEL_1)])
    assert row.answers == (("del-1", S.REGISTERED),)
    (row,) = fold({DAG: {ANE.email: INVITED}}, [answer(DAG)])
    assert row.answers == ()


def test_who_left_with_a_seat_has_withdrawn_by_rule():
    """The audience changed, not the person's mind."""
    assert only({DAG: {}}, answer(at=1), left(at=5)) == (S.WITHDRAWN, day(5), AnswerSource.RULE)


def test_who_left_after_giving_up_a_seat_gave_it_up_then():
    """The person's own word stands."""
    assert only({DAG: {}}, answer(at=1), answer(response=DECLINED, at=2), left(at=5)) == (S.WITHDRAWN, day(2), AnswerSource.OUTLOOK)


@pytest.mark.parametrize("said", [[], [answer(response=DECLINED)], [answer(response=TENTATIVE)], [answer(response=NONE)]])
def test_who_left_without_a_seat_has_no_row(said):
    """A freed date has no row."""
    assert fold({DAG: {}}, [*said, *([left(at=5)] if said else [])]) == ()


def test_who_left_one_session_still_has_the_other():
    """The offering is what the sessions that are left say."""
    on_first = {DEL_1: {ANE.email: INVITED}, DEL_2: {}}
    (row,) = fold(on_first, [answer(DEL_2, response=TENTATIVE, at=1), left(DEL_2, at=2)])
    assert (row.status, row.since, row.answers) == (S.INVITED, INVITED, (("del-1", S.INVITED),))
    (row,) = fold(on_first, [answer(DEL_2, at=1), answer(DEL_1, at=2), left(DEL_2, at=3)])
    assert (row.status, row.since) == (S.REGISTERED, day(1))


def test_who_is_invited_anew_begins_anew():
    """The answers before were to another invitation."""
    again = {DAG: {ANE.email: day(6)}}
    assert only(again, answer(at=1), left(at=5)) == (S.INVITED, day(6), AnswerSource.OUTLOOK)
    assert only(again, answer(at=1), left(at=5), answer(response=DECLINED, at=7)) == (S.DECLINED, day(7), AnswerSource.OUTLOOK)


def test_who_never_left_keeps_the_answer_given():
    """A line of leaving about somebody who has stood on the event since before was a mistake, and the answer stands."""
    assert only(ON_EVENT, answer(at=1), left(at=5)) == (S.REGISTERED, day(1), AnswerSource.OUTLOOK)


def test_an_adopted_event_does_not_forget_answers():
    """After a lost database everybody counts as invited now; what they answered before is read anew, and still theirs."""
    assert only({DAG: {ANE.email: NOW}}, answer(at=1, seen_at=NOW)) == (S.REGISTERED, day(1), AnswerSource.OUTLOOK)


def test_speakers_are_no_registrations():
    """They stand on the event to have it in their calendar."""
    assert fold({DAG: {"taler@firma.example": INVITED}}, [answer(email="taler@firma.example")]) == ()


def test_a_speaker_of_the_audience_takes_part_in_what_is_for_that_audience():
    """A leader who speaks at one half is still one of those who are invited to the other."""
    members = {"ledere": frozenset({ANE.email})}
    halves = (CourseSession(id="del-1", audience=("ledere",)), CourseSession(id="del-2", audience=("tr",)))
    senior = replace(
        PLAN.courses[2], speakers=(Speaker(name="Ane", email="aas@by.example"),), offerings=(Offering(id="main", sessions=halves),)
    )
    on_both = {DEL_1: {ANE.email: INVITED}, DEL_2: {ANE.email: INVITED}}
    said = [answer(DEL_2, response=DECLINED)]

    def claims(course, who=members):
        return fold_claims(replace(PLAN, courses=(course,)), on_both, said, PEOPLE, who)

    (row,) = claims(senior)
    assert (row.status, row.answers) == (S.INVITED, (("del-1", S.INVITED),))
    assert claims(senior, {}) == ()
    assert claims(replace(senior, enrolment=Enrolment(mode=EnrolmentMode.SIGNUP))) == ()


def test_an_answer_to_a_session_that_was_forwarded_by_a_colleague_says_nothing_of_the_own_ones():
    on_first = {DEL_1: {ANE.email: INVITED}, DEL_2: {BO.email: INVITED}}
    claims = {row.email: row for row in fold(on_first, [answer(DEL_2, known=False)])}
    assert (claims[ANE.email].status, claims[ANE.email].answers) == (S.INVITED, (("del-1", S.INVITED),))
    # Whoever is invited to nothing is somebody else's guest.
    claims = {row.email: row for row in fold({DEL_1: {}, DEL_2: {}}, [answer(DEL_2, known=False)])}
    assert (claims[ANE.email].status, claims[ANE.email].invited) == (S.REGISTERED, False)


class TestASessionThatThePlanHasReplacedOrDropped:
    """`old` was the first day of `main`; `new` and `rest` are what the plan has by now."""

    OLD, NEW, REST = (replace(DAG, session=name) for name in ("old", "new", "rest"))

    def status(self, books, *answers, sessions=("new",)):
        dated = tuple(CourseSession(id=name, start=datetime(2026, 12, at, 9)) for at, name in enumerate(sessions, 1))
        course = replace(PLAN.courses[1], speakers=(), offerings=(Offering(id="main", sessions=dated),))
        invited = {key: {ANE.email: since} for key, since in books.items()}
        (row,) = fold_claims(replace(PLAN, courses=(course,)), invited, answers, PEOPLE)
        return row.status, row.answers

    def test_its_answers_count_until_its_event_is_gone(self):
        """A yes that nobody had read is a seat, as on a date that moves; the books are read before the calendar is changed."""
        assert self.status({self.OLD: INVITED}, answer(self.OLD))[0] is S.REGISTERED
        assert self.status({self.NEW: day(9)}, answer(self.OLD)) == (S.INVITED, ())

    def test_a_no_to_the_new_date_is_not_outweighed_by_a_yes_to_the_old_one(self):
        assert self.status({self.NEW: day(2)}, answer(self.OLD, at=1), answer(self.NEW, response=DECLINED, at=3)) == (S.DECLINED, ())

    def test_who_has_said_nothing_is_invited_to_what_is_left_and_where_there_are_several_to_each(self):
        assert self.status({self.NEW: day(2)}) == (S.INVITED, ())
        books = {self.OLD: INVITED, self.NEW: day(2), self.REST: INVITED}
        assert self.status(books, sessions=("new", "rest")) == (S.INVITED, (("new", S.INVITED), ("rest", S.INVITED)))

    def test_nobody_has_still_to_answer_what_is_dropped(self):
        """At once, so that a second settlement has nothing to add."""
        books = {self.OLD: INVITED, self.REST: INVITED}
        said_no = answer(self.REST, response=DECLINED)
        assert self.status(books, said_no, sessions=("rest",))[0] is S.DECLINED
        assert self.status({self.REST: INVITED}, said_no, sessions=("rest",))[0] is S.DECLINED

    def test_a_yes_to_what_is_dropped_outweighs_no_no_to_what_is_left(self):
        books = {self.OLD: INVITED, self.REST: INVITED}
        said = answer(self.REST, response=DECLINED, at=1), answer(self.OLD, at=2)
        assert self.status(books, *said, sessions=("rest",))[0] is S.DECLINED
        assert self.status(books, *said, sessions=("old", "rest"))[0] is S.REGISTERED

    def test_what_was_said_to_an_offering_without_a_date_stays_until_it_is_taken_away(self):
        course = replace(PLAN.courses[1], speakers=(), offerings=(Offering(id="main", sessions=(CourseSession(id="dag"),)),))
        (row,) = fold_claims(replace(PLAN, courses=(course,)), {}, [answer(DAG)], PEOPLE)
        assert row.status is S.REGISTERED
