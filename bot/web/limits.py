"""How much may be asked of which paths: each part of the pages says it for its own, and the shield holds it.

A leader looks at a few pages; a mail scanner opens one link a few times; a whole municipality sits behind one
address.
"""

from __future__ import annotations

from dataclasses import dataclass

from limits import RateLimitItem, parse

REQUESTS = parse("600/minute")
"""Of one client, wherever it asks."""

LARGEST_BODY = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for the paths named, and for all below those that end in a slash.

    `looks` and `changes` are what may be read and sent behind one link, which is the next part of the path;
    None: links are not counted. `guards_itself`: what is sent there is no form, and the part looks after size
    and rate itself.
    """

    paths: tuple[str, ...]
    looks: RateLimitItem | None = None
    changes: RateLimitItem | None = None
    largest_body: int = LARGEST_BODY
    guards_itself: bool = False

    def link_in(self, path: str) -> str | None:
        """The link that a path is behind, None where none is counted."""
        below = next((one for one in self.paths if one.endswith("/") and path.startswith(one)), None)
        return None if below is None or self.looks is None else path[len(below) :].partition("/")[0]


EVERYWHERE = Limits(paths=("/",))
"""What holds where no part says otherwise."""


def limits_of(path: str, parts: tuple[Limits, ...]) -> Limits:
    """What holds for a path: the first that names it."""
    return next(
        (
            limits
            for limits in parts
            if any(path.startswith(one) if one.endswith("/") else path == one for one in limits.paths)
        ),
        EVERYWHERE,
    )
