"""Which mails may be sent once more: row by row of the table, by what is true of the person now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode
from bot.domain.messages import DeliveryState, Message
from bot.domain.plan import CourseSession, CourseStatus, Offering
from bot.domain.registrations import Registration, RegistrationStatus
from bot.domain.seats import Cause
from bot.domain.templates import MessageKind
from bot.seats.told_again import AS_OF, AgainBooks, is_still_so, is_under_way, messages_again, standing_of
from tests.builders.occasions import ANE, BO, CAI, at, course, plan, row, session

S, C, K = RegistrationStatus, Cause, MessageKind
NOW, BEGINS = at(1), at(18, "09:00")
SIGNUP = Enrolment(mode=EnrolmentMode.SIGNUP)
BY_LINK = Enrolment(mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK)
INVITE = Enrolment()
ON_EVENT = frozenset({("main", ANE)})
TWO_DATES = (Offering(id="main", sessions=(session(day=18),)), Offering(id="hold-2", sessions=(session(day=25),)))


def books(*rows: Registration, enrolment: Enrolment = INVITE, outbox: tuple[Message, ...] = (), on_event=ON_EVENT, **facts) -> AgainBooks:
    made = course(enrolment=enrolment, **facts)
    members = {"ledere": frozenset({ANE, BO})}
    return AgainBooks(plan=plan(courses=(made,)), course=made, rows=rows, members=members, outbox=outbox, on_event=on_event)


def told(*rows: Registration, email: str = ANE, now: datetime = NOW, **facts) -> list[tuple[MessageKind, str]]:
    return [(one.kind, one.offering) for one in messages_again(books(*rows, **facts), email, now=now)]


@pytest.mark.parametrize(("enrolment", "kind"), [(SIGNUP, K.ANNOUNCEMENT), (BY_LINK, K.CHOOSE)])
@pytest.mark.parametrize(
    ("rows", "is_asked"),
    [
        ([], True),
        ([row(status=S.INVITED)], True),
        ([row(status=S.WITHDRAWN, cause=C.GAVE_UP.value, reopened=True)], True),
        ([row(BO)], True),
        ([row(invited=False)], True),
        ([row(status=S.TENTATIVE)], False),
        ([row(status=S.DECLINED, cause=C.ANSWERED.value)], False),
        ([row(status=S.WITHDRAWN, cause=C.GAVE_UP.value)], False),
        ([row(cause=C.CHOSEN.value)], False),
        ([row(status=S.WAITLISTED, cause=C.QUEUED.value)], False),
    ],
    ids=["no row", "invited", "may choose anew", "another has it", "an outsider", "maybe", "no", "gave up", "seated", "waits"],
)
def test_who_is_asked_by_link_and_has_neither_place_nor_said_no_is_asked_again(enrolment, kind, rows, is_asked) -> None:
    assert ((kind, "") in told(*rows, enrolment=enrolment)) is is_asked


@pytest.mark.parametrize(
    ("email", "now", "facts"),
    [
        (ANE, NOW, {"enrolment": INVITE}),
        (ANE, NOW, {"enrolment": Enrolment(mode=EnrolmentMode.CHOOSE)}),
        (CAI, NOW, {}),
        (ANE, NOW, {"enrolment": replace(SIGNUP, opens=datetime(2025, 6, 2))}),
        (ANE, NOW, {"enrolment": replace(SIGNUP, deadline=datetime(2025, 6, 1))}),
        (ANE, BEGINS, {}),
        (ANE, NOW, {"offerings": (Offering(id="main", sessions=(CourseSession(id="dag"),)),)}),
        (ANE, NOW, {"offerings": ()}),
    ],
    ids=["by Outlook", "chooses in Outlook", "not of the audience", "not open yet", "too late", "begun", "no date", "no offering"],
)
def test_nobody_else_is_asked(email, now, facts) -> None:
    assert told(email=email, now=now, **{"enrolment": SIGNUP} | facts) == []


def test_it_is_worth_asking_until_the_deadline_and_without_one_until_the_last_start() -> None:
    late = replace(SIGNUP, deadline=datetime(2025, 6, 10, 12))
    (until,) = messages_again(books(enrolment=late), ANE, now=NOW)
    (start,) = messages_again(books(enrolment=SIGNUP, offerings=TWO_DATES), ANE, now=NOW)
    assert (until.expires_at, start.expires_at) == (at(10), at(25, "09:00"))
    assert (until.params[AS_OF], until.created_at) == ("", NOW)


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (C.SEAT_OFFERED, K.SEAT_OFFERED),
        (C.PROMOTED, K.SEAT_OFFERED),
        (C.ASSIGNED, K.ASSIGNED),
        (C.MOVED, K.MOVED),
        (C.CHOSEN, K.CONFIRMED),
        (C.ENROLLED, K.CONFIRMED),
        (C.ANSWERED, K.CONFIRMED),
        (C.TAKEN_OVER, K.CONFIRMED),
        (None, K.CONFIRMED),
    ],
)
def test_who_has_a_seat_and_is_on_the_event_is_told_what_told_them_of_it(cause, kind) -> None:
    seated = row(cause=cause.value if cause else "")
    assert told(seated) == [(kind, "main")]
    assert told(seated, on_event={("main", BO), ("hold-2", ANE)}) == [], "the invitation is still to come, and says it"


@pytest.mark.parametrize(("position", "today"), [(3, "3"), (None, "1")])
def test_who_waits_is_told_their_place_today(position, today) -> None:
    (one,) = messages_again(books(row(status=S.WAITLISTED, cause=C.QUEUED.value, position=position), on_event=()), ANE, now=NOW)
    assert (one.kind, one.offering, one.expires_at) == (K.PLACED_IN_LINE, "main", BEGINS)
    assert one.params == {"position": today, AS_OF: "waitlisted"}


def test_whose_sign_up_waits_for_a_yes_is_told_that_it_does() -> None:
    assert told(row(status=S.AWAITING, cause=C.AWAITS_MANAGER.value), on_event=()) == [(K.AWAITS_APPROVAL, "main")]


@pytest.mark.parametrize(
    ("status", "cause", "kind"),
    [
        (S.DECLINED, C.FULL, K.FULL),
        (S.DECLINED, C.TOO_LATE, K.TOO_LATE),
        (S.WITHDRAWN, C.WITHDRAWN, K.WITHDRAWN),
    ],
)
def test_who_got_no_seat_or_was_taken_off_is_told_that(status, cause, kind) -> None:
    (one,) = messages_again(books(row(status=status, cause=cause.value)), ANE, now=NOW)
    assert (one.kind, one.offering, one.expires_at, one.params) == (kind, "main", BEGINS, {AS_OF: status.value})


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (S.INVITED, ""),
        (S.INVITED, C.INVITED_AGAIN),
        (S.TENTATIVE, C.ANSWERED),
        (S.DECLINED, C.ANSWERED),
        *((S.WITHDRAWN, cause) for cause in (C.GAVE_UP, C.HANDED_OVER, C.FREED, C.UNANSWERED, C.LEFT, C.TURNED_AWAY, C.OFFERING_GONE)),
    ],
)
def test_of_anything_else_nothing_is_said_again(status, cause) -> None:
    assert told(row(status=status, cause=str(cause))) == []


def test_only_of_an_approved_course_with_a_date_ahead_and_of_the_persons_own_invited_rows() -> None:
    seated = row()
    assert told(seated, email=BO) == []
    assert told(replace(seated, invited=False)) == []
    assert told(seated, offerings=TWO_DATES[1:]) == [], "of a date that has left the plan"
    assert told(seated, now=BEGINS) == []
    for status in (one for one in CourseStatus if one is not CourseStatus.APPROVED):
        assert told(seated, status=status) == []
        assert told(status=status, enrolment=SIGNUP) == []


def test_of_a_date_without_a_day_it_is_worth_telling_for_good() -> None:
    undated = (Offering(id="main", sessions=(CourseSession(id="dag"),)),)
    (one,) = messages_again(books(row(), offerings=undated), ANE, now=NOW)
    assert (one.kind, one.expires_at) == (K.CONFIRMED, None)


def test_each_date_has_its_own_answer() -> None:
    rows = [row(), row(offering="hold-2", status=S.WAITLISTED, position=2)]
    assert told(*rows, offerings=TWO_DATES) == [(K.CONFIRMED, "main"), (K.PLACED_IN_LINE, "hold-2")]
    assert told(*rows, offerings=TWO_DATES, now=BEGINS) == [(K.PLACED_IN_LINE, "hold-2")]


def test_the_key_counts_what_they_were_told_again_before() -> None:
    """Pressed twice it is one mail; another day it is one more, and nobody else's are counted."""
    (first,) = messages_again(books(row()), ANE, now=NOW)
    assert first.key == f"again-confirmed/k/main/{ANE}/0"
    assert messages_again(books(row()), ANE, now=NOW) == (first,)
    others = [
        replace(first, key=key) for key in (f"again-confirmed/k/main/{BO}/0", f"again-moved/k/main/{ANE}/0", f"confirmed/k/main/{ANE}")
    ]
    (second,) = messages_again(books(row(), outbox=(replace(first, state=DeliveryState.SENT), *others)), ANE, now=NOW)
    assert second == replace(first, key=f"again-confirmed/k/main/{ANE}/1")
    (asking,) = messages_again(books(enrolment=SIGNUP), ANE, now=NOW)
    assert (asking.key, asking.plan, asking.course) == (f"again-announcement/k/{ANE}/0", "by", "k")


@pytest.mark.parametrize(
    ("changes", "is_on_its_way"),
    [
        ({}, True),
        ({"state": DeliveryState.SENDING}, True),
        ({"key": "confirmed/k/main"}, True),
        *(({"state": state}, False) for state in DeliveryState if state not in {DeliveryState.DUE, DeliveryState.SENDING}),
        ({"key": "reminder/r"}, False),
        ({"kind": K.MOVED}, False),
        ({"offering": "hold-2"}, False),
        ({"email": BO}, False),
    ],
)
def test_such_a_mail_is_under_way_while_it_is_to_be_sent_to_the_same_person(changes, is_on_its_way) -> None:
    (one,) = messages_again(books(row()), ANE, now=NOW)
    assert is_under_way(books(outbox=(replace(one, **changes),)), one) is is_on_its_way
    assert not is_under_way(books(), one)


@pytest.mark.parametrize(
    ("rows", "is_so"),
    [
        ([row(status=S.WAITLISTED, position=1)], True),
        ([row(status=S.WAITLISTED, position=4), row(BO), row(course="x"), row(offering="hold-2")], True),
        ([row()], False),
        ([row(status=S.WITHDRAWN)], False),
        ([], False),
        ([row(BO, S.WAITLISTED), row(status=S.WAITLISTED, course="x"), row(status=S.WAITLISTED, offering="hold-2")], False),
    ],
)
def test_an_answer_is_told_only_while_the_person_stands_with_the_date_as_then(rows, is_so) -> None:
    (one,) = messages_again(books(row(status=S.WAITLISTED, position=2)), ANE, now=NOW)
    assert is_still_so(one, rows) is is_so
    assert is_still_so(replace(one, key="placed_in_line/k/main"), rows), "what was not told again is not looked at"


@pytest.mark.parametrize(
    ("rows", "is_so"),
    [
        ([], True),
        ([row(status=S.INVITED)], True),
        ([row(BO)], True),
        ([row(invited=False)], True),
        *(([row(status=status, offering="hold-2")], False) for status in (S.REGISTERED, S.TENTATIVE, S.WAITLISTED)),
    ],
)
def test_somebody_is_asked_only_while_they_have_no_place_on_any_date(rows, is_so) -> None:
    (one,) = messages_again(books(enrolment=SIGNUP), ANE, now=NOW)
    assert is_still_so(one, rows) is is_so
    assert standing_of([one for one in rows if one.email == ANE], "") == ("" if is_so else "in_play")
