"""A world as it stood, to come back to: what led up to it is played once, and what follows from it as often as wanted.

`AsItWas` is for a test that tries the same again and again, `played_once` for the set-up that several tests have in common. The tenant's
parts are copied and every file of the folder. Nothing may be under way: no request, no command, no notification. What a test holds in its
own hands (an event, a rule of faults) is of one coming back and not of the next.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.sandbox.notifier import Notifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.driver import World

KEPT = 24
"""Of how many set-ups a process keeps what they led to: tests that share one stand together."""


class AsItWas:
    """How a world stands when this is made."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._notifier = world.tenant.notifier
        self._parts = self._copied(vars(world.tenant), world)
        self._files = {
            file.relative_to(world.folder): (file.read_bytes(), file.stat().st_mode) for file in world.folder.rglob("*") if file.is_file()
        }
        self._now, self._settings, self._ran, self._plans = world.now, dict(world.settings), [*world.ran], world.plans

    def come_back(self) -> None:
        """The world stands again as it did; everything since is forgotten."""
        self.put_into(self.world)

    def put_into(self, world: World) -> None:
        """Another world stands as this one did; the address of its server is as long as that of this one's."""
        tenant, ours, theirs = world.tenant, _server_of(self.world), _server_of(world)
        assert len(ours) == len(theirs)
        assert all(entry.ended for entry in tenant.journal.entries), "somebody is still asking"
        vars(tenant).update(self._copied(self._parts, world))
        tenant.notifier.settings = tenant.settings
        for file in world.folder.rglob("*"):
            if file.is_file():
                file.unlink()
        for name, (content, mode) in self._files.items():
            file = world.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            # The books keep links of Graph's, where the next look goes on.
            file.write_bytes(content.replace(ours.encode(), theirs.encode()))
            file.chmod(mode)
        world.now, world.ran, world.plans = self._now, [*self._ran], self._plans
        world.settings = {name: value.replace(ours, theirs) for name, value in self._settings.items()}

    def _copied(self, parts: dict[str, object], world: World) -> dict[str, object]:
        """For a world, which keeps its tenant and the way of its notifications: that has a thread of its own."""
        assert world.tenant.notifier.waiting == 0
        return copy.deepcopy(parts, {id(self.world.tenant): world.tenant, id(self._notifier): world.tenant.notifier})


def played_once(set_up: Callable[..., None]) -> Callable[..., None]:
    """For a set-up of a world: played once in a process where worlds and what is asked for are alike, and else copied.

    Only the first thing that happens in a world: where a command was run before it, something lies in the folder or the books are
    elsewhere, it is played as it is written.
    """
    kept: dict[object, AsItWas] = {}

    @functools.wraps(set_up)
    def begin(world: World, *arguments: Any, **more: Any) -> None:
        is_first = not (world.ran or world.tenant.journal.entries or any(world.folder.iterdir()))
        if not is_first or "DATABASE_URL" in world.settings:
            set_up(world, *arguments, **more)
            return
        settings = {name: value.replace(_server_of(world), "") for name, value in world.settings.items()}
        key = _told([arguments, more, settings, len(world.base_url), world.now, world.plans, vars(world.tenant)], set())
        if key in kept:
            kept[key].put_into(world)
            return
        set_up(world, *arguments, **more)
        kept[key] = AsItWas(world)
        if len(kept) > KEPT:
            del kept[next(iter(kept))]

    return begin


@played_once
def synced(world: World, plan: Mapping[str, Any]) -> None:
    """A plan that has been carried out, as many a test begins."""
    world.write(plan)
    world.sync()


def _server_of(world: World) -> str:
    return world.base_url.removesuffix("/v1.0")


def _told(thing: object, seen: set[int]) -> object:
    """All that a thing is made of, so that what is told alike is alike."""
    match thing:
        case str() | bytes() | int() | float() | None:
            told: object = thing
        case Mapping():
            told = tuple((_told(name, seen), _told(value, seen)) for name, value in thing.items())
        case list() | tuple():
            told = tuple(_told(one, seen) for one in thing)
        case set() | frozenset():
            told = tuple(sorted(map(str, thing)))
        case Notifier():
            told = ""
        case _ if callable(thing):
            told = getattr(thing, "__qualname__", type(thing).__name__)
        case _ if id(thing) in seen:
            told = "again"
        case _:
            told = _told_of_object(thing, seen)
    return told


def _told_of_object(thing: object, seen: set[int]) -> object:
    slots = (name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ()))
    names = [*getattr(thing, "__dict__", ()), *slots]
    if not names:
        return repr(thing)
    seen.add(id(thing))
    return (type(thing).__name__, *((name, _told(getattr(thing, name, None), seen)) for name in names))
