"""A small tenant and somebody to talk to it, for each test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files

import pytest

from bot.sandbox.tenant import Tenant
from tests.builders.graph_talk import Talk, small_tenant


@pytest.fixture
def talk() -> Iterator[Talk]:
    talking = Talk(small_tenant())
    yield talking
    talking.close()


@pytest.fixture
def tenant(talk: Talk) -> Tenant:
    return talk.tenant


@pytest.fixture
def ids(tenant: Tenant, talk: Talk) -> dict[str, str]:
    """Anna and Bo have the app, Carl has not."""
    tenant.teams.publish(json.loads(files("config").joinpath("teams", "manifest.json").read_text(encoding="utf-8")))
    talk.control("POST", "teams-app", {"add": ["anna@kommune.example", "bo@kommune.example"]})
    return {name: tenant.directory.find_user(f"{name}@kommune.example").id for name in ("anna", "bo", "carl")}
