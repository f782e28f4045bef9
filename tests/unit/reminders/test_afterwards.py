"""What a message after a course says to whom: row by row of the table, and whom the second one goes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.attendance import Presence
from bot.domain.evaluation import EvaluationForm
from bot.domain.messages import DeliveryState, Message
from bot.domain.plan import Offering
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderUnit
from bot.domain.reminders import Afterwards, items_text
from bot.domain.reminders import ReminderState as R
from bot.domain.teams import TeamsReach
from bot.domain.templates import MessageKind
from bot.reminders.afterwards import told_came
from bot.reminders.due import reminders
from tests.builders.occasions import ANE, BO, CAI, DAN, PEOPLE, S, T, at, course, occasion, plan, row, rule, session, with_speaker

AFTER = {"before": False, "anchor": ReminderAnchor.END, "amount": 2, "unit": ReminderUnit.HOURS, "at": None, "template": "follow_up"}
LINK = {"evaluation": "https://e.example"}
FORM = {"evaluation_form": EvaluationForm()}
ROWS = (row(ANE), row(BO), row(CAI), row(DAN, S.DECLINED))
CAME = {
    "presence": {("k", "main", ANE): Presence.ATTENDED, ("k", "main", BO): Presence.NO_SHOW},
    "attendance_said": frozenset({("k", "main")}),
    "settled": {("k", "main"): at(18, "14:00")},
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


def test_nobody_is_asked_when_the_result_has_been_seen_whatever_the_plan_says_of_the_form():
    seen = {"evaluations_shown": frozenset({("k", "main")})}
    assert told(made_of(FORM), **CAME, **seen)[ANE] == (Afterwards.ATTENDED, True)


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


MISSED = rule("savnet", T.NO_SHOW, **AFTER | {"template": "no_show"})
LATER = at(19, "12:00")


def missed(*, rules=(MISSED,), now=LATER, of=ROWS, **facts):
    made = plan(*rules, courses=(course(),))
    return {(one.item.rule, one.email): one for one in reminders(occasion(made, *of, now=now, **CAME | facts))}


def test_who_was_missed_is_told_when_that_is_settled_and_not_before():
    found = missed()
    assert {key: one.state for key, one in found.items()} == {("savnet", BO): R.DUE}
    assert found["savnet", BO].item.came == "no_show"
    assert missed(settled={}) == {}, "a list is still being filled in"
    (waits,) = missed(settled={("k", "main"): at(19, "22:00")}).values()
    assert (waits.state, waits.due_at) == (R.SCHEDULED, at(20, "07:00")), "nor at night"
    (already,) = missed(settled={("k", "main"): at(18, "13:00")}, now=OVER).values()
    assert already.due_at == at(18, "14:00")


def test_who_came_to_another_date_of_the_course_was_not_missed():
    elsewhere = CAME["presence"] | {("k", "hold-2", BO): Presence.ATTENDED}
    second = Offering(id="hold-2", sessions=(session(day=19),))
    made = plan(MISSED, rule("tak", T.REGISTERED, **AFTER), courses=(course(offerings=(course().offerings[0], second)),))
    found = reminders(occasion(made, *ROWS, now=LATER, **CAME | {"presence": elsewhere}))
    assert BO not in {one.email for one in found}


def test_the_thanks_leave_it_to_the_rule_for_it_and_wait_until_it_is_settled_where_there_is_none():
    thanks = rule("tak", T.REGISTERED, **AFTER)
    assert {key for key in missed(rules=(thanks, MISSED)) if key[1] == BO} == {("savnet", BO)}
    in_channel = replace(MISSED, channels=(Channel.CHANNEL,))
    assert ("tak", BO) in missed(rules=(thanks, in_channel)), "a post tells no person"
    assert ("tak", BO) in missed(rules=(thanks,))
    assert ("tak", BO) not in missed(rules=(thanks,), settled={})
    assert ("tak", ANE) in missed(rules=(thanks,), settled={}), "who came waits for nothing"


def said(*told):
    return {"told_came": {("k", "main", BO): frozenset(told)}}


def test_a_correction_of_hr_s_brings_nobody_a_message_more():
    thanks, again = rule("tak", T.REGISTERED, **AFTER), rule("igen", T.REGISTERED, **AFTER | {"amount": 3})
    rules = (thanks, again, MISSED)
    now_came = {"presence": CAME["presence"] | {("k", "main", BO): Presence.ATTENDED}}
    assert ("tak", BO) in missed(rules=rules, **now_came)
    assert {key for key in missed(rules=rules, **now_came, **said(("savnet", "no_show"))) if key[1] == BO} == set()
    assert ("savnet", BO) not in missed(rules=rules, **said(("tak", "attended"))), "thanked first, then struck off"
    assert ("savnet", BO) in missed(rules=rules, **said(("savnet", "no_show"))), "the same rule by its other way"
    assert ("tak", BO) not in missed(rules=(thanks,), **now_came, **said(("tak", "no_show"))), "nor otherwise by its other way"


def test_what_went_is_told_of_whatever_is_known_by_now():
    went = {("reminder/savnet/k/main/dag/2025-06-18/mail/", BO): (R.SENT, "")}
    assert missed(settled={}, known=went)["savnet", BO].state is R.SENT
    assert missed(known=went, **said(("savnet", "no_show")))["savnet", BO].state is R.SENT


def test_what_was_told_of_who_came_is_read_from_what_went():
    item = missed()["savnet", BO].item
    made = Message(
        plan="by", key="reminder/x", kind=MessageKind.NO_SHOW, course="k", offering="main", email="aas@by.example", created_at=LATER,
        params={"items": items_text([item])}, state=DeliveryState.SENT,
    )  # fmt: skip
    thanked = replace(made, params={"items": items_text([replace(item, rule="tak", came="attended")])}, state=DeliveryState.SENDING)
    nothing = replace(made, params={"items": items_text([replace(item, rule="x", came="")])})
    waits = replace(made, params={"items": items_text([replace(item, rule="y")])}, state=DeliveryState.DUE)
    other = replace(made, key="seat/x", params={})
    found = told_came([made, thanked, nothing, waits, other], PEOPLE)
    assert found == {("k", "main", ANE): frozenset({("savnet", "no_show"), ("tak", "attended")})}
