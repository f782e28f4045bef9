"""Who is asked about a sign-up that waits, when, once, and what becomes of it: row by row of the tables in the source."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.manager_approval import ApprovalAsk, ApprovalRule, AskedOf, Overdue
from bot.domain.people import PeopleIndex, Person
from bot.domain.seats import Cause, RequestKind
from bot.seats.asking_managers import REMINDER, TOGETHER, ManagersRead, WaitingWish, asking, by_rule, open_wishes, to_look_up
from tests.builders.settling import ANE, BO, S, make, standing

MONDAY = datetime(2025, 5, 5, 8, 0, tzinfo=UTC)
LEDER = Person(email="leder@by.example", name="Lea Leder", directory_id="l")
VIKAR = "vikar@by.example"
PEOPLE = PeopleIndex([Person(email=ANE, name="Ane", directory_id="a"), Person(email=VIKAR, name="Vik")])


def asking_plan(**rule):
    plan = make("main", "hold")
    return replace(plan, courses=(replace(plan.courses[0], approval=ApprovalRule(**rule)),))


def wish(email=ANE, since=MONDAY, **rule):
    return WaitingWish(course="k", offering="main", email=email, since=since, rule=ApprovalRule(**rule))


def ask(email=ANE, who=AskedOf.MANAGER, approver=LEDER.email, **more):
    facts = {"wished_at": MONDAY, "due_at": MONDAY + timedelta(days=7), "looked_at": MONDAY, "asked_at": MONDAY} | more
    return ApprovalAsk(course="k", offering="main", email=email, who=who, approver=approver, name="Lea Leder", **facts)


def decided(wishes, asks=(), managers=None, *, unread=(), now=MONDAY, in_hours=True, has_pages=True):
    read = ManagersRead(managers=managers or {}, unread=frozenset(unread))
    return asking(asking_plan(), wishes, asks, read, PEOPLE, now=now, in_hours=in_hours, has_pages=has_pages)


def only(found):
    (one,) = found.asks
    return one


def test_only_a_sign_up_that_waits_for_a_date_to_come_is_a_wish():
    waiting = standing(ANE, S.AWAITING, cause=Cause.AWAITS_MANAGER)
    others = [
        standing(BO, S.WAITLISTED),
        replace(waiting, course="andet"),
        replace(waiting, offering="væk"),
        replace(waiting, email="erased-1"),
    ]
    found = open_wishes(asking_plan(), [*others, waiting], now=MONDAY)
    assert [(one.email, one.since, one.place) for one in found] == [(ANE, waiting.since, ("k", "main", ANE))]
    assert open_wishes(asking_plan(), [waiting], now=datetime(2025, 6, 3, 8, tzinfo=UTC)) == ()
    assert open_wishes(make(), [waiting], now=MONDAY) == ()


def test_the_manager_is_asked_at_once_and_has_the_working_days():
    found = decided([wish()], managers={ANE: LEDER})
    one = only(found)
    assert (one.who, one.approver, one.name, one.asked_at) == (AskedOf.MANAGER, LEDER.email, "Lea Leder", MONDAY)
    assert one.due_at == MONDAY + timedelta(days=7)
    (mail,) = found.messages
    assert (mail.email, mail.course, mail.params, mail.expires_at) == (LEDER.email, "", {}, one.due_at)
    again = decided([wish()], found.asks, now=MONDAY + timedelta(hours=1))
    assert (again.changed, again.messages) == (False, ())


@pytest.mark.parametrize(
    ("manager", "deputy", "who", "approver"),
    [
        (None, None, AskedOf.HR, ""),
        (Person(email=ANE, name="Ane"), None, AskedOf.HR, ""),
        (None, VIKAR, AskedOf.DEPUTY, VIKAR),
        (None, "fremmed@by.example", AskedOf.DEPUTY, "fremmed@by.example"),
        (None, ANE, AskedOf.HR, ""),
        (LEDER, VIKAR, AskedOf.MANAGER, LEDER.email),
    ],
)
def test_who_is_asked(manager, deputy, who, approver):
    one = only(decided([wish(deputy=deputy)], managers={ANE: manager}))
    assert (one.who, one.approver, one.is_hrs) == (who, approver, who is AskedOf.HR)


def test_without_pages_it_is_hrs():
    found = decided([wish()], managers={ANE: LEDER}, has_pages=False)
    assert (only(found).who, found.messages) == (AskedOf.HR, ())


def test_outside_the_hours_it_waits_for_the_morning():
    found = decided([wish()], managers={ANE: LEDER}, in_hours=False)
    assert (only(found).asked_at, found.messages) == (None, ())
    later = MONDAY + timedelta(hours=12)
    told = decided([wish()], found.asks, now=later)
    assert (only(told).asked_at, len(told.messages)) == (later, 1)


def test_several_are_one_mail_and_who_comes_soon_after_waits_for_the_next():
    both = decided([wish(), wish(BO)], managers={ANE: LEDER, BO: LEDER})
    assert (len(both.messages), {one.asked_at for one in both.asks}) == (1, {MONDAY})
    soon = MONDAY + timedelta(minutes=10)
    first = decided([wish()], managers={ANE: LEDER})
    second = decided([wish(), wish(BO, since=soon)], first.asks, managers={BO: LEDER}, now=soon)
    assert second.messages == ()
    third = decided([wish(), wish(BO, since=soon)], second.asks, now=MONDAY + TOGETHER)
    assert (len(third.messages), [one.asked_at for one in third.asks]) == (1, [MONDAY, MONDAY + TOGETHER])


def test_there_is_one_reminder_halfway():
    wednesday = MONDAY + timedelta(days=2)
    assert decided([wish()], [ask(looked_at=wednesday)], now=wednesday - timedelta(minutes=1)).messages == ()
    found = decided([wish()], [ask(looked_at=wednesday)], now=wednesday)
    (mail,) = found.messages
    assert (mail.params, only(found).reminded_at) == ({"when": REMINDER}, wednesday)
    assert decided([wish()], found.asks, now=wednesday + timedelta(days=1)).messages == ()


def test_the_time_is_up_and_it_is_hrs_and_nobody_is_mailed():
    late = MONDAY + timedelta(days=7)
    found = decided([wish()], [ask()], now=late)
    assert (only(found).overdue, only(found).is_hrs, found.messages) == (True, True, ())
    assert decided([wish()], found.asks, managers={ANE: None}, now=late + timedelta(days=2)).changed is False


@pytest.mark.parametrize(("overdue", "kind"), [(Overdue.YES, RequestKind.APPROVE), (Overdue.NO, RequestKind.DISAPPROVE)])
def test_or_the_plans_rule_holds(overdue, kind):
    late = MONDAY + timedelta(days=7)
    (one,) = by_rule([wish(overdue=overdue)], [ask()], now=late)
    assert (one.kind, one.email) == (kind, ANE)
    assert by_rule([wish(overdue=overdue)], [ask()], now=late - timedelta(minutes=1)) == ()
    assert only(decided([wish(overdue=overdue)], [ask()], now=late)).overdue is False


def test_the_rule_decides_nothing_that_nobody_was_asked_about():
    late, rule = MONDAY + timedelta(days=30), {"overdue": Overdue.NO}
    for kept in (ask(who=AskedOf.HR, approver=""), ask(who=AskedOf.UNREAD, approver=""), ask(BO), ask(wished_at=MONDAY - timedelta(1))):
        assert by_rule([wish(**rule)], [kept], now=late) == ()
    assert by_rule([wish()], [ask()], now=late) == ()


def test_what_could_not_be_read_is_asked_again_and_then_it_is_hrs():
    first = decided([wish()], unread=[ANE])
    assert (only(first).who, first.messages) == (AskedOf.UNREAD, ())
    assert to_look_up([wish()], first.asks, now=MONDAY + timedelta(minutes=59)) == frozenset()
    soon = MONDAY + timedelta(hours=1)
    assert to_look_up([wish()], first.asks, now=soon) == {ANE}
    again = decided([wish()], first.asks, unread=[ANE], now=soon)
    assert (only(again).looked_at, only(again).due_at) == (soon, only(first).due_at)
    found = decided([wish()], again.asks, managers={ANE: LEDER}, now=soon)
    assert (only(found).who, len(found.messages)) == (AskedOf.MANAGER, 1)
    nobody = decided([wish()], again.asks, managers={ANE: None}, now=soon)
    assert (only(nobody).who, only(nobody).due_at) == (AskedOf.HR, only(first).due_at)
    late = decided([wish(overdue=Overdue.NO)], first.asks, unread=[ANE], now=MONDAY + timedelta(days=8))
    assert only(late).overdue


def test_another_manager_is_asked_anew_with_the_whole_time():
    tuesday = MONDAY + timedelta(days=1)
    assert to_look_up([wish()], [ask()], now=tuesday) == {ANE}
    assert to_look_up([wish()], [ask(overdue=True)], now=tuesday) == frozenset()
    assert to_look_up([wish()], [], now=MONDAY) == {ANE}
    same = decided([wish()], [ask()], managers={ANE: LEDER}, now=tuesday)
    assert (only(same).looked_at, only(same).asked_at, same.messages) == (tuesday, MONDAY, ())
    other = Person(email="ny@by.example", name="Ny Leder")
    found = decided([wish()], [ask(reminded_at=MONDAY)], managers={ANE: other}, now=tuesday)
    one = only(found)
    assert (one.approver, one.asked_at, one.reminded_at, one.due_at) == (other.email, tuesday, None, MONDAY + timedelta(days=8))
    assert [mail.email for mail in found.messages] == [other.email]


def test_an_ask_goes_with_its_wish_and_a_new_sign_up_is_asked_anew():
    assert (decided([], [ask()]).asks, decided([], [ask()]).changed) == ((), True)
    later = MONDAY + timedelta(days=1)
    again = decided([wish(since=later)], [ask()], managers={ANE: LEDER}, now=later)
    assert (only(again).wished_at, only(again).asked_at) == (later, later)
