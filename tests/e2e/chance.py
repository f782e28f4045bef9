"""With which seeds a history of chance is played: the same seed is the same history.

| play | seeds | where |
|---|---|---|
| short | the first | `make test` |
| long | the others of a few | `make test-long` (marked `long`) |
| by night | many | `HYPOTHESIS_PROFILE=nightly` |
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
