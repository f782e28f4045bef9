"""What the standings want of Outlook's attendee lists, offering by offering (pure).

| the standing wants | because | then |
|---|---|---|
| on | the person has a seat | on every session of the offering that is for them |
| off | no seat, and not by a mere answer (see `bot.domain.seats.RULES`) | off all of them |
| stays | they answered the invitation | left where they are |

Whom HR turned away, who came with a forwarded invitation, is off all of them too; they are in no books, so
they are named. Somebody who was erased is on no list. Who lost the place because the audience shrank counts
against the safety limit; everybody else who is taken off is `released`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.domain.registrations import is_stand_in
from bot.domain.seats import Attendance, Cause, Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.seats import Standing


def attendance_of(standings: Iterable[Standing]) -> dict[tuple[str, str], Attendance]:
    """(Course, offering) to what its lists should say; addresses as in the standings."""
    places: defaultdict[tuple[str, str], dict[Place, set[str]]] = defaultdict(
        lambda: {place: set() for place in Place}
    )
    released: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    turned_away: defaultdict[tuple[str, str], dict[str, datetime]] = defaultdict(dict)
    for standing in standings:
        if is_stand_in(standing.email):
            continue
        offering = (standing.course, standing.offering)
        places[offering][standing.place].add(standing.email)
        if standing.place is Place.OFF and standing.cause is not Cause.LEFT:
            released[offering].add(standing.email)
        if standing.cause is Cause.TURNED_AWAY:
            turned_away[offering][standing.email] = standing.since
    return {
        offering: Attendance(
            on=frozenset(people[Place.ON]),
            off=frozenset(people[Place.OFF]),
            stays=frozenset(people[Place.STAYS]),
            released=frozenset(released[offering]),
            turned_away=turned_away[offering],
        )
        for offering, people in places.items()
    }
