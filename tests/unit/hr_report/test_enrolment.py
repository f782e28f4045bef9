"""What the report says of enrolment, whoever moved people: own words, guests, lost dates, seats that were not confirmed."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.manager_approval import ApprovalAsk, AskedOf
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.domain.registrations import ERASED_PREFIX, AnswerSource
from bot.domain.reports import Guests, SignUpsForHr
from bot.domain.seats import Cause, Standing
from bot.messages.report import report_text
from tests.builders.occasions import ANE, BO, CAI, S, row
from tests.builders.report_facts import MINE, PLAN, report
from tests.unit.hr_report.composing import NEW, counts, with_course


def test_the_report_counts_what_people_said_and_not_who_moved_them():
    """From the waiting list by rule, or taken off by HR: they have said the same."""
    said = {"said": S.REGISTERED, "said_at": NEW}
    for moved in ({}, {"source": AnswerSource.RULE, "cause": "seat_offered"}, {"source": AnswerSource.HR, "status": S.WITHDRAWN}):
        assert counts(report(row(ANE, since=NEW, **said | moved))) == [(1, 0, 0, ())]
    cancelled = with_course(replace(MINE, status=CourseStatus.CANCELLED))
    assert counts(report(row(ANE, since=NEW, **said), plan=cancelled)) == []


def test_who_was_not_invited_is_in_no_number_and_told_for_hr_to_decide():
    guest = {"status": S.DECLINED, "invited": False, "cause": "outsider", "said_at": NEW}
    rows = [
        row(BO, said=S.REGISTERED, name="Bo", **guest),
        row(CAI, said=S.DECLINED, **guest),
        row(f"{ERASED_PREFIX}1", said=S.REGISTERED, **guest),
    ]
    told = report(*rows)
    assert told.guests == (Guests(course="k", offering="main", title="Kursus", names=("Bo",), emails=(BO,)),)
    assert (told.answers, told.silent, told.is_worth_sending) == ((), (), True)
    assert {(one.registered, one.waiting) for one in told.seats} == {(0, 0)}
    page = report_text(told, PLAN, Language.DA)
    assert f"kursusbot withdraw k/main {BO}" in page
    assert report(*rows[1:]).guests == ()


def test_who_lost_the_seat_with_its_date_is_named():
    def lost(email, course="k"):
        cause = {"status": None, "since": NEW, "cause": Cause.OFFERING_GONE, "source": AnswerSource.RULE}
        return Standing(course=course, offering="hold-9", email=email, **cause)

    told = report(left_without=(lost(BO), lost(ANE), lost(CAI, "andet"), lost(f"{ERASED_PREFIX}1")))
    assert [(one.title, one.names) for one in told.left_without] == [("Kursus", ("Ane Ås", BO))]
    assert told.is_worth_sending
    assert "Ane Ås" in report_text(told, PLAN, Language.DA)
    assert report(left_without=(lost(BO),), plan=with_course(replace(MINE, status=CourseStatus.CANCELLED))).left_without == ()


def test_seats_that_were_not_confirmed_since_the_date_was_moved_are_counted():
    told = report(row(ANE, unconfirmed=True), row(BO, since=NEW))
    assert [(one.registered, one.unconfirmed) for one in told.seats] == [(2, 1)]
    page = report_text(replace(told, answers=(replace(told.answers[0], in_all=(5, 0, 0)),)), PLAN, Language.DA)
    assert "1 har ikke bekræftet" in page
    assert "Ja: 1 (i alt 5)" in page


def test_sign_ups_whose_manager_did_not_answer_in_time_are_told_for_hr_to_decide():
    """Of the reader's own courses; who still waits for their manager is no matter of HR's."""
    ask = ApprovalAsk(
        course="k", offering="main", email=ANE, wished_at=NEW, who=AskedOf.MANAGER, approver=CAI, due_at=NEW, looked_at=NEW, overdue=True
    )
    nobody = replace(ask, email=BO, who=AskedOf.HR, overdue=False)
    told = report(sign_ups=(ask, nobody, replace(ask, email=CAI, overdue=False), replace(ask, course="andet")))
    assert told.sign_ups == (SignUpsForHr(course="k", title="Kursus", names=("Ane Ås", BO)),)
    assert told.is_worth_sending
    assert "Kursus" in told.titles
    for language, heading in ((Language.DA, "Tilmeldinger, du skal afgøre"), (Language.EN, "Sign-ups for you to decide")):
        page = report_text(told, PLAN, language)
        assert heading in page
        assert f"Ane Ås, {BO}" in page
