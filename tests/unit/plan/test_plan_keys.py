"""Every key of the format: what it may hold, what it is by default, and what is told when it is wrong."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.domain.assumptions import Term
from bot.domain.closing_days import ClosingDay, SchoolHoliday
from bot.domain.delegates import Delegate
from bot.domain.enrolment import ChooseVia, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.funding import CourseFunding
from bot.domain.manager_people import ManagersGet
from bot.domain.people import Language, Person
from bot.domain.plan import CourseStatus
from bot.domain.programme import Venue
from bot.domain.reminder_rules import Channel, ReminderAnchor, ReminderTarget, ReminderUnit
from bot.domain.sending import SendingRules
from tests.builders.documents import COURSE, HEAD, HEAD_LINES, codes, found, plan_of, with_course, with_sessions
from tests.unit.plan.plan_format import FORMAT

FUNDING = (
    "funding:\n  pulje: {name: P, year: 2025, amount: 1000, reserved: {central: 400}}\nassumptions: {midler: undecided, ja-tak: true}\n"
)


def test_the_whole_format_is_understood():
    """Every key of the plan format, in one plan."""
    plan = plan_of(FORMAT)
    assert plan.revision.startswith("sha256:")
    assert len(plan.revision) == 71
    assert (plan.id, plan.language, plan.organiser) == ("norddjurs", Language.DA, "lederudvikling@norddjurs.example")
    assert plan.closing_days == (ClosingDay(month=6, day=5, year=2025), ClosingDay(month=12, day=24))
    assert plan.school_holidays == (
        SchoolHoliday(first=date(2025, 2, 10), last=date(2025, 2, 14)),
        SchoolHoliday(first=date(2025, 5, 2), last=date(2025, 5, 2)),
    )
    assert plan.sending == SendingRules(from_time=time(6, 30), to_time=time(16), weekends=True, digest=False, max_per_week=3)
    assert plan.managers is ManagersGet.PAGE
    leaders, others = plan.audiences
    assert leaders.groups == ("alle-ledere@norddjurs.example", "0f0e0d0c-0000-4000-8000-000000000001")
    assert leaders.people == (Person(email="ekstern@partner.example", name="Ekstern Partner", language=Language.EN),)
    assert (leaders.exclude, others.groups) == (("barsel@norddjurs.example",), ("tr@norddjurs.example",))
    assert plan.delegates == (
        Delegate(leader="chef@norddjurs.example", by="sekretaer@norddjurs.example", copies=True),
        Delegate(leader="direktoer@norddjurs.example", by="sekretaer@norddjurs.example"),
    )
    (pool,) = plan.funding
    assert (pool.amount, pool.currency, pool.reserved) == (Decimal(300000), "EUR", (("central", Decimal("150000.50")),))
    assert [item.value for item in plan.assumptions] == [None, True, False]
    answer, thanks = plan.reminders
    assert (answer.before, answer.anchor, answer.amount, answer.unit) == (True, ReminderAnchor.DEADLINE, 3, ReminderUnit.WORKING_DAYS)
    assert (answer.at, answer.to, answer.expires) == (time(9), (ReminderTarget.UNANSWERED,), timedelta(days=2))
    assert (thanks.before, thanks.unit, thanks.at, thanks.urgent) == (False, ReminderUnit.HOURS, None, True)
    assert (answer.channels, thanks.channels) == ((Channel.MAIL, Channel.TEAMS), (Channel.CHANNEL,))


def test_the_whole_of_a_course_is_understood():
    """The same for courses, enrolment, offerings and sessions."""
    (course,) = plan_of(FORMAT).courses
    assert (course.status, course.audience, course.optional_audience) == (CourseStatus.APPROVED, ("ledere", "tr-amr"), ("tr-amr",))
    assert course.description == "Første linje\n\n- punkt"
    assert [(speaker.name, speaker.email) for speaker in course.speakers] == [("Taler", "taler@firma.example"), ("Uden adresse", None)]
    enrolment = course.enrolment
    assert (enrolment.mode, enrolment.via, enrolment.unanswered) == (EnrolmentMode.CHOOSE, ChooseVia.LINK, Unanswered.ASSIGN)
    assert (enrolment.opens, enrolment.deadline) == (datetime(2025, 1, 15, 8), datetime(2025, 6, 4, 12))
    assert (enrolment.capacity, enrolment.waiting_list, enrolment.waiting_list_until) == (40, True, datetime(2025, 6, 10, 12))
    assert (enrolment.minimum, enrolment.late, enrolment.handover) == (8, LateAnswer.WAITLIST, True)
    assert course.funding == (CourseFunding(pool="pulje-2025", amount=Decimal(60000), when=(Term(assumption="midler", outcome=False),)),)
    assert course.cancel_reason == "For få tilmeldte"
    assert (course.online, course.teams_channel, course.evaluation, course.hide_attendees) == (True, "Ledere", "https://a.example/e", False)
    assert [rule.unit for rule in course.reminders] == [ReminderUnit.MINUTES]
    first, second = course.offerings
    assert (first.capacity, first.venue, first.online) == (30, Venue(name="Sal"), False)
    dated, undated = first.sessions
    assert (dated.start, dated.end, dated.all_day) == (datetime(2025, 6, 17, 9), datetime(2025, 6, 17, 15, 30), False)
    assert (dated.audience, dated.optional_audience, dated.online) == (("ledere",), (), True)
    assert (undated.id, undated.period, undated.start, undated.audience) == ("forløb", "2025-Q3", None, None)
    (whole_days,) = second.sessions
    assert (whole_days.start, whole_days.end, whole_days.all_day) == (datetime(2025, 6, 18), datetime(2025, 6, 20), True)


def test_what_a_small_plan_leaves_out_has_the_defaults_of_the_format():
    """The least that a plan can say."""
    plan = plan_of(with_course(""))
    (course,) = plan.courses
    assert (plan.holidays, plan.sending, plan.reminders) == (None, SendingRules(), ())
    assert (course.enrolment.mode, course.enrolment.waiting_list, course.hide_attendees, course.online) == (
        EnrolmentMode.INVITE, False, True, False,
    )  # fmt: skip
    assert [(offering.id, len(offering.sessions)) for offering in course.offerings] == [("main", 1)]


@pytest.mark.parametrize("line", HEAD.splitlines()[:7])
def test_what_has_no_safe_default_must_be_given(line):
    """Told at the root: place "" and line 1."""
    assert ("key.missing", None, "", 1) in found(with_course("").replace(f"{line}\n", "", 1))


def test_a_plan_without_courses_must_say_so():
    """A lost list of courses would cancel everything; an empty one says it on purpose."""
    assert found(HEAD) == [("key.missing", None, "", 1)]
    assert plan_of(f"{HEAD}courses: []\n").courses == ()


@pytest.mark.parametrize(
    ("written", "wrong", "place"),
    [
        ("version: 1", "version: 2", "version"),
        ("language: da", "language: no", "language"),
        ("timezone: Europe/Copenhagen", "timezone: Europe/Kobenhavn", "timezone"),
        ("timezone: Europe/Copenhagen", "timezone: Europe", "timezone"),
        ("timezone: Europe/Copenhagen", "timezone: ../../etc/passwd", "timezone"),
        ("timezone: Europe/Copenhagen", "timezone: CET-1CEST", "timezone"),
        ("organisation: Demo Kommune", f"organisation: {'x' * 256}", "organisation"),
        ("organisation: Demo Kommune", 'organisation: "a\\u0007b"', "organisation"),
        ("organisation: Demo Kommune", 'organisation: "a\\u202Eb"', "organisation"),
        ("organisation: Demo Kommune", "organisation: [a]", "organisation"),
    ],
)
def test_a_wrong_value_of_the_plan_is_told_at_its_key(written, wrong, place):
    """`value.invalid`, with the line of the value."""
    problems = found(with_course("").replace(written, wrong))
    assert [(code, where, line) for code, _, where, line in problems] == [
        ("value.invalid", place, HEAD.splitlines().index(written) + 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "code", "reason", "place"),
    [
        ("tittel: x", "key.unknown", "near", "tittel"),
        ("zzz: x", "key.unknown", "list", "zzz"),
        ("responsible: HR <hr@demo.example>", "address.invalid", "display_name", "responsible"),
        ("responsible: søren@demo.example", "address.invalid", "letters", "responsible"),
        ("responsible: hr@demo", "address.invalid", "form", "responsible"),
        ("responsible: a..b@demo.example", "address.invalid", "form", "responsible"),
        (f"responsible: {'a' * 65}@demo.example", "address.invalid", "form", "responsible"),
        ("optional_audience: [ledere, leder]", "reference.unknown", "audience_near", "optional_audience[1]"),
        ("speakers: [{email: a@b.example}]", "key.missing", None, "speakers[0]"),
        ("speakers: {name: a}", "value.invalid", "shape_list", "speakers"),
        ("speakers: [a]", "value.invalid", "shape_mapping", "speakers[0]"),
        ("venue: Sal 1", "value.invalid", "shape_mapping", "venue"),
        ("venue: {}", "key.missing", None, "venue"),
        ("online: måske", "value.invalid", "flag", "online"),
        ("evaluation: http://a.example", "value.invalid", "url", "evaluation"),
        ("evaluation: 'https://[a'", "value.invalid", "url", "evaluation"),
        ("materials: [{title: T, url: 'javascript:alert(1)'}]", "value.invalid", "url", "materials[0].url"),
        ("funding: [{pool: puljen}]", "reference.unknown", "pool_near", "funding[0].pool"),
        ("funding: [{pool: xxx}]", "reference.unknown", "pool", "funding[0].pool"),
        ("funding: [{pool: pulje, amount: 300.000}]", "value.invalid", "amount", "funding[0].amount"),
        ("funding: [{pool: pulje, amount: -1}]", "value.invalid", "amount", "funding[0].amount"),
        ("funding: [{pool: pulje, when: not midle}]", "reference.unknown", "assumption_near", "funding[0].when"),
        ("enrolment: {mode: chose}", "value.invalid", "choice_near", "enrolment.mode"),
        ("enrolment: {capacity: 0}", "value.invalid", "whole", "enrolment.capacity"),
        ("enrolment: {capacity: 4e1}", "value.invalid", "whole", "enrolment.capacity"),
        ("enrolment: {capacity: ٤٠}", "value.invalid", "whole", "enrolment.capacity"),
        ("enrolment: {deadline: 2025-06-31T12:00}", "value.invalid", "no_such_date", "enrolment.deadline"),
        ("enrolment: {deadline: 2025-06-04T12:00Z}", "value.invalid", "moment", "enrolment.deadline"),
        ("enrolment: {deadline: 1925-06-04T12:00}", "value.invalid", "year", "enrolment.deadline"),
        ("enrolment: {deadline: 2025-03-30T02:30}", "time.nonexistent", None, "enrolment.deadline"),
        ("enrolment: {deadline: 2025-06-18T12:00}", "deadline.after_start", None, "enrolment.deadline"),
        ("enrolment: {opens: 2025-06-18T12:00}", "deadline.after_start", None, "enrolment.opens"),
        ("enrolment: {via: link}", "value.invalid", "contradiction", "enrolment.via"),
        ("enrolment: {unanswered: assign}", "value.invalid", "contradiction", "enrolment.unanswered"),
        ("enrolment: {waiting_list: true}", "value.invalid", "contradiction", "enrolment.waiting_list"),
        ("enrolment: {late: waitlist}", "value.invalid", "contradiction", "enrolment.late"),
        ("enrolment: {waiting_list_until: 2025-06-04T12:00}", "value.invalid", "contradiction", "enrolment.waiting_list_until"),
        ("enrolment: {capacity: 5, minimum: 6, deadline: 2025-06-04T12:00}", "value.invalid", "more_than", "enrolment.minimum"),
        ("enrolment: {opens: 2025-06-05T12:00, deadline: 2025-06-04T12:00}", "value.invalid", "contradiction", "enrolment.opens"),
        ("enrolment: {minimum: 6}", "key.missing", None, "enrolment"),
        ("offerings: []", "value.invalid", "contradiction", "sessions"),
    ],
)
def test_a_wrong_value_of_a_course_is_told_at_its_place(inside, code, reason, place):
    """One problem for one mistake."""
    problems = [problem[:3] for problem in found(with_course(inside, extra=FUNDING))]
    assert problems == [(code, reason, f"courses[0].{place}")]


@pytest.mark.parametrize(
    ("rule", "code", "reason", "place"),
    [
        ("before: start, after: end, hours: 1", "value.invalid", "contradiction", ".after"),
        ("hours: 1", "key.missing", None, ""),
        ("before: start", "key.missing", None, ""),
        ("before: start, hours: 1, days: 1, at: '09:00'", "value.invalid", "contradiction", ".hours"),
        ("before: start, days: 1", "key.missing", None, ""),
        ("before: start, hours: 1, at: '09:00'", "value.invalid", "contradiction", ".at"),
        ("before: start, days: 1, at: 9", "value.invalid", "clock", ".at"),
        ("before: start, days: 1, at: '24:00'", "value.invalid", "clock", ".at"),
        ("before: begin, hours: 1", "value.invalid", "choice", ".before"),
        ("before: start, hours: 1, expires: soon", "value.invalid", "duration", ".expires"),
        ("before: start, hours: 1, expires: 0m", "value.invalid", "duration", ".expires"),
        ("before: start, hours: 1, expires: 400d", "value.invalid", "duration", ".expires"),
    ],
)
def test_a_wrong_reminder_is_told_at_its_place(rule, code, reason, place):
    """Exactly one of before and after, one unit, and a clock time with days only."""
    text = with_course("", extra=f"reminders:\n  - {{id: r, {rule}, to: everyone, channels: mail, template: practical}}\n")
    assert [problem[:3] for problem in found(text)] == [(code, reason, f"reminders[0]{place}")]


def test_an_unknown_template_is_an_unknown_reference():
    """With the nearest there is."""
    rule = "{id: r, before: start, hours: 1, to: everyone, channels: mail, template: practica}"
    assert found(with_course(f"reminders: [{rule}]"))[0][:3] == ("reference.unknown", "template_near", "courses[0].reminders[0].template")


@pytest.mark.parametrize(
    ("session", "code", "place"),
    [
        ("id: a", "key.missing", ""),
        ("id: a, end: 2025-06-17T09:00", "key.missing", ""),
        ("id: a, start: 2025-06-17T09:00", "key.missing", ""),
        ("id: a, start: 2025-06-17T09:00, end: 2025-06-17", "value.invalid", ".end"),
        ("id: a, start: 2025-06-17, period: 2025", "value.invalid", ".period"),
        ("id: a, period: 2025-Q5", "value.invalid", ".period"),
        ("id: a, start: 18/06/2025", "value.invalid", ".start"),
        ("id: a, start: 2025-06-17T09:00, end: 2025-06-17T09:00", "session.end_before_start", ".end"),
        ("id: a, start: 2025-06-17, end: 2025-06-16", "session.end_before_start", ".end"),
        ("id: a, start: 2025-06-17T09:00, end: 2025-06-18T09:01", "session.too_long", ".end"),
        ("id: a, start: 2025-03-30T02:30, end: 2025-03-30T04:00", "time.nonexistent", ".start"),
        ("id: A, period: 2025", "id.invalid", ".id"),
        ("id: a/b, period: 2025", "id.invalid", ".id"),
        ("id: 'a#b', period: 2025", "id.invalid", ".id"),
        ("id: a b, period: 2025", "id.invalid", ".id"),
        ("id: '-', period: 2025", "id.invalid", ".id"),
        (f"id: {'a' * 41}, period: 2025", "id.invalid", ".id"),
    ],
)
def test_a_wrong_session_is_told_at_its_place(session, code, place):
    """Dates, times and ids of sessions."""
    problems = [problem for problem in found(with_sessions(session)) if problem[0] != "session.on_weekend"]
    assert [(where, at, line) for where, _, at, line in problems] == [(code, f"courses[0].sessions[0]{place}", HEAD_LINES + 7)]


def test_an_id_may_have_danish_letters_and_is_the_same_however_it_was_typed():
    """`ø` as one sign or as two (NFC)."""
    composed = plan_of(with_sessions("id: forløb-å, period: 2025")).courses[0].offerings[0].sessions[0].id
    decomposed = plan_of(with_sessions("id: forløb-a\u030a, period: 2025")).courses[0].offerings[0].sessions[0].id
    assert composed == decomposed == "forløb-å"


@pytest.mark.parametrize("plan_id", ["Demo", "æ", "a_b", "", "a" * 41])
def test_the_plans_own_id_is_plain_ascii(plan_id):
    """It stands in the key of every event."""
    assert {"id.invalid", "key.missing"} & set(codes(with_course("").replace("id: demo", f"id: {plan_id!r}")))


def test_two_equal_ids_in_one_list_are_told_at_the_second():
    """Courses, offerings, sessions and reminders; the same id in two courses is fine."""
    second = f"{COURSE}    sessions: [{{id: dag, period: 2025}}]\n"
    text = with_sessions("id: dag, period: 2025", "id: dag, period: 2026") + second
    assert [problem[::2] for problem in found(text)] == [("id.duplicate", "courses[0].sessions[1].id"), ("id.duplicate", "courses[1].id")]


def test_whatever_has_an_id_may_say_which_one_it_had_before():
    """The plan, a course, an offering and a session."""
    offerings = "    offerings: [{id: hold-1, was: main, sessions: [{id: dag, was: del-1, period: 2025}]}]\n"
    plan = plan_of(f"{HEAD}was: demo-24\ncourses:\n{COURSE}    was: kursus-24\n{offerings}")
    course, offering = plan.courses[0], plan.courses[0].offerings[0]
    assert (plan.was, course.was, offering.was, offering.sessions[0].was) == ("demo-24", "kursus-24", "main", "del-1")


@pytest.mark.parametrize(
    ("sessions", "said"),
    [
        (("id: a, was: a, period: 2025",), [("was.own_id", "courses[0].sessions[0].was")]),
        (("id: a, was: b, period: 2025", "id: b, period: 2025"), [("was.in_use", "courses[0].sessions[0].was")]),
        (("id: b, period: 2025", "id: a, was: b, period: 2025"), [("was.in_use", "courses[0].sessions[1].was")]),
        (("id: a, was: c, period: 2025", "id: b, was: c, period: 2025"), [("was.twice", "courses[0].sessions[1].was")]),
        (("id: a, was: B, period: 2025",), [("id.invalid", "courses[0].sessions[0].was")]),
        (("id: a, was: c, period: 2025", "id: b, was: d, period: 2025"), []),
    ],
)
def test_an_id_of_before_is_told_where_it_cannot_be_followed(sessions, said):
    """Its own, somebody else's of today, the same for two."""
    assert [problem[::2] for problem in found(with_sessions(*sessions))] == said


def test_groups_are_addresses_or_object_ids_and_an_audience_has_somebody():
    """A name of a group could be any of many."""
    assert found(with_course("").replace("[ledere@demo.example]", "[Alle ledere]"))[0][:3] == (
        "address.invalid", "group", "audiences.ledere.groups[0]",
    )  # fmt: skip
    assert found(with_course("").replace(", groups: [tr@demo.example]", ""))[0][:3] == ("key.missing", None, "audiences.tr")


def test_a_course_that_reaches_calendars_has_an_audience_and_sessions():
    """A proposal may have neither yet."""
    nobody = with_course("").replace("    audience: ledere\n", "")
    nothing = f"{HEAD}courses:\n{COURSE}"
    assert [problem[::2] for problem in found(nobody) + found(nothing)] == [("key.missing", "courses[0]")] * 2
    assert plan_of(nothing.replace("approved", "proposed").replace("    audience: ledere\n", "")).courses[0].offerings == ()
    assert plan_of(nobody.replace("id: dag,", "id: dag, audience: tr,")).courses[0].audience == ()


def test_seats_bring_a_waiting_list_unless_it_is_refused():
    """An offering's own capacity counts too."""
    assert plan_of(with_course("enrolment: {capacity: 5}")).courses[0].enrolment.waiting_list
    assert not plan_of(with_course("enrolment: {capacity: 5, waiting_list: false}")).courses[0].enrolment.waiting_list
    offered = f"{HEAD}courses:\n{COURSE}    offerings: [{{id: a, capacity: 5, sessions: [{{id: dag, period: 2025}}]}}]\n"
    assert plan_of(offered).courses[0].enrolment.waiting_list


def test_a_choice_of_one_offering_is_only_a_warning():
    """A withdrawn offering must not make the plan unusable."""
    text = with_course("enrolment: {mode: choose}")
    assert codes(text) == ["enrolment.one_offering"]
    assert plan_of(text).courses[0].enrolment.mode is EnrolmentMode.CHOOSE


def test_problems_stand_in_the_order_of_the_file():
    """Whatever order they were found in."""
    lines = [
        line for *_, line in found(FORMAT.replace("id: norddjurs", "id: N").replace("mail, teams", "post").replace("Sal}", "Sal, x: 1}"))
    ]
    assert lines == sorted(lines)
    assert len(lines) == 3
