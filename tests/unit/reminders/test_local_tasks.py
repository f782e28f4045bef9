"""A task after a course as a reminder: to whom, when, once, and what a fixed day is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.attendance import Presence
from bot.domain.delegates import Delegate
from bot.domain.local_tasks import LocalTask
from bot.domain.plan import Offering
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import ReminderState as R
from bot.domain.teams import TeamsReach
from bot.reminders.due import reminders
from tests.builders.occasions import ANE, BO, CAI, DAN, S, T, at, course, occasion, plan, row, rule, session

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
