"""A course that was found at rest stays so until something changes in its books or the next instant that counts has come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.invitations.seat_changes import list_changes
from bot.rounds.steps.decide_seats import settled
from bot.seats.at_rest import next_change
from bot.seats.guest_lists import attendance_of
from tests.property.seats.office import SETTINGS
from tests.property.seats.years import EDITS, KINDS, OTHERS, begin

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.invitations.seat_changes import ListChange
    from bot.rounds.steps.decide_seats import Decided
    from tests.property.seats.office import Office
    from tests.property.seats.years import Year

    Turn = tuple[Callable[[Year, int], None], int, bool]

turns = st.tuples(st.sampled_from([*EDITS, *OTHERS]), st.integers(0, 9999), st.booleans())


def what_follows(office: Office, now: datetime) -> tuple[Decided, tuple[ListChange, ...]]:
    state = office.state()
    decided = settled(state, SETTINGS, now=now)
    attendance = attendance_of(decided.standings)
    return decided, list_changes(state.plan, state.entries, attendance, state.members, state.people, now=now)


def is_at_rest(office: Office, now: datetime) -> bool:
    decided, wanted = what_follows(office, now)
    return not (decided.settlement.transitions or decided.messages or wanted) and decided.registrations == office.rows


def next_of(office: Office) -> datetime:
    state = office.state()
    course = next(iter(state.plan.courses), None)
    return next_change(
        state.plan,
        course,
        state.entries.values(),
        state.standings,
        now=office.now,
        quiet_hours=SETTINGS.seats.quiet_hours,
    )


@given(
    kind=st.integers(0, len(KINDS) - 1),
    shape=st.integers(0, 3),
    history=st.lists(turns, min_size=2, max_size=12),
    share=st.floats(0, 1, exclude_max=True),
)
def test_what_is_at_rest_stays_so_until_the_next_instant_that_counts(kind: int, shape: int, history: list[Turn], share: float) -> None:
    with asyncio.Runner() as runner:
        year = begin(runner.get_loop(), kind, shape)
        office = year.office
        office.sync()
        for happening, number, is_synced in history:
            happening(year, number)
            if is_synced:
                office.sync()
        for _ in range(3):
            office.collect()
            if not is_at_rest(office, office.now):
                continue
            until = next_of(office)
            assert until > office.now
            later = office.now + (until - office.now) * share
            for at in (later, until - (until - later) / 1000):
                if at < until:
                    decided, wanted = what_follows(office, at)
                    assert decided.settlement.transitions == ()
                    assert decided.messages == ()
                    assert wanted == ()
                    assert decided.registrations == office.rows
            office.now = until
