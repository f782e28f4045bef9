"""Free/busy and rooms on Microsoft Graph: `bot.ports.schedules.Schedules` for real.

Asked through the organiser's mailbox: twenty addresses and at most 62 days a call. 62 days that an autumn
night makes an hour longer are too long, so a window is measured in hours. The zone of the question is the
plan's, because whole days come as midnights of it; the answer is in UTC. Only reads, so a question is
repeated as any other.

| what the answer says of an address                       | is |
|----------------------------------------------------------|----|
| nothing                                                  | unknown (missing) |
| an error, whatever its code ("5009", "5016")             | unknown (refused) |
| no list of items                                         | unknown (unreadable) |
| no items, and a view that shows some, or no view         | unknown (unreadable) |
| an item without a readable time                          | unknown (unreadable) |
| an item of status busy, tentative, oof                   | taken in its time |
| an item of status free, workingElsewhere                 | nothing |
| an item of status unknown, or of none that is known      | unknown in its time (unsaid) |

Unknown is the whole window where no time is named. Facts: graph-facts section 9, graph-facts-checked section
21, 2026-11-22.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.domain.addresses import plain_address
from bot.domain.schedules import Room, Schedule, Unseen
from bot.graph.calls import IMMUTABLE_IDS, Call, segment
from bot.graph.gate import DIRECTORY
from bot.graph.times import find_zone, graph_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from bot.domain.schedules import Span
    from bot.graph.client import GraphClient

JsonObject = dict[str, Any]
Times: TypeAlias = dict[str, dict[str, datetime]]
"""By zone and wall time as they are written.

Each is read once, because a thousand people meet at the same hours.
"""

MOST_ADDRESSES = 20
LONGEST = timedelta(days=62)
ZONE_ASKED_FOR = "UTC"
# Six hours a digit: the view is only held against the items, and must be shorter than the shortest window.
VIEW_MINUTES = 360
TAKEN = frozenset({"busy", "tentative", "oof"})
OPEN = frozenset({"free", "workingelsewhere"})
NOTHING_IN_VIEW = frozenset("04")
ROOM_PAGE = 100
ROOM_PROPERTIES = (
    "emailAddress,displayName,nickname,capacity,building,address,bookingType,tags,audioDeviceName,"
    "videoDeviceName,displayDeviceName"
)
# First come, first served: there is nothing to book.
NOT_BOOKED = "reserved"


class GraphSchedules:
    """Free/busy by way of one mailbox, in the wall time of a zone (IANA)."""

    def __init__(self, client: GraphClient, *, organiser: str, zone: str) -> None:
        self._client = client
        self._organiser = organiser
        self._zone = zone

    async def fetch_schedules(
        self, addresses: Iterable[str], first: date, last: date
    ) -> tuple[Schedule, ...]:
        """As the port says: one request for each twenty addresses and window. Raises GraphError."""
        wanted = sorted({plain_address(address) for address in addresses})
        groups = [wanted[place : place + MOST_ADDRESSES] for place in range(0, len(wanted), MOST_ADDRESSES)]
        windows = list(windows_of(first, last, self._zone))
        times: Times = {ZONE_ASKED_FOR: {}}
        tasks = [
            asyncio.ensure_future(self._ask(group, *window, times)) for group in groups for window in windows
        ]
        try:
            answers = await asyncio.gather(*tasks)
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise
        found: dict[str, list[Schedule]] = {address: [] for address in wanted}
        for answer in answers:
            for schedule in answer:
                found[schedule.address].append(schedule)
        return tuple(_joined(address, parts) for address, parts in found.items())

    async def fetch_rooms(self) -> tuple[Room, ...]:
        """As the port says: one request for each hundred rooms."""
        query = {"$top": str(ROOM_PAGE), "$select": ROOM_PROPERTIES}
        call = Call(method="GET", gate=DIRECTORY, path="/places/microsoft.graph.room", query=query)
        rooms: dict[str, Room] = {}
        while True:
            page = (await self._client.send(call)).json()
            for row in page.get("value") or ():
                email = plain_address(str(row.get("emailAddress") or ""))
                if email and row.get("bookingType") != NOT_BOOKED:
                    rooms[email] = _room(email, row)
            following = page.get("@odata.nextLink")
            if not following:
                return tuple(rooms[email] for email in sorted(rooms))
            call = Call(method="GET", gate=DIRECTORY, link=str(following))

    async def _ask(
        self, addresses: Sequence[str], start: datetime, end: datetime, times: Times
    ) -> list[Schedule]:
        """What one call says of each of its addresses, between two wall times."""
        call = Call(
            method="POST",
            gate=self._organiser,
            path=f"/users/{segment(self._organiser)}/calendar/getSchedule",
            headers={"Prefer": f'{IMMUTABLE_IDS}, outlook.timezone="{ZONE_ASKED_FOR}"'},
            body={
                "schedules": list(addresses),
                "startTime": graph_time(start, self._zone),
                "endTime": graph_time(end, self._zone),
                "availabilityViewInterval": VIEW_MINUTES,
            },
        )
        rows: dict[str, list[JsonObject]] = {}
        for row in (await self._client.send(call)).json().get("value") or ():
            rows.setdefault(plain_address(str(row.get("scheduleId") or "")), []).append(row)
        window = (_instant(start, self._zone), _instant(end, self._zone))
        return [_read(address, rows.get(address, ()), window, times) for address in addresses]


def windows_of(first: date, last: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Wall times of midnights, at most 62 times 24 hours apart, from the first day to after the last."""
    end = datetime.combine(last + timedelta(days=1), time.min)
    start = datetime.combine(first, time.min)
    while start < end:
        until = min(end, start + LONGEST)
        if _instant(until, zone) - _instant(start, zone) > LONGEST:
            until -= timedelta(days=1)
        yield start, until
        start = until


def _instant(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=find_zone(zone)).astimezone(UTC)


def _joined(address: str, parts: Sequence[Schedule]) -> Schedule:
    return Schedule(
        address=address,
        taken=tuple(chain.from_iterable(part.taken for part in parts)),
        unseen=tuple(chain.from_iterable(part.unseen for part in parts)),
    )


def _read(address: str, rows: Sequence[JsonObject], window: Span, times: Times) -> Schedule:
    """The table above; of two rows of one address neither takes anything back."""
    if not rows:
        return Schedule(address=address, unseen=((window, Unseen.MISSING),))
    return _joined(address, [_read_row(address, row, window, times) for row in rows])


def _read_row(address: str, row: JsonObject, window: Span, times: Times) -> Schedule:
    items, view = row.get("scheduleItems"), str(row.get("availabilityView") or "")
    if row.get("error") is not None:
        return Schedule(address=address, unseen=((window, Unseen.REFUSED),))
    if not isinstance(items, list) or (not items and (not view or not NOTHING_IN_VIEW.issuperset(view))):
        return Schedule(address=address, unseen=((window, Unseen.UNREADABLE),))
    taken: list[Span] = []
    unseen: list[tuple[Span, Unseen]] = []
    usual = times[ZONE_ASKED_FOR]
    for item in items:
        # The usual entry, a hundred thousand times: taken, and at hours that were read before.
        try:
            start, end = item["start"], item["end"]
            if item["status"] in TAKEN and start["timeZone"] == end["timeZone"] == ZONE_ASKED_FOR:
                span = usual[start["dateTime"]], usual[end["dateTime"]]
                if span[0] <= span[1]:
                    taken.append(span)
                    continue
        except (KeyError, TypeError):
            pass
        _read_item(item, window, times, taken, unseen)
    return Schedule(address=address, taken=tuple(taken), unseen=tuple(unseen))


def _read_item(
    item: object, window: Span, times: Times, taken: list[Span], unseen: list[tuple[Span, Unseen]]
) -> None:
    """One entry of the table above, whatever it is."""
    entry: JsonObject = item if isinstance(item, dict) else {}
    status = str(entry.get("status")).lower()
    if status in OPEN:
        return
    try:
        span = _time(entry["start"], times), _time(entry["end"], times)
    except (KeyError, TypeError, ValueError):
        span = None
    if span is None or span[0] > span[1]:
        unseen.append((window, Unseen.UNREADABLE))
    elif status in TAKEN:
        taken.append(span)
    else:
        unseen.append((span, Unseen.UNSAID))


def _time(value: JsonObject, times: Times) -> datetime:
    """An instant. Raises KeyError, TypeError, ValueError."""
    written, named = value["dateTime"], value.get("timeZone") or "UTC"
    of_zone = times.setdefault(named, {})
    found = of_zone.get(written)
    if found is None:
        given = datetime.fromisoformat(written)
        zone = find_zone(named)
        if given.tzinfo is None and zone is None:
            raise ValueError(named)
        found = of_zone[written] = (
            given if given.tzinfo is not None else given.replace(tzinfo=zone)
        ).astimezone(UTC)
    return found


def _room(email: str, row: JsonObject) -> Room:
    capacity, address = row.get("capacity"), row.get("address")
    tags = row.get("tags")
    devices = (row.get(name) for name in ("audioDeviceName", "videoDeviceName", "displayDeviceName"))
    equipment = (*(tags if isinstance(tags, list) else ()), *devices)
    street, city = (address.get("street"), address.get("city")) if isinstance(address, dict) else ("", "")
    return Room(
        email=email,
        name=str(row.get("displayName") or row.get("nickname") or ""),
        capacity=capacity if isinstance(capacity, int) and capacity > 0 else None,
        equipment=tuple(str(one).strip() for one in equipment if one),
        building=str(row.get("building") or ""),
        address=", ".join(str(part) for part in (street, city) if part),
    )
