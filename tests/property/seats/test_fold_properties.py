"""Whatever was answered, and in whatever order it is read: the fold says the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.answers.fold import fold_claims
from bot.domain.people import PeopleIndex
from bot.domain.registrations import Answer, AnswerSource, RegistrationStatus
from tests.builders.registrations import (
    ACCEPTED,
    ANE,
    BO,
    DAG,
    DECLINED,
    DEL_1,
    DEL_2,
    HOLD_1,
    HOLD_2,
    NONE,
    NOW,
    PLAN,
    TENTATIVE,
    day,
)

PEOPLE = PeopleIndex([ANE, BO])
KEYS = [DAG, DEL_1, DEL_2, HOLD_1, HOLD_2]
ADDRESSES = [ANE.email, "aas@by.example", BO.email, "ven@firma.example"]
LINES = st.lists(
    st.builds(
        lambda key, part, email, response, at, seen, source, known: Answer(
            key=key.__class__(plan=key.plan, course=key.course, offering=key.offering, session=key.session, part=part),
            email=email,
            name="",
            response=response,
            responded_at=day(at),
            seen_at=day(seen),
            source=source,
            known=known,
        ),
        st.sampled_from(KEYS),
        st.integers(1, 2),
        st.sampled_from(ADDRESSES),
        st.sampled_from([ACCEPTED, DECLINED, TENTATIVE, NONE]),
        st.integers(1, 5),
        st.integers(1, 5),
        st.sampled_from([AnswerSource.OUTLOOK, AnswerSource.RULE, AnswerSource.HR]),
        st.booleans(),
    ),
    max_size=14,
)
BOOKS = st.dictionaries(
    st.sampled_from(KEYS), st.dictionaries(st.sampled_from(ADDRESSES), st.integers(0, 6).map(day), max_size=4), max_size=5
)


def fold(books, lines):
    return fold_claims(PLAN, books, lines, PEOPLE)


def the_order_of_the_input_does_not_matter(books, lines, chance):
    """Rows of a database come as they like."""
    shuffled = list(lines)
    chance.shuffle(shuffled)
    assert fold(dict(reversed(list(books.items()))), shuffled) == fold(books, lines)


def an_answer_read_again_changes_nothing(books, lines):
    """A delta shows an event whenever anybody on it answers."""
    again = [line.__class__(**{name: getattr(line, name) for name in line.__slots__} | {"seen_at": NOW}) for line in lines]
    assert fold(books, [*lines, *again]) == fold(books, lines)


def a_fall_back_to_none_changes_nothing(books, lines, key, email):
    """Exchange forgets answers when a time changes; people do not."""
    nothing = Answer(key=key, email=email, name="", response=NONE, responded_at=NOW, seen_at=NOW)
    assert fold(books, [*lines, nothing]) == fold(books, lines)


def one_row_for_each_person_and_offering_and_one_for_everybody_on_an_event(books, lines):
    """Nobody twice, nobody missed, and no status without a reason."""
    rows = fold(books, lines)
    who = [(row.course, row.offering, row.email) for row in rows]
    assert who == sorted(set(who))
    assert {(key.course, key.offering, PEOPLE.canonical(email)) for key, on_event in books.items() for email in on_event} <= set(who)
    assert all(row.invited for row in rows if row.status is RegistrationStatus.INVITED)
    said = {(line.key.course, line.key.offering, PEOPLE.canonical(line.email), line.responded_at) for line in lines}
    assert all((*key, row.since) in said for key, row in zip(who, rows, strict=True) if row.status is not RegistrationStatus.INVITED)


@given(BOOKS, LINES, st.randoms(use_true_random=True), st.sampled_from(KEYS), st.sampled_from(ADDRESSES))
def test_whatever_is_answered(books, lines, chance, key, email):
    """Each of these of what is drawn once, which takes longer than to look at it; whoever fails is named by where it does."""
    the_order_of_the_input_does_not_matter(books, lines, chance)
    an_answer_read_again_changes_nothing(books, lines)
    a_fall_back_to_none_changes_nothing(books, lines, key, email)
    one_row_for_each_person_and_offering_and_one_for_everybody_on_an_event(books, lines)
