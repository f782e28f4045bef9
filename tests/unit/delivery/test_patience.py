"""When a failure ends a delivery, and when only one recipient is left out."""

from __future__ import annotations

import pytest

from bot.delivery.patience import Patience
from bot.domain.errors import GraphConflict, GraphError, GraphGone, GraphRefused, GraphUnclear, PermissionMissing, SignInFailed

UNCLEAR = GraphUnclear("graph_unclear", status=500)


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (GraphError("graph_unreachable"), True),
        (SignInFailed("graph_token_rejected", status=401), True),
        (SignInFailed("signin_failed"), True),
        (PermissionMissing("graph_mailbox_denied", status=403, permission="Mail.Send"), True),
        (GraphRefused("graph_throttled", status=429), True),
        (UNCLEAR, False),
        (GraphUnclear("graph_unanswered"), False),
        (GraphConflict("graph_conflict", status=409), False),
        (GraphGone("graph_gone", status=404), False),
        (GraphRefused("graph_refused", status=424), False),
        (GraphRefused("graph_foreign_link"), False),
    ],
    ids=lambda value: f"{value.code}-{value.status}" if isinstance(value, GraphError) else "",
)
def test_what_is_about_all_ends_at_once_and_what_is_about_one_does_not(error: GraphError, ends: bool) -> None:
    patience = Patience()
    assert (patience.ends_with(error), patience.last) == (ends, error)


def test_three_in_a_row_end_it_and_a_success_in_between_begins_anew() -> None:
    patience = Patience()
    assert [patience.ends_with(UNCLEAR) for _ in range(2)] == [False, False]
    patience.went_well()
    assert [patience.ends_with(UNCLEAR) for _ in range(3)] == [False, False, True]
