"""A room twice, a speaker twice, and a week with too many courses, as far as the plan alone tells; the table is in `bot.plan.checks`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.people import Language
from bot.plan import parse_plan, problem_text
from tests.builders.documents import HEAD, NOW

ASSUMED = "assumptions: {m: null, n: null, ja: true}\n"
NINE, TEN = "start: 2025-06-17T09:00, end: 2025-06-17T12:00", "start: 2025-06-17T10:00, end: 2025-06-17T11:00"
AFTER = "start: 2025-06-17T12:00, end: 2025-06-17T13:00"
ROOM = "venue: {name: Sal, room: Sal-1@demo.example}"
EVA, BO, ODA = "{name: Eva, email: eva@demo.example}", "{name: Bo, email: bo@demo.example}", "{name: Oda}"


def course(name, *sessions, more="", status="approved", audience="ledere"):
    rows = ", ".join(f"{{id: s{number}, {session}}}" for number, session in enumerate(sessions))
    return f"  - {{id: {name}, title: T, status: {status}, audience: {audience}, {more}sessions: [{rows}]}}\n"


def alternatives(name, *offerings, more="", mode="choose"):
    rows = ", ".join(f"{{id: h{at}, sessions: [{{id: s, {session}}}]}}" for at, session in enumerate(offerings))
    return f"  - {{id: {name}, title: T, status: approved, audience: ledere, enrolment: {{mode: {mode}}}, {more}offerings: [{rows}]}}\n"


def problems(*courses, code, now=NOW, **limit):
    text = f"{HEAD}{ASSUMED}courses:\n{''.join(courses)}"
    parsed = parse_plan(text.encode(), name="plan.yaml", now=now, **limit)
    assert parsed.plan is not None, parsed.problems
    return [one for one in parsed.problems if one.code == code]


@pytest.mark.parametrize(
    ("courses", "places"),
    [
        ([course("a", NINE, more=f"{ROOM}, "), course("b", TEN, more=f"{ROOM}, ", audience="tr")], ["courses[1].sessions[0].start"]),
        ([course("a", NINE, more=f"{ROOM}, "), course("b", TEN, more=f"{ROOM}, ", status="listed")], ["courses[1].sessions[0].start"]),
        ([course("a", NINE, more=f"{ROOM}, "), course("b", TEN, more=f"{ROOM}, ", status="cancelled")], []),
        ([course("a", NINE, more=f"{ROOM}, "), course("b", AFTER, more=f"{ROOM}, ")], []),
        ([course("a", NINE, more=f"{ROOM}, "), course("b", TEN, more="venue: {name: Sal}, ")], []),
        ([course("a", NINE, more=f"when: m, {ROOM}, "), course("b", TEN, more=f"when: not m, {ROOM}, ")], []),
        ([course("a", "start: 2025-06-17", more=f"{ROOM}, "), course("b", TEN, more=f"{ROOM}, ")], ["courses[1].sessions[0].start"]),
        ([course("a", f"{NINE}, {ROOM}", TEN), course("b", TEN)], []),
        ([alternatives("a", NINE, TEN, more=f"{ROOM}, ")], ["courses[0].offerings[1].sessions[0].start"]),
    ],
)
def test_a_room_with_two_things_at_once_is_told(courses, places):
    """By its address, in whatever letters; two offerings of one course need two rooms."""
    assert [one.place for one in problems(*courses, code="room.twice")] == places


def speaking(*who):
    return f"speakers: [{', '.join(who)}], "


@pytest.mark.parametrize(
    ("courses", "told"),
    [
        ([course("a", NINE, more=speaking(EVA)), course("b", TEN, more=speaking(EVA))], [("Eva", "a/main/s0")]),
        (
            [course("a", NINE, more=speaking(EVA, BO)), course("b", TEN, more=speaking(BO, EVA))],
            [("Eva", "a/main/s0"), ("Bo", "a/main/s0")],
        ),
        ([course("a", NINE, more=speaking(ODA)), course("b", TEN, more=speaking(ODA))], []),
        ([course("a", NINE, more=speaking(EVA)), course("b", AFTER, more=speaking(EVA))], []),
        ([alternatives("a", NINE, TEN, more=speaking(EVA))], [("Eva", "a/h0/s")]),
        ([alternatives("a", NINE, TEN, more=speaking(EVA, ODA))], []),
        ([alternatives("a", NINE, TEN, more=speaking(EVA, EVA))], []),
    ],
)
def test_a_speaker_at_two_things_at_once_is_told(courses, told):
    """By the address, without one nobody knows whether it is the same; of a course's several speakers each may take one offering."""
    assert [(one.params["speaker"], one.params["other"]) for one in problems(*courses, code="speaker.twice")] == told


def test_what_is_over_clashes_with_nothing_any_more():
    both = [course(name, NINE, more=f"{ROOM}, {speaking(EVA)}") for name in "ab"]
    for code in ("room.twice", "speaker.twice", "audience.busy_week"):
        assert len(problems(*both, code=code, courses_a_week=1)) == 1
        assert problems(*both, code=code, courses_a_week=1, now=datetime(2025, 6, 17, 11, tzinfo=UTC)) == []


def on(day, hour=9):
    return f"start: 2025-{day}T{hour:02}:00, end: 2025-{day}T{hour + 1:02}:00"


MONDAY, FRIDAY, SUNDAY, NEXT = on("06-16"), on("06-20"), on("06-22"), on("06-23")


@pytest.mark.parametrize(
    ("courses", "told"),
    [
        ([course("a", MONDAY), course("b", FRIDAY), course("c", SUNDAY)], [("ledere", 25, 3, "a, b, c", "courses[2].sessions[0].start")]),
        ([course("c", SUNDAY), course("b", FRIDAY), course("a", MONDAY)], [("ledere", 25, 3, "a, b, c", "courses[0].sessions[0].start")]),
        ([course("a", MONDAY), course("b", FRIDAY), course("c", NEXT)], []),
        ([course("a", MONDAY), course("b", FRIDAY), course("c", SUNDAY, audience="tr")], []),
        ([course("a", MONDAY, FRIDAY, SUNDAY), course("b", FRIDAY)], []),
        ([course("a", MONDAY), course("b", FRIDAY), course("c", SUNDAY, status="draft")], []),
        ([course("a", MONDAY), course("b", FRIDAY), course("c", "period: 2025-06")], []),
        (
            [course("a", "start: 2025-06-20, end: 2025-06-24"), course("b", MONDAY, NEXT), course("c", FRIDAY, on("06-27"))],
            [("ledere", 25, 3, "b, a, c", "courses[2].sessions[0].start"), ("ledere", 26, 3, "a, b, c", "courses[2].sessions[1].start")],
        ),
        ([course("a", MONDAY), course("b", FRIDAY), alternatives("c", MONDAY, NEXT)], []),
        (
            [course("a", on("06-16", 7)), course("b", on("06-16", 8)), alternatives("c", MONDAY, FRIDAY)],
            [("ledere", 25, 3, "a, b, c", "courses[2].offerings[0].sessions[0].start")],
        ),
        (
            [course("a", on("06-16", 7)), course("b", on("06-16", 8)), alternatives("c", MONDAY, NEXT, mode="invite")],
            [("ledere", 25, 3, "a, b, c", "courses[2].offerings[0].sessions[0].start")],
        ),
        ([course("a", MONDAY), course("b", FRIDAY, more="when: m, "), course("c", SUNDAY, more="when: not m, ")], []),
        (
            [course("a", MONDAY), course("b", FRIDAY, more="when: m, "), course("c", SUNDAY, more="when: m and ja, ")],
            [("ledere", 25, 3, "a, b, c", "courses[2].sessions[0].start")],
        ),
        ([course("a", MONDAY), course("b", FRIDAY), course("c")], []),
    ],
)
def test_a_week_with_more_courses_than_the_setting_allows_is_told(courses, told):
    """At the course that is one too many; each course once a week, a choice only where whatever is chosen is in that week."""
    found = problems(*courses, code="audience.busy_week", courses_a_week=2)
    shown = [(one.params["audience"], one.params["week"], one.params["count"], one.params["courses"], one.place) for one in found]
    assert sorted(shown, key=lambda one: one[1]) == told


def test_a_full_week_is_told_with_some_of_its_courses():
    """The week belongs to the ISO year; three are allowed where nobody set another number."""
    many = [course(f"k{number}", f"start: 2025-12-29T{number + 8:02}:00, end: 2025-12-29T{number + 8:02}:30") for number in range(8)]
    (told,) = problems(*many, code="audience.busy_week")
    assert problem_text(Language.DA, told) == (
        "Målgruppen »ledere« er på 8 kurser i uge 1 i 2026, og 3 er det meste (k0, k1, k2, k3, k4, k5 …). "
        "Flyt et af dem, hvis det er for meget."
    )
    assert told.place == "courses[3].sessions[0].start"
    assert problems(*many[:3], code="audience.busy_week") == []


@pytest.mark.parametrize(
    ("language", "code", "words"),
    [
        (
            Language.DA,
            "room.twice",
            "Lokalet sal-1@demo.example er samtidig booket til a/main/s0. Flyt den ene, eller vælg et andet lokale.",
        ),
        (Language.EN, "room.twice", "The room sal-1@demo.example is booked for a/main/s0 at the same time."),
        (Language.DA, "speaker.twice", "Oplægsholderen Eva er samtidig på a/main/s0."),
        (Language.EN, "speaker.twice", "The speaker Eva is at a/main/s0 at the same time."),
    ],
)
def test_a_clash_says_what_is_shared_and_with_what(language, code, words):
    (told,) = problems(course("a", NINE, more=f"{ROOM}, {speaking(EVA)}"), course("b", TEN, more=f"{ROOM}, {speaking(EVA)}"), code=code)
    assert problem_text(language, told).startswith(words)
    assert told.line > 0
    assert not told.is_error


def test_an_offering_that_a_decision_has_emptied_is_no_choice_any_more():
    """Whoever could take it has the other one, in a week that is too full with it."""
    emptied, open_yet = (alternatives("b", f"when: {when}, {NEXT}", FRIDAY) for when in ("not ja", "m"))
    assert len(problems(course("a", MONDAY), emptied, code="audience.busy_week", courses_a_week=1)) == 1
    assert problems(course("a", MONDAY), open_yet, code="audience.busy_week", courses_a_week=1) == []


def test_of_several_at_once_a_decided_condition_changes_nothing_in_which_one_is_named():
    others = course("c", TEN), course("d", TEN)
    sides = [
        (course("a", AFTER), course("b", TEN, more=more), *others, course("e", "start: 2025-06-17T08:00, end: 2025-06-17T09:00"))
        for more in ("", "when: ja, ")
    ]
    found = [problems(*side, code="session.overlap") for side in sides]
    assert [dict(one.params) for one in found[0]] == [dict(one.params) for one in found[1]]
