"""Whom HR's own words go to: the tables of `bot.domain.broadcasts`, row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.broadcasts import (
    Broadcast,
    BroadcastGroup,
    BroadcastProgress,
    BroadcastWords,
    Whereabouts,
    broadcast_id,
    broadcast_key,
    groups_at,
    is_trial,
    recipients_of,
    shown_digest,
    trial_key,
)
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.messages import DeliveryState, Message
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import CourseStatus, Offering
from bot.domain.seats import Cause
from bot.domain.templates import MessageKind
from tests.builders.occasions import ANE, BO, CAI, DAN, INVITED, S, course, plan, row, session

G = BroadcastGroup
TWO = (session(), session("igen", 19))
COURSE = course(offerings=(Offering(id="main", sessions=TWO), Offering(id="andet", sessions=TWO)))
WHOLE, MAIN = Whereabouts(course="k"), Whereabouts(course="k", offering="main")
DAG = replace(MAIN, session="dag")
SAID = BroadcastWords(language=Language.DA, subject="Hej", text="Husk computer")


def groups(*rows, where=WHOLE, asked=(), about=COURSE):
    return groups_at(about, where, rows, asked)


@pytest.mark.parametrize("where", [WHOLE, MAIN, DAG])
@pytest.mark.parametrize(
    ("status", "group"),
    [
        (S.REGISTERED, G.REGISTERED),
        (S.TENTATIVE, G.TENTATIVE),
        (S.WAITLISTED, G.WAITING),
        (S.INVITED, G.SILENT),
        (S.DECLINED, G.DECLINED),
        (S.WITHDRAWN, G.DECLINED),
    ],
)
def test_somebody_is_in_the_group_of_how_they_take_part(status, group, where):
    assert groups(row(status=status), where=where) == {ANE: group}


def test_of_a_course_each_person_is_one_whatever_they_are_on_its_offerings():
    rows = (row(status=S.DECLINED), row(status=S.REGISTERED, offering="andet"), row(BO, S.WAITLISTED), row(BO, S.INVITED, offering="andet"))
    assert groups(*rows) == {ANE: G.REGISTERED, BO: G.WAITING}


def test_who_moved_has_not_said_no_to_the_offering_they_left():
    assert groups(row(status=S.WITHDRAWN), row(status=S.REGISTERED, offering="andet"), where=MAIN) == {}
    assert groups(row(status=S.WITHDRAWN), row(status=S.REGISTERED, offering="andet"), where=DAG) == {}


def test_a_no_to_one_session_is_a_no_to_that_one_alone():
    some = row(answers=(("dag", S.DECLINED), ("igen", S.REGISTERED)))
    found = [groups(some, where=where)[ANE] for where in (WHOLE, MAIN, DAG, replace(DAG, session="igen"))]
    assert found == [G.REGISTERED, G.REGISTERED, G.DECLINED, G.REGISTERED]
    only = row(answers=(("igen", S.REGISTERED),))
    assert groups(only, where=DAG) == {}, "they are not invited to it"


def test_the_silent_are_also_those_who_were_asked_by_link_of_the_course_and_of_no_offering():
    by_link = replace(COURSE, enrolment=Enrolment(mode=EnrolmentMode.SIGNUP))
    assert groups(row(BO), asked={ANE, BO}, about=by_link) == {ANE: G.SILENT, BO: G.REGISTERED}
    assert groups(row(BO), asked={ANE, BO}, about=by_link, where=MAIN) == {BO: G.REGISTERED}
    saved = replace(by_link, status=CourseStatus.SAVE_THE_DATE)
    assert groups(row(status=S.INVITED), about=saved) == {ANE: G.SILENT}


@pytest.mark.parametrize("cause", [Cause.TURNED_AWAY, Cause.LEFT, Cause.OFFERING_GONE])
@pytest.mark.parametrize("where", [WHOLE, MAIN])
def test_who_was_told_that_it_is_over_is_never_written_to(cause, where):
    assert groups(row(status=S.WITHDRAWN, cause=cause.value), where=where) == {}
    # Whoever is back in is in.
    back = (row(status=S.WITHDRAWN, cause=cause.value, offering="andet"), row())
    assert groups(*back, where=where) == {ANE: G.REGISTERED}


def test_an_outsider_without_a_place_and_who_was_erased_are_nobody():
    rows = (row(status=S.DECLINED, invited=False, cause="outsider"), row("erased-1", S.REGISTERED))
    assert groups(*rows) == groups(*rows, where=MAIN) == {}


def test_each_gets_the_language_that_is_theirs_where_it_was_written_else_the_plans():
    people = PeopleIndex(
        [
            Person(email=ANE, name="Ane Ås", language=Language.EN, department="Børn"),
            Person(email=BO, name="", language=Language.DA),
        ]
    )
    rows = (row(), row(BO, name="Bo By", department="Teknik"), row(CAI, name="Cai"), row(DAN, S.DECLINED))
    found = recipients_of(groups(*rows), {G.REGISTERED}, languages={Language.DA, Language.EN}, plan=plan(), people=people, rows=rows)
    told = [(one.email, one.name, one.department, one.language) for one in found]
    assert told == [
        (ANE, "Ane Ås", "Børn", Language.EN),
        (BO, "Bo By", "Teknik", Language.DA),
        (CAI, "Cai", "", Language.DA),
    ]
    only = recipients_of(groups(*rows), {G.REGISTERED}, languages={Language.DA}, plan=plan(), people=people, rows=())
    assert {one.language for one in only} == {Language.DA}
    assert [one.name for one in only] == ["Ane Ås", "", ""]


def test_the_same_words_to_the_same_people_are_one_broadcast():
    one = broadcast_id("by", MAIN, (G.REGISTERED, G.WAITING), (SAID,))
    assert one == broadcast_id("by", MAIN, (G.WAITING, G.REGISTERED), (SAID,))
    others = [
        broadcast_id("andenby", MAIN, (G.REGISTERED, G.WAITING), (SAID,)),
        broadcast_id("by", WHOLE, (G.REGISTERED, G.WAITING), (SAID,)),
        broadcast_id("by", MAIN, (G.REGISTERED,), (SAID,)),
        broadcast_id("by", MAIN, (G.REGISTERED, G.WAITING), (replace(SAID, text="Husk madpakke"),)),
    ]
    assert len({one, *others}) == 5
    assert broadcast_key(one, ANE) == f"broadcast/{one}/{ANE}"
    assert trial_key(one, Language.DA, ANE) == f"broadcast-trial/{one}/da/{ANE}"


def test_what_was_shown_is_who_why_and_in_which_language():
    rows = (row(), row(BO))
    made = recipients_of(groups(*rows), {G.REGISTERED}, languages={Language.DA}, plan=plan(), people=PeopleIndex(), rows=rows)
    shown = shown_digest("1", made)
    assert shown == shown_digest("1", [replace(one, name="Ny", department="Ny") for one in made])
    other = [made[:1], [replace(one, group=G.WAITING) for one in made], [replace(one, language=Language.EN) for one in made]]
    assert len({shown, shown_digest("2", made), *(shown_digest("1", one) for one in other)}) == 5


def test_words_that_were_not_written_in_a_language_are_the_plans():
    made = Broadcast(plan="by", where=WHOLE, groups=(G.REGISTERED,), words=(SAID,), by="HR", written_at=INVITED + timedelta(days=1))
    assert made.words_in(Language.EN) == made.words_in(Language.DA) == SAID


def test_a_mail_to_try_it_out_is_told_from_the_others_by_its_key():
    message = Message(plan="by", key="", kind=MessageKind.BROADCAST, course="k", offering="", email=ANE, created_at=INVITED)
    keys = (trial_key("1", Language.DA, ANE), broadcast_key("1", ANE))
    assert [is_trial(replace(message, key=key)) for key in keys] == [True, False]


def test_progress_counts_what_it_is_asked_for():
    progress = BroadcastProgress(states={DeliveryState.SENT: 3, DeliveryState.DUE: 2})
    assert (progress.total, progress.count(DeliveryState.SENT, DeliveryState.FAILED)) == (5, 3)
