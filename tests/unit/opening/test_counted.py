"""What was worked out of a course is worked out again when something of it has changed, and not before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.opening.counted import AT_ONCE, CountedCourses
from bot.seats.at_rest import surroundings_of
from tests.builders.course_books import PLAN, course, day

NOW = datetime(2025, 6, 10, 9, tzinfo=UTC)
AROUND = surroundings_of(PLAN, (), {}, settings=None)
TWO = replace(PLAN, courses=(course("a", day("d", "2025-09-01T09:00")), course("b")))


class Asked:
    """Counts, and remembers of which."""

    def __init__(self, until=None):
        self.of, self.until = [], until

    def __call__(self, courses):
        self.of.append(set(courses))
        return {one: (f"{one} {len(self.of)}", self.until) for one in courses}


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({}, set()),
        ({"digests": {"a": 2, "b": 1}}, {"a"}),
        ({"plan": replace(TWO, courses=(TWO.courses[0], course("b", title="Nyt navn")))}, {"b"}),
        ({"around": surroundings_of(PLAN, (), {"ledere": frozenset({"x@y"})}, settings=None)}, {"a", "b"}),
        ({"now": NOW + timedelta(hours=2)}, {"a", "b"}),
    ],
)
def test_only_what_has_changed_is_worked_out_again(changes, again):
    asked, kept = Asked(until=NOW + timedelta(hours=1)), CountedCourses()
    given = {"plan": TWO, "around": AROUND, "digests": {"a": 1, "b": 1}, "now": NOW}

    def look(plan, around, digests, now):
        return kept.of_each(plan, around, digests, asked, now=now)

    assert look(**given) == {"a": "a 1", "b": "b 1"}
    look(**(given | changes))
    assert asked.of[1:] == ([again] if again else [])


def test_many_are_read_in_parts_and_given_in_the_order_of_the_plan():
    plan = replace(PLAN, courses=tuple(course(f"k{number:03}") for number in range(AT_ONCE + 1)))
    asked = Asked()
    found = CountedCourses().of_each(plan, AROUND, {}, asked, now=NOW)
    assert ([len(some) for some in asked.of], [*found]) == ([AT_ONCE, 1], [one.id for one in plan.courses])


def test_what_somebody_else_has_read_is_not_read_again_while_it_stays_so():
    asked, kept, digests = Asked(), CountedCourses(), {"a": 1, "b": 1}
    kept.take(TWO, AROUND, digests, ["a"], lambda: {"a": ("taken", None)}, now=NOW)
    kept.take(TWO, AROUND, digests, ["a"], lambda: {"a": ("taken again", None)}, now=NOW)
    assert kept.of_each(TWO, AROUND, digests, asked, now=NOW) == {"a": "taken", "b": "b 1"}
    assert kept.of_each(TWO, AROUND, digests | {"a": 2}, asked, now=NOW)["a"] == "a 2"
