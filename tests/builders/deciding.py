"""Plans with decisions, decided and as somebody would edit them by hand who has no assumptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hypothesis import strategies as st

from bot.domain.assumptions import Assumption, Term
from bot.domain.funding import CourseFunding, FundingPool
from bot.domain.people import Language
from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession, CourseStatus, Offering

OPTIONS: dict[str, tuple[bool | str, ...]] = {"midler": (True, False), "form": ("en-dag", "flere-dage", "ja"), "nyt": (False, True)}
TERMS = [Term(assumption=key, outcome=option) for key, options in OPTIONS.items() for option in options]
conditions = st.lists(st.sampled_from(TERMS), unique_by=lambda term: term.assumption, max_size=2).map(tuple)
day = CourseSession(id="dag", start=datetime(2026, 5, 5, 9), end=datetime(2026, 5, 5, 12))


def numbered(strategy, most):
    """Up to `most` things with the ids a, b, c."""
    return st.lists(strategy, max_size=most).map(lambda found: tuple(replace(one, id="abc"[at]) for at, one in enumerate(found)))


sessions = st.builds(lambda when: replace(day, when=when), conditions)
offerings = st.builds(lambda when, parts: Offering(id="a", when=when, sessions=parts), conditions, numbered(sessions, 2))
fundings = st.builds(CourseFunding, pool=st.just("pulje"), amount=st.integers(0, 9).map(Decimal), when=conditions)
courses = st.builds(
    Course,
    id=st.just("a"),
    title=st.sampled_from(("Et kursus", "Et andet")),
    status=st.sampled_from(CourseStatus),
    audience=st.just(("ledere",)),
    offerings=numbered(offerings, 2),
    funding=st.lists(fundings, max_size=2).map(tuple),
    when=conditions,
    note=st.sampled_from(("", "Noget")),
    cancel_reason=st.sampled_from(("", "Vi fik ingen midler.")),
    case=st.sampled_from(("", "25/117")),
    tags=st.sampled_from(((), ("Tema 1",))),
    responsible=st.sampled_from(((), ("a@demo.example", "b@demo.example"))),
)
few_courses = numbered(courses, 3)
values = {key: st.none() | st.sampled_from(options) for key, options in OPTIONS.items()}


@st.composite
def course_plans(draw):
    assumptions = (Assumption(id=key, options=options, value=draw(values[key])) for key, options in OPTIONS.items())
    return CoursePlan(
        id="demo", revision="", organisation="Demo", timezone="Europe/Copenhagen", language=Language.DA, organiser="a@demo.example",
        contact="hr@demo.example", audiences=(AudienceRule(id="ledere", name="Ledere", groups=("ledere@demo.example",)),),
        funding=(FundingPool(id="pulje", name="Pulje"),), assumptions=tuple(assumptions), courses=draw(few_courses),
    )  # fmt: skip


def decide(plan, name, value):
    """The plan with the value written at its assumption."""
    return replace(plan, assumptions=tuple(replace(one, value=value) if one.id == name else one for one in plan.assumptions))


def by_hand(plan, name, value):
    """The plan as somebody would edit it who has no assumptions: what does not hold is struck out, and what holds says so no more."""

    def stays(part):
        return all(term.outcome == value for term in part.when if term.assumption == name)

    def plain(part):
        return replace(part, when=tuple(term for term in part.when if term.assumption != name))

    def kept(parts):
        return tuple(plain(part) for part in parts if stays(part))

    def offerings(course):
        for offering in kept(course.offerings):
            sessions = kept(offering.sessions)
            if sessions or not offering.sessions:
                yield replace(offering, sessions=sessions)

    courses = (replace(one, funding=kept(one.funding), offerings=tuple(offerings(one))) for one in kept(plan.courses))
    return replace(plan, courses=tuple(courses))


@st.composite
def decisions(draw):
    plan = draw(course_plans())
    assumption = draw(st.sampled_from(plan.assumptions))
    return plan, assumption.id, draw(st.sampled_from(assumption.options))
