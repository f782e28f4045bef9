"""Reading the plan that the settings name: a file, a sharing link, what the desk keeps, or nothing at all.

With HR's own words where there are any.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.domain.decided import as_decided
from bot.domain.errors import InputError
from bot.domain.plan_places import desk_plan_named
from bot.opening.clock import clock_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.aside import Aside
    from bot.domain.plan import CoursePlan
    from bot.graph.client import GraphClient
    from bot.plan import ParsedPlan
    from config.settings import Settings


Content = TypeVar("Content")


async def load_plan(
    settings: Settings,
    client: GraphClient | None = None,
    *,
    aside: Aside | None = None,
    content: bytes | None = None,
) -> CoursePlan:
    """As `load_whole_plan`, as it is decided.

    What depends on a decision is settled (`bot.domain.decided`), for all that sends or lists.
    """
    return as_decided(await load_whole_plan(settings, client, aside=aside, content=content))


async def load_whole_plan(
    settings: Settings,
    client: GraphClient | None = None,
    *,
    aside: Aside | None = None,
    content: bytes | None = None,
) -> CoursePlan:
    """The plan that the settings name, wherever it is kept, with all that it says.

    HR's own words come with it where there are any.

    A link is fetched with `client` where there is one already; files are read here, or by `aside`, which
    waits no longer than it may. `content`: what stands there, where somebody has fetched it.

    Raises InputError when none is named or it cannot be read (`desk_plan_empty`: nothing is written yet), or
    when one of HR's templates cannot be used; PlanInvalid with every problem; TimeoutError of `aside`.
    """
    parsed = await parse_source(settings, settings.plan, client, aside=aside, doubts=False, content=content)
    if settings.templates is None:
        return parsed.usable()
    from bot.messages.environment import read_words

    return _worded(parsed.usable(), settings.templates, await _read(aside, read_words, settings.templates))


def plan_of_content(settings: Settings, content: bytes) -> CoursePlan:
    """As `load_plan`, of what stands there already. Reads HR's own words, as long as their disk takes."""
    plan = _parsed(settings, settings.plan or "", content, doubts=False).usable()
    if settings.templates is not None:
        from bot.messages.environment import read_words

        plan = _worded(plan, settings.templates, read_words(settings.templates))
    return as_decided(plan)


def _worded(plan: CoursePlan, folder: str, words: Mapping[str, str]) -> CoursePlan:
    from bot.messages.own_words import check_words

    worded = replace(plan, own_words=folder)
    check_words(worded, words)
    return worded


async def parse_source(
    settings: Settings,
    source: str | None,
    client: GraphClient | None = None,
    *,
    aside: Aside | None = None,
    doubts: bool = True,
    content: bytes | None = None,
) -> ParsedPlan:
    """Read and parse a path or what Microsoft 365 has; problems are in the result.

    `client`, `aside`, `content`: as in `load_whole_plan`; `doubts` as in `parse_plan`.
    """
    from bot.plan import read_plan_file
    from config.plan_settings import is_fetched

    if not source:
        from config.plan_settings import plan_names

        names = plan_names(settings)
        raise (
            InputError("plan_missing_among", names=", ".join(names)) if names else InputError("plan_missing")
        )
    if content is not None:
        data = content
    elif is_fetched(source):
        from bot.graph.client import GraphClient
        from bot.opening.linked_file import read_linked

        async with nullcontext(client) if client is not None else GraphClient(settings.graph) as opened:
            data = (await read_linked(settings, opened, source)).content
    elif (plan := desk_plan_named(source)) is not None:
        data = _kept(settings, plan)
    else:
        data = await _read(aside, read_plan_file, source)
    return _parsed(settings, source, data, doubts=doubts)


def _parsed(settings: Settings, name: str, data: bytes, *, doubts: bool) -> ParsedPlan:
    from bot.plan import parse_plan

    now = clock_of(settings).now()
    return parse_plan(data, name=name, now=now, courses_a_week=settings.courses_a_week, doubts=doubts)


def _kept(settings: Settings, plan: str) -> bytes:
    """What is kept of a plan on the desk; raises InputError `desk_plan_empty` before anything is."""
    from bot.opening.stores import open_stores_to_read

    with open_stores_to_read(settings) as stores:
        kept = stores.desk_plans.load(plan)
    if kept is None:
        raise InputError("desk_plan_empty", plan=plan)
    return kept.content


async def _read(aside: Aside | None, read: Callable[[str], Content], path: str) -> Content:
    return read(path) if aside is None else await aside.do(read, path)
