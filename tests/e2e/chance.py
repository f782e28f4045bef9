"""With which seeds a history of chance is played: the same seed is the same history.

| play | seeds | steps, where a story counts them | where |
|---|---|---|---|
| short | the first | few | `make test` |
| long | a few (without the first, where no steps are counted) | all | `make test-long` (marked `long`) |
| by night | many | all | `HYPOTHESIS_PROFILE=nightly` |
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

NIGHTLY = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"


def seeds(few: int = 2, *, many: int = 60) -> list[int | ParameterSet]:
    """What a test is to be parametrized by."""
    if NIGHTLY:
        return [*range(many)]
    return [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, few))]


def plays(short: int, steps: int, *, few: int = 2) -> list[tuple[int, int] | ParameterSet]:
    """Seeds and steps: so many in the short play, and in the others."""
    if NIGHTLY:
        return [(seed, steps) for seed in seeds() if isinstance(seed, int)]
    return [(0, short), *(pytest.param(seed, steps, marks=pytest.mark.long) for seed in range(few))]
