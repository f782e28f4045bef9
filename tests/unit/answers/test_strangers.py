"""Who belongs to no audience of an offering, as far as anybody knows: where an audience is unknown, nobody is a stranger."""

from __future__ import annotations

import pytest

from bot.seats.settle import Audiences, settle
from tests.builders.settling import ANE, BO, NOW, C, S, claim, make


@pytest.mark.parametrize(
    ("today", "before", "cause"),
    [
        ({}, {}, C.ANSWERED),
        ({"alle": frozenset({ANE})}, {}, C.ANSWERED),
        ({"alle": frozenset({BO})}, {"alle": frozenset({ANE})}, C.LEFT),
        ({"alle": frozenset({BO})}, {"alle": frozenset({BO})}, C.LEFT),
    ],
    ids=["unknown", "belongs to it", "left just now", "never belonged to it"],
)
def test_an_answer_counts_unless_it_is_known_that_the_person_is_a_stranger(today, before, cause):
    settlement = settle(make(), [claim()], [], Audiences(today=today, before=before), now=NOW)
    assert settlement.transitions[-1].after.cause is cause
    assert (settlement.transitions[-1].after.status is S.REGISTERED) is (cause is C.ANSWERED)
