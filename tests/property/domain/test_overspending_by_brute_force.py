"""What a preview tells of money, against the rule once more in the plainest words: whatever the plan and whatever would be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import Cancel, Create, Reason, Update
from bot.domain.decided import as_decided
from bot.domain.events import EventField, SessionKey
from bot.domain.plan import CourseStatus
from bot.invitations.overspending import overspending_of
from tests.builders.money import every_world, plans, used
from tests.builders.samples import make_desired, make_observed

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DEEDS = ("create", "approve", "move", "cancel")


@st.composite
def differences(draw):
    """A plan whose pools are of some year, and what would be done about the events of some of its courses."""
    plan = draw(plans())
    years, little = st.sampled_from((None, 2025, 2026, 2027)), st.sampled_from((None, Decimal(0), Decimal("1000.50")))
    pools = (replace(one, year=draw(years), amount=draw(st.just(one.amount) | little)) for one in plan.funding)
    plan = replace(plan, funding=tuple(pools))
    # Half of them of one kind, because it takes two that commit to a course to tell the first from the last.
    kinds = st.just("create") | st.sampled_from(DEEDS)
    deeds = [
        (SessionKey(plan="p", course=course.id, offering="main", session=f"s{number}"), draw(kinds))
        for course in plan.courses
        for number in range(draw(st.integers(0, 3)))
    ]
    return plan, draw(st.permutations(deeds))


def change(key, deed):
    desired = make_desired("anna", key=key)
    given_ = {"key": key, "course": key.course, "subject": "x"}
    match deed:
        case "create":
            return Create(**given_, reason=Reason.NEW, desired=desired)
        case "cancel":
            return Cancel(**given_, reason=Reason.GONE_FROM_PLAN, observed=make_observed(desired))
    fields = (EventField.SHOW_AS,) if deed == "approve" else (EventField.START,)
    return Update(**given_, reason=Reason.PLAN, desired=desired, observed=make_observed(desired), fields=fields)


def takers(plan, pool, purpose, worlds):
    """In each of the dearest worlds, the courses without which less would be taken."""
    found = []
    for world in worlds:
        everybody = used(plan, world, pool.id, purpose)[0]
        without = {one.id: replace(plan, courses=tuple(other for other in plan.courses if other is not one)) for one in plan.courses}
        found.append({course for course, less in without.items() if used(less, world, pool.id, purpose)[0] < everybody})
    return found


def expected(plan):
    """(Pool, what of it, and in each of its dearest worlds who takes from it) of all that is overspent."""
    worlds = every_world(plan)
    for pool in plan.funding:
        reserved = sum(share for _, share in pool.reserved)
        limits = [("purpose", purpose, purpose, limit) for purpose, limit in pool.reserved]
        if pool.amount is not None:
            limits += [("unreserved", None, None, max(pool.amount - reserved, 0)), ("pool", None, ..., pool.amount)]
            if reserved > pool.amount:
                yield pool, ("reserved", None), [set()]
        for name, purpose, of, limit in limits:
            taken = [used(plan, world, pool.id, of)[0] for world in worlds]
            if max(taken) > limit:
                dearest = [world for world, much in zip(worlds, taken, strict=True) if much == max(taken)]
                yield pool, (name, purpose), takers(plan, pool, of, dearest)


@given(differences())
def test_what_is_overspent_is_told_with_the_first_change_of_each_course_that_takes_from_it(difference):
    """Else before the changes, unless its year has gone; nothing is told twice, and nothing that is not so."""
    plan, deeds = difference
    decided = as_decided(plan)
    approved = {course.id for course in decided.courses if course.status is CourseStatus.APPROVED}
    first = {}
    for key, deed in deeds:
        if deed == "create" or (deed == "approve" and key.course in approved):
            first.setdefault(key.course, key)
    found = overspending_of(decided, tuple(change(*one) for one in deeds), now=NOW)
    told = {}
    for key, shortages in found.made.items():
        assert key == first[key.course]
        for one in shortages:
            told.setdefault((one.pool.id, one.case.by.value, one.case.purpose), set()).add(key.course)
    before = [(one.pool.id, one.case.by.value, one.case.purpose) for one in found.before]
    assert len(before) == len(set(before))
    wanted = {(pool.id, *what): (pool, who) for pool, what, who in expected(plan)}
    assert told.keys() | set(before) <= wanted.keys()
    for name, (pool, who) in wanted.items():
        assert told.get(name, set()) in [courses & first.keys() for courses in who]
        is_due = name not in told and (pool.year is None or pool.year >= NOW.year)
        assert (name in before) is is_due
