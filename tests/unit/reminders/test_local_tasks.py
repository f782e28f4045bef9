"""A task after a course as a reminder: to whom, when, once, and what a fixed day is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.attendance import Presence
from bot.domain.delegates import Delegate
from bot.domain.local_tasks import LocalTask
from bot.domain.messages import DeliveryState
from bot.domain.plan import Offering
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import ReminderState as R
from bot.domain.reminders import ReminderTopic, ReminderWord, WordKind
from bot.domain.teams import TeamsReach
from bot.reminders.afterwards import told_tasks
from bot.reminders.bundles import bundle, known_reminders
from bot.reminders.due import reminders
from tests.builders.occasions import ANE, BO, CAI, DAN, PEOPLE, S, T, at, course, occasion, plan, row, rule, session

ROWS = (row(ANE), row(BO), row(CAI), row(DAN, S.DECLINED))
CAME = {
    "presence": {("k", "main", ANE): Presence.ATTENDED, ("k", "main", BO): Presence.NO_SHOW},
    "attendance_said": frozenset({("k", "main")}),
    "settled": {("k", "main"): at(18, "14:00")},
}
TASK = LocalTask(id="proev", text="Prøv det", due=timedelta(weeks=6))
DUE = at(30, "09:00", month=7)


def told(task=TASK, *, now=DUE, made=None, **facts):
    plans = plan(courses=(replace(made or course(), after=(task,)),))
    return {one.email: one for one in reminders(occasion(plans, *ROWS, now=now, **facts))}


def test_who_had_a_seat_is_told_where_nobody_said_who_came():
    found = told()
    assert found.keys() == {ANE, BO, CAI}
    assert {(one.item.rule, one.item.template, one.item.channel, one.due_at, one.state) for one in found.values()} == {
        ("after.proev", "local_task", "mail", DUE, R.DUE)
    }


@pytest.mark.parametrize(
    ("to", "readers"),
    [
        ((T.ATTENDED,), {ANE}),
        ((T.NO_SHOW,), {BO}),
        ((T.ATTENDED, T.NO_SHOW), {ANE, BO}),
        ((T.REGISTERED,), {ANE, BO, CAI}),
        ((T.DECLINED,), {DAN}),
        ((T.EVERYONE,), {ANE, BO, CAI}),
    ],
)
def test_it_goes_to_whom_the_plan_says(to, readers):
    assert told(replace(TASK, to=to), **CAME).keys() == readers


def test_who_came_without_a_seat_is_told_if_they_are_of_an_audience():
    gro, guest = "gro@by.example", "gaest@udefra.example"
    came = CAME["presence"] | {("k", "main", one): Presence.ATTENDED for one in (gro, guest, DAN)}
    members = {"ledere": frozenset({ANE, BO, CAI, DAN, gro})}
    assert told(**CAME | {"presence": came}, members=members).keys() == {ANE, DAN, gro}


def test_a_day_of_its_own_is_that_day_and_never_before_the_course_is_over():
    on = replace(TASK, due=date(2025, 7, 3))
    assert {one.due_at for one in told(on, now=at(3, month=7)).values()} == {at(3, "09:00", month=7)}
    early = replace(TASK, due=date(2025, 6, 1))
    assert {one.due_at for one in told(early, now=at(18, "12:30")).values()} == {at(18, "12:00")}


def test_it_is_told_once_of_a_date_and_two_weeks_later_no_more():
    known = {("reminder/after.proev/k/main/dag/2025-06-18/mail/", ANE): (R.SENT, "")}
    found = told(known=known)
    assert (found[ANE].state, found[BO].state) == (R.SENT, R.DUE)
    over = told(now=DUE + timedelta(days=14, hours=1))
    assert {one.state for one in over.values()} == {R.EXPIRED}


def test_it_goes_by_teams_where_teams_reaches_them_and_else_by_mail():
    reach = TeamsReach(chats=frozenset({ANE}))
    channels = {email: one.item.channel for email, one in told(reach=reach).items()}
    assert channels == {ANE: Channel.TEAMS, BO: Channel.MAIL, CAI: Channel.MAIL}


def test_it_counts_from_the_last_session_for_everybody_who_came():
    made = course(offerings=(Offering(id="main", sessions=(session("en"), session("to", 20))),))
    found = told(made=made, now=at(1, month=8))
    assert {(one.item.session, one.due_at) for one in found.values()} == {("to", at(1, "09:00", month=8))}


@pytest.mark.parametrize(("template", "copied"), [("local_task", False), ("tomorrow", True)])
def test_who_answers_for_somebody_hears_nothing_of_what_is_theirs_alone(template, copied):
    """That they were missed, or what they were to do at home."""
    reminded = rule("i-morgen", T.REGISTERED)
    delegates = (Delegate(leader=ANE, by="sekretaer@by.example", copies=True),)
    made = plan(*(() if template == "local_task" else (reminded,)), courses=(replace(course(), after=(TASK,)),), delegates=delegates)
    now = DUE if template == "local_task" else at(17, "12:00")
    found = {one.email for one in reminders(occasion(made, *ROWS, now=now))}
    assert ("sekretaer@by.example" in found) is copied


REWORDED = replace(TASK, id="proev-det-af", text="Prøv det af")
LATER = replace(TASK, id="senere", due=timedelta(weeks=7))
ALSO = replace(TASK, id="ogsaa")


def made_of(*tasks, made=None):
    return plan(courses=(replace(made or course(), after=tasks),))


def sent(*tasks, now=DUE, rows=ROWS, state=DeliveryState.SENT, **facts):
    """What the plan with these tasks sends at a time."""
    plans = made_of(*tasks)
    due = reminders(occasion(plans, *rows, now=now, **facts))
    return [replace(one, state=state, sent_at=now) for one in bundle(plans, due, (), PEOPLE, now=now)]


def asked(outbox, *tasks, now=DUE + timedelta(days=1), rows=ROWS, made=None):
    """Who is told of what by the plan with these tasks, where that went before."""
    facts = {"known": known_reminders(outbox, PEOPLE), "told_tasks": told_tasks(outbox, PEOPLE)}
    found = reminders(occasion(made_of(*tasks, made=made), *rows, now=now, **facts))
    return {(one.email, one.item.rule) for one in found if one.state is R.DUE}


def each(*tasks, people=(ANE, BO, CAI)):
    return {(who, f"after.{task.id}") for task in tasks for who in people}


def test_a_task_in_other_words_is_told_to_nobody_again():
    outbox = sent(TASK)
    assert {message.email for message in outbox} == {ANE, BO, CAI}
    assert asked(outbox, REWORDED) == set()
    assert asked(outbox, replace(REWORDED, id="igen")) == set(), "nor when it is reworded once more"
    assert asked(outbox, TASK) == set(), "nor when it is as it was"
    assert asked([], REWORDED) == each(REWORDED), "whom nobody told is told"


def test_what_may_have_gone_was_told_and_what_did_not_go_was_not():
    assert asked(sent(TASK, state=DeliveryState.SENDING), REWORDED) == set()
    assert asked(sent(TASK, state=DeliveryState.FAILED), REWORDED) == each(REWORDED)


def test_a_task_that_falls_due_later_is_told_as_usual():
    week_after = DUE + timedelta(weeks=1)
    assert asked(sent(TASK), TASK, LATER, now=week_after) == each(LATER)
    assert asked(sent(TASK), REWORDED, LATER, now=week_after) == each(LATER), "also where another was reworded"
    assert asked(sent(TASK), LATER, now=week_after) == each(LATER), "also where it is all there is"


def test_a_task_that_is_added_to_those_that_stand_is_told():
    assert asked(sent(TASK), TASK, ALSO) == each(ALSO)


def test_of_two_tasks_told_at_once_one_in_other_words_is_told_to_nobody_again():
    outbox = sent(TASK, ALSO)
    assert [len(told_tasks(outbox, PEOPLE)["k", "main", who]) for who in (ANE, BO, CAI)] == [2, 2, 2]
    assert len(outbox) == 3, "one mail each"
    assert asked(outbox, REWORDED, ALSO) == set()


def test_who_was_not_told_the_first_time_is_told_in_the_new_words():
    assert asked(sent(TASK, rows=ROWS[:2]), REWORDED) == each(REWORDED, people=(CAI,))


def test_another_date_is_another_telling():
    moved = course(offerings=(Offering(id="main", sessions=(session(day=17),)),))
    assert asked(sent(TASK), REWORDED, made=moved) == each(REWORDED)
    elsewhere = course(offerings=(Offering(id="andet", sessions=(session(),)),))
    rows = tuple(replace(one, offering="andet") for one in ROWS)
    assert asked(sent(TASK), REWORDED, rows=rows, made=elsewhere) == each(REWORDED)


def test_what_hr_sent_early_was_told_as_it_would_have_fallen_due():
    early = DUE - timedelta(days=9)
    topic = ReminderTopic(rule="after.proev", course="k", offering="main", session="dag", about="2025-06-18")
    words = {
        (topic, who): ReminderWord(topic=topic, email=who, kind=WordKind.SEND, by="hr", at=early, goes_from=early) for who in (ANE, BO, CAI)
    }
    outbox = sent(TASK, now=early, words=words)
    assert {message.sent_at for message in outbox} == {early}
    assert asked(outbox, REWORDED) == set()
    assert asked(outbox, LATER, now=DUE + timedelta(weeks=1)) == each(LATER)


def test_what_else_is_in_the_outbox_tells_of_no_task():
    told_before = sent(TASK)[0]
    other = replace(told_before, key="seat/x")
    course_over = replace(told_before, params={})
    in_a_bundle = [
        replace(
            told_before, params={"items": sent(TASK, ALSO)[0].params["items"].replace("after.ogsaa", "tak")}, sent_at=None, created_at=DUE
        )
    ]
    assert told_tasks([other, course_over], PEOPLE) == {}
    assert told_tasks(in_a_bundle, PEOPLE) == {("k", "main", told_before.email): frozenset({("after.proev", "2025-06-18", DUE)})}
    assert told_tasks([replace(told_before, expires_at=None)], PEOPLE).keys() == {("k", "main", told_before.email)}
