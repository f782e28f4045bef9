"""Lists in pieces (pure): `?limit=` and `?cursor=`, answered with `{"items": […], "next": …}`.

A cursor says after which item the next piece begins: by a keyed digest of what the item is called, and by its
place in the list. So it names nobody, and what comes and goes before it moves nothing; where the item itself
is gone, the place counts.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DIGITS = 32
DEFAULT, MOST = 100, 500


class BadCursor(ValueError):
    """Not a cursor of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some of the items, and the cursor of those after them, None where there are none."""

    items: tuple[dict[str, object], ...]
    next: str | None


def piece_of(
    items: Sequence[dict[str, object]],
    called: Callable[[dict[str, object]], str],
    *,
    limit: int,
    cursor: str,
    secret: str,
) -> Piece:
    """At most `limit` of the items from the cursor on ("" from the beginning); raises BadCursor.

    `called` is unique among the items.
    """
    begin = _begin(items, called, cursor, secret) if cursor else 0
    end = min(begin + limit, len(items))
    following = f"{end}.{_digest(secret, called(items[end - 1]))}" if begin < end < len(items) else None
    return Piece(items=tuple(items[begin:end]), next=following)


def _begin(
    items: Sequence[dict[str, object]], called: Callable[[dict[str, object]], str], cursor: str, secret: str
) -> int:
    place, _, digest = cursor.partition(".")
    known = place.isascii() and place.isdigit() and len(place) <= DIGITS and len(digest) == DIGITS
    if not known or not digest.isascii():
        raise BadCursor(cursor)
    end = int(place)
    # Nearly always it stands where it stood.
    places: tuple[int, ...] = (end, *range(1, len(items) + 1))
    for at in places:
        if 1 <= at <= len(items) and hmac.compare_digest(_digest(secret, called(items[at - 1])), digest):
            return at
    return min(len(items), end)


def _digest(secret: str, name: str) -> str:
    words = f"cursor {name}".encode("utf-8", "replace")
    return hmac.new(secret.encode(), words, hashlib.sha256).hexdigest()[:DIGITS]
