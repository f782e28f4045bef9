"""What follows from standings: the rows that are shown, the attendee lists, and the messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.enrolment import EnrolmentMode
from bot.domain.messages import Message
from bot.domain.people import PeopleIndex, Person
from bot.domain.plan import CourseStatus
from bot.domain.registrations import RegistrationStatus
from bot.domain.seats import Cause, OfferingSeats, Transition
from bot.domain.templates import MessageKind
from bot.registrations.standing_rows import canonical_standings, registration_rows
from bot.seats.enrolment_rules import rules_of
from bot.seats.guest_lists import attendance_of
from bot.seats.seat_messages import (
    announcements,
    canonical_announced,
    minimum_warnings,
    seat_messages,
    still_worth_sending,
)
from bot.working_days import working_days_from
from tests.builders.registrations import registration
from tests.builders.settling import AFTER, ANE, BO, CAI, DEADLINE, NOW, claim, make, standing

S, C, M = RegistrationStatus, Cause, MessageKind
PEOPLE = PeopleIndex([Person(email=ANE, name="Ane Ås", department="Børn", aliases=frozenset({"gammel@by.example"}))])


def rows(claims=(), standings=(), previous=(), books=frozenset({("k", "main")})):
    return registration_rows(claims, standings, previous, in_books=books, people=PEOPLE)


def test_a_standing_decides_the_row_and_a_freed_date_has_none():
    late = standing(late=True)
    (row,) = rows([claim(status=S.INVITED)], [late])
    assert (row.status, row.name, row.department, row.late, row.cause) == (S.REGISTERED, "Ane Ås", "Børn", True, "answered")
    assert rows([claim()], [standing(status=None, cause=C.FREED)]) == ()
    (row,) = rows([claim(BO, S.TENTATIVE)])
    assert (row.status, row.name, row.cause) == (S.TENTATIVE, "", "")


def test_what_left_the_books_is_shown_as_it_was_but_for_newer_answers():
    before = replace(
        registration(email=BO), course="k", offering="main", name="Bo", since=NOW - timedelta(days=1), answers=(("a", S.REGISTERED),)
    )
    assert rows([], [], [before], frozenset()) == (before,)
    assert rows([claim(BO, S.DECLINED, minutes=9999)], [], [before], frozenset()) == (before,)
    (row,) = rows([claim(BO, S.DECLINED)], [], [before], frozenset())
    assert (row.status, row.name) == (S.DECLINED, "Bo")
    (row,) = rows([], [standing(BO, S.WITHDRAWN)], [before], frozenset())
    assert (row.status, row.answers) == (S.WITHDRAWN, (("a", S.REGISTERED),))
    assert rows([], [], [before]) == ()


def test_the_line_is_numbered_by_time_and_then_by_address():
    waiting = [standing(who, S.WAITLISTED, cause=C.QUEUED, minutes=at) for who, at in ((CAI, 30), (BO, 30), (ANE, 5))]
    assert {row.email: row.position for row in rows((), [*waiting, standing("d@by.example")])} == {
        BO: 1, CAI: 2, ANE: 3, "d@by.example": None,
    }  # fmt: skip


def test_a_person_with_a_new_address_has_one_standing_the_later_line():
    lines = [standing("gammel@by.example", S.DECLINED), standing(ANE, S.REGISTERED)]
    assert [(one.email, one.status) for one in canonical_standings(lines, PEOPLE)] == [(ANE, S.REGISTERED)]
    assert [(one.email, one.status) for one in canonical_standings(lines[::-1], PEOPLE)] == [(ANE, S.DECLINED)]


def test_the_lists_follow_the_standings_and_the_erased_are_on_none():
    wanted = attendance_of(
        [
            standing(ANE),
            standing(BO, S.WAITLISTED, cause=C.QUEUED),
            standing(CAI, S.DECLINED),
            standing("d@by.example", S.WITHDRAWN, cause=C.LEFT),
            standing("erased-1"),
        ]
    )["k", "main"]
    assert (wanted.on, wanted.off, wanted.stays, wanted.released) == ({ANE}, {BO, "d@by.example"}, {CAI}, {BO})


def line(before, after, noted=False):
    return Transition(before=before, after=after, noted=noted)


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ([line(S.INVITED, standing())], []),
        ([line(S.INVITED, standing(status=S.WAITLISTED, cause=C.QUEUED))], [M.PLACED_IN_LINE]),
        ([line(S.WAITLISTED, standing(cause=C.SEAT_OFFERED))], [M.SEAT_OFFERED]),
        ([line(S.INVITED, standing(status=S.WAITLISTED, cause=C.QUEUED)), line(S.WAITLISTED, standing(cause=C.SEAT_OFFERED))], []),
        ([line(S.DECLINED, standing(status=S.DECLINED, cause=C.FULL), noted=True)], []),
        ([line(S.INVITED, standing(status=S.DECLINED, cause=C.FULL))], [M.FULL]),
    ],
)
def test_only_where_somebody_ends_is_told(lines, kinds):
    told = seat_messages(make(capacity=1), lines, rows((), [one.after for one in lines]), PEOPLE, now=NOW)
    assert [one.kind for one in told] == kinds


def test_who_is_on_the_event_already_gets_a_confirmation_because_no_invitation_follows():
    taken = [line(S.INVITED, standing(email, cause=cause)) for email, cause in ((ANE, C.CHOSEN), (BO, C.ENROLLED), (CAI, C.CHOSEN))]
    refused = line(S.INVITED, standing("d@by.example", S.WAITLISTED, cause=C.CHOSEN))
    there = {("k", "main", email) for email in (ANE, BO, "d@by.example")}
    told = seat_messages(make(), [*taken, refused], (), PEOPLE, on_event=there, now=NOW)
    assert [(one.kind, one.email) for one in told] == [(M.CONFIRMED, ANE), (M.CONFIRMED, BO)]


def test_a_message_knows_the_place_in_line_and_the_colleagues_name():
    waiting = standing(BO, S.WAITLISTED, cause=C.QUEUED)
    (told,) = seat_messages(
        make(), [line(S.INVITED, waiting)], rows((), [standing(CAI, S.WAITLISTED, cause=C.QUEUED, minutes=90), waiting]), PEOPLE, now=NOW
    )
    assert (told.params, told.expires_at) == ({"position": "2"}, rules_of(make(), make().courses[0]).offerings["main"].begins)


def test_both_are_told_the_name_of_the_other_whoever_decided_it():
    """A seat that goes on to a third in the same round is told as it ended for each."""
    given = [
        line(S.REGISTERED, standing(BO, S.WITHDRAWN, cause=C.HANDED_OVER, by="hr")),
        line(None, standing(ANE, cause=C.TAKEN_OVER, by="hr")),
        line(S.REGISTERED, standing(ANE, S.WITHDRAWN, cause=C.HANDED_OVER, by="hr")),
        line(None, standing(CAI, cause=C.TAKEN_OVER, by="hr")),
    ]
    told = seat_messages(make(), given, (), PEOPLE, now=NOW)
    assert [(one.kind, one.email, one.params["colleague"]) for one in told] == [
        (M.HANDED_OVER, BO, "Ane Ås"),
        (M.HANDED_OVER, ANE, CAI),
        (M.TAKEN_OVER, CAI, "Ane Ås"),
    ]


def test_everybody_who_may_choose_is_asked_once_while_it_is_open():
    members = {"alle": frozenset({ANE, BO, CAI})}

    def asked(now=NOW, **enrolment):
        plan = make(mode=EnrolmentMode.SIGNUP, **enrolment)
        return [one.email for one in announcements(plan, members, {("k", BO)}, {("k", CAI)}, now=now)]

    assert asked() == [ANE]
    assert asked(opens=datetime(2025, 5, 2, 9)) == []
    assert asked(deadline=DEADLINE) == [ANE]
    assert asked(AFTER, deadline=DEADLINE) == []
    assert asked(datetime(2025, 7, 1, tzinfo=UTC)) == []
    assert asked(status=CourseStatus.PROPOSED) == []
    assert [one.kind for one in announcements(make("a", "b", mode=EnrolmentMode.CHOOSE), members, (), (), now=NOW)] == []
    plan = make(mode=EnrolmentMode.SIGNUP)
    (course,) = plan.courses
    undated = replace(course, offerings=tuple(replace(one, sessions=()) for one in course.offerings))
    assert announcements(replace(plan, courses=(undated,)), members, (), (), now=NOW) == ()


def test_what_was_asked_before_is_known_under_todays_address():
    def message(kind, email, at):
        return Message(plan="by", key=f"{kind}/{email}", kind=kind, course="k", offering="", email=email, created_at=at, expires_at=NOW)

    sent = [message(M.CHOOSE, "gammel@by.example", NOW), message(M.CHOOSE, ANE, AFTER), message(M.FULL, BO, NOW)]
    assert canonical_announced(sent, PEOPLE) == {("k", ANE): NOW}
    assert still_worth_sending(sent, NOW) == ()
    assert len(still_worth_sending(sent, NOW - timedelta(days=1))) == 3


def test_hr_is_warned_three_working_days_before_the_deadline_and_at_it():
    """Great Prayer Day is gone since 2024; Easter and the plan's own closing days are not working days."""
    seats = [OfferingSeats(course="k", offering="main", capacity=None, registered=1)]

    def stages(now, minimum=2, **enrolment):
        plan = replace(make(minimum=minimum, **({"deadline": DEADLINE} | enrolment)), holidays="DK")
        told = minimum_warnings(plan, seats, now=now)
        return [one.params["when"] for one in told]

    assert stages(datetime(2025, 5, 15, 9, 59, tzinfo=UTC)) == []
    assert stages(datetime(2025, 5, 15, 10, 0, tzinfo=UTC)) == ["before"]
    assert stages(datetime(2025, 5, 20, 10, 0, tzinfo=UTC)) == ["deadline"]
    assert stages(datetime(2025, 6, 3, 8, 0, tzinfo=UTC)) == []
    assert stages(AFTER, minimum=1) == []
    assert stages(AFTER, minimum=None) == []
    assert working_days_from(datetime(2025, 4, 22).date(), -1, "DK", ()) == datetime(2025, 4, 16).date()


def test_who_was_not_invited_never_had_a_seat_and_is_shown_with_what_they_said():
    """Nobody who counts seats by their status may count a guest that somebody brought along."""
    guest = claim(BO, invited=False)
    (row,) = rows([guest])
    assert (row.status, row.invited, row.cause, row.said) == (S.DECLINED, False, "outsider", S.REGISTERED)
    # Taken off another way before: only an answer since then brings them back into view.
    assert rows([guest], [standing(BO, None, cause=C.FREED, minutes=5)]) == ()
    (row,) = rows([guest], [standing(BO, None, cause=C.FREED, minutes=30)])
    assert row.invited is False
    (row,) = rows([guest], [standing(BO, S.REGISTERED, cause=C.ENROLLED, minutes=5)])
    assert (row.status, row.invited) == (S.REGISTERED, True)


def test_whom_hr_turned_away_is_taken_off_and_named_with_the_instant():
    """They came with a forwarded invitation and are in no books, so whoever changes the list has to know since when."""
    guest = standing("gaest@by.example", None, cause=C.TURNED_AWAY)
    wanted = attendance_of([guest, standing(ANE)])["k", "main"]
    assert (wanted.on, wanted.off, wanted.turned_away) == ({ANE}, {guest.email}, {guest.email: guest.since})
