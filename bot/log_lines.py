"""Loggers that cost nothing until they say something.

Structlog is imported and set up with the first line that is to be seen.

Most commands say nothing, and structlog takes longer to import than they do to work (it looks for what could
make its lines prettier). How the lines look is `bot.logbook`'s; without it structlog's own ways hold.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


class _SetUp:
    """What is still to be done before the first line, and how weighty a line has to be until then."""

    level: int = logging.NOTSET
    postponed: Callable[[], None] | None = None


def postpone(set_up: Callable[[], None], level: int) -> None:
    """Do this before the first line of `level` or above.

    At once where somebody has imported structlog already.
    """
    if "structlog" in sys.modules:
        _SetUp.level, _SetUp.postponed = logging.NOTSET, None
        set_up()
    else:
        _SetUp.level, _SetUp.postponed = level, set_up


class Logger:
    """Says events as structlog's loggers do, each `stage.past_tense` with its data in keywords."""

    __slots__ = ("_name",)

    def __init__(self, name: str | None) -> None:
        self._name = name

    def debug(self, event: str, /, **data: Any) -> None:
        """For who looks for a fault."""
        self._say(logging.DEBUG, "debug", event, data)

    def info(self, event: str, /, **data: Any) -> None:
        """What was done."""
        self._say(logging.INFO, "info", event, data)

    def warning(self, event: str, /, **data: Any) -> None:
        """What somebody should look at."""
        self._say(logging.WARNING, "warning", event, data)

    def error(self, event: str, /, **data: Any) -> None:
        """What did not work."""
        self._say(logging.ERROR, "error", event, data)

    def exception(self, event: str, /, **data: Any) -> None:
        """A fault of ours, with its traceback."""
        self._say(logging.ERROR, "exception", event, data)

    def _say(self, level: int, how: str, event: str, data: dict[str, Any]) -> None:
        if level < _SetUp.level:
            return
        import structlog

        if _SetUp.postponed is not None:
            set_up, _SetUp.postponed, _SetUp.level = _SetUp.postponed, None, logging.NOTSET
            set_up()
        logger = structlog.get_logger() if self._name is None else structlog.get_logger(self._name)
        getattr(logger, how)(event, **data)


def get_logger(name: str | None = None) -> Logger:
    """The logger of a part of the program."""
    return Logger(name)
