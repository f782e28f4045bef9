"""The overview as data: which courses it has, where they stand, whom they are for, what is to be decided."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain.assumptions import Assumption, Term
from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.domain.registrations import AnswerSource, Registration, RegistrationStatus
from bot.overview.compose import overview_of
from bot.overview.lines import Counts, DepartmentSeats, Need, Seats
from bot.overview.periods import days_of_period, days_of_session, half_of
from bot.overview.seats import capacity_of, seats_of
from tests.builders.overviews import (
    MANY_DAYS,
    NO,
    NOTHING_KNOWN,
    NOW,
    ONE_DAY,
    YES,
    day,
    directors_counts,
    directors_plan,
    later,
    main,
    paid,
    plan_of,
    whole_day,
    year_of_sixty,
)

OPEN = Assumption(id="velfaerdsmidler", value=None)
FORM = Assumption(id="form", value=None, options=("en-dag", "flere-dage"))


def course(key="a", status=CourseStatus.APPROVED, **more):
    given = {"title": key, "audience": ("ledere",), "offerings": main(day("dag", "2024-05-01T09:00")), **more}
    return Course(id=key, status=status, **given)


def shown(plan, **more):
    return overview_of(plan, more.pop("counts", NOTHING_KNOWN), now=more.pop("now", NOW), **more)


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("2024-H1", date(2024, 1, 1), date(2024, 7, 1)),
        ("2024-H2", date(2024, 7, 1), date(2025, 1, 1)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 4, 1)),
        ("2024-Q4", date(2024, 10, 1), date(2025, 1, 1)),
        ("2024-09", date(2024, 9, 1), date(2024, 10, 1)),
        ("2024-12", date(2024, 12, 1), date(2025, 1, 1)),
    ],
)
def test_a_period_is_its_days(period, first, after):
    assert days_of_period(period) == (first, after)
    assert days_of_session(later("x", period)) == (first, after)


@pytest.mark.parametrize(
    ("session", "half"),
    [
        (later("x", "2024"), (2024, 0)),
        (later("x", "2023-H2"), (2023, 2)),
        (later("x", "2024-Q2"), (2024, 1)),
        (later("x", "2024-07"), (2024, 2)),
        (day("x", "2024-06-30T23:00", 3), (2024, 1)),
        (whole_day("x", "2024-07-01"), (2024, 2)),
        (CourseSession(id="x"), None),
    ],
)
def test_everything_has_its_half_year(session, half):
    assert half_of(*days_of_session(session)) == half


def test_an_evening_that_ends_at_midnight_is_over_that_day():
    assert days_of_session(day("x", "2024-05-01T20:00", 4)) == (date(2024, 5, 1), date(2024, 5, 2))


def test_drafts_and_what_was_decided_otherwise_are_not_there():
    ids = [one.id for one in shown(directors_plan()).courses]
    assert "kladde" not in ids
    against = replace(directors_plan(), assumptions=(replace(OPEN, value=False),))
    assert "velfaerdsleder" not in [one.id for one in shown(against).courses]
    fund = {one.id: one for one in shown(against).courses}["ledertalent"].funding
    assert [line.pool for line in fund] == ["pulje-2024"]


def test_courses_come_in_the_order_in_which_they_begin_and_those_without_a_time_last():
    found = [one.id for one in shown(directors_plan()).courses]
    assert found == [
        "mentor", "tryghed", "fastholdelse", "ledertalent", "netvaerk", "arbejdsmiljoedag", "velfaerdsleder", "lederdag-2025", "ide",
    ]  # fmt: skip


def test_a_session_of_the_option_that_was_not_chosen_is_not_there():
    line = {one.id: one for one in shown(directors_plan()).courses}["fastholdelse"]
    assert [one.place[2] for one in line.sessions] == ["del-1", "del-2"]
    assert (line.sessions[0].when, line.sessions[0].waits_for) == (MANY_DAYS, ())


def test_while_it_is_open_every_option_is_there_with_what_it_waits_for():
    plan = plan_of(
        course(offerings=main(day("a", "2024-05-01T09:00", when=ONE_DAY), later("b", "2024-H1", when=MANY_DAYS))), assumptions=(FORM,)
    )
    (line,) = shown(plan).courses
    assert [one.waits_for for one in line.sessions] == [ONE_DAY, MANY_DAYS]
    assert (line.needs, line.depends_on) == ((Need.DECISION, Need.DATE), ("form",))


@pytest.mark.parametrize(
    ("given", "needs"),
    [
        (course(), ()),
        (course(status=CourseStatus.PROPOSED), (Need.APPROVAL,)),
        (course(when=YES), (Need.DECISION,)),
        (course(funding=(paid("pulje", "5", when=NO),)), (Need.DECISION,)),
        (course(offerings=main(later("a", "2024-H2"))), (Need.DATE,)),
        (course(offerings=()), (Need.DATE,)),
        (course(status=CourseStatus.LISTED, offerings=()), ()),
        (course(funding=(paid("pulje"),)), (Need.AMOUNT,)),
        (course(status=CourseStatus.CANCELLED, when=YES, offerings=()), ()),
    ],
)
def test_what_is_to_be_decided_about_a_course(given, needs):
    assert shown(plan_of(given, assumptions=(OPEN,))).courses[0].needs == needs


def test_audiences_are_named_each_once_and_sessions_may_have_their_own():
    sessions = main(day("a", "2024-05-01T09:00", audience=("udvalg", "ledere")), day("b", "2024-05-02T09:00", audience=("ukendt",)))
    assert shown(plan_of(course(offerings=sessions))).courses[0].audiences == ("Hovedudvalget", "Alle ledere", "ukendt")
    assert shown(plan_of(course(offerings=()))).courses[0].audiences == ("Alle ledere",)


def test_a_year_has_what_may_be_on_in_it():
    plan = plan_of(
        course("a", offerings=main(day("x", "2023-12-31T22:00", 5))), course("b", offerings=main(later("x", "2024-H2"))),
        course("c", offerings=main(later("x", "2025"))), course("d", offerings=()), course("e", offerings=(), funding=(paid("p25", "1"),)),
        funding=directors_plan().funding,
    )  # fmt: skip
    assert [one.id for one in shown(plan, years=[2024]).courses] == ["a", "b", "d", "e"]
    plan = replace(plan, funding=(replace(plan.funding[0], id="p25", year=2025),))
    assert [one.id for one in shown(plan, years=[2024]).courses] == ["a", "b", "d"]
    assert [one.id for one in shown(plan, years=[2025, 2024, 2025]).courses] == ["a", "b", "c", "d", "e"]
    assert shown(plan, years=[2025, 2024, 2025]).years == (2024, 2025)


def test_a_year_has_its_pools_and_those_that_its_courses_are_paid_from():
    whole = shown(directors_plan())
    assert [one.pool.id for one in whole.pools] == ["pulje-2024", "velfaerd-2024", "eu"]
    assert [one.pool.id for one in shown(directors_plan(), years=[2025]).pools] == ["eu"]
    plan = plan_of(course(funding=(paid("pulje-2024", "1"),), offerings=main(later("x", "2026"))), funding=directors_plan().funding)
    found = shown(plan, years=[2026]).pools
    assert [(one.pool.id, one.dearest.amounts.planned) for one in found] == [("pulje-2024", shown(plan).pools[0].dearest.amounts.planned)]


def test_a_year_has_the_decisions_of_its_courses_and_those_of_none():
    idle = Assumption(id="uden-kurser", value=None)
    plan = replace(directors_plan(), assumptions=(*directors_plan().assumptions, idle))
    assert [one.assumption.id for one in shown(plan, years=[2025]).decisions] == ["uden-kurser"]
    assert shown(plan).questions["uden-kurser"] == "uden-kurser"


def test_a_year_has_the_decisions_that_its_pools_wait_for():
    later_course = course("b", offerings=main(later("x", "2026")), funding=(paid("pulje-2024", "1", when=YES),))
    plan = plan_of(course(funding=(paid("pulje-2024", "5"),)), later_course, funding=directors_plan().funding, assumptions=(OPEN,))
    found = shown(plan, years=[2024])
    assert ([one.id for one in found.courses], [one.assumption.id for one in found.decisions]) == (["a"], ["velfaerdsmidler"])
    assert [one.assumption.id for one in shown(plan, years=[2025]).decisions] == []


def row(email, status, offering="main", *, invited=True, reopened=False, department=""):
    return Registration(
        course="a", offering=offering, email=email, name=email, status=RegistrationStatus(status), since=NOW,
        source=AnswerSource.OUTLOOK, invited=invited, reopened=reopened, department=department,
    )  # fmt: skip


def test_everybody_counts_once_in_a_course():
    rows = [
        row("a", "registered", "hold-1"), row("a", "invited", "hold-2"), row("b", "tentative"), row("c", "waitlisted"),
        row("d", "declined"), row("e", "invited"), row("f", "withdrawn", reopened=True), row("ude@x.example", "declined", invited=False),
    ]  # fmt: skip
    found = seats_of(course(enrolment=Enrolment(capacity=5)), rows, ["link@x.example"])
    departments = (DepartmentSeats(name="", registered=1),)
    assert found == Seats(capacity=5, invited=7, registered=1, tentative=1, waitlisted=1, declined=1, unanswered=3, departments=departments)


def test_departments_are_those_of_the_registered_each_once_as_danish_sorts():
    rows = [
        row("a", "registered", "hold-1", department="Økonomi"), row("a", "invited", "hold-2", department="Økonomi"),
        row("b", "registered", department="Ældre"), row("c", "registered", department="Økonomi"),
        row("d", "tentative", department="Kultur"),
        row("e", "registered"), row("ude@x.example", "registered", invited=False, department="Kultur"),
    ]  # fmt: skip
    found = seats_of(course(), rows, []).departments
    assert [(one.name, one.registered, one.attended) for one in found] == [("", 1, None), ("Ældre", 1, None), ("Økonomi", 2, None)]


def test_nobody_comes_to_what_is_not_on():
    assert seats_of(course(status=CourseStatus.CANCELLED), [row("a", "registered")], []) == Seats(invited=1)
    lost = replace(row("a", "withdrawn"), cause="offering_gone")
    assert seats_of(course(status=CourseStatus.CANCELLED), [lost], []) == Seats(), "those who had a seat are not all who were asked"


def test_nobody_is_silent_about_a_date_that_is_only_saved():
    assert seats_of(course(status=CourseStatus.SAVE_THE_DATE), [row("a", "invited")], []).unanswered == 0


def test_seats_are_those_of_all_offerings_and_without_a_limit_there_is_no_number():
    two = (Offering(id="a", capacity=10), Offering(id="b"))
    assert capacity_of(course(offerings=two, enrolment=Enrolment(capacity=40))) == 50
    assert capacity_of(course(offerings=two)) is None
    assert capacity_of(course(offerings=())) is None


def test_a_course_that_the_books_do_not_know_has_the_seats_of_the_plan():
    plan = plan_of(course(enrolment=Enrolment(capacity=12)))
    assert shown(plan).courses[0].seats == Seats(capacity=12)


def decisions(plan, counts=None, now=NOW):
    return {one.assumption.id: one for one in shown(plan, counts=counts or directors_counts(), now=now).decisions}


def outcomes(plan, name, **more):
    return {one.value: one for one in decisions(plan, **more)[name].outcomes}


def test_a_decision_has_every_course_that_depends_on_it_also_through_its_money():
    found = decisions(directors_plan())["velfaerdsmidler"]
    assert (found.courses, found.needed_by) == (("ledertalent", "velfaerdsleder"), date(2024, 7, 1))
    by_value = outcomes(directors_plan(), "velfaerdsmidler")
    assert by_value[True].courses == ("ledertalent", "velfaerdsleder")
    assert by_value[False].courses == ("ledertalent",)
    assert [(one.pool, one.amounts.planned) for one in by_value[True].amounts] == [("velfaerd-2024", 100000)]
    assert [(one.pool, one.amounts.planned) for one in by_value[False].amounts] == [("pulje-2024", 100000)]


def test_what_depends_on_a_decision_and_was_ruled_out_by_another_is_not_its_matter():
    plan = plan_of(course(when=(*YES, *ONE_DAY)), assumptions=(OPEN, replace(FORM, value="flere-dage")))
    assert decisions(plan)["velfaerdsmidler"].courses == ()
    assert decisions(plan)["form"].courses == ("a",)
    assert decisions(plan_of(course(status=CourseStatus.DRAFT, when=YES), assumptions=(OPEN,)))["velfaerdsmidler"].courses == ()


def test_the_mails_of_an_outcome_are_the_people_on_the_events_that_it_alone_sends():
    plan = plan_of(
        course("a", when=YES, audience=("ledere",)), course("b", audience=("ledere",)),
        course("c", status=CourseStatus.SAVE_THE_DATE, when=YES, audience=("udvalg",)),
        course("d", status=CourseStatus.PROPOSED, when=YES), course("e", when=YES, offerings=main(day("dag", "2024-01-31T09:00"))),
        assumptions=(OPEN,),
    )  # fmt: skip
    by_value = outcomes(plan, "velfaerdsmidler")
    assert (by_value[True].mails, by_value[False].mails) == (117 + 1, 0)
    known = replace(directors_counts(), on_events=frozenset({("a", "main", "dag")}))
    assert outcomes(plan, "velfaerdsmidler", counts=known)[True].mails == 1


def test_somebody_is_mailed_once_for_each_event_and_speakers_with_an_address_as_well():
    speaker = directors_plan().courses[0].speakers
    plan = plan_of(
        course(
            when=YES, audience=("ledere",), optional_audience=("ledere", "udvalg"), speakers=speaker,
            offerings=main(day("a", "2024-05-01T09:00"), day("b", "2024-05-02T09:00")),
        ),
        assumptions=(OPEN,),
    )  # fmt: skip
    assert outcomes(plan, "velfaerdsmidler")[True].mails == 2 * (117 + 1 + 1)


def test_a_course_that_asks_by_link_mails_its_audience_once():
    plan = plan_of(
        course(
            when=YES, enrolment=Enrolment(mode=EnrolmentMode.SIGNUP), audience=("ledere",),
            offerings=main(day("a", "2024-05-01T09:00"), day("b", "2024-05-02T09:00")),
        ),
        assumptions=(OPEN,),
    )  # fmt: skip
    assert outcomes(plan, "velfaerdsmidler")[True].mails == 117
    saved = replace(plan, courses=(replace(plan.courses[0], status=CourseStatus.SAVE_THE_DATE),))
    assert outcomes(saved, "velfaerdsmidler")[True].mails == 0
    known = replace(directors_counts(), on_events=frozenset({("a", "main", "a")}))
    assert outcomes(plan, "velfaerdsmidler", counts=known)[True].mails == 0


def test_an_audience_that_nobody_has_read_is_named_and_not_counted():
    found = outcomes(directors_plan(), "velfaerdsmidler")[True]
    assert (found.mails, found.unread) == (2 + 1, ("Ledere på social- og sundhedsområdet",))
    plan = plan_of(course(when=YES, audience=("findes-ikke", "udvalg")), assumptions=(OPEN,))
    assert (outcomes(plan, "velfaerdsmidler")[True].mails, outcomes(plan, "velfaerdsmidler")[True].unread) == (1, ())


def test_what_a_decision_would_have_meant_otherwise_is_told_after_it_as_well():
    by_value = outcomes(directors_plan(), "form")
    assert {value: [one.place[2] for one in found.sessions] for value, found in by_value.items()} == {
        "en-dag": ["samlet"],
        "flere-dage": ["del-1", "del-2"],
    }
    assert {value: found.mails for value, found in by_value.items()} == {"en-dag": 117, "flere-dage": 234}


def test_an_outcome_with_something_else_open_is_the_dearest_of_it():
    both = (*YES, Term(assumption="form", outcome="en-dag"))
    plan = plan_of(
        course(funding=(paid("pulje", "10", when=both), paid("pulje", "4", when=(*YES, *MANY_DAYS)))),
        funding=(replace(directors_plan().funding[0], id="pulje", expenses=()),),
        assumptions=(OPEN, FORM),
    )
    assert [one.amounts.planned for one in outcomes(plan, "velfaerdsmidler")[True].amounts] == [10]
    assert outcomes(plan, "velfaerdsmidler")[False].amounts == ()


def test_a_year_of_sixty_courses_is_whole():
    found = shown(year_of_sixty())
    assert len(found.courses) == 60
    assert len(found.pools) == 4
    assert len(found.decisions) == 9


def test_a_counts_name_is_nowhere_in_the_overview():
    assert "leder-1@x.example" not in repr(shown(directors_plan(), counts=directors_counts(), now=datetime(2024, 2, 1, tzinfo=UTC)))
    assert isinstance(NOTHING_KNOWN, Counts)
