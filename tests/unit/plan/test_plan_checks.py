"""What only shows when the whole plan is known; the table is in `bot.plan.checks`."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.domain.people import Language
from bot.plan import parse_plan, problem_text
from tests.builders.documents import HEAD, NOW, codes, found, parse, plan_of, with_course, with_sessions

HOLIDAYS = "holidays: DK\nclosing_days: [12-24, 2025-06-05]\n"


def course(name, inside, *, status="approved", audience="ledere"):
    return f"  - {{id: {name}, title: T, status: {status}, audience: {audience}, {inside}}}\n"


def plan(*courses, extra=""):
    return f"{HEAD}{extra}courses:\n{''.join(courses)}"


def session(start, end, name="s", more=""):
    return f"sessions: [{{id: {name}, start: {start}, end: {end}{more}}}]"


MORNING = session("2025-06-17T09:00", "2025-06-17T12:00")
NOON = session("2025-06-17T11:00", "2025-06-17T13:00")


def clashes_in(text):
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
    assert clashes_in(plan(first, second)) == told


OFFERINGS = (
    "offerings: [{id: h1, sessions: [{id: s, start: 2025-06-17T09:00, end: 2025-06-17T12:00}]},"
    " {id: h2, sessions: [{id: s, start: 2025-06-17T10:00, end: 2025-06-17T12:00},"
    " {id: t, start: 2025-06-17T11:00, end: 2025-06-17T11:30}]}]"
)


def test_offerings_to_choose_between_do_not_clash_with_each_other():
    """One person takes one of them; two sessions of the same one do clash."""
    chosen = plan(course("a", f"enrolment: {{mode: choose}}, {OFFERINGS}"))
    assert clashes_in(chosen) == [("courses[0].offerings[1].sessions[1].start", "a/h2/s")]
    assert len(clashes_in(plan(course("a", OFFERINGS)))) == 2


def test_a_choice_clashes_with_other_courses_whatever_stands_between():
    """The latest-ending of another course is remembered behind this one's."""
    other = course("b", session("2025-06-17T08:00", "2025-06-17T11:45"))
    clashes = clashes_in(plan(course("a", f"enrolment: {{mode: choose}}, {OFFERINGS}"), other))
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


@pytest.mark.parametrize(("days", "is_told"), [("2026-02-06", 0), ("2026-02-09", 1), ("2026-02-13", 1), ("2026-02-16", 0)])
def test_a_session_in_a_school_holiday_is_told(days, is_told):
    """Both days of the holiday are in it."""
    text = with_sessions(f"id: a, start: {days}T09:00, end: {days}T15:00", extra="school_holidays: [2026-02-09..2026-02-13]\n")
    assert codes(text, now=datetime(2024, 1, 1, tzinfo=UTC)).count("session.in_school_holiday") == is_told
    told = [problem_text(Language.DA, one) for one in parse(text, now=datetime(2024, 1, 1, tzinfo=UTC)).problems]
    assert told == ["Mødegangen ligger i en skoleferie (09-02-2026–13-02-2026). Ret datoen, hvis det ikke er meningen."][:is_told]


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


def test_who_only_wants_the_plan_is_warned_of_holidays_where_something_else_is_wrong():
    """The calendar of holidays takes longer to read than the plan."""
    whit_monday = session("2025-06-09T09:00", "2025-06-09T12:00")
    good = plan(course("a", whit_monday), extra=HOLIDAYS)
    assert "session.on_holiday" in codes_of(good, doubts=True)
    assert "session.on_holiday" not in codes_of(good, doubts=False)
    assert "session.on_holiday" in codes_of(plan(course("a", whit_monday), course("a", whit_monday), extra=HOLIDAYS), doubts=False)


def codes_of(text, *, doubts):
    return {
        problem.code
        for problem in parse_plan(text.encode(), name="plan.yaml", now=datetime(2024, 1, 1, tzinfo=UTC), doubts=doubts).problems
    }


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


POOL = """\
assumptions: {m: undecided, n: undecided, ja: true, nej: false, form: {options: [en, to, tre], value: undecided}}
funding:
  p:
    amount: 100
    reserved: {central: %s}
    expenses: [%s]
"""


@pytest.mark.parametrize(
    ("reserved", "taken", "reasons"),
    [
        ("0", "{pool: p, amount: 100}", []),
        ("101", "{pool: p, purpose: central, amount: 100}", ["reserved"]),
        ("50", "{pool: p, purpose: central, amount: 51}", ["purpose"]),
        ("50", "{pool: p, purpose: central, amount: 50, spent: 50.01}", ["purpose"]),
        ("50", "{pool: p, amount: 50}", []),
        ("50", "{pool: p, amount: 51}", ["unreserved"]),
        ("0", "{pool: p, amount: 60}, {pool: p, amount: 40.01}", ["unreserved", "pool"]),
        ("0", "{pool: p, amount: 100, when: m}, {pool: p, amount: 100, when: not m}", []),
        ("0", "{pool: p, amount: 60, when: m}, {pool: p, amount: 41}", ["unreserved_if", "pool_if"]),
        ("0", "{pool: p, amount: 60, when: m and n}, {pool: p, amount: 41, when: not n}", []),
        ("0", "{pool: p, amount: 60, when: m and n}, {pool: p, amount: 41, when: n}", ["unreserved_if", "pool_if"]),
        ("0", "{pool: p, amount: 60, when: form = en}, {pool: p, amount: 60, when: form = to}", []),
        ("0", "{pool: p, amount: 60, when: form = en}, {pool: p, amount: 60, when: form = en and ja}", ["unreserved_if", "pool_if"]),
        ("60", "{pool: p, amount: 61, purpose: central, when: m}, {pool: p, amount: 40, when: not m}", ["purpose_if"]),
        ("0", "{pool: p, amount: 200, when: nej}, {pool: p, amount: 200, when: not ja}, {pool: p}", []),
        ("0", "{pool: p, amount: 200, when: not nej}", ["unreserved", "pool"]),
    ],
)
def test_a_pool_that_may_not_suffice_is_told(reserved, taken, reasons):
    """By purpose, of what is not reserved, and in sum; what is undecided counts as its dearest outcome, never as two at once."""
    text = with_course(f"funding: [{taken}]", extra=POOL % (reserved, ""))
    told = found(text)
    assert [why for _, why, *_ in told] == reasons
    assert all(code == "pool.overspent" for code, *_ in told)
    assert all(problem_text(language, problem) for language in Language for problem in parse(text).problems)


@pytest.mark.parametrize(
    ("expense", "reasons"),
    [
        ("{title: Diplom, amount: 30, status: spent}", []),
        ("{title: Diplom, amount: 30.01, status: committed}", ["unreserved"]),
        ("{title: Diplom, amount: 21, purpose: central}", ["purpose"]),
        ("{title: Diplom, amount: 31, when: not m}", ["unreserved_if"]),
        ("{title: Diplom, amount: 31, when: not ja}", []),
        ("{title: Diplom}", []),
    ],
)
def test_what_is_paid_besides_courses_counts(expense, reasons):
    """With 30 of the rest taken by a course, and 30 for the purpose."""
    course = "funding: [{pool: p, amount: 30}, {pool: p, amount: 30, purpose: central}]"
    assert [why for _, why, *_ in found(with_course(course, extra=POOL % ("50", "")))] == []
    told = found(with_course(course.replace("amount: 30}]", "amount: 30}]"), extra=POOL % ("40", expense)))
    assert [why for _, why, *_ in told] == reasons


def test_money_is_told_where_it_stands_and_in_the_readers_words():
    """At the purpose, and with the outcome under which it does not suffice."""
    text = with_course("funding: [{pool: p, amount: 1060.5, purpose: central, when: not m and form = to}]", extra=POOL % ("60", ""))
    parsed = parse(text)
    assert [problem.place for problem in parsed.problems] == ["funding.p.amount", "funding.p.reserved.central"]
    told = parsed.problems[1]
    assert "1.060,50\u00a0kr." in problem_text(Language.DA, told)
    assert "hvis ikke m og form = to." in problem_text(Language.DA, told)
    assert "DKK\u00a01,060.50" in problem_text(Language.EN, told)
    assert "if not m and form = to." in problem_text(Language.EN, told)


@pytest.mark.parametrize(("status", "count"), [("listed", 2), ("proposed", 2), ("save_the_date", 2), ("cancelled", 0), ("draft", 0)])
def test_courses_of_every_status_take_money_but_drafts_and_cancelled_ones(status, count):
    """An unknown amount is no limit."""
    taken = with_course("funding: [{pool: p, amount: 900}]", extra=POOL % (1, ""))
    assert codes(taken.replace("approved", status)) == ["pool.overspent"] * count
    assert codes(taken.replace("    amount: 100\n", "")) == []


def two_on_a_morning(first, second, status):
    """Two courses for the same people, the second beginning before the first has ended."""
    return course("en", f"when: {first}, sessions: [{{id: dag, start: 2025-06-17T09:00, end: 2025-06-17T12:00}}]") + course(
        "to", f"when: {second}, sessions: [{{id: dag, start: 2025-06-17T11:00, end: 2025-06-17T15:00}}]", status=status
    )


@pytest.mark.parametrize(
    ("first", "second", "status", "clash"),
    [
        ("m", "m", "approved", True),
        ("m", "n", "approved", True),
        ("m", "not m", "approved", False),
        ("m", "n and not m", "approved", False),
        ("form = en", "form = to", "approved", False),
        ("form = en", "form = en", "listed", True),
        ("ja", "ja", "listed", True),
        ("ja", "nej", "approved", False),
        ("not ja", "m", "approved", False),
    ],
)
def test_what_can_never_be_together_does_not_clash(first, second, status, clash):
    """And what others arrange clashes like anything else."""
    text = f"{HEAD}{POOL % ('0', '')}courses:\n" + two_on_a_morning(first, second, status)
    assert codes(text) == (["session.overlap"] if clash else [])


def test_sessions_and_offerings_that_are_decided_against_are_looked_at_no_more():
    """Neither a weekend, nor a holiday, nor what is past."""
    text = f"""{HEAD}{POOL % ("0", "")}courses:
  - id: en
    title: En
    status: approved
    audience: ledere
    enrolment: {{mode: choose}}
    offerings:
      - {{id: hold-1, when: nej, sessions: [{{id: dag, start: 2025-06-21, end: 2025-06-21}}]}}
      - {{id: hold-2, sessions: [{{id: dag, start: 2025-06-22, when: not ja}}, {{id: da, start: 2025-06-23}}]}}
"""
    assert codes(text) == []
    assert codes(text.replace("when: nej", "when: ja").replace("not ja", "ja")) == ["session.on_weekend"] * 2


def test_what_others_arrange_is_not_sent_and_so_too_big_for_no_event():
    """Nor do rules remind of it."""
    people = "".join(f"      - email: p{number}@demo.example\n" for number in range(501))
    text = with_course("").replace("  ledere: {name: Ledere, groups: [ledere@demo.example]}\n", f"  ledere:\n    people:\n{people}")
    assert codes(text.replace("approved", "listed")) == []


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
