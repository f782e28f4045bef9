"""Whatever is sent when: never above the limits, and as fast as they allow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.postage import DAY, MINUTE, Budget, Full, Posted, minutes_for, room_for

START = datetime(2026, 3, 29, tzinfo=UTC)
BUDGETS = st.builds(
    Budget,
    messages_per_minute=st.none() | st.integers(1, 5),
    recipients_per_day=st.integers(1, 60),
    reserved_share=st.sampled_from([0.0, 0.2, 0.5]),
)
WISHES = st.lists(st.tuples(st.integers(0, 40_000), st.integers(1, 6), st.booleans(), st.booleans()), max_size=60)


def lately(sent: list[tuple[datetime, int]], now: datetime) -> Posted:
    today = [(at, recipients) for at, recipients in sent if now - DAY < at <= now]
    return Posted(
        recipients=sum(recipients for _, recipients in today),
        since=min((at for at, _ in today), default=None),
        newest=tuple(sorted(at for at, _ in today)),
    )


@given(BUDGETS, WISHES)
def test_no_minute_and_no_day_ever_holds_too_much(budget: Budget, wishes: list[tuple[int, int, bool, bool]]) -> None:
    sent: list[tuple[datetime, int]] = []
    now = START
    for pause, recipients, comes_first, waits_if_told in wishes:
        now += timedelta(seconds=pause)
        wait = room_for(budget, lately(sent, now), now=now, recipients=recipients, comes_first=comes_first)
        if wait is not None and waits_if_told and wait.full is Full.MINUTE:
            assert now < wait.until <= now + MINUTE
            now = wait.until
            wait = room_for(budget, lately(sent, now), now=now, recipients=recipients, comes_first=comes_first)
            assert wait is None or wait.full is Full.DAY
        if wait is None:
            sent.append((now, recipients))
            day = lately(sent, now)
            # One message alone may be larger than the day: it is Exchange's to refuse.
            assert day.recipients <= budget.recipients_for(comes_first=comes_first) or day.since == now or len(day.newest) == 1
        else:
            assert wait.until >= now
    if budget.messages_per_minute is not None:
        for at, _ in sent:
            assert sum(at - MINUTE < other <= at for other, _ in sent) <= budget.messages_per_minute


@given(st.integers(0, 500), st.integers(1, 30))
def test_a_queue_takes_as_many_minutes_as_it_says(messages: int, a_minute: int) -> None:
    budget = Budget(messages_per_minute=a_minute)
    sent: list[tuple[datetime, int]] = []
    now = START
    for _ in range(messages):
        wait = room_for(budget, lately(sent, now), now=now, recipients=1, comes_first=False)
        now = now if wait is None else wait.until
        sent.append((now, 1))
    assert (now - START) == MINUTE * max(minutes_for(messages, a_minute) - 1, 0)


def test_events_do_not_wait_for_the_minute_but_fill_it() -> None:
    budget = Budget(messages_per_minute=1)
    full = Posted(recipients=400, since=START, newest=(START,))
    assert room_for(budget, full, now=START, recipients=400, comes_first=False, paced=False) is None
    assert room_for(budget, full, now=START, recipients=1, comes_first=True) is not None
