"""Half a year by chance: HR edits, people come and go, answer and interfere, answers get lost; after every sync all is well.

Whatever happened, a sync mails exactly those whom it promised, nobody twice for one thing, and leaves nothing to
do; one event stands for each session. The same seed is the same history; `HYPOTHESIS_PROFILE=nightly` plays many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.chance import seeds
from tests.e2e.history import History

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import World

STEPS = 8


@pytest.mark.parametrize("seed", seeds(4))
def test_whatever_happens_each_sync_mails_whom_it_promised_and_leaves_nothing_to_do(make_world: Callable[..., World], seed: int) -> None:
    history = History(make_world(leaders=0), seed)
    history.sync_and_look()
    happened = []
    for _ in range(STEPS):
        act = history.chance.choice(history.acts)
        happened.append(act.__name__)
        act()
        try:
            history.sync_and_look()
        except AssertionError as error:
            error.add_note(f"seed {seed} ({history.drift}): {', '.join(happened)}")
            raise
