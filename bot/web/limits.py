"""How much may be asked of which paths: each part of the pages says it for its own, and the shield holds it.

A leader looks at a few pages; a mail scanner opens one link a few times; a whole municipality sits behind one
address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

REQUESTS = parse("600/minute")
"""Of one client, wherever it asks."""

OF_ONE_PERSON = parse("300/minute")
"""Of whoever is signed in, or of one app, wherever they ask from: nobody reads a page five times a second."""

ACTS_OF_ONE_PERSON = parse("60/minute")
COSTLY_OF_ONE_PERSON = parse("12/minute")
"""What reads the whole calendar, or the whole directory."""

LARGEST_BODY = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What holds for the paths named, and for all below those that end in a slash.

    `looks` and `changes` are what may be read and sent behind one link, which is the next part of the path;
    None: links are not counted. `sent_by_one` is what one client may send there. `guards_itself`: what is
    sent there is no form, and the part looks after size and rate itself.
    """

    paths: tuple[str, ...]
    looks: RateLimitItem | None = None
    changes: RateLimitItem | None = None
    largest_body: int = LARGEST_BODY
    sent_by_one: RateLimitItem | None = None
    guards_itself: bool = False

    def link_in(self, path: str) -> str | None:
        """The link that a path is behind, None where none is counted."""
        below = next((one for one in self.paths if one.endswith("/") and path.startswith(one)), None)
        return None if below is None or self.looks is None else path[len(below) :].partition("/")[0]


class PeopleLimiter:
    """How often one person may ask, by their id; each process counts for itself."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def is_within(self, subject: str, *, changes: bool = False, costly: bool = False) -> bool:
        """Whether they may ask once more; it counts. `changes`: something is done, `costly`: much is read."""
        rates = [OF_ONE_PERSON] + [ACTS_OF_ONE_PERSON] * changes + [COSTLY_OF_ONE_PERSON] * costly
        who = hashlib.sha256(subject.encode("utf-8", "surrogatepass")).hexdigest()
        return all(self._limiter.hit(rate, str(rate), who) for rate in rates)


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
