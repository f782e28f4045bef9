"""Addresses that the books do not know: who is enrolled, and who is asked about first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import GraphRefused
from bot.domain.people import Person
from bot.seats.newcomers import MANY, MOST_SUGGESTED, Newcomer, NewcomerProblem, is_own, judge, own_domains, resembling
from tests.builders.registrations import PLAN

OWN = frozenset({"by.example"})
KARIN = Person(email="karin.kreativsen@by.example", name="Karin Kreativsen", directory_id="1")
AWAY = GraphRefused("graph_refused", status=403)
P = NewcomerProblem


@pytest.mark.parametrize(
    ("email", "said", "person", "error", "problem"),
    [
        ("ny@by.example", False, KARIN, None, None),
        ("ny@firma.example", False, KARIN, None, None),
        ("ny@by.example", False, None, None, P.UNKNOWN),
        ("ny@by.example", True, None, None, P.UNKNOWN),
        ("ny@skole.by.example", True, None, None, P.UNKNOWN),
        ("ny@by.example", True, None, AWAY, P.UNASKED),
        ("ny@by.example", False, None, AWAY, P.UNASKED),
        ("ny@firma.example", False, None, AWAY, P.UNASKED),
        ("ny@firma.example", False, None, None, P.OUTSIDE),
        ("ny@firma.example", True, None, AWAY, None),
        ("ny@firma.example", True, None, None, None),
        ("ny@ikke-by.example", True, None, None, None),
    ],
)
def test_who_is_enrolled_that_the_books_do_not_know(email, said, person, error, problem):
    """The module's table."""
    refused = judge(Newcomer(email=email, external=said, person=person, error=error), OWN, [])
    assert (refused.problem if refused else None) is problem
    assert refused is None or (refused.email, refused.error) == (email, error)


def test_a_misspelt_colleague_is_named_as_what_was_meant():
    """With the name, nearest first, a few at most."""
    others = [Person(email=f"karin.kreativsen{number}@by.example") for number in range(9)]
    refused = judge(Newcomer(email="karin.kreativsn@by.example"), OWN, [*others, KARIN])
    assert refused.suggestions[0] == ("karin.kreativsen@by.example", "Karin Kreativsen")
    assert len(refused.suggestions) == MOST_SUGGESTED
    assert resembling("zzz@firma.example", [KARIN]) == ()


def test_our_own_domains_are_the_organisers_the_contacts_and_those_of_many_colleagues():
    """A guest or two of Entra do not make their domain ours, and neither do people that only the plan lists."""
    plan = replace(PLAN, organiser="kurser@by.example", contact="hr@kommune.example")
    colleagues = [Person(email=f"p{number}@skoler.example", directory_id=str(number)) for number in range(MANY)]
    guests = [Person(email=f"g{number}@firma.example", directory_id=f"g{number}") for number in range(MANY - 1)]
    listed = [Person(email=f"l{number}@partner.example") for number in range(MANY)]
    assert own_domains(plan, [*colleagues, *guests, *listed]) == {"by.example", "kommune.example", "skoler.example"}


@given(st.text("abc.", max_size=8), st.text("abc.", max_size=8))
def test_only_what_lies_in_or_below_a_domain_is_ours(local, domain):
    """Never a domain that only ends in the same letters."""
    email = f"{local}@{domain}by.example"
    assert is_own(email, OWN) == (domain == "" or domain.endswith("."))
