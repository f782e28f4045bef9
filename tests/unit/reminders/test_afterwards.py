"""What a message after a course says to whom: row by row of the table, and whom the second one goes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.attendance import Presence
from bot.domain.evaluation import EvaluationForm
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderUnit
from bot.domain.reminders import Afterwards
from bot.domain.teams import TeamsReach
from bot.reminders.due import reminders
from tests.builders.occasions import ANE, BO, CAI, DAN, S, T, at, course, occasion, plan, row, rule, with_speaker

AFTER = {"before": False, "anchor": ReminderAnchor.END, "amount": 2, "unit": ReminderUnit.HOURS, "at": None, "template": "follow_up"}
LINK = {"evaluation": "https://e.example"}
FORM = {"evaluation_form": EvaluationForm()}
ROWS = (row(ANE), row(BO), row(CAI), row(DAN, S.DECLINED))
CAME = {
    "presence": {("k", "main", ANE): Presence.ATTENDED, ("k", "main", BO): Presence.NO_SHOW},
    "attendance_said": frozenset({("k", "main")}),
}
OVER = at(18, "15:00")


def told(made, *, now=OVER, which="tak", **facts):
    found = reminders(occasion(made, *ROWS, now=now, **facts))
    return {one.email: (Afterwards(one.item.came), one.item.unasked) for one in found if one.item.rule == which}


def made_of(evaluation, *more, **facts):
    rules = [rule("tak", T.REGISTERED, T.DECLINED, T.SPEAKERS, **AFTER), *more]
    return plan(*rules, courses=(replace(with_speaker(course(**facts), "taler@firma.example"), **evaluation),))


@pytest.mark.parametrize("evaluation", [LINK, FORM], ids=["link", "form"])
def test_where_nobody_said_who_came_everybody_with_a_seat_is_asked(evaluation):
    found = told(made_of(evaluation))
    assert {found[one] for one in (ANE, BO, CAI)} == {(Afterwards.UNKNOWN, False)}
    assert found[DAN] == (Afterwards.DECLINED, True)
    assert found["taler@firma.example"] == (Afterwards.UNKNOWN, evaluation is FORM), "who spoke has a form of ours no more"


@pytest.mark.parametrize("evaluation", [LINK, FORM], ids=["link", "form"])
def test_where_something_was_said_who_came_is_asked_and_who_did_not_is_missed(evaluation):
    found = told(made_of(evaluation), **CAME)
    assert found[ANE] == (Afterwards.ATTENDED, False)
    assert found[BO] == (Afterwards.NO_SHOW, True)
    assert found[CAI] == (Afterwards.UNKNOWN, True)
    assert found[DAN] == (Afterwards.DECLINED, True)


def test_who_has_answered_is_not_asked_again_nor_anybody_when_the_form_has_closed():
    done = {"evaluated": frozenset({("k", "main", ANE)})}
    assert told(made_of(FORM), **CAME, **done)[ANE] == (Afterwards.ATTENDED, True)
    short = {"evaluation_form": EvaluationForm(closes=timedelta(hours=1))}
    assert told(made_of(short), **CAME)[ANE] == (Afterwards.ATTENDED, True)


@pytest.mark.parametrize("evaluation", [LINK, FORM], ids=["link", "form"])
def test_the_second_goes_to_who_is_asked_alone(evaluation):
    again = rule("igen", T.REGISTERED, T.DECLINED, **AFTER | {"amount": 3})
    assert told(made_of(evaluation, again), which="igen", **CAME).keys() == {ANE}
    assert told(made_of(evaluation, again), which="igen").keys() == {ANE, BO, CAI}
    done = {"evaluated": frozenset({("k", "main", ANE)})}
    assert told(made_of(FORM, again), which="igen", **CAME, **done) == {}


def test_a_channel_is_asked_a_second_time_by_a_link_alone_and_other_messages_say_nothing_of_it():
    posts = [rule(name, T.REGISTERED, channels=(Channel.CHANNEL,), **AFTER) for name in ("tak", "igen")]
    for evaluation, rules in ((LINK, {"tak", "igen"}), (FORM, {"tak"})):
        made = plan(*posts, courses=(course(teams_channel="ledere", **evaluation),))
        found = reminders(occasion(made, *ROWS, now=OVER, reach=TeamsReach(posts=frozenset({"ledere"}))))
        assert {one.item.rule for one in found} == rules
    made = plan(rule("tak", T.REGISTERED), courses=(course(**FORM),))
    assert set(told(made, now=at(17, "12:00"), **CAME).values()) == {(Afterwards.UNKNOWN, False)}


def test_a_course_without_anything_to_evaluate_thanks_and_misses_all_the_same():
    assert told(made_of({}), **CAME)[BO] == (Afterwards.NO_SHOW, True)
