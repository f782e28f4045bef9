"""What a change from one plan to another comes to in the calendar, as it is told before anybody decides on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.assumptions import Assumption, Term
from bot.domain.changes import Cancel, Create, Reason, Update
from bot.domain.clashes import Shared
from bot.domain.events import EventField, SessionKey
from bot.domain.funding import CourseFunding, FundingPool
from bot.domain.graph_findings import NOTHING_FOUND, GraphFindings, MailedByGraph
from bot.domain.people import PeopleIndex
from bot.domain.plan import CourseStatus
from bot.domain.seats import Attendance
from bot.invitations.between_plans import KnownPeople, between_plans
from tests.builders.samples import KEY, NOW, ORGANISER, START, address, make_course, make_person, make_plan, make_rule, make_session

ANNA, BO, CARL = make_person("anna", aliases=["ann"]), make_person("bo"), make_person("carl")
LISTED = make_person("dorte", listed=True)
GROUP = ["alle@demo.example"]
FIRST = make_course()
SECOND = make_course("andet", make_session(start=START + timedelta(days=7)))
PLAN = make_plan(FIRST)
MONEY = Assumption(id="midler", value=None, question="Får området midler?")
IF_MONEY = (Term(assumption="midler", outcome=True),)


def emails(*names):
    return frozenset(map(address, names))


def known(*members, rules=(), people=(ANNA, BO, CARL), attendance=None, seated=None):
    """The books: `members` of `ledere` by the plan of today, whose `rules` are these."""
    return KnownPeople(
        people=PeopleIndex(people),
        members={"ledere": emails(*members)},
        rules={rule.id: rule for rule in rules or PLAN.audiences},
        attendance=attendance or {},
        seated=seated or {},
    )


BOTH = known("anna", "bo")


def between(before, after, books=BOTH, *, findings=NOTHING_FOUND, now=NOW, courses_a_week=1):
    return between_plans(before, after, books, findings, now=now, courses_a_week=courses_a_week)


def told(*plans, **facts):
    """(What is done, course, why, mails) of each change."""
    found = between(*plans, **facts)
    return [(type(one), one.course, one.reason, one.mails) for one in found.change_set.changes]


def with_list(*, people=(), groups=(), exclude=()):
    return make_plan(FIRST, audiences=[make_rule(people=people, groups=groups, exclude=exclude)])


def with_first(**changes):
    return make_plan(replace(FIRST, **changes))


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (PLAN, PLAN, []),
        (PLAN, make_plan(FIRST, revision="sha256:1"), []),
        (PLAN, with_first(note="Husk kaffe", responsible=("bo@demo.example",)), []),
        (PLAN, with_first(title="Nyt navn"), [(Update, "kursus", Reason.PLAN, 2)]),
        (PLAN, make_plan(FIRST, SECOND), [(Create, "andet", Reason.NEW, 2)]),
        (make_plan(FIRST, SECOND), PLAN, [(Cancel, "andet", Reason.GONE_FROM_PLAN, 2)]),
        (PLAN, with_first(status=CourseStatus.CANCELLED), [(Cancel, "kursus", Reason.STATUS_CANCELLED, 2)]),
        (with_first(status=CourseStatus.PROPOSED), PLAN, [(Create, "kursus", Reason.NEW, 2)]),
    ],
)
def test_only_what_the_plan_says_otherwise_is_changed(before, after, changes):
    assert told(before, after) == changes
    assert between(before, after).mails == sum(mails for *_, mails in changes)


def test_the_way_back_undoes_the_change():
    after = with_first(title="Nyt navn")
    (there,), (back,) = between(PLAN, after).change_set.changes, between(after, PLAN).change_set.changes
    assert there.fields == back.fields
    assert EventField.SUBJECT in there.fields
    assert there.desired.content == back.observed.content
    assert back.desired.content == there.observed.content


def test_both_plans_are_taken_as_they_are_decided():
    """A course whose money is open invites nobody; told yes, it does."""
    course = replace(FIRST, when=IF_MONEY)
    plans = [make_plan(course, assumptions=(replace(MONEY, value=value),)) for value in (None, True)]
    found = between(*plans)
    assert [one.course("kursus").status for one in (found.before, found.after)] == [CourseStatus.PROPOSED, CourseStatus.APPROVED]
    assert [type(one) for one in found.change_set.changes] == [Create]
    assert told(*reversed(plans)) == [(Cancel, "kursus", Reason.NOT_APPROVED, 2)]


@pytest.mark.parametrize(("days", "changes"), [(0, [(Update, "kursus", Reason.PLAN, 2)]), (90, [])])
def test_what_is_past_stays_as_it_was(days, changes):
    assert told(PLAN, with_first(title="Nyt navn"), now=NOW + timedelta(days=days)) == changes


@pytest.mark.parametrize(
    ("today", "plan", "members", "audience"),
    [
        (make_rule(groups=GROUP), with_list(groups=GROUP), ["anna", "bo"], ["anna", "bo"]),
        (make_rule(groups=GROUP), with_list(people=[BO]), ["anna", "bo"], ["bo"]),
        (make_rule(groups=GROUP, people=[BO]), with_list(groups=GROUP), ["anna", "bo"], ["anna"]),
        (make_rule(groups=GROUP, people=[BO]), with_list(groups=GROUP, people=[BO]), ["anna", "bo"], ["anna", "bo"]),
        (make_rule(groups=GROUP), with_list(groups=GROUP, people=[CARL]), ["anna"], ["anna", "carl"]),
        (make_rule(groups=GROUP), with_list(groups=GROUP, exclude=[ANNA.email]), ["anna", "bo"], ["bo"]),
        (make_rule(groups=GROUP), with_list(groups=GROUP, exclude=["ann@demo.example"]), ["anna", "bo"], ["bo"]),
        (make_rule(groups=GROUP), with_list(groups=GROUP), ["anna", ORGANISER], ["anna"]),
        (make_rule("andre", groups=GROUP), with_list(groups=GROUP), ["bo"], ["bo"]),
        (make_rule(groups=GROUP), with_list(people=[make_person("ann", listed=True)]), [], ["anna"]),
    ],
)
def test_a_group_has_who_is_in_it_today_and_a_list_whom_its_plan_names(today, plan, members, audience):
    found = between(plan, plan, known(*members, rules=[today]))
    assert {name: [one.email for one in each.people] for name, each in found.audiences.items()} == {"ledere": [*map(address, audience)]}


def test_an_audience_that_the_books_have_never_read_has_nobody_but_its_list():
    books = replace(known(), members={}, rules={})
    assert between(PLAN, PLAN, books).audiences["ledere"].people == ()
    assert between(PLAN, with_list(groups=GROUP, people=[LISTED]), books).audiences["ledere"].people == (LISTED,)


def test_who_is_only_listed_has_the_name_of_the_list_and_a_stranger_none():
    people = between(PLAN, with_list(groups=GROUP, people=[LISTED]), known("fremmed")).audiences["ledere"].people
    assert [(one.email, one.name) for one in people] == [(LISTED.email, "Dorte"), (address("fremmed"), "")]


def test_who_is_named_by_one_plan_alone_comes_and_goes_with_it():
    short, long = with_list(people=[ANNA]), with_list(people=[ANNA, LISTED])
    (coming,), (going,) = between(short, long).change_set.changes, between(long, short).change_set.changes
    assert (coming.add, coming.remove, coming.mails) == ((LISTED.email,), (), 1)
    assert (going.add, going.remove, going.mails) == ((), (LISTED.email,), 1)


@pytest.mark.parametrize(("whom", "mails"), [(MailedByGraph.CHANGED, 1), (MailedByGraph.EVERYBODY, 3)])
def test_mails_are_counted_as_this_tenant_sends_them(whom, mails):
    before, after = with_list(people=[ANNA, BO]), with_list(people=[ANNA, BO, CARL])
    assert between(before, after, findings=GraphFindings(attendees_patch_mails=whom)).change_set.mails == mails


def test_the_seats_are_those_of_today_on_both_sides():
    """Who has left the course is told of no change of it."""
    off = Attendance(off=emails("bo"))
    books = known("anna", "bo", attendance={("kursus", "main"): off}, seated={KEY: emails("anna")})
    assert told(PLAN, with_first(title="Nyt navn"), books=books) == [(Update, "kursus", Reason.PLAN, 1)]


def test_who_has_a_seat_and_is_in_no_audience_is_told_as_the_others():
    """HR has enrolled them by name; somebody whom the books do not know has none."""
    wanted = Attendance(on=emails("carl", "gæst"))
    books = known("anna", "bo", attendance={("kursus", "main"): wanted})
    assert told(make_plan(SECOND), make_plan(FIRST, SECOND), books=books) == [(Create, "kursus", Reason.NEW, 4)]


def test_outlook_stands_as_the_plan_before_wanted_it():
    world = between(PLAN, with_first(title="Nyt navn")).differing
    (stands,), entry = world.observed, world.ledger[KEY]
    assert stands.content.subject == entry.subject == "Kursus"
    assert [one.email for one in stands.attendees] == sorted(entry.desired_attendees) == [address("anna"), address("bo")]
    assert stands.event_id == entry.event_id
    assert entry.start.utcoffset() == timedelta()
    assert (entry.end - entry.start, set(entry.invited_since.values())) == (timedelta(hours=3), {NOW})
    assert (world.now, world.organiser, entry.organiser) == (NOW, ORGANISER, ORGANISER)


def test_what_the_change_puts_at_once_is_a_clash_with_the_course_that_comes():
    apart, at_once = make_plan(FIRST, SECOND), make_plan(replace(FIRST, title="Nyt navn"), make_course("andet"))
    assert not between(PLAN, apart).clashes.made
    ((at, (clash,)),) = between(PLAN, at_once).clashes.made.items()
    assert at == SessionKey(plan="demo", course="andet", offering="main", session="dag")
    assert (clash.shared, clash.addresses) == (Shared.PEOPLE, emails("anna", "bo"))


def test_what_is_moved_onto_a_course_that_stays_clashes_with_it():
    """Only courses that differ are compared; what they clash with is any course of the plan."""
    apart = make_plan(FIRST, SECOND)
    at_once = make_plan(FIRST, replace(make_course("andet"), title=SECOND.title))
    ((at, (clash,)),) = between(apart, at_once).clashes.made.items()
    assert (at.course, {stay.key.course for stay in (clash.first, clash.second)}) == ("andet", {"kursus", "andet"})
    assert not between(at_once, apart).clashes.made
    stays = between(at_once, at_once).clashes
    assert (stays.made, len(stays.before)) == ({}, 1)


def test_the_numbers_are_of_the_whole_plan_whatever_differs():
    third = make_course("tredje", make_session(start=START + timedelta(days=14)))
    facts = between(make_plan(FIRST, SECOND, third), make_plan(FIRST, SECOND)).change_set.facts
    assert (facts.managed_future_events, facts.places, facts.cancelled_gone, facts.mails) == (3, 6, 1, 2)
    assert not facts.all_courses_gone
    assert between(PLAN, make_plan(SECOND)).change_set.facts.all_courses_gone


def test_invitations_of_courses_that_stay_are_not_written():
    found = between(make_plan(FIRST, SECOND), make_plan(FIRST, replace(SECOND, title="Nyt navn")))
    assert {key.course for key in found.differing.wanted.events} == {"andet"}
    assert all(event.content.body for event in found.differing.wanted.events.values())
    assert {key.course for key in found.whole.wanted.events} == {"kursus", "andet"}
    assert not any(event.content.body for event in (*found.whole.wanted.events.values(), *found.whole.observed))


@pytest.mark.parametrize(("most", "is_told"), [(1, True), (2, False)])
def test_a_week_is_too_full_by_the_number_that_is_given(most, is_told):
    others = [make_course(name, make_session(start=START + timedelta(days=days))) for name, days in (("andet", 7), ("tredje", 8))]
    assert bool(between(PLAN, make_plan(FIRST, *others), courses_a_week=most).clashes.weeks) is is_told


@pytest.mark.parametrize(("amount", "made"), [("60", []), ("160", ["andet"])])
def test_money_that_is_not_there_is_told_with_the_course_that_takes_it(amount, made):
    pool = FundingPool(id="pulje", name="Puljen", year=NOW.year, amount=Decimal(100))
    other = replace(SECOND, funding=(CourseFunding(pool="pulje", amount=Decimal(amount)),))
    found = between(make_plan(FIRST, funding=(pool,)), make_plan(FIRST, other, funding=(pool,)))
    assert [key.course for key in found.overspending.made] == made
