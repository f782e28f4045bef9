"""Which difference takes more money than there is, what did before, and how it is told; the table is in `bot.invitations.overspending`."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.assumptions import Assumption, Term
from bot.domain.changes import Cancel, Create, Reason, Update
from bot.domain.decided import as_decided
from bot.domain.events import EventField, SessionKey
from bot.domain.funding import CourseFunding, Expense, FundingPool
from bot.domain.people import Audience, Language, PeopleIndex
from bot.domain.plan import CourseStatus
from bot.invitations.changeset import assemble
from bot.invitations.desired import wanted_events
from bot.invitations.diff import World
from bot.invitations.overspending import NOTHING_OVERSPENT, overspending_of
from bot.invitations.preview import outline
from bot.invitations.preview_json import as_json
from bot.invitations.preview_page import as_markdown, as_text
from bot.invitations.preview_reader import Reader
from tests.builders.samples import NOW, START, make_course, make_observed, make_person, make_plan, make_session

ANNA = make_person("anna")
PEOPLE = PeopleIndex([ANNA])
DA, EN = Language.DA, Language.EN
NO = (Term(assumption="midler", outcome=False),)
OPEN = Assumption(id="midler", value=None, question="Får området midler?")


def pool(*expenses, amount="100", reserved="60", year=NOW.year, currency="DKK"):
    return FundingPool(
        id="pulje", name="Puljen", year=year, amount=amount and Decimal(amount), reserved=(("centrale-kurser", Decimal(reserved)),),
        expenses=expenses, currency=currency,
    )  # fmt: skip


def course(name, amount, *, purpose="centrale-kurser", status="approved", when=(), **changes):
    part = CourseFunding(pool="pulje", amount=Decimal(amount), purpose=purpose, when=when)
    start = START + timedelta(days=sum(map(ord, name)) % 50)
    return make_course(name, make_session(start=start), status=CourseStatus(status), funding=(part,), **changes)


def plan_of(*courses, of=None, assumptions=()):
    return as_decided(make_plan(*courses, funding=(of or pool(),), assumptions=assumptions))


def changes_of(plan, *, created=(), updated=(), cancelled=()):
    """What would be done about the events of these courses; `updated` are (course, fields)."""
    wanted = wanted_events(plan, {"ledere": Audience(id="ledere", people=(ANNA,))}, {}, PEOPLE)
    events = {key.course: (key, event) for key, event in wanted.events.items()}
    for name in created:
        key, event = events[name]
        yield Create(key=key, course=name, subject=name, reason=Reason.NEW, desired=event)
    for name, fields in updated:
        key, event = events[name]
        yield Update(key=key, course=name, subject=name, reason=Reason.PLAN, desired=event, observed=make_observed(event), fields=fields)
    for name in cancelled:
        key, event = events[name]
        yield Cancel(key=key, course=name, subject=name, reason=Reason.PLAN, observed=make_observed(event))


def told(plan, *, now=NOW, **changes):
    """(Course and what is overspent) of what is told with changes, and what is told before them."""
    found = overspending_of(plan, tuple(changes_of(plan, **changes)), now=now)
    return [(key.course, one.case.by.value) for key, cases in found.made.items() for one in cases], [
        one.case.by.value for one in found.before
    ]


SHOWS = (EventField.SUBJECT, EventField.SHOW_AS)


@pytest.mark.parametrize(
    ("changes", "made"),
    [
        ({"created": ["ny"]}, ["ny"]),
        ({"created": ["ny", "gammel"]}, ["ny", "gammel"]),
        ({"updated": [("ny", SHOWS)]}, ["ny"]),
        ({"updated": [("ny", (EventField.START,))]}, []),
        ({"cancelled": ["ny"]}, []),
        ({}, []),
    ],
)
def test_the_change_that_puts_a_course_in_calendars_or_approves_it_is_told_of_the_money(changes, made):
    plan = plan_of(course("gammel", 40), course("ny", 30))
    of_purpose = [(name, "purpose") for name in made]
    assert told(plan, **changes) == (of_purpose, [] if made else ["purpose"])


def test_a_date_that_stays_saved_is_no_approval():
    plan = plan_of(course("ny", 70, status="save_the_date"))
    assert told(plan, updated=[("ny", SHOWS)]) == ([], ["purpose"])
    assert told(plan, created=["ny"]) == ([("ny", "purpose")], [])


def test_each_case_is_told_with_those_who_take_from_it():
    """For the purpose with the one, without a purpose with the other, in all with both, and what is set aside with nobody."""
    plan = plan_of(course("a", 70), course("b", 50, purpose=None))
    made, before = told(plan, created=["a", "b"])
    assert (sorted(made), before) == ([("a", "pool"), ("a", "purpose"), ("b", "pool"), ("b", "unreserved")], [])
    assert told(plan_of(course("a", 10), of=pool(reserved="120")), created=["a"]) == ([], ["reserved"])


def test_a_course_that_takes_nothing_is_not_told_of_it():
    plan = plan_of(course("dyr", 70), course("gratis", 0))
    assert told(plan, created=["gratis"]) == ([], ["purpose"])


@pytest.mark.parametrize(("year", "is_told"), [(None, True), (NOW.year, True), (NOW.year + 1, True), (NOW.year - 1, False)])
def test_what_was_overspent_in_a_year_that_has_gone_is_left_to_the_overview(year, is_told):
    plan = plan_of(course("a", 70), of=pool(year=year))
    assert told(plan) == ([], ["purpose"] if is_told else [])
    assert told(plan, created=["a"]) == ([("a", "purpose")], [])


def test_the_year_is_that_of_the_plans_clock():
    plan = plan_of(course("a", 70), of=pool(year=2025))
    last_evening = datetime.fromisoformat("2025-12-31T23:30:00+00:00")
    assert told(plan, now=last_evening) == ([], [])


def test_what_is_not_overspent_is_not_told():
    plan = plan_of(course("a", 60), of=pool(Expense(title="DOL", amount=Decimal(40))))
    assert told(plan, created=["a"]) == ([], [])


def test_money_is_that_of_the_whole_plan_and_not_of_what_is_decided():
    """Two courses of which only one can come to be are paid once; and what was spent on what fell has been spent."""
    yes = (Term(assumption="midler", outcome=True),)
    both = course("a", 50, when=()), course("b", 50)
    either = [
        make_course(one.id, *one.offerings[0].sessions, funding=one.funding, when=when) for one, when in zip(both, (yes, NO), strict=True)
    ]
    assert told(plan_of(*either, assumptions=[OPEN])) == ([], [])
    spent = CourseFunding(pool="pulje", amount=Decimal(90), spent=Decimal(70), purpose="centrale-kurser")
    fell = make_course("faldt", funding=(spent,), when=yes)
    decided = Assumption(id="midler", value=False)
    assert told(plan_of(fell, assumptions=[decided])) == ([], ["purpose"])


# -- how it is told


def shown(plan, language, **changes):
    found = tuple(changes_of(plan, **changes))
    wanted = wanted_events(plan, {"ledere": Audience(id="ledere", people=(ANNA,))}, {}, PEOPLE)
    world = World(wanted=wanted, observed=(), ledger={}, people=PEOPLE, restore=False, now=NOW)
    change_set = assemble(plan, world, found, ())
    overspending = overspending_of(plan, found, now=NOW)
    reader = Reader(plan=plan, people=PEOPLE, language=language)
    pages = [outline(change_set, reader, overspending=overspending, applied=applied) for applied in (None, ())]
    return (
        as_text(pages[0]),
        as_markdown(pages[0]),
        as_text(pages[1]),
        json.loads(as_json(change_set, language=language, overspending=overspending)),
    )


CASES = {
    "purpose": (
        plan_of(course("a", "70.50")),
        "Der er brug for 70,50 kr. til centrale kurser i Puljen, men kun afsat 60 kr., så 10,50 kr. mangler.",
    ),
    "unreserved": (
        plan_of(course("a", 50, purpose=None)),
        "Der er brug for 50 kr. uden formål i Puljen, men kun 40 kr. er ikke afsat til noget, så 10 kr. mangler.",
    ),
    "pool": (
        plan_of(
            course("a", 60), of=pool(Expense(title="DOL", amount=Decimal(50), purpose="centrale-kurser"), reserved="200", amount="100")
        ),
        "Der er brug for 110 kr. i alt fra Puljen, som er på 100 kr., så 10 kr. mangler.",
    ),
}


@pytest.mark.parametrize("by", CASES)
def test_who_approves_reads_what_is_lacking_and_what_to_do(by):
    plan, said = CASES[by]
    text, markdown, done, document = shown(plan, DA, created=["a"])
    plain = text.replace("\u00a0", " ")
    assert f"    Penge: {said} Ret beløbene i planen, eller find pengene, før I godkender." in plain
    assert "før I godkender" in markdown
    assert "eller find pengene." in done
    (row,) = [one for one in document["overspent"] if one["by"] == by]
    assert (row["courses"], row["sessions"]) == (["a"], ["demo/a/main/dag"])


def test_what_is_set_aside_beyond_the_pool_is_told_before_the_changes_in_english_too():
    text, _, _, document = shown(plan_of(of=pool(reserved="120")), EN)
    assert "Money: DKK 120 is set aside for purposes in Puljen, which has DKK 100; that is DKK 20 too much." in text.replace("\u00a0", " ")
    assert document["overspent"] == [
        {
            "pool": "pulje", "by": "reserved", "purpose": None, "taken": "120.00", "limit": "100.00", "currency": "DKK", "assumptions": {},
            "courses": [], "sessions": [],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (DA, "Det gælder, hvis svaret på »Får området midler?« bliver nej, og svaret på »form« bliver en dag."),
        (EN, "This is so if the answer to “Får området midler?” becomes no, and the answer to “form” becomes en dag."),
    ],
)
def test_what_happens_only_if_something_is_decided_says_so_in_the_decisions_own_words(language, said):
    one_day = Term(assumption="form", outcome="en-dag")
    form = Assumption(id="form", value=None, options=("en-dag", "flere-dage"))
    plan = plan_of(course("a", 70, when=(*NO, one_day)), assumptions=[OPEN, form])
    text, _, _, document = shown(plan, language, created=["a"])
    assert said in text
    assert document["overspent"][0]["assumptions"] == {"midler": False, "form": "en-dag"}


def test_nothing_is_told_where_nobody_has_looked():
    assert (dict(NOTHING_OVERSPENT.made), NOTHING_OVERSPENT.before) == ({}, ())
    assert SessionKey(plan="demo", course="a", offering="main", session="dag") not in NOTHING_OVERSPENT.made
