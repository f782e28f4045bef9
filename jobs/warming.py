"""The desk of large plans made ready: what "today" and the lists are put together from, before somebody asks.

A process knows nothing of the courses when it starts, and nothing holds of them any more once the directory
has changed; to work it all out takes many seconds where there are hundreds of courses with hundreds of
people. So it is done aside, in a thread of its own that rests between the parts, soon after the start and
again every few minutes; where nothing has changed that is one look. Whoever comes in between waits for it, as
they would without it. Plans with few courses are quick at once, and keep no memory for pages that nobody
opens.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING

from bot.domain.errors import KursusbotError
from bot.log_lines import get_logger
from bot.rounds.todays_report import todays_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desks.plan_desk import PlanDesk

LOG = get_logger()
MANY_COURSES = 100
FIRST_SECONDS, AGAIN_SECONDS = 5.0, 300.0
"""The jobs that are owed since the last stop come first."""
REST_SECONDS = 0.05
"""Between two parts, so that a round that computes meanwhile is not kept waiting."""
PATIENCE_SECONDS = 5.0
"""How long a stop waits for the part in hand."""


class _StopAsked(Exception):
    """The process ends."""


class Warming:
    """Call `start` once pages are served, and `stop` before the books are closed."""

    def __init__(self, desks: Mapping[str, PlanDesk], *, many: int = MANY_COURSES) -> None:
        self._desks, self._many, self._ends = desks, many, Event()
        self._thread = Thread(target=self._go_on, name="warming", daemon=True)

    def start(self) -> None:
        """Begin, in a while."""
        self._thread.start()

    def stop(self) -> None:
        """End before the next part."""
        self._ends.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE_SECONDS)

    def _go_on(self) -> None:
        wait = FIRST_SECONDS
        while not self._ends.wait(wait):
            self.look()
            wait = AGAIN_SECONDS

    def look(self) -> None:
        """Work out what is not known of the large plans; what goes wrong with one is no other's trouble."""
        for plan in [*self._desks]:
            try:
                desk = self._desks[plan]
                if len(desk.as_read.courses) >= self._many:
                    todays_report(desk.books, now=desk.now(), before_each=self._rest)
            except _StopAsked:
                return
            except KeyError:
                LOG.debug("warming.plan_gone", plan=plan)
            except KursusbotError as error:
                # Whoever opens the page is told.
                LOG.warning("warming.failed", plan=plan, error=error.code)
            except Exception:
                LOG.exception("warming.broken", plan=plan)

    def _rest(self) -> None:
        if self._ends.wait(REST_SECONDS):
            raise _StopAsked
