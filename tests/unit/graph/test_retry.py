"""When a call is repeated, and how long is waited."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.graph.retry import LONGEST_WAIT_SECONDS, NO_ANSWER, NO_CONNECTION, FailureKind, Step, backoff, decide, parse_retry_after

NOW = datetime(2027, 1, 4, 12, tzinfo=UTC)

EVERY = (Step.RETRY,) * 3
UNCLEAR = (Step.RETRY, Step.LOOK_UP, Step.GIVE_UP)
TABLE = {
    200: (Step.DONE,) * 3,
    201: (Step.DONE,) * 3,
    302: (Step.DONE,) * 3,
    NO_CONNECTION: EVERY,
    429: EVERY,
    423: EVERY,
    401: (Step.RENEW,) * 3,
    NO_ANSWER: UNCLEAR,
    408: UNCLEAR,
    500: UNCLEAR,
    502: UNCLEAR,
    503: UNCLEAR,
    504: UNCLEAR,
    509: UNCLEAR,
    599: UNCLEAR,
    400: (Step.GIVE_UP,) * 3,
    403: (Step.GIVE_UP,) * 3,
    404: (Step.GIVE_UP,) * 3,
    409: (Step.GIVE_UP,) * 3,
    410: (Step.GIVE_UP,) * 3,
    412: (Step.GIVE_UP,) * 3,
    418: (Step.GIVE_UP,) * 3,
}


@pytest.mark.parametrize("status", TABLE)
def test_each_answer_has_its_step_for_each_kind_of_call(status: int) -> None:
    """The table of the module's docstring."""
    assert tuple(decide(kind, status) for kind in (FailureKind.SAFE, FailureKind.KEYED, FailureKind.UNKEYED)) == TABLE[status]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("2.128", 2.128),
        ("0", 0.0),
        ("-5", 0.0),
        ("Mon, 04 Jan 2027 12:00:30 GMT", 30.0),
        ("Mon, 04 Jan 2027 11:00:00 GMT", 0.0),
        ("Mon, 04 Jan 2027 13:00:30 +0100", 30.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("inf", None),
        ("nan", None),
    ],
)
def test_retry_after_is_read_as_integer_fraction_and_date(header: str | None, seconds: float | None) -> None:
    """Facts 14.17; what cannot be read counts as missing."""
    assert parse_retry_after(header, now=NOW) == seconds


@given(st.integers(0, 10_000), st.floats(0, 1, exclude_max=True))
def test_backoff_grows_stays_under_its_ceiling_and_never_waits_backwards(attempt: int, chance: float) -> None:
    """Exponential with full jitter."""
    wait = backoff(attempt, chance=chance)
    assert 0 <= wait <= min(LONGEST_WAIT_SECONDS, 0.5 * 2 ** min(attempt, 10))
    assert wait <= backoff(attempt + 1, chance=chance)
