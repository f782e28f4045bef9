"""Other people's time, as the search for a date needs it: free/busy, and the rooms of the house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bot.domain.schedules import Room, Schedule


class Schedules(Protocol):
    """When people and rooms are taken, asked through the organiser's mailbox.

    Nothing of what stands in a calendar.
    """

    async def fetch_schedules(
        self, addresses: Iterable[str], first: date, last: date
    ) -> tuple[Schedule, ...]:
        """Each address once, sorted, from the first day to the last (both whole, in the plan's zone).

        A calendar that cannot be read is unknown in its `Schedule` and no error; raises GraphError when
        nobody's can be asked for.
        """

    async def fetch_rooms(self) -> tuple[Room, ...]:
        """The rooms of the tenant that can be booked, by address.

        Raises PermissionMissing without Place.Read.All.
        """
