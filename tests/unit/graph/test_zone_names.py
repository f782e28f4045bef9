"""Zones by IANA name, once more by Windows name where a mailbox server refuses those."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import httpx
import pytest
from babel.core import get_global

from bot.domain.errors import GraphRefused
from bot.domain.events import EventField, ObservedEvent
from bot.graph.calendar import GraphCalendar
from bot.graph.calls import Call
from bot.graph.schedules import GraphSchedules
from bot.graph.zone_names import windows_name, without_iana_names
from tests.unit.graph.calendar_talk import KEY, ONE, ZONE, content, observed, on, wall
from tests.unit.graph.talk import ORGANISER, Talk, body_of, event_json, refusal

NOT_SUPPORTED = refusal(400, "TimeZoneNotSupportedException")
MOVED = content(start=wall("2027-06-19T09:00"), end=wall("2027-06-19T15:30"))


@pytest.mark.parametrize(
    ("zone", "windows"),
    [
        ("Europe/Copenhagen", "Romance Standard Time"),
        ("Atlantic/Faroe", "GMT Standard Time"),
        ("America/New_York", "Eastern Standard Time"),
        ("Romance Standard Time", "Romance Standard Time"),
        ("UTC", "UTC"),
        ("Nowhere/At_All", "Nowhere/At_All"),
    ],
)
def test_a_zone_has_the_windows_name_of_cldr(zone: str, windows: str) -> None:
    assert windows_name(zone) == windows


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "Europe/Oslo", "Europe/Berlin", "Europe/Helsinki", "Atlantic/Canary"])
def test_a_zone_that_cldr_names_by_another_has_one_with_the_same_clocks(zone: str) -> None:
    found = ZoneInfo(get_global("windows_zone_mapping")[windows_name(zone)])
    for moment in (wall("2027-01-15T12:00"), wall("2027-07-15T12:00")):
        assert found.utcoffset(moment) == ZoneInfo(zone).utcoffset(moment)


def test_a_call_without_zones_is_the_very_same() -> None:
    call = Call(
        method="POST", gate="x", path="/x", headers={"Prefer": "x"}, body={"a": [{"timeZone": "Romance Standard Time"}, "timeZone"]}
    )
    assert without_iana_names(call) is call


def test_a_change_goes_once_more_by_the_windows_name_and_from_then_on_at_once() -> None:
    """And the answer, in UTC now, is read as the plan's wall time."""
    talk = Talk()
    utc = {"timeZone": "UTC"}
    done = event_json(start=utc | {"dateTime": "2027-06-19T07:00:00.0000000"}, end=utc | {"dateTime": "2027-06-19T13:30:00.0000000"})
    talk.graph.patch(ONE).side_effect = [NOT_SUPPORTED, httpx.Response(200, json=done), httpx.Response(200, json=done)]

    async def twice(calendar: GraphCalendar) -> list[ObservedEvent]:
        fields = {EventField.START, EventField.END}
        return [await calendar.update_content(observed(), MOVED, fields) for _ in range(2)]

    echoes = on(talk, twice)
    assert [one.content.start for one in echoes] == [MOVED.start, MOVED.start]
    named = [body_of(request)["start"]["timeZone"] for request in talk.requests]
    assert named == [ZONE, "Romance Standard Time", "Romance Standard Time"]
    assert ['"UTC"' in request.headers["prefer"] for request in talk.requests] == [False, True, True]
    assert all("ImmutableId" in request.headers["prefer"] for request in talk.requests)


def test_a_read_goes_once_more_in_utc() -> None:
    talk = Talk()
    talk.graph.get(ONE).side_effect = [NOT_SUPPORTED, httpx.Response(200, json=event_json())]
    assert on(talk, lambda calendar: calendar.fetch_event("id-1", KEY)) is not None
    assert len(talk.requests) == 2


def test_who_refuses_windows_names_too_is_told() -> None:
    talk = Talk()
    talk.graph.get(ONE).mock(return_value=NOT_SUPPORTED)
    with pytest.raises(GraphRefused):
        on(talk, lambda calendar: calendar.fetch_event("id-1", KEY))
    assert len(talk.requests) == 2


def test_free_and_busy_times_are_asked_for_by_the_windows_name() -> None:
    talk = Talk()
    path = f"/users/{ORGANISER}/calendar/getSchedule"
    talk.graph.post(path).side_effect = [NOT_SUPPORTED, httpx.Response(200, json={"value": []})]
    schedules = talk.run(
        lambda client: GraphSchedules(client, organiser=ORGANISER, zone=ZONE).fetch_schedules(
            ["anna@kommune.example"], date(2027, 6, 1), date(2027, 6, 2)
        )
    )
    assert [one.unseen for one in schedules]
    assert ZONE not in talk.requests[-1].content.decode()
