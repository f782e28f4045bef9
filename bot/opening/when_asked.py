"""A part of the program that is opened when something of it is first asked for.

Most commands ask few books for anything, and to import one with what it knows takes as long as many a look
into it.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

Book = TypeVar("Book")


class WhenAsked:
    """Stands for what `make` makes.

    Two threads that ask at once may make one each: for what keeps nothing of its own, as books do.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._made: object = None

    def __getattr__(self, name: str) -> Any:
        """What the made one has under this name; asked for once, then it is this one's own."""
        if self._made is None:
            self._made = self._make()
        found = getattr(self._made, name)
        setattr(self, name, found)
        return found


def when_asked(make: Callable[[], Book]) -> Book:
    """What `make` makes, made when something of it is first asked for."""
    return cast("Book", WhenAsked(make))


def imported_when_asked(where: str, *given: Any, **named: Any) -> Any:
    """What the class at `where` (`bot.store.links:SqlLinkBook`) makes of the rest; imported when it is asked.

    A test holds every class that is named so against the port that it stands for.
    """
    return when_asked(partial(_imported, where, *given, **named))


def _imported(where: str, *given: Any, **named: Any) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)(*given, **named)
