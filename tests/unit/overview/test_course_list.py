"""The list of courses: where each stands, what needs a look, and choosing among them."""

from datetime import datetime, timedelta

import pytest

from bot.domain.enrolment import Enrolment, EnrolmentMode
from bot.domain.plan import Course, CourseSession, CourseStatus, Offering
from bot.overview.course_list import Choice, Concern, Waits, counted_choices, half_word, listed_courses
from bot.overview.lines import CourseNumbers, Seats

NOW = datetime(2025, 6, 10, 9)
APPROVED = CourseStatus.APPROVED


def session(key, days=None, **more):
    start = None if days is None else NOW + timedelta(days=days)
    return CourseSession(id=key, start=start, end=start and start + timedelta(hours=2), **more)


def course(key, *sessions, offerings=None, status=APPROVED, **more):
    given = offerings if offerings is not None else (Offering(id="main", sessions=sessions),)
    return Course(id=key, title=more.pop("title", key), status=status, offerings=given, **more)


def listed(*courses, numbers=None, changing=(), gone=None):
    return {one.id: one for one in listed_courses(courses, numbers or {}, changing, gone or {}, wall=NOW)}


def test_what_is_to_come_stands_first_then_undated_then_held_then_what_is_off():
    courses = (
        course("off", session("a", 1), status=CourseStatus.CANCELLED), course("held", session("a", -5)),
        course("held-lately", session("a", -1)),
        course("undated", session("a", period="2025-H2")), course("empty", offerings=()), course("later", session("a", 9)),
        course("soon", session("a", 2)),
    )  # fmt: skip
    found = [*listed(*courses, gone={"old": "Gammelt"})]
    assert found == ["soon", "later", "empty", "undated", "held-lately", "held", "old", "off"]


def test_the_next_two_dates_are_shown_and_the_others_counted():
    one = listed(course("k", *(session(str(day), day) for day in (9, -3, 2, 30))))["k"]
    assert ([date.start for date in one.dates], one.more, one.half) == ([NOW + timedelta(days=2), NOW + timedelta(days=9)], 2, (2025, 1))


def test_of_a_course_that_has_been_the_last_date_is_shown():
    one = listed(course("k", session("a", -9), session("b", -3)))["k"]
    assert (one.is_over, [date.start for date in one.dates], one.more) == (True, [NOW - timedelta(days=3)], 1)


def test_dates_of_several_offerings_say_which():
    one = listed(
        course(
            "k", offerings=(Offering(id="h1", title="Hold 1", sessions=(session("a", 1),)), Offering(id="h2", sessions=(session("a", 2),)))
        )
    )["k"]
    assert [date.title for date in one.dates] == ["Hold 1", "h2"]


@pytest.mark.parametrize(("half", "word"), [((2025, 1), "2025-1"), ((2025, 0), "2025-0"), (None, "none")])
def test_a_half_year_has_a_word_in_addresses(half, word):
    assert half_word(half) == word


@pytest.mark.parametrize(
    ("changes", "seats", "looks"),
    [
        ({}, Seats(), set()),
        ({}, Seats(waitlisted=2), {Concern.LINE}),
        ({"enrolment": Enrolment(minimum=5)}, Seats(registered=4), {Concern.MINIMUM}),
        ({"enrolment": Enrolment(minimum=5)}, Seats(registered=5), set()),
        ({"enrolment": Enrolment(minimum=5), "status": CourseStatus.SAVE_THE_DATE}, Seats(registered=4), set()),
        ({}, Seats(unanswered=1), {Concern.SILENT}),
        ({"enrolment": Enrolment(mode=EnrolmentMode.SIGNUP)}, Seats(unanswered=1), set()),
        ({"enrolment": Enrolment(deadline=NOW + timedelta(days=14))}, Seats(), {Concern.DEADLINE}),
        ({"enrolment": Enrolment(deadline=NOW + timedelta(days=15))}, Seats(), set()),
        ({"enrolment": Enrolment(deadline=NOW)}, Seats(), set()),
    ],
)
def test_what_needs_a_look(changes, seats, looks):
    one = listed(course("k", session("a", 20), **changes), numbers={"k": CourseNumbers(seats=seats)})["k"]
    assert one.looks == looks


def test_what_has_been_asks_for_no_answers_and_has_no_minimum():
    numbers = {"k": CourseNumbers(seats=Seats(unanswered=3))}
    assert listed(course("k", session("a", -1), enrolment=Enrolment(minimum=9)), numbers=numbers)["k"].looks == set()


def test_what_waits_for_a_person_is_counted_as_long_as_it_lies_ahead():
    offerings = (
        Offering(id="new", sessions=(session("a", 3),)),
        Offering(id="old", sessions=(session("a", -3),)),
        Offering(id="undated", sessions=(session("a"),)),
    )
    numbers = CourseNumbers(
        guests={"new": 2, "old": 5, "undated": 1}, without_place=4, speakers_off=(NOW + timedelta(days=1), NOW - timedelta(days=1), None),
        rooms_off=(NOW + timedelta(days=1),),
    )  # fmt: skip
    one = listed(course("k", offerings=offerings), numbers={"k": numbers}, changing={"k"})["k"]
    assert one.waits == ((Waits.CHANGES, 1), (Waits.GUESTS, 3), (Waits.WITHOUT_PLACE, 4), (Waits.SPEAKER, 1), (Waits.ROOM, 1))
    assert Concern.WAITS in one.looks


def test_a_choice_takes_status_half_look_and_words_together():
    courses = tuple(
        listed(
            course("a", session("a", 1), title="Ærlig dialog"), course("b", session("a", 1), status=CourseStatus.PROPOSED, title="Dialog"),
            course("c", session("a", 90), title="Dialog"), numbers={"a": CourseNumbers(seats=Seats(waitlisted=1))},
        ).values()
    )  # fmt: skip
    assert [one.id for one in courses if Choice(words="DIALOG ær").has(one)] == ["a"]
    assert [one.id for one in courses if Choice(status="approved", half="2025-2").has(one)] == ["c"]
    assert [one.id for one in courses if Choice(look="line").has(one)] == ["a"]


def test_each_choice_is_counted_with_the_others_as_they_are():
    """So that a number says how many rows there are behind its link."""
    courses = tuple(
        listed(
            course("a", session("a", 1)), course("b", session("a", 90)), course("c", session("a", 90), status=CourseStatus.PROPOSED)
        ).values()
    )
    choice = Choice(half="2025-2")
    counts = counted_choices(courses, choice)
    assert counts["status"] == {"approved": 1, "proposed": 1}
    assert counts["half"] == {"2025-1": 1, "2025-2": 2}
    for status, count in counts["status"].items():
        assert sum(Choice(half="2025-2", status=status).has(one) for one in courses) == count


def test_what_no_plan_has_is_called_as_the_books_know_it():
    one = listed(gone={"old": "Gammelt kursus"})["old"]
    assert (one.title, one.status, one.dates, one.half) == ("Gammelt kursus", "gone", (), None)
