"""Who is reminded of what, and where each reminder stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer
from bot.domain.plan import CourseStatus, Offering
from bot.domain.registrations import RegistrationStatus
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderUnit
from bot.domain.reminders import ReminderState
from bot.domain.teams import TeamsReach
from bot.reminders.due import reminders
from bot.reminders.recipients import AudienceRoom, room_of
from tests.builders.occasions import (
    ANE,
    BO,
    CAI,
    DAN,
    INVITED,
    ZONE,
    S,
    T,
    at,
    course,
    occasion,
    on_calendar,
    plan,
    row,
    rule,
    session,
    with_speaker,
)

NOW = at(17, "12:00")
DEADLINE = Enrolment(deadline=datetime(2025, 6, 4, 12))
PLEASE = {"anchor": ReminderAnchor.DEADLINE, "template": "please_answer"}
AFTER = {"before": False, "anchor": ReminderAnchor.END, "amount": 2, "unit": ReminderUnit.HOURS, "at": None, "template": "follow_up"}


def found(made, *rows, now=NOW, **facts):
    return reminders(occasion(made, *rows, now=now, **facts))


def who(*args, **facts):
    return sorted((one.email.partition("@")[0], one.item.session) for one in found(*args, **facts))


def states(*args, **facts):
    return [(one.state.value, str(one.reason)) for one in found(*args, **facts)]


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (T.REGISTERED, [S.REGISTERED]),
        (T.TENTATIVE, [S.TENTATIVE]),
        (T.UNANSWERED, [S.INVITED]),
        (T.DECLINED, [S.DECLINED, S.WITHDRAWN]),
        (T.WAITLISTED, [S.WAITLISTED]),
        (T.EVERYONE, [S.INVITED, S.REGISTERED, S.TENTATIVE, S.WAITLISTED]),
    ],
)
def test_a_rule_is_for_those_who_stand_as_it_says(to, expected):
    rows = [row(f"{status.value}@by.example", status) for status in RegistrationStatus]
    assert [name for name, _ in who(plan(rule("r", to)), *rows)] == sorted(status.value for status in expected)


def test_who_has_not_confirmed_since_the_date_was_moved_is_asked_as_that_and_once():
    """A seat, or a maybe; what they are told says that it was moved, and the others of the same rule are told nothing of it."""
    rows = [row(ANE, unconfirmed=True), row(BO, S.TENTATIVE, unconfirmed=True), row(CAI), row(DAN, S.WITHDRAWN, unconfirmed=True)]
    alone = plan(rule("r", T.UNCONFIRMED, template="please_answer"))
    assert who(alone, *rows) == [("ane", "dag"), ("bo", "dag")]
    both = plan(rule("r", T.REGISTERED, T.UNCONFIRMED, template="please_answer"))
    assert sorted((one.email, one.target, one.item.moved) for one in found(both, *rows)) == [
        (ANE, T.UNCONFIRMED, True),
        (BO, T.UNCONFIRMED, True),
        (CAI, T.REGISTERED, False),
    ]
    assert who(plan(rule("r", T.REGISTERED)), *rows) == [("ane", "dag"), ("cai", "dag")]


def test_speakers_and_the_responsible_are_told_and_the_mailbox_itself_is_not():
    made = with_speaker(course(), "taler@firma.example", None, "kurser@by.example")
    assert who(plan(rule("r", T.SPEAKERS), courses=(made,)), row(BO)) == [("taler", "dag")]
    assert who(plan(rule("r", T.RESPONSIBLE), courses=(made,)), row(BO)) == [("hr", "dag")]
    assert who(plan(rule("r", T.RESPONSIBLE), courses=(replace(made, responsible=("AAS@by.example",)),)), row(BO)) == [("ane", "dag")]
    # Somebody who speaks and takes part gets it once.
    both = with_speaker(course(), ANE)
    assert who(plan(rule("r", T.SPEAKERS, T.REGISTERED), courses=(both,)), row()) == [("ane", "dag")]
    assert who(plan(rule()), row("kurser@by.example"), row("erased-1")) == []


def test_the_silent_are_those_who_have_answered_nothing_of_the_course():
    offerings = tuple(Offering(id=f"h{day}", sessions=(session(day=day),)) for day in (18, 19))
    made = course(offerings=offerings, enrolment=replace(DEADLINE, mode=EnrolmentMode.CHOOSE))
    rows = [row(BO, S.INVITED, offering="h18"), row(BO, S.INVITED, offering="h19")]
    rows += [row(ANE, S.DECLINED, offering="h18"), row(ANE, S.INVITED, offering="h19")]
    asked = plan(rule("r", T.UNANSWERED, **PLEASE), courses=(made,))
    assert [(one.email, one.item.offering) for one in found(asked, *rows, now=at(3))] == [(BO, "h18")]


def test_who_gave_a_chosen_date_up_in_time_is_asked_again_and_of_what_is_open():
    """Once for the course: about the date that is still in the calendar where there is one, else about what they gave up."""
    offerings = tuple(Offering(id=f"h{day}", sessions=(session(day=day),)) for day in (18, 19))
    made = course(offerings=offerings, enrolment=replace(DEADLINE, mode=EnrolmentMode.CHOOSE))
    rows = [row(BO, S.WITHDRAWN, offering="h18", reopened=True), row(BO, S.INVITED, offering="h19")]
    rows += [row(ANE, S.WITHDRAWN, offering="h18", reopened=True), row(CAI, S.WITHDRAWN, offering="h18")]
    asked = plan(rule("r", T.UNANSWERED, **PLEASE), courses=(made,))
    told = [(one.email, one.item.offering, one.item.anew) for one in found(asked, *rows, now=at(3))]
    assert told == [(ANE, "h18", True), (BO, "h19", False)], "only Bo has an invitation that can be answered"
    refused = plan(rule("r", T.DECLINED, **PLEASE), courses=(made,))
    assert [one.email for one in found(refused, *rows, now=at(3))] == [CAI]


def test_nobody_is_reminded_of_an_invitation_that_was_forwarded_to_them():
    rules = [rule(f"r-{one.value}", one) for one in (T.EVERYONE, T.REGISTERED, T.DECLINED)]
    assert who(plan(*rules), row(BO, S.DECLINED, invited=False), row(ANE, S.REGISTERED, invited=False)) == []


def test_a_reminder_is_only_about_the_sessions_that_are_the_persons_own():
    made = course(session("del-1"), session("del-2", start=13, end=16))
    rows = [row(ANE, answers=(("del-1", S.REGISTERED),)), row(BO, answers=(("del-1", S.DECLINED), ("del-2", S.REGISTERED)))]
    assert who(plan(rule(), courses=(made,)), *rows) == [("ane", "del-1"), ("bo", "del-2")]


def test_who_chooses_by_link_is_silent_after_being_asked_and_who_may_sign_up_only_where_the_plan_says_so():
    def silent(mode, members=None, to=(T.UNANSWERED, T.EVERYONE)):
        made = course(enrolment=replace(DEADLINE, mode=mode, via=ChooseVia.LINK))
        asked = {("k", ANE): INVITED, ("k", BO): INVITED, ("andet", CAI): INVITED}
        made_plan = plan(rule("r", *to, **PLEASE), courses=(made,))
        return found(made_plan, row(BO), now=at(3), asked=asked, calendar={}, **({"members": members} if members else {}))

    assert [(one.email, one.state) for one in silent(EnrolmentMode.CHOOSE)] == [(ANE, ReminderState.DUE)]
    assert silent(EnrolmentMode.SIGNUP) == ()
    assert [(one.email, one.target) for one in silent(EnrolmentMode.SIGNUP, to=(T.OPTIONAL,))] == [(ANE, T.OPTIONAL)]
    # Somebody who has left the audience since is asked no more.
    assert silent(EnrolmentMode.CHOOSE, {"ledere": frozenset({BO})}) == ()


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ((T.UNANSWERED,), ["ane"]),
        ((T.OPTIONAL,), ["bo"]),
        ((T.UNANSWERED, T.OPTIONAL), ["ane", "bo"]),
        ((T.EVERYONE,), ["ane", "bo"]),
    ],
)
@pytest.mark.parametrize("via", ChooseVia)
def test_who_need_not_come_is_asked_to_answer_where_the_rule_says_so(to, expected, via):
    """Cai is in the other audience too, and Ane is nobody's that we know: both have to answer. Cai has."""
    mode = EnrolmentMode.CHOOSE if via is ChooseVia.LINK else EnrolmentMode.INVITE
    made = course(enrolment=replace(DEADLINE, mode=mode, via=via), optional_audience=("tr",))
    facts = {"members": {"ledere": frozenset({ANE, CAI}), "tr": frozenset({BO, CAI})}}
    rows = [row(CAI, S.REGISTERED)]
    if via is ChooseVia.LINK:
        facts |= {"asked": {("k", email): INVITED for email in (ANE, BO, CAI)}, "calendar": {}}
    else:
        rows += [row(ANE, S.INVITED), row(BO, S.INVITED)]
    names = [name for name, _ in who(plan(rule("r", *to, **PLEASE), courses=(made,)), *rows, now=at(3), **facts)]
    assert [name for name in names if name != "cai"] == expected


def test_who_has_to_come_to_one_session_is_asked_though_free_to_skip_the_other():
    sessions = (session("del-1", optional_audience=("tr",)), session("del-2", day=19, audience=("tr",)))
    made = course(*sessions, enrolment=DEADLINE)
    facts = {"members": {"tr": frozenset({BO})}, "now": at(3)}
    assert who(plan(rule("r", T.UNANSWERED, **PLEASE), courses=(made,)), row(BO, S.INVITED), **facts) == [("bo", "del-2")]
    assert who(plan(rule("r", T.UNANSWERED, T.OPTIONAL, **PLEASE), courses=(made,)), row(BO, S.INVITED), **facts) == [("bo", "del-1")]


@pytest.mark.parametrize(
    ("facts", "taken", "now", "expected"),
    [
        ({"capacity": 1}, {"h18": 1}, at(3), (True, False)),
        ({"capacity": 1}, {"h18": 1, "h19": 1}, at(3), None),
        ({"capacity": 1, "waiting_list": True}, {"h18": 1, "h19": 1}, at(3), (True, True)),
        ({}, {"h18": 1, "h19": 1}, at(3), (True, False)),
        # What has begun has no seats to take; when all of it has, the rule's own moment decides.
        ({"capacity": 1}, {"h19": 1}, at(18, "10:00"), None),
        ({"capacity": 1}, {}, at(18, "10:00"), (True, False)),
        ({"capacity": 1}, {"h18": 1, "h19": 1}, at(19, "10:00"), (True, False)),
        # After the deadline by what the plan says of those who are late.
        ({"late": LateAnswer.REFUSE}, {}, at(5), None),
        ({"late": LateAnswer.WAITLIST, "waiting_list": True, "capacity": 9}, {}, at(5), (True, True)),
        ({"late": LateAnswer.WAITLIST, "capacity": 9}, {}, at(5), None),
        ({"late": LateAnswer.REFUSE}, {}, at(3), (True, False)),
    ],
)
def test_nobody_is_asked_for_an_answer_who_has_no_seat_to_take(facts, taken, now, expected):
    offerings = tuple(Offering(id=f"h{day}", sessions=(session(day=day),)) for day in (18, 19))
    made = course(offerings=offerings, enrolment=replace(DEADLINE, **facts))
    rows = [row(f"{name}@by.example", S.INVITED, offering="h19") for name in ("bo", "cai")]
    rows += [row(ANE, offering=offering) for offering, count in taken.items() for _ in range(count)]
    asking = rule("r", T.UNANSWERED, amount=20, template="please_answer")
    telling = replace(asking, id="s", template="practical")
    until = replace(made, reminders=(asking, telling))
    here = occasion(plan(courses=(until,)), *rows, now=now)
    room = room_of(until, rows, now=now, zone=ZONE)
    assert (room is not AudienceRoom.NONE, room is AudienceRoom.LINE) == (expected or (False, False))
    if now < at(4):
        asked = [one for one in reminders(here) if one.item.rule == "r"]
        assert {(bool(one.email), one.item.only_line) for one in asked} == ({expected} if expected else set())
        # Who is told something, and not asked, is told it all the same.
        assert [one.email for one in reminders(here) if one.item.rule == "s"] == ["bo@by.example", "cai@by.example"]


def test_a_start_is_of_each_session_an_end_of_the_last_and_a_deadline_of_the_course():
    two = course(session("del-1"), session("del-2", 19), enrolment=DEADLINE)
    coming = row(answers=(("del-1", S.REGISTERED), ("del-2", S.INVITED)))
    partly = row(BO, answers=(("del-1", S.REGISTERED), ("del-2", S.DECLINED)))
    waits = row(CAI, S.WAITLISTED)
    assert who(plan(rule(), courses=(two,)), coming, partly) == [("ane", "del-1"), ("ane", "del-2"), ("bo", "del-1")]
    assert who(plan(rule("r", **AFTER), courses=(two,)), coming, partly) == [("ane", "del-2"), ("bo", "del-1")]
    assert who(plan(rule("r", T.REGISTERED, **PLEASE), courses=(two,)), coming, partly, now=at(3)) == [("ane", "del-1"), ("bo", "del-1")]
    assert who(plan(rule("r", T.WAITLISTED), courses=(two,)), waits) == [("cai", "del-1")]
    # The last session counts also where it is too far away to be listed.
    far = course(session("del-1"), session("del-2", 19), session("del-3", 30))
    assert who(plan(rule("r", **AFTER), courses=(far,)), row(), until=at(20)) == []


def test_an_invitation_is_counted_from_each_persons_own():
    welcome = rule("r", T.UNANSWERED, before=False, anchor=ReminderAnchor.INVITED, amount=2, at=time(9), template="announcement")
    rows = [row(ANE, S.INVITED), row(BO, S.INVITED)]
    made = plan(welcome)
    calendar = {key: replace(one, invited={ANE: at(2, "08:00"), BO: at(10, "08:00")}) for key, one in on_calendar(made, rows).items()}
    assert [(one.email, one.due_at) for one in found(made, *rows, now=at(4), calendar=calendar)] == [
        (ANE, at(4, "09:00")),
        (BO, at(12, "09:00")),
    ]
    responsible = plan(rule("r", T.RESPONSIBLE, before=False, anchor=ReminderAnchor.INVITED, amount=2, at=time(9)))
    assert found(responsible, row(), now=at(4)) == ()


def test_an_acceptance_is_no_invitation_and_nobody_is_asked_too_late():
    """Two days after the invitation of 1 May is long ago; and what is over is not asked about."""
    invited = {"before": False, "anchor": ReminderAnchor.INVITED, "amount": 5, "at": time(9)}
    welcome = rule("r", T.REGISTERED, **invited, template="follow_up")
    assert found(plan(welcome), row(since=at(10)), now=at(12)) == ()

    def expires(template, enrolment=DEADLINE):
        made = plan(rule("r", T.UNANSWERED, **invited, template=template), courses=(course(enrolment=enrolment),))
        rows = [row(status=S.INVITED, since=at(1, "08:00"))]
        (one,) = found(made, *rows, now=at(2), calendar=on_calendar(made, rows, invited=at(1, "08:00")))
        return one.expires_at

    assert [expires(template) for template in ("please_answer", "practical", "follow_up")] == [
        at(4, "12:00"),
        at(18, "09:00"),
        at(20, "09:00"),
    ]
    assert expires("please_answer", Enrolment()) == at(18, "09:00")
    late = plan(rule("r", T.UNANSWERED, **PLEASE | {"before": False, "at": time(9)}), courses=(course(enrolment=DEADLINE),))
    assert [one.expires_at for one in found(late, row(status=S.INVITED), now=at(5))] == [at(18, "09:00")]


def test_what_is_asked_once_for_a_course_is_asked_once_whatever_becomes_of_its_sessions():
    """The first session leaves the books after the question was asked: the same question has the same key."""
    two = course(session("del-1"), session("del-2", 19), enrolment=DEADLINE)
    made = plan(rule("r", T.UNANSWERED, **PLEASE), courses=(two,))
    (asked,) = found(made, row(status=S.INVITED), now=at(3))
    known = {(asked.item.stem, ANE): (ReminderState.SENT, "")}
    calendar = {key: one for key, one in on_calendar(made, [row()]).items() if key.session == "del-2"}
    assert states(made, row(status=S.INVITED), now=at(3), known=known, calendar=calendar) == [("sent", "")]


def test_nobody_is_thanked_while_a_later_session_is_on_its_way():
    two = course(session("del-1"), session("del-2", 25))
    made = plan(rule("r", **AFTER), courses=(two,))
    calendar = {key: one for key, one in on_calendar(made, [row()]).items() if key.session == "del-1"}
    assert states(made, row(), now=at(18, "15:00"), calendar=calendar) == [("scheduled", "calendar_behind")]
    partly = row(answers=(("del-1", S.REGISTERED), ("del-2", S.DECLINED)))
    assert states(made, partly, now=at(18, "15:00")) == [("due", "")]


MAIL, TEAMS, POST = (Channel.MAIL,), (Channel.TEAMS,), (Channel.CHANNEL,)


@pytest.mark.parametrize(
    ("earlier", "then", "turn"),
    [
        ((T.REGISTERED, MAIL), (T.REGISTERED, MAIL), 1),
        ((T.REGISTERED, TEAMS), (T.REGISTERED, MAIL), 1),
        ((T.EVERYONE, MAIL), (T.REGISTERED, (*TEAMS, *MAIL)), 1),
        ((T.TENTATIVE, MAIL), (T.EVERYONE, MAIL), 1),
        ((T.REGISTERED, POST), (T.REGISTERED, MAIL), 0),
        ((T.SPEAKERS, MAIL), (T.REGISTERED, MAIL), 0),
        ((T.RESPONSIBLE, MAIL), (T.EVERYONE, MAIL), 0),
        ((T.DECLINED, MAIL), (T.EVERYONE, MAIL), 0),
    ],
)
def test_a_second_follow_up_is_one_for_the_same_readers(earlier, then, turn):
    """A post is not a person's thanks, nor are the speakers' the participants'. The second goes where there is an evaluation."""
    rules = [rule(name, to, channels=channels, **AFTER) for name, (to, channels) in (("en", earlier), ("to", then))]
    made = plan(rule("nul", T.REGISTERED), *rules)
    (which,) = made.courses
    assert [made.turn_of(which, name, then[1][0]) for name in ("nul", "en", "to", "ingen")] == [0, 0, turn, 0]
    for evaluation, goes in ((None, turn == 0), ("https://e.example", True)):
        given = replace(made, courses=(replace(which, evaluation=evaluation),))
        assert ("to" in {one.item.rule for one in found(given, row(), now=at(18, "15:00"))}) is goes


def test_a_post_and_a_mail_of_one_rule_have_turns_of_their_own():
    """Persons are thanked, and the channel is not asked a second time."""
    rules = [rule("en", T.REGISTERED, channels=POST, **AFTER), rule("to", T.SPEAKERS, T.REGISTERED, channels=(*MAIL, *POST), **AFTER)]
    made = plan(*rules, courses=(course(teams_channel="ledere"),))
    reach = TeamsReach(posts=frozenset({"ledere"}))
    told = {(one.item.rule, one.item.channel) for one in found(made, row(), now=at(18, "15:00"), reach=reach)}
    assert told == {("en", "channel"), ("to", "mail")}


@pytest.mark.parametrize("channels", [MAIL, (*MAIL, *TEAMS, *POST)])
def test_a_third_follow_up_never_goes_whichever_way(channels):
    rules = [rule(name, T.REGISTERED, channels=channels, **AFTER) for name in ("en", "to", "tre")]
    made = plan(*rules, courses=(course(evaluation="https://e.example", teams_channel="ledere"),))
    told = found(made, row(), now=at(18, "15:00"), reach=TeamsReach(posts=frozenset({"ledere"})))
    assert {(one.item.rule, one.item.channel) for one in told} == {(rule, channel.value) for rule in ("en", "to") for channel in channels}


def test_a_course_adds_rules_and_replaces_them_by_id():
    made = course(reminders=(rule("r", at=time(10)), rule("egen", at=time(11))))
    assert sorted((one.item.rule, one.due_at) for one in found(plan(rule("r"), courses=(made,)), row())) == [
        ("egen", at(17, "11:00")),
        ("r", at(17, "10:00")),
    ]


@pytest.mark.parametrize("status", [CourseStatus.DRAFT, CourseStatus.PROPOSED, CourseStatus.SAVE_THE_DATE, CourseStatus.CANCELLED])
def test_only_an_approved_course_reminds(status):
    assert found(plan(rule(), courses=(course(status=status),)), row()) == ()
    assert found(plan(rule(), courses=(course(replace(session(), start=None, end=None)),)), row()) == ()
    assert found(plan(rule("r", T.UNANSWERED, **PLEASE)), row(status=S.INVITED)) == ()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(3), []),
        (at(17, "11:59"), [("scheduled", "")]),
        (at(17, "12:00"), [("due", "")]),
        (at(17, "23:00"), [("due", "outside_hours")]),
        (at(18, "08:59"), [("due", "")]),
        (at(18, "09:00"), [("expired", "too_late")]),
        (at(2, "09:00", month=7), []),
    ],
)
def test_where_a_reminder_stands_is_a_question_of_time(now, expected):
    assert states(plan(rule()), row(), now=now) == expected


def test_who_came_later_than_it_was_worth_anything_has_missed_nothing():
    late = rule(expires=timedelta(hours=1))
    assert states(plan(late), row(since=at(17, "12:30")), now=at(17, "12:40")) == [("due", "")]
    assert states(plan(late), row(since=at(17, "13:00")), now=at(17, "13:10")) == []


def test_nobody_is_reminded_of_a_date_that_the_calendar_does_not_have():
    made = plan(rule())
    other = {key: replace(one, start=one.start + timedelta(days=1)) for key, one in on_calendar(made, [row()]).items()}
    assert states(made, row(), calendar=other) == [("scheduled", "calendar_behind")]
    assert states(made, row(status=S.WAITLISTED), calendar={}) == []
    assert states(plan(rule("r", T.WAITLISTED)), row(status=S.WAITLISTED), calendar={}) == [("scheduled", "calendar_behind")]


def test_what_became_of_it_is_what_the_outbox_says_whatever_the_address_is_now():
    (one,) = found(plan(rule()), row())
    known = {(one.item.stem, ANE): (ReminderState.FAILED, "graph_refused")}
    assert states(plan(rule()), row(), known=known) == [("failed", "graph_refused")]
    assert one.item.stem == "reminder/regel/k/main/dag/2025-06-18/mail/"
    moved = plan(rule(), courses=(course(session(day=19)),))
    assert states(moved, row(), known=known) == [("scheduled", "")]


def test_a_channel_gets_one_post_for_a_session_when_it_is_set_up():
    both = rule("r", T.REGISTERED, channels=(Channel.CHANNEL, Channel.TEAMS))
    assert sorted((one.email, one.item.channel, one.state.value) for one in found(plan(both), row(), row(BO))) == [
        ("", "channel", "skipped"),
        (ANE, "mail", "due"),
        (BO, "mail", "due"),
    ]
    only = rule("r", T.REGISTERED, channels=(Channel.CHANNEL,))
    assert [one.email for one in found(plan(only), row(), row(DAN))] == [""]


def test_a_practical_mail_asks_whoever_left_questions_open_and_no_other_message_does():
    """Nor does it ask whoever speaks, or has been asked."""
    rules = rule("p", T.REGISTERED, T.SPEAKERS, template="practical"), rule("m", T.REGISTERED, template="tomorrow")
    made = plan(*rules, courses=(with_speaker(course(), CAI),))
    asked = found(made, row(ANE), row(BO), unanswered=frozenset({("k", ANE), ("k", CAI)}))
    assert {(one.email, one.item.template) for one in asked} >= {(ANE, "practical"), (BO, "practical"), (CAI, "practical")}
    assert {(one.email, one.item.template) for one in asked if one.item.questions} == {(ANE, "practical")}
