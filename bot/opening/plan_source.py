"""Reading the plan that the settings name: a file, a sharing link, or nothing at all.

With HR's own words where there are any.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from bot.domain.decided import as_decided
from bot.errors import InputError, PlanInvalid
from bot.opening.clock import clock_of

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """The plan that the settings name, from a file or a sharing link, with all that it says.

    HR's own words come with it where there are any.

    A link is fetched with `client` where there is one already; files are read here, or by `aside`, which
    waits no longer than it may. `content`: what stands there, where somebody has fetched it.

    Raises InputError when none is named or it cannot be read, or when one of HR's templates cannot be used;
    PlanInvalid with every problem; TimeoutError of `aside`.
    """
    parsed = await parse_source(settings, settings.plan, client, aside=aside, doubts=False, content=content)
    if parsed.plan is None:
        raise PlanInvalid(parsed.problems)
    if settings.templates is None:
        return parsed.plan
    from bot.messages.environment import read_words
    from bot.messages.own_words import check_words

    plan = replace(parsed.plan, own_words=settings.templates)
    check_words(plan, await _read(aside, read_words, settings.templates))
    return plan


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
    from bot.plan import parse_plan, read_plan_file
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
        from bot.graph.drive import fetch_shared_file

        async with nullcontext(client) if client is not None else GraphClient(settings.graph) as opened:
            data = await fetch_shared_file(opened, source)
    else:
        data = await _read(aside, read_plan_file, source)
    return parse_plan(
        data, name=source, now=clock_of(settings).now(), courses_a_week=settings.courses_a_week, doubts=doubts
    )


async def _read(aside: Aside | None, read: Callable[[str], Content], path: str) -> Content:
    return read(path) if aside is None else await aside.do(read, path)
