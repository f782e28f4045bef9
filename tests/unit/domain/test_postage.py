"""When messages that wait in a mailbox will have gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.postage import DAY, Budget, Posted, gone_by

NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
SINCE = NOW - timedelta(hours=5)


@pytest.mark.parametrize(
    ("messages", "posted", "minutes"),
    [(0, Posted(), 0), (1, Posted(), 1), (30, Posted(), 1), (31, Posted(), 2), (61, Posted(recipients=7_900, since=SINCE), 3)],
)
def test_what_the_day_has_room_for_goes_at_the_pace_of_the_mailbox(messages, posted, minutes):
    assert gone_by(Budget(), posted, now=NOW, messages=messages) == (NOW + timedelta(minutes=minutes), None)


@pytest.mark.parametrize(("posted", "room_at"), [(Posted(recipients=7_990, since=SINCE), SINCE + DAY), (Posted(), NOW + DAY)])
def test_what_the_day_has_no_room_for_waits_until_the_first_of_it_is_a_day_old(posted, room_at):
    """The share for what comes first is left alone."""
    assert gone_by(Budget(), posted, now=NOW, messages=8_001 - posted.recipients) == (None, room_at)


def test_without_a_pace_they_go_at_once():
    assert gone_by(Budget(messages_per_minute=None), Posted(), now=NOW, messages=400) == (NOW + timedelta(minutes=1), None)
