"""What may be shown of evaluations: row by row of the table, and that nobody is found by taking one page from another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.evaluation import FORM, EvaluationAnswer, EvaluationKind
from bot.domain.evaluation_results import FEWEST, EvaluatedDate, added_up, batches_of

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DAY = timedelta(days=1)


def answer(offering, question, kind, said):
    return EvaluationAnswer(course="k", offering=offering, question=question, kind=kind, asked=f"{question}?", answer=said)


def date(offering, forms, *, days=-1, asked=None, numbers=None, texts=()):
    """A date that closed so many days from now, each form with a number, as many as `numbers`."""
    said = [answer(offering, "", FORM, "") for _ in range(forms)]
    said += [answer(offering, "overall", "scale", str(1 + number % 5)) for number in range(forms if numbers is None else numbers)]
    said += [answer(offering, "best", "text", one) for one in texts]
    closes = None if days is None else NOW + days * DAY
    return EvaluatedDate(offering=offering, closes=closes, asked=forms if asked is None else asked, answers=tuple(said))


def forms_of(*dates):
    return [one.forms for one in batches_of("k", dates, now=NOW)]


def test_fewer_than_five_are_held_back_and_five_are_a_batch():
    assert forms_of(date("a", 4)) == []
    assert forms_of(date("a", 5)) == [5]


def test_a_small_date_waits_for_the_next_and_what_is_left_is_held_back():
    assert forms_of(date("a", 4, days=-9), date("b", 3, days=-5), date("c", 4, days=-1)) == [7]
    assert forms_of(date("a", 6, days=-9), date("b", 2, days=-5), date("c", 3, days=-1)) == [6, 5]


def test_open_dates_are_held_back_and_what_the_plan_knows_no_more_comes_first():
    assert forms_of(date("a", 40, days=1)) == []
    assert forms_of(date("a", 5), date("gone", 4, days=None)) == [9]


def test_numbers_are_added_up_by_question_where_five_answered_it_and_texts_are_in_no_order_of_theirs():
    found = added_up(batches_of("k", [date("a", 6, asked=12, texts=("Ærligt", "Kaffen"))], now=NOW))
    assert (found.asked, found.forms, found.rate) == (12, 6, 50)
    numbers, texts = found.questions
    assert numbers.counts == (("1", 2), ("2", 1), ("3", 1), ("4", 1), ("5", 1))
    assert numbers.answers == 6
    assert numbers.mean == pytest.approx(16 / 6)
    assert (texts.kind, texts.texts, texts.answers, texts.mean) == (EvaluationKind.TEXT, ("Kaffen", "Ærligt"), 2, None)
    assert added_up(batches_of("k", [date("a", 6, numbers=4)], now=NOW)).questions == ()


def test_choices_come_the_most_chosen_first_and_nothing_has_no_rate():
    said = tuple(answer("a", "igen", "choice", one) for one in ("Nej", "Ja", "Ja", "Ja", "Nej"))
    whole = date("a", 5, numbers=0)
    chosen = EvaluatedDate(offering="a", closes=whole.closes, asked=3, answers=(*whole.answers, *said))
    found = added_up(batches_of("k", [chosen], now=NOW))
    assert found.questions[0].counts == (("Ja", 3), ("Nej", 2))
    assert found.questions[0].mean is None
    assert (found.asked, found.rate) == (5, 100), "more cannot answer than were asked"
    assert added_up(()).rate == 0


def test_what_was_shown_stays_as_it_was_whatever_the_plan_says_by_now():
    """Its form would be open again, or another date would come before it: neither changes a page that somebody has seen."""
    first, small = date("a", 3, days=-9), date("b", 4, days=-5)
    (batch,) = batches_of("k", [first, small], now=NOW)
    assert (batch.number, batch.dates, batch.forms) == (1, ("a", "b"), 7)
    moved = [replace(first, shown=1, closes=NOW + 9 * DAY), replace(small, shown=1)]
    between = date("c", 6, days=-7)
    found = batches_of("k", [*moved, between], now=NOW)
    assert [(one.number, set(one.dates), one.forms) for one in found] == [(1, {"a", "b"}, 7), (2, {"c"}, 6)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-20, 20), st.integers(-20, 20)), max_size=8))
def test_two_looks_differ_by_whole_batches_however_the_plan_moves_dates_in_between(drawn):
    """What the second look shows of the first is the same, and what is new are at least five."""
    dates = [date(str(at), forms, days=days) for at, (forms, days, _) in enumerate(drawn)]
    before = batches_of("k", dates, now=NOW)
    shown = {offering: one.number for one in before for offering in one.dates}
    moved = [replace(one, closes=NOW + later * DAY, shown=shown.get(one.offering)) for one, (_, _, later) in zip(dates, drawn, strict=True)]
    after = batches_of("k", moved, now=NOW)
    assert [(one.number, {*one.dates}, one.forms) for one in after[: len(before)]] == [
        (one.number, {*one.dates}, one.forms) for one in before
    ]
    assert all(one.forms >= FEWEST for one in after)


DATES = st.lists(st.tuples(st.integers(0, 9), st.integers(-20, 20), st.integers(0, 9)), max_size=8)


@given(DATES)
def test_whatever_two_pages_are_held_against_each_other_they_differ_by_five_or_by_none(drawn):
    """A page of any day shows a sum of batches; also of a question alone. Nothing that was shown is taken back."""
    dates = [date(f"d{number}", forms, days=days, numbers=min(forms, numbers)) for number, (forms, days, numbers) in enumerate(drawn)]
    pages = [batches_of("k", dates, now=NOW + days * DAY) for days in range(-21, 22)]
    shown = [added_up(one) for one in pages]
    for earlier, later in combinations(range(len(pages)), 2):
        assert pages[later][: len(pages[earlier])] == pages[earlier]
        more = shown[later].forms - shown[earlier].forms
        assert more == 0 or more >= FEWEST
        numbers = [sum(one.answers for one in page.questions) for page in (shown[earlier], shown[later])]
        assert numbers[1] == numbers[0] or numbers[1] - numbers[0] >= FEWEST
    assert shown[-1].forms <= sum(forms for forms, _, _ in drawn)
