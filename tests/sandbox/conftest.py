"""A small tenant and somebody to talk to it, for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.tenant import Tenant
from tests.sandbox.graph_talk import Talk, small_tenant


@pytest.fixture
def talk() -> Iterator[Talk]:
    talking = Talk(small_tenant())
    yield talking
    talking.close()


@pytest.fixture
def tenant(talk: Talk) -> Tenant:
    return talk.tenant
