"""When a failure ends a delivery, and when only one recipient is left out.

One request that never succeeds must not keep everybody behind it waiting; and when Graph is away nobody
should wait for it once for each of four hundred people, since every attempt takes its whole budget of
retries.

    Graph says                                              this one             the others
    no connection, or 401                                   waits                wait for the next round
    403: not in this mailbox; 429: had enough               waits                wait for the next round
    anything else, or nothing                               waits                go on
    the same, to three in a row without any success         waits                wait for the next round

Who waits is tried again in the next round, never twice in one. A message that is refused for what it is (400,
413) is no failure of Graph's, and is not counted here. Facts: graph-facts sections 12 and 13, 2026-11-22.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import GraphError, GraphRefused, GraphUnclear, PermissionMissing, SignInFailed

MOST_IN_A_ROW = 3
THROTTLED, NO_STATUS = 429, 0


@dataclass(slots=True)
class Patience:
    """What went wrong in one delivery: `last` is the latest failure, None while there was none.

    `throttled_is_one`: who has had enough is one conversation, and not everybody.
    """

    last: GraphError | None = None
    in_a_row: int = 0
    throttled_is_one: bool = False

    def ends_with(self, error: GraphError) -> bool:
        """Note a failure; whether the others have to wait for the next round, by the table above."""
        self.last = error
        self.in_a_row += 1
        is_ones = self.throttled_is_one and error.status == THROTTLED
        return self.in_a_row >= MOST_IN_A_ROW or (_is_about_all(error) and not is_ones)

    def went_well(self) -> None:
        """Graph did what it was asked, or said for certain that it never will."""
        self.in_a_row = 0


def _is_about_all(error: GraphError) -> bool:
    if isinstance(error, (SignInFailed, PermissionMissing)) or error.status == THROTTLED:
        return True
    # Without a status and not unclear: no connection was made.
    return error.status == NO_STATUS and not isinstance(error, (GraphUnclear, GraphRefused))
