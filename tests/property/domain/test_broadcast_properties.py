"""Whom HR's own words go to, for all courses: each person once, nobody who is not in the books, nobody who was told it is over."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.broadcasts import BroadcastGroup, Whereabouts, broadcast_key, groups_at, recipients_of, shown_digest
from bot.domain.participation import parts_of_course
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.plan import Offering
from bot.domain.registrations import is_stand_in
from bot.domain.seats import Cause
from tests.builders.occasions import S, course, plan, row, session

OFFERINGS = ("main", "andet")
SESSIONS = ("dag", "igen")
PEOPLE = tuple(f"{name}@by.example" for name in "abcdef")
COURSE = course(offerings=tuple(Offering(id=name, sessions=tuple(map(session, SESSIONS))) for name in OFFERINGS))
PLACES = (
    Whereabouts(course="k"),
    *(Whereabouts(course="k", offering=name) for name in OFFERINGS),
    *(Whereabouts(course="k", offering=name, session=each) for name in OFFERINGS for each in SESSIONS),
)
emails = st.sampled_from((*PEOPLE, "erased-1"))
answers = st.lists(st.tuples(st.sampled_from(SESSIONS), st.sampled_from(S)), unique_by=lambda one: one[0]).map(tuple)
some_rows = st.dictionaries(
    st.tuples(emails, st.sampled_from(OFFERINGS)),
    st.tuples(st.sampled_from(S), st.sampled_from(["", *Cause]), st.booleans(), answers),
).map(
    lambda found: tuple(
        row(email, status if invited else S.DECLINED, offering=offering, cause=cause, invited=invited, answers=said)
        for (email, offering), (status, cause, invited, said) in found.items()
    )
)
some_asked = st.frozensets(st.sampled_from(PEOPLE))
groups = st.frozensets(st.sampled_from(BroadcastGroup))
written = st.sampled_from([{Language.DA}, set(Language)])
people = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([None, *Language])).map(
    lambda found: PeopleIndex([Person(email=email, language=language) for email, language in found.items()])
)


def recipients(rows, asked, where, wanted, known=PeopleIndex(), languages=frozenset(Language)):  # noqa: B008 - frozen
    found = groups_at(COURSE, where, rows, asked)
    return recipients_of(found, wanted, languages=languages, plan=plan(), people=known, rows=rows)


def nobody_gets_two_and_nobody_gets_one_who_is_not_of_the_groups(rows, asked, where, wanted, known):
    made = recipients(rows, asked, where, wanted, known)
    keys = [broadcast_key("1", one.email) for one in made]
    assert len(set(keys)) == len(keys)
    assert {one.group for one in made} <= wanted
    assert not any(is_stand_in(one.email) for one in made)
    assert {one.email for one in made} <= {each.email for each in rows if each.invited} | asked


def the_groups_part_people_and_all_of_them_together_are_everybody_once(rows, asked, where):
    """Whatever is ticked, it is the sum of what was ticked."""
    apart = [{one.email for one in recipients(rows, asked, where, {group})} for group in BroadcastGroup]
    together = {one.email for one in recipients(rows, asked, where, frozenset(BroadcastGroup))}
    assert set().union(*apart) == together
    assert sum(map(len, apart)) == len(together)


def whoever_has_a_seat_waits_or_is_maybe_is_written_to_as_part_of_the_course(rows, asked):
    """Only who is out may be left out."""
    found = groups_at(COURSE, PLACES[0], rows, asked)
    for email, part in parts_of_course(rows).items():
        if not is_stand_in(email) and part.value != "out":
            assert email in found


def who_was_told_that_it_is_over_and_is_out_hears_nothing(rows, asked, where):
    over = {each.email for each in rows if each.cause in {Cause.LEFT, Cause.TURNED_AWAY, Cause.OFFERING_GONE}}
    declined = {one.email for one in recipients(rows, asked, where, {BroadcastGroup.DECLINED})}
    assert not declined & over


def everybody_gets_a_language_that_was_written(rows, asked, where, known, languages):
    made = recipients(rows, asked, where, frozenset(BroadcastGroup), known, languages)
    assert {one.language for one in made} <= languages
    for one in made:
        person = known.find(one.email)
        if person is not None and person.language in languages:
            assert one.language is person.language


def what_was_shown_does_not_depend_on_the_order_of_the_books(rows, asked, where, order):
    shuffled = [*rows]
    order.shuffle(shuffled)
    first, second = (recipients(each, asked, where, frozenset(BroadcastGroup)) for each in (rows, shuffled))
    assert shown_digest("1", first) == shown_digest("1", second)


@given(
    rows=some_rows, asked=some_asked, where=st.sampled_from(PLACES), wanted=groups, known=people, languages=written,
    order=st.randoms(use_true_random=True),
)  # fmt: skip
def test_whoever_is_in_the_books_and_whatever_is_ticked(rows, asked, where, wanted, known, languages, order):
    """Each of these of the same books, which take longer to draw than to look at; whoever fails is named by where it does."""
    nobody_gets_two_and_nobody_gets_one_who_is_not_of_the_groups(rows, asked, where, wanted, known)
    the_groups_part_people_and_all_of_them_together_are_everybody_once(rows, asked, where)
    whoever_has_a_seat_waits_or_is_maybe_is_written_to_as_part_of_the_course(rows, asked)
    who_was_told_that_it_is_over_and_is_out_hears_nothing(rows, asked, where)
    everybody_gets_a_language_that_was_written(rows, asked, where, known, languages)
    what_was_shown_does_not_depend_on_the_order_of_the_books(rows, asked, where, order)
