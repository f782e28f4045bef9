"""What only shows when the whole plan is known; the table is in `bot.plan.checks`."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.domain.people import Language
from bot.plan import problem_text
from tests.unit.plan.documents import HEAD, NOW, codes, found, parse, plan_of, with_course, with_sessions

HOLIDAYS = "holidays: DK\nclosing_days: [12-24, 2025-06-05]\n"


def course(name, inside, *, status="approved", audience="ledere"):
    return f"  - {{id: {name}, title: T, status: {status}, audience: {audience}, {inside}}}\n"


def plan(*courses, extra=""):
    return f"{HEAD}{extra}courses:\n{''.join(courses)}"


def session(start, end, name="s", more=""):
    return f"sessions: [{{id: {name}, start: {start}, end: {end}{more}}}]"


MORNING = session("2025-06-17T09:00", "2025-06-17T12:00")
NOON = session("2025-06-17T11:00", "2025-06-17T13:00")


def overlaps(text):
    return [(problem.place, problem.params["other"]) for problem in parse(text).problems if problem.code == "session.overlap"]


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (course("a", MORNING), course("b", NOON), True),
        (course("a", MORNING), course("b", session("2025-06-17T12:00", "2025-06-17T13:00")), False),
        (course("a", MORNING), course("b", NOON, audience="tr"), False),
        (course("a", MORNING, audience="[tr, ledere]"), course("b", NOON, audience="[ledere, tr]"), True),
        (course("a", MORNING), course("b", NOON, status="draft"), False),
        (course("a", MORNING, status="cancelled"), course("b", NOON), False),
        (course("a", MORNING, status="proposed"), course("b", NOON), True),
        (course("a", session("2025-06-17", "2025-06-17")), course("b", MORNING), True),
        (course("a", MORNING), course("b", session("2025-06-17T11:00", "2025-06-17T13:00", more=", audience: tr")), False),
        (course("a", MORNING), course("b", session("2025-06-17T11:00", "2025-06-17T13:00", more=", audience: []")), False),
    ],
)
def test_an_audience_in_two_places_at_once_is_told(first, second, clash):
    """By the audience's name; drafts and cancelled courses take nobody's time; touching is no clash."""
    told = [("courses[1].sessions[0].start", "a/main/s")] if clash else []
    assert overlaps(plan(first, second)) == told


OFFERINGS = (
    "offerings: [{id: h1, sessions: [{id: s, start: 2025-06-17T09:00, end: 2025-06-17T12:00}]},"
    " {id: h2, sessions: [{id: s, start: 2025-06-17T10:00, end: 2025-06-17T12:00},"
    " {id: t, start: 2025-06-17T11:00, end: 2025-06-17T11:30}]}]"
)


def test_offerings_to_choose_between_do_not_clash_with_each_other():
    """One person takes one of them; two sessions of the same one do clash."""
    chosen = plan(course("a", f"enrolment: {{mode: choose}}, {OFFERINGS}"))
    assert overlaps(chosen) == [("courses[0].offerings[1].sessions[1].start", "a/h2/s")]
    assert len(overlaps(plan(course("a", OFFERINGS)))) == 2


def test_a_choice_clashes_with_other_courses_whatever_stands_between():
    """The latest-ending of another course is remembered behind this one's."""
    other = course("b", session("2025-06-17T08:00", "2025-06-17T11:45"))
    clashes = overlaps(plan(course("a", f"enrolment: {{mode: choose}}, {OFFERINGS}"), other))
    assert [where for where, _ in clashes] == [f"courses[0].offerings[{n}].sessions[{m}].start" for n, m in ((0, 0), (1, 0), (1, 1))]


def test_thousands_of_sessions_at_once_are_still_checked_quickly():
    """n log n, although everything overlaps with everything."""
    rows = (f"id: s{number}, start: 2027-05-{number % 5 + 3:02}T09:00, end: 2027-05-{number % 5 + 3:02}T15:00" for number in range(1000))
    began = time.process_time()
    assert codes(with_sessions(*rows)).count("session.overlap") == 995
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("start", "end", "reason"),
    [
        ("2025-06-09T09:00", "2025-06-09T10:00", "public"),
        ("2025-06-05T09:00", "2025-06-05T10:00", "closing"),
        ("2025-12-24T09:00", "2025-12-24T10:00", "closing"),
        ("2026-12-24", "2026-12-24", "closing"),
        ("2025-06-04", "2025-06-06", "closing"),
        ("2025-06-04", "2025-06-04", None),
        ("2024-04-26T09:00", "2024-04-26T10:00", None),
        ("2026-06-05T09:00", "2026-06-05T10:00", None),
    ],
)
def test_a_session_on_a_holiday_or_closing_day_is_told(start, end, reason):
    """Public holidays by law (Great Prayer Day is none since 2024) and the plan's own days."""
    text = with_sessions(f"id: a, start: {start}, end: {end}", extra=HOLIDAYS)
    told = [why for code, why, *_ in found(text, now=datetime(2024, 1, 1, tzinfo=UTC)) if code == "session.on_holiday"]
    assert told == ([reason] if reason else [])


def test_sessions_that_are_over_are_told_once_and_are_warned_of_no_more():
    """Not row by row for ever; a weekend, a holiday or a clash of last year is nobody's business, and those ahead stay visible."""
    rows = [f"id: d{day}, start: 2025-06-{day}T09:00, end: 2025-06-{day}T15:00" for day in (14, 15, 16, 21)]
    again = "id: igen, start: 2025-06-16T10:00, end: 2025-06-16T11:00"
    text = with_sessions(*rows, again)
    before = codes(text, now=datetime(2025, 6, 1, tzinfo=UTC))
    assert before == ["session.on_weekend", "session.on_weekend", "session.on_weekend", "session.overlap"]
    (told, ahead) = parse(text, now=datetime(2025, 6, 17, tzinfo=UTC)).problems
    assert (told.code, told.place, told.params["count"]) == ("session.past", "courses[0].sessions[0].start", 4)
    assert problem_text(Language.DA, told).startswith("4 mødegange er holdt og røres ikke mere; den første i planen er fra 14-06-2025.")
    assert (ahead.code, ahead.place) == ("session.on_weekend", "courses[0].sessions[3].start")


def test_without_a_country_no_day_is_a_holiday():
    """`holidays` is the plan's to say."""
    assert codes(with_sessions("id: a, start: 2025-12-25T09:00, end: 2025-12-25T10:00")) == []
    assert found(with_course("", extra="holidays: XX\n"))[0][:3] == ("value.invalid", "country", "holidays")


def test_a_session_on_a_weekend_is_told():
    """Any of its days."""
    assert codes(with_sessions("id: a, start: 2025-06-14T09:00, end: 2025-06-14T10:00")) == ["session.on_weekend"]
    assert codes(with_sessions("id: a, start: 2025-06-13, end: 2025-06-14")) == ["session.on_weekend"]
    assert codes(with_sessions("id: a, start: 2025-06-13T20:00, end: 2025-06-14T00:00")) == []


@pytest.mark.parametrize(
    ("now", "past"), [("2025-06-17T12:59:00+00:00", False), ("2025-06-17T13:00:00+00:00", True), ("2025-06-17T15:00:00+02:00", True)]
)
def test_a_session_that_has_ended_is_told_by_the_plans_clock(now, past):
    """It ends at 15:00 in Copenhagen, which is 13:00 UTC in summer."""
    assert codes(with_course(""), now=datetime.fromisoformat(now)) == (["session.past"] if past else [])


def test_the_plan_is_refused_a_now_without_a_zone():
    """An instant is aware or no instant."""
    with pytest.raises(ValueError, match="2025"):
        parse(with_course(""), now=NOW.replace(tzinfo=None))


def test_a_time_that_occurs_twice_is_a_warning_and_the_first_is_meant():
    """25 October 2026 at 02:30."""
    text = with_sessions("id: a, start: 2026-10-25T02:30, end: 2026-10-25T04:00")
    assert codes(text) == ["time.ambiguous", "session.on_weekend"]
    assert plan_of(text).courses[0].offerings[0].sessions[0].start == datetime(2026, 10, 25, 2, 30)


POOL = "assumptions: {m: undecided, ja: true, nej: false}\nfunding:\n  p: {name: P, amount: 100, reserved: {central: %s}}\n"


@pytest.mark.parametrize(
    ("reserved", "taken", "reason"),
    [
        ("100", "{pool: p, amount: 100}", None),
        ("101", "{pool: p, amount: 100}", "reserved"),
        ("1", "{pool: p, amount: 60}, {pool: p, amount: 40.01}", "spent"),
        ("1", "{pool: p, amount: 100, when: m}, {pool: p, amount: 100, when: not m}", None),
        ("1", "{pool: p, amount: 60, when: m}, {pool: p, amount: 41}", "spent"),
        ("1", "{pool: p, amount: 200, when: nej}, {pool: p, amount: 200, when: not ja}, {pool: p}", None),
        ("1", "{pool: p, amount: 200, when: not nej}", "spent"),
    ],
)
def test_a_pool_that_may_not_suffice_is_told(reserved, taken, reason):
    """An undecided assumption counts as the worse of its two outcomes, never as both."""
    told = found(with_course(f"funding: [{taken}]", extra=POOL % reserved))
    assert [why for _, why, *_ in told] == ([reason] if reason else [])
    assert all(code == "pool.overspent" for code, *_ in told)


def test_cancelled_courses_take_no_money_and_an_unknown_amount_is_no_limit():
    """Nor do drafts."""
    taken = with_course("funding: [{pool: p, amount: 900}]", extra=POOL % 1)
    assert codes(taken.replace("approved", "cancelled")) == []
    assert codes(taken.replace("amount: 100, ", "")) == []


def test_more_listed_people_than_an_event_holds_is_told():
    """Groups are not known offline; people that the plan lists are. Each person once."""
    people = "".join(f"      - email: p{number}@demo.example\n" for number in range(501))
    text = with_course("").replace("  ledere: {name: Ledere, groups: [ledere@demo.example]}\n", f"  ledere:\n    people:\n{people}")
    assert codes(text) == ["event.over_500"]
    assert codes(text.replace("p500@", "p0@")) == []
    assert codes(text.replace("audience: ledere", "audience: tr\n    optional_audience: ledere")) == ["event.over_500"]


def thanks(*names, to="registered", channels="mail", template="follow_up"):
    return "".join(f"  - {{id: {name}, after: end, hours: 2, to: {to}, channels: [{channels}], template: {template}}}\n" for name in names)


def reminded(*rules, status="approved", own=""):
    return f"{HEAD}reminders:\n{''.join(rules)}courses:\n" + course("a", MORNING + own, status=status)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (reminded(thanks("en", "to")), []),
        (reminded(thanks("en", "to", "tre")), ["reminders[2].template"]),
        (reminded(thanks("en", "to", "tre", "fire")), ["reminders[2].template", "reminders[3].template"]),
        (reminded(thanks("en", "to"), thanks("tre", to="speakers")), []),
        (reminded(thanks("en", "to"), thanks("tre", channels="channel")), []),
        (reminded(thanks("en", "to"), thanks("tre", channels="mail, channel")), []),
        (reminded(thanks("en", "to"), thanks("tre", to="everyone", channels="teams")), ["reminders[2].template"]),
        (reminded(thanks("en", "to"), thanks("tre", template="practical")), []),
        (reminded(thanks("en", "to", "tre"), status="draft"), []),
        (reminded(thanks("en"), own=f", reminders: [{thanks('to').strip()[2:]}, {thanks('tre').strip()[2:]}]"),
         ["courses[0].reminders[1].template"]),
    ],
)  # fmt: skip
def test_a_rule_that_can_never_go_is_told(text, places):
    """Two rules before it tell the same readers, in every course that has it."""
    assert [(problem.code, problem.place) for problem in parse(text).problems] == [("reminder.never", place) for place in places]


def test_a_rule_that_goes_for_some_course_is_not_told():
    """One course replaces the first rule by something else."""
    other = course(
        "b", session("2025-06-20T09:00", "2025-06-20T12:00") + f", reminders: [{thanks('en', template='practical').strip()[2:]}]"
    )
    assert codes(reminded(thanks("en", "to", "tre")) + other) == []
