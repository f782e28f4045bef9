"""What every round takes: which plan it goes by, and through whose mailbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from bot.domain.decided import as_decided
from bot.domain.graph_findings import NOTHING_FOUND
from bot.opening.work import Work
from config.settings import Settings
from tests.builders.samples import make_plan

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PLAN = make_plan()
LOOPBACK = {"base_url": "http://127.0.0.1:1/v1.0", "credential": "static_token", "static_token": "x"}


def tenant(name: str) -> Any:
    return SimpleNamespace(name=name, acting_for=lambda plan: tenant(plan.organiser))


def work(written: CoursePlan = PLAN) -> Work:
    settings = Settings(_env_file=None, now=NOW, graph=LOOPBACK)
    stores = cast("Any", None)
    return Work(settings=settings, written=written, plan=PLAN, stores=stores, tenant=tenant("as opened"), findings=NOTHING_FOUND)


def named(of: Work) -> str:
    return cast("Any", of.tenant).name


def test_another_version_in_the_same_mailbox_is_reached_as_before() -> None:
    """Also where somebody has put a quiet mailbox there: what only looks must not be given a real one."""
    other = replace(PLAN, revision="senere")
    assert (work().by(other).plan, named(work().by(other))) == (other, "as opened")


def test_a_version_that_names_another_mailbox_is_reached_there_and_the_way_back_is_found() -> None:
    moved = replace(PLAN, organiser="andre@kommune.example")
    assert named(work().by(moved)) == "andre@kommune.example"
    assert named(work().by(moved).by(PLAN)) == PLAN.organiser


def test_what_is_not_decided_is_found_behind_what_is_written() -> None:
    whole = replace(PLAN, revision="senere")
    assert work().whole == PLAN
    assert work(as_decided(whole)).whole is whole


def test_the_time_is_the_one_that_the_settings_say() -> None:
    assert work().now() == NOW
