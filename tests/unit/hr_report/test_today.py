"""What the desk shows HR today: what waits, most urgent first, and what is near."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.placeholders import LapsedDate
from bot.domain.reports import ErasureWaits, Guests, LeftWithout, Remarked, Report, SeatCount, Silent, SpeakerTrouble, UntoldProgram
from bot.hr_report.today import ORDER, TodayItem, Urgency, today_of
from bot.overview.course_list import Concern, CourseInList, ListedDate, Waits
from bot.overview.lines import Seats
from tests.builders.notices import report as full_report

WALL = datetime(2025, 6, 2, 9)
EMPTY = Report(address="", at=WALL)
ABOUT = {"course": "k", "title": "Kursus"}
COURSE = CourseInList(
    id="k", title="Kursus", theme="", status="approved", more=0, is_over=False, half=None, deadline=None, minimum=None,
    dates=(ListedDate(start=WALL + timedelta(days=3), end=WALL + timedelta(days=3, hours=3), all_day=False, period=None),),
    seats=Seats(capacity=40, registered=27, waitlisted=3, unanswered=11), waits=(), looks=frozenset(),
)  # fmt: skip


def page(report=EMPTY, *courses, others=()):
    return today_of(report, courses, others=others)


def kinds(report=EMPTY, *courses, others=()):
    return [item.kind.value for item in page(report, *courses, others=others).items]


def test_with_nothing_to_do_there_is_nothing():
    """And nothing near, and nothing that happened."""
    made = page()
    assert (made.items, made.near, made.answers) == ((), (), ())


@pytest.mark.parametrize(
    ("changes", "kind", "leads_to"),
    [
        ({"guests": (Guests(**ABOUT, offering="main", names=("Bo",), emails=("bo@by.example",)),)}, "guests", "course"),
        ({"left_without": (LeftWithout(**ABOUT, names=("Bo",)),)}, "without", "course"),
        ({"seats": (SeatCount(**ABOUT, offering="main", registered=40, tentative=0, waiting=2, capacity=40),)}, "line", "course"),
        ({"silent": (Silent(**ABOUT, count=11, deadline=WALL + timedelta(days=7)),)}, "silent", "course"),
        ({"erasure": ErasureWaits(why="many")}, "erasure", "runs"),
        ({"untold": (UntoldProgram(receiver="intranet.by.example", count=2, since=WALL),)}, "program", "runs"),
        ({"remarks": (Remarked(**ABOUT, name="Bo", text="Hej"),)}, "remark", "course"),
        ({"lapsed": (LapsedDate(**ABOUT, start=WALL - timedelta(days=1)),)}, "lapsed", "course"),
    ],
)
def test_what_waits_is_told_with_where_it_is_seen_to(changes, kind, leads_to):
    """By the table."""
    (item,) = page(replace(EMPTY, **changes)).items
    assert (item.kind.value, item.leads_to) == (kind, leads_to)


@pytest.mark.parametrize(
    "changes",
    [
        {"seats": (SeatCount(**ABOUT, offering="main", registered=39, tentative=0, waiting=2, capacity=40),)},
        {"seats": (SeatCount(**ABOUT, offering="main", registered=40, tentative=0, waiting=0, capacity=40),)},
        {"seats": (SeatCount(**ABOUT, offering="main", registered=40, tentative=0, waiting=2),)},
        {"silent": (Silent(**ABOUT, count=11, deadline=WALL + timedelta(days=8)),)},
        {"silent": (Silent(**ABOUT, count=11, deadline=WALL, is_past=True),)},
        {"silent": (Silent(**ABOUT, count=11),)},
    ],
)
def test_what_nobody_has_to_see_to_yet_is_left_out(changes):
    """A line before a free seat moves by itself, and a deadline far away is no hurry."""
    assert kinds(replace(EMPTY, **changes)) == []


def test_the_most_urgent_stands_first_and_of_one_kind_what_comes_first():
    """A plan that cannot be read before everything; an id that looks changed before another change."""
    made = full_report()
    plain = replace(made.pending.courses[0], course="b", reasons=(("plan",),))
    made = replace(made, pending=replace(made.pending, courses=(plain, *made.pending.courses)))
    others = [TodayItem(kind=Urgency.EDIT, course="k", when=WALL), TodayItem(kind=Urgency.PLAN), TodayItem(kind=Urgency.SERVICE)]
    found = kinds(made, others=others)
    assert found[:4] == ["plan", "service", "id", "change"]
    assert [ORDER[Urgency(kind)] for kind in found] == sorted(ORDER[Urgency(kind)] for kind in found)
    assert "edit" in found


def test_what_a_speaker_wrote_with_a_no_is_told_once():
    """It stands with the no."""
    no = SpeakerTrouble(**ABOUT, start=WALL, name="Bo", comment="Syg")
    remark = Remarked(**ABOUT, name="Bo", text="Syg")
    made = replace(EMPTY, speakers=(no,), remarks=(remark, replace(remark, text="Andet")))
    assert [(item.kind.value, item.quote) for item in page(made).items] == [("speaker", "Syg"), ("remark", "Andet")]


@pytest.mark.parametrize(("deadline", "when"), [(WALL + timedelta(days=1), WALL + timedelta(days=1)), (None, WALL + timedelta(days=3))])
def test_too_few_are_told_until_the_deadline_or_the_date(deadline, when):
    """With how many are needed."""
    course = replace(COURSE, looks=frozenset({Concern.MINIMUM}), minimum=30, deadline=deadline)
    (item,) = page(EMPTY, course).items
    assert (item.kind.value, item.count, item.of, item.when) == ("minimum", 27, 30, when)
    assert page(EMPTY, replace(course, minimum=None)).items == ()


@pytest.mark.parametrize(
    ("changes", "near"),
    [
        ({}, [(False, 27)]),
        ({"deadline": WALL + timedelta(days=2)}, [(True, 0), (False, 27)]),
        ({"deadline": WALL - timedelta(minutes=1)}, [(False, 27)]),
        ({"status": "proposed"}, []),
        ({"dates": (replace(COURSE.dates[0], start=None, end=None, period="2025-H2"),)}, []),
        ({"dates": (replace(COURSE.dates[0], start=WALL - timedelta(days=1)),)}, []),
        ({"dates": (replace(COURSE.dates[0], start=WALL + timedelta(days=15)),)}, []),
        ({"dates": (replace(COURSE.dates[0], start=WALL - timedelta(hours=1), title="Hold 1"),)}, [(False, 27)]),
    ],
)
def test_what_is_near_begins_or_has_its_deadline_within_a_fortnight(changes, near):
    """In the order in which it comes; what began today still counts."""
    assert [(one.is_deadline, one.registered) for one in page(EMPTY, replace(COURSE, **changes)).near] == near


def test_a_room_that_said_no_is_told_with_its_course():
    """Which room it is stands on the course's page."""
    (item,) = page(EMPTY, replace(COURSE, waits=((Waits.ROOM, 1),))).items
    assert (item.kind.value, item.course, item.count) == ("room", "k", 1)


def test_what_happened_is_counted():
    """Answers by course."""
    assert page(full_report()).answers[0][0] == "lederdag"


@given(kinds_there=st.lists(st.sampled_from(Urgency)))
def test_everything_that_waits_leads_somewhere(kinds_there):
    """And nothing is lost or doubled."""
    items = [TodayItem(kind=kind, course="k") for kind in kinds_there]
    made = page(EMPTY, others=items).items
    assert sorted(item.kind for item in made) == sorted(kinds_there)
    assert all(item.leads_to in {"changes", "plan", "runs", "course"} for item in made)
    assert TodayItem(kind=Urgency.RETURNED).leads_to == "people"


def test_one_press_is_for_all_that_somebody_wrote_about_a_course():
    """Until the latest of it that is shown; of another course, or by another, it is another's press."""
    early, late = datetime(2025, 6, 1, 8, tzinfo=UTC), datetime(2025, 6, 2, 8, tzinfo=UTC)
    remark = Remarked(**ABOUT, name="Bo", text="Hej", email="bo@by.example", at=early)
    others = (replace(remark, text="Og farvel", at=late), replace(remark, course="l"), replace(remark, email="ane@by.example"))
    found = page(replace(EMPTY, remarks=(remark, *others))).remarks
    assert sorted(item.until for item in found) == [early, early, late, late]


def test_a_program_that_was_not_told_is_named_with_how_many_calls_and_since_when():
    """Each by itself, the one that has waited longest first."""
    late = UntoldProgram(receiver="intranet.by.example", count=2, since=WALL)
    early = UntoldProgram(receiver="hjemmeside.by.example", count=1, since=WALL - timedelta(days=1))
    told = [(item.names, item.count, item.since) for item in page(replace(EMPTY, untold=(late, early))).items]
    assert told == [(("hjemmeside.by.example",), 1, early.since), (("intranet.by.example",), 2, WALL)]
