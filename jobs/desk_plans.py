"""A plan that is kept on the desk, read when it was saved again.

| a look finds                             | then | asked of the database |
|------------------------------------------|---|---|
| nothing written yet                      | there is no such plan yet, and nothing is wrong | one number |
| the save that was read last              | nothing | one number |
| another save                             | it is the plan from now on | and the content |
| a content that this program cannot read  | what was read last holds; told until another save | and the content |
| no answer                                | what was read last holds; told until a look gets through | – |

Of whoever writes there is a single one at a time (`bot.ports.desk_plans`), so nothing is ever half saved.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.domain.errors import KursusbotError
from bot.opening.plan_source import plan_of_content
from config.plan_settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.desk_plans import DeskSave
    from bot.domain.plan import CoursePlan
    from bot.ports.desk_plans import DeskPlanBook
    from config.plan_settings import PlanSource
    from config.settings import Settings

Stamp = tuple[object, ...]


@dataclass(slots=True, kw_only=True)
class DeskPlanFile:
    """What this process knows of it.

    `stamp` of what was read last, `origin` who saved that; `standing` is what is wrong with it. `turn`: one
    look at a time, also of pages, which have threads of their own.
    """

    stamp: Stamp = ()
    origin: DeskSave | None = None
    standing: KursusbotError | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRead:
    """What a look came to: `plan` where there is another one, `is_gone` where there is none; `error`: now."""

    settings: Settings
    plan: CoursePlan | None = None
    error: KursusbotError | None = None
    is_gone: bool = False


class DeskPlans:
    """`kept` are the books of what was saved."""

    def __init__(self, settings: Settings, kept: DeskPlanBook) -> None:
        self._settings, self._kept = settings, kept

    def is_saved_since(self, file: DeskPlanFile, source: PlanSource) -> bool:
        """Whether there is another save than the one read last; False where the database does not answer."""
        try:
            return (self._kept.look(source.called),) != file.stamp[:1]
        except KursusbotError:
            return False

    def read(self, file: DeskPlanFile, source: PlanSource, *, words: Callable[[Settings], Stamp]) -> DeskRead:
        """By the table above; `words` stamps HR's own."""
        settings = self._settings
        try:
            settings = settings_of(self._settings, source)
            save = self._kept.look(source.called)
            if save is None:
                file.stamp, file.origin, file.standing = (), None, None
                return DeskRead(settings=settings, is_gone=True)
            stamp = (save, settings, *words(settings))
            if stamp == file.stamp:
                return DeskRead(settings=settings, error=file.standing)
            return self._read(file, source, settings, words)
        except KursusbotError as error:
            return DeskRead(settings=settings, error=error)

    def _read(
        self, file: DeskPlanFile, source: PlanSource, settings: Settings, words: Callable[[Settings], Stamp]
    ) -> DeskRead:
        stamped, kept = words(settings), self._kept.load(source.called)
        if kept is None:
            return DeskRead(settings=settings, is_gone=True)
        file.stamp = (kept.save, settings, *stamped)
        try:
            plan = plan_of_content(settings, kept.content)
        except KursusbotError as error:
            file.standing = error
            return DeskRead(settings=settings, error=error)
        file.origin, file.standing = kept.save, None
        return DeskRead(settings=settings, plan=plan)
