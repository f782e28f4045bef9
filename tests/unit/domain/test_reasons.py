"""Who else a reason names: asked about before it is kept, because the person it is about reads it."""

from __future__ import annotations

import pytest

from bot.domain.people import Person
from bot.domain.reasons import names_person, others_named

BJOERK = Person(email="bjoerk.fiktivborg@by.example", name="Bjørk Fiktivborg", aliases=frozenset({"bf_1@by.example"}))
CARLO = Person(email="carlo.holm@by.example", name="Carlo Holm")
EA = Person(email="ea_2@by.example")
PLAN_WORDS = ("Psykologisk Tryghed", "Hold A", "Norddjurs Kommune", "")


@pytest.mark.parametrize(
    ("reason", "named"),
    [
        ("", ()),
        ("Sygdom", ()),
        ("Ny leder fra 1. juni, aftalt med HR", ()),
        ("Carlo F. er syg med stress, bytter med Bjørk", ("Carlo F",)),
        ("bytter med Carlo", ("Carlo",)),
        ("Afløser for Holm", ("Holm",)),
        ("Bjørk Fiktivborg er på barsel", ()),
        ("Bjørk bad om det", ()),
        ("afløser Ditte Dam-Hansen på barsel", ("Ditte Dam-Hansen",)),
        ("aftalt med ditte@by.example.", ("ditte@by.example",)),
        ("skrevet fra BF_1@by.example og bjoerk.fiktivborg@by.example", ()),
        ("fra Psykologisk Tryghed til hold a i Norddjurs Kommune", ()),
        ("AFTALT MED HR", ()),
        ("HR IT", ()),
        ("Carlo, Carlo og Carlo", ("Carlo",)),
        ("Syg. Carlo tager over", ("Carlo",)),
        ("Ea tager over", ("Ea",)),
        ("J. Hansen er syg", ("J Hansen",)),
    ],
)
def test_others_are_found_and_the_person_and_the_plans_words_are_not(reason: str, named: tuple[str, ...]) -> None:
    assert others_named(reason, BJOERK, (BJOERK, CARLO, EA), plan_words=PLAN_WORDS) == named


def test_of_somebody_whom_nobody_knows_the_address_tells_the_name() -> None:
    assert others_named("Anna Eksempel er ny", Person(email="anna.eksempel@by.example"), ()) == ()


@pytest.mark.parametrize(
    ("reason", "meant"),
    [("Carlo F. er syg", True), ("bytter med Carlos ven", False), ("carlo", False), ("Holm er syg", False), ("", False)],
)
def test_somebody_is_meant_by_the_first_name(reason: str, meant: bool) -> None:
    assert names_person(reason, ["Carlo Holm", ""]) is meant
