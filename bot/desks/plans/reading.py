"""The plan read anew, for whoever wants to know whether it is right: what `check` says, without a shell.

the plan                      is                 what holds meanwhile
has nothing wrong             fine               what is written
has warnings                  usable             what is written
has errors                    not usable         what could be read last
cannot be reached or read     not to be seen     what could be read last
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.aside import Aside
from bot.domain.errors import InputError, KursusbotError
from bot.domain.plan_places import named
from bot.opening.clock import clock_of
from bot.opening.plan_source import parse_source

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.plan_files import SavedFile
    from bot.domain.problems import Problem
    from config.settings import Settings

PATIENCE_SECONDS = 15.0
"""How long a page waits for a file or a sharing link."""


class PlanState(StrEnum):
    """By the table above."""

    FINE = "fine"
    USABLE = "usable"
    NOT_USABLE = "not_usable"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReading:
    """What a look at the plan found; `read_at` UTC.

    `error` is why it could not be seen, None otherwise; `problems` are errors before warnings before
    notes, each in the order of the plan.
    """

    state: PlanState
    read_at: datetime
    problems: tuple[Problem, ...] = ()
    error: KursusbotError | None = None


def read_anew(settings: Settings, file: SavedFile | None = None) -> PlanReading:
    """Read and check the plan that the settings name; `file` is where a link of theirs led to.

    Waits for the file or the sharing link, for `PATIENCE_SECONDS` at most. Writes nothing; raises nothing of
    what can be wrong with a plan.
    """
    read_at = clock_of(settings).now()
    try:
        problems = asyncio.run(_problems(settings, _where(settings, file)))
    except TimeoutError:
        hangs = InputError("plan_hangs", seconds=int(PATIENCE_SECONDS))
        return PlanReading(state=PlanState.NOT_SEEN, read_at=read_at, error=hangs)
    except KursusbotError as error:
        return PlanReading(state=PlanState.NOT_SEEN, read_at=read_at, error=error)
    ordered = tuple(sorted(problems, key=lambda one: (one.is_note, not one.is_error)))
    return PlanReading(state=_state(ordered), read_at=read_at, problems=ordered)


def _where(settings: Settings, file: SavedFile | None) -> str | None:
    """By its ids, which hold when the link does not."""
    return named(file.place) if file is not None and file.drive else settings.plan


async def _problems(settings: Settings, where: str | None) -> tuple[Problem, ...]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        parsed = await parse_source(settings, where, aside=Aside("plan page", PATIENCE_SECONDS))
    return tuple(parsed.problems)


def _state(problems: tuple[Problem, ...]) -> PlanState:
    if all(problem.is_note for problem in problems):
        return PlanState.FINE
    return PlanState.NOT_USABLE if problems[0].is_error else PlanState.USABLE
