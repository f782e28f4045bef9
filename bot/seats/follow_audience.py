"""Who left the audience frees the seat; who came back is where an invitation puts them (pure).

A part of `bot.seats.settle`. Of offerings that have not begun and are not taken away, whose audiences were
all read or are all remembered; who was erased has left. The first line that fits:

| stands | the audience | then |
|---|---|---|
| nowhere, answered an invitation | left it; or known to be of none, once it was read | none, left |
| left | is of it | as invited (returned) |
| turned away by HR | joined it | as invited (returned) |
| withdrawn by HR, left, or the offering went | any | as before |
| registered, withdrawn | left it | withdrawn, left |
| any other | left it | none, left |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.registrations import RegistrationStatus, is_stand_in
from bot.domain.seats import Cause
from bot.seats.seat_table import STANDS, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.seats import Standing
    from bot.seats.seat_table import SeatTable

Status = RegistrationStatus
KEEPS_A_ROW = frozenset({Status.REGISTERED, Status.WITHDRAWN})
HAS_ENDED = STANDS | {Cause.OFFERING_GONE}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Membership:
    """Whether somebody is of an offering's audience today, and was by the books."""

    today: bool
    before: bool

    @property
    def has_left(self) -> bool:
        return self.before and not self.today

    @property
    def has_joined(self) -> bool:
        return self.today and not self.before


def follow_audience(table: SeatTable) -> None:
    """Write who leaves and who comes back, by the table above."""
    # Who has answered one session of several, and nothing is decided about, leaves as well.
    answered = {
        key: claim.answered_at
        for key, claim in table.claims.items()
        if claim.invited and claim.answered_at is not None
    }
    for offering, email in sorted(_who_may_move(table, answered)):
        membership = _membership(table, offering, email)
        if membership is None or not table.is_ahead(offering):
            continue
        standing = table.standing(offering, email)
        if standing is not None:
            _follow(table, standing, membership)
        elif membership.has_left or (table.has_read and table.is_stranger(offering, email)):
            origin = Origin(at=table.now, answered_at=answered[offering, email])
            table.write(offering, email, None, Cause.LEFT, origin)


def _who_may_move(table: SeatTable, answered: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Where to look: without audiences read anew, who left can be back, and who was erased goes; nobody else.

    A page tries each wish on the books; it need not look at everybody each time.
    """
    everybody = {*table.standings, *answered}
    if table.has_read or table.today != table.before:
        return everybody
    left = {place for place, standing in table.standings.items() if standing.cause is Cause.LEFT}
    return left | {place for place in everybody if is_stand_in(place[1])}


def _follow(table: SeatTable, standing: Standing, membership: _Membership) -> None:
    if _has_returned(standing, membership):
        table.invite(standing.offering, standing.email, Cause.RETURNED)
    elif membership.has_left and standing.cause not in HAS_ENDED:
        status = Status.WITHDRAWN if standing.status in KEEPS_A_ROW else None
        table.write(standing.offering, standing.email, status, Cause.LEFT, Origin(at=table.now))


def _has_returned(standing: Standing, membership: _Membership) -> bool:
    if standing.cause is Cause.LEFT:
        return membership.today
    return standing.cause is Cause.TURNED_AWAY and membership.has_joined


def _membership(table: SeatTable, offering: str, email: str) -> _Membership | None:
    """None where the audience is not known."""
    if is_stand_in(email):
        return _Membership(today=False, before=True)
    if offering not in table.today:
        return None
    return _Membership(today=email in table.today[offering], before=email in table.before.get(offering, ()))
