"""Which invitations that came back are still of interest to anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.bounces import still_wanted
from bot.domain.bounces import Bounce, BounceReason
from bot.domain.events import SessionKey
from tests.builders.samples import KEY, NOW, address, make_desired, make_entry, make_observed

AHEAD = make_desired("anna", "bo")
ENTRY = make_entry(AHEAD, make_observed(AHEAD))


def bounce(name: str, session: SessionKey = KEY) -> Bounce:
    return Bounce(session=session, email=address(name), reason=BounceReason.UNKNOWN_ADDRESS, received_at=NOW)


@pytest.mark.parametrize(
    ("returned", "now", "is_wanted"),
    [
        (bounce("anna"), NOW, True),
        (bounce("eva"), NOW, False),
        (bounce("anna", SessionKey.parse("demo/kursus/main/anden")), NOW, False),
        (bounce("anna"), ENTRY.end - timedelta(microseconds=1), True),
        (bounce("anna"), ENTRY.end, False),
    ],
    ids=["ahead and on the list", "not on the list", "another event", "almost over", "over"],
)
def test_a_returned_invitation_is_of_interest_while_its_event_is_ahead_and_has_the_address(returned, now, is_wanted):
    assert still_wanted([returned], [ENTRY], now=now) == ((returned,) if is_wanted else ())
