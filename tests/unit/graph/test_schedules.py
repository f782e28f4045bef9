"""Free/busy and rooms: how much is asked at once, and what an answer may be taken for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.domain.errors import GraphUnclear, PermissionMissing
from bot.domain.schedules import Room, Schedule, Unseen
from bot.graph.schedules import GraphSchedules, windows_of
from tests.unit.graph.talk import BASE, ORGANISER, Talk, body_of, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

ZONE = "Europe/Copenhagen"
PATH = f"/users/{ORGANISER}/calendar/getSchedule"
ROOMS = "/places/microsoft.graph.room"
ANNA = "anna@kommune.example"
DAY = date(2027, 6, 18)
WHOLE_DAY = (datetime(2027, 6, 17, 22, tzinfo=UTC), datetime(2027, 6, 18, 22, tzinfo=UTC))
NINE_TO_TEN = (datetime(2027, 6, 18, 9, tzinfo=UTC), datetime(2027, 6, 18, 10, tzinfo=UTC))


def item(status: str | None = "busy", start: Any = "2027-06-18T09:00:00.0000000", end: Any = "2027-06-18T10:00:00.0000000") -> Any:
    return {"status": status, "start": {"dateTime": start, "timeZone": "UTC"}, "end": {"dateTime": end, "timeZone": "UTC"}}


def row(address: str = ANNA, *items: Any, **changes: Any) -> dict[str, Any]:
    return {"scheduleId": address, "availabilityView": "0" if not items else "2", "scheduleItems": list(items), **changes}


def everybody_is_busy(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"value": [row(address, item()) for address in body_of(request)["schedules"]]})


def asked(talk: Talk, addresses: Iterable[str], first: date = DAY, last: date = DAY) -> tuple[Schedule, ...]:
    return talk.run(lambda client: GraphSchedules(client, organiser=ORGANISER, zone=ZONE).fetch_schedules(addresses, first, last))


def read(*rows: Any) -> Schedule:
    talk = Talk()
    talk.graph.post(PATH).mock(return_value=httpx.Response(200, json={"value": list(rows)}))
    (schedule,) = asked(talk, [ANNA])
    return schedule


def test_twenty_addresses_and_sixty_two_days_are_asked_about_at_once() -> None:
    """400 people in three months are 20 times 2 calls; each person comes once, with what both windows say."""
    talk = Talk()
    talk.graph.post(PATH).side_effect = everybody_is_busy
    found = asked(talk, [f"person{number:03}@kommune.example" for number in range(400)], date(2027, 3, 1), date(2027, 5, 31))
    bodies = [body_of(request) for request in talk.requests]
    assert len(bodies) == 40
    assert {len(body["schedules"]) for body in bodies} == {20}
    assert {(body["startTime"]["dateTime"], body["endTime"]["dateTime"], body["startTime"]["timeZone"]) for body in bodies} == {
        ("2027-03-01T00:00:00", "2027-05-02T00:00:00", ZONE),
        ("2027-05-02T00:00:00", "2027-06-01T00:00:00", ZONE),
    }
    assert len(found) == 400
    assert {len(schedule.taken) for schedule in found} == {2}


def test_an_address_is_asked_about_once_whatever_its_letters() -> None:
    talk = Talk()
    talk.graph.post(PATH).side_effect = everybody_is_busy
    assert [schedule.address for schedule in asked(talk, [ANNA.upper(), ANNA, "bo@kommune.example"])] == [ANNA, "bo@kommune.example"]


def test_nobody_is_asked_about_without_a_request() -> None:
    talk = Talk()
    assert asked(talk, []) == ()
    assert talk.requests == []


@pytest.mark.parametrize(
    ("first", "last", "lengths"),
    [
        (date(2027, 3, 1), date(2027, 3, 1), [1]),
        (date(2027, 3, 1), date(2027, 5, 1), [62]),  # an hour shorter in spring
        (date(2027, 9, 1), date(2027, 11, 1), [61, 1]),  # an hour longer in autumn: 62 days would be too long
        (date(2027, 1, 1), date(2027, 12, 31), [62, 62, 62, 62, 61, 56]),
    ],
)
def test_windows_follow_each_other_and_none_is_longer_than_62_days_of_24_hours(first: date, last: date, lengths: list[int]) -> None:
    windows = list(windows_of(first, last, ZONE))
    assert [(end - start).days for start, end in windows] == lengths
    assert [start for start, _ in windows[1:]] == [end for _, end in windows[:-1]]


@pytest.mark.parametrize(
    ("status", "taken"), [("busy", True), ("tentative", True), ("oof", True), ("free", False), ("workingElsewhere", False), ("BUSY", True)]
)
def test_an_entry_takes_its_time_by_its_status(status: str, taken: bool) -> None:
    assert read(row(ANNA, item(status))) == Schedule(address=ANNA, taken=(NINE_TO_TEN,) if taken else ())


@pytest.mark.parametrize("status", ["unknown", "", None, "noget-nyt"])
def test_an_entry_of_unknown_status_makes_its_time_unknown_and_not_free(status: str | None) -> None:
    assert read(row(ANNA, item(status), item())) == Schedule(address=ANNA, taken=(NINE_TO_TEN,), unseen=((NINE_TO_TEN, Unseen.UNSAID),))


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], Unseen.MISSING),
        ([row("bo@kommune.example")], Unseen.MISSING),
        ([row(ANNA, scheduleItems=None, error={"message": "", "responseCode": "5009"})], Unseen.REFUSED),
        ([row(ANNA, error={"message": "", "responseCode": "5016"})], Unseen.REFUSED),
        ([row(ANNA, scheduleItems=None)], Unseen.UNREADABLE),
        ([{"scheduleId": ANNA, "availabilityView": "0"}], Unseen.UNREADABLE),
        ([row(ANNA, availabilityView="0020")], Unseen.UNREADABLE),
        ([row(ANNA, availabilityView="")], Unseen.UNREADABLE),
        ([row(ANNA, item(start="snart"))], Unseen.UNREADABLE),
        ([row(ANNA, item(start=None))], Unseen.UNREADABLE),
        ([row(ANNA, item(end="2027-06-18T08:00:00"))], Unseen.UNREADABLE),
        ([row(ANNA, "noget")], Unseen.UNREADABLE),
        ([row(ANNA, {"status": "busy", "start": "2027-06-18", "end": None})], Unseen.UNREADABLE),
        ([row(ANNA, {**item(), "start": {"dateTime": "2027-06-18T09:00:00", "timeZone": "Mars/Olympus"}})], Unseen.UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_unknown_all_the_time_and_never_free(rows: list[Any], why: Unseen) -> None:
    assert read(*rows) == Schedule(address=ANNA, unseen=((WHOLE_DAY, why),))


def test_of_two_rows_of_one_address_neither_takes_anything_back() -> None:
    schedule = read(row(ANNA), row(ANNA, error={"responseCode": "5009"}), row(ANNA.upper(), item()))
    assert schedule == Schedule(address=ANNA, taken=(NINE_TO_TEN,), unseen=((WHOLE_DAY, Unseen.REFUSED),))


def test_an_empty_calendar_is_free_where_the_view_says_so_too() -> None:
    assert read(row(ANNA, availabilityView="0404")) == Schedule(address=ANNA)


@pytest.mark.parametrize(
    ("written", "zone"),
    [("2027-06-18T09:00:00.0000000", "UTC"), ("2027-06-18T11:00:00", "Romance Standard Time"), ("2027-06-18T11:00:00+02:00", ""),
     ("2027-06-18T09:00:00", None)],
)  # fmt: skip
def test_a_time_is_read_in_whatever_zone_it_comes(written: str, zone: str | None) -> None:
    given = {**item(), "start": {"dateTime": written, "timeZone": zone}}
    assert read(row(ANNA, given)).taken == (NINE_TO_TEN,)


def test_a_question_is_repeated_as_any_other_that_only_reads() -> None:
    """A POST, but nothing is written: throttled, lost and failed answers are asked for again."""
    talk = Talk()
    ok = httpx.Response(200, json={"value": [row(ANNA, item())]})
    talk.graph.post(PATH).side_effect = [
        refusal(429, "ApplicationThrottled"),
        httpx.ReadTimeout("lost"),
        refusal(503, "ServiceUnavailable"),
        ok,
    ]
    assert asked(talk, [ANNA])[0].taken == (NINE_TO_TEN,)
    assert len(talk.requests) == 4


def test_nothing_is_guessed_when_nobody_can_be_asked_about() -> None:
    for status, error in ((403, PermissionMissing), (500, GraphUnclear)):
        talk = Talk(retry_budget_seconds=1)
        talk.graph.post(PATH).mock(return_value=refusal(status, "SomeCode"))
        with pytest.raises(error):
            asked(talk, [f"person{number}@kommune.example" for number in range(60)])


def test_the_app_asks_through_the_organisers_mailbox_in_the_plans_zone() -> None:
    talk = Talk()
    talk.graph.post(PATH).side_effect = everybody_is_busy
    asked(talk, [ANNA])
    (request,) = talk.requests
    assert request.headers["prefer"] == 'IdType="ImmutableId", outlook.timezone="UTC"'
    assert body_of(request)["availabilityViewInterval"] == 360


def rooms(talk: Talk) -> tuple[Room, ...]:
    return talk.run(lambda client: GraphSchedules(client, organiser=ORGANISER, zone=ZONE).fetch_rooms())


def place(name: str, **changes: Any) -> dict[str, Any]:
    return {"emailAddress": f"{name}@kommune.example", "displayName": name.title(), "capacity": 40, "bookingType": "standard", **changes}


def test_rooms_come_page_by_page_with_what_is_in_them() -> None:
    talk = Talk()
    whole = place(
        "sal",
        tags=["tavle"],
        videoDeviceName="kamera",
        displayDeviceName=None,
        building="Huset",
        address={"street": "Torvet 1", "city": "Byen"},
    )
    first = httpx.Response(200, json={"value": [whole], "@odata.nextLink": f"{BASE}{ROOMS}?$skip=100"})
    second = httpx.Response(
        200, json={"value": [place("loft", capacity=None, address=None, tags=None, displayName=None, nickname="Loftet")]}
    )
    talk.graph.get(ROOMS).side_effect = [first, second]
    assert rooms(talk) == (
        Room(email="loft@kommune.example", name="Loftet"),
        Room(
            email="sal@kommune.example", name="Sal", capacity=40, equipment=("tavle", "kamera"), building="Huset", address="Torvet 1, Byen"
        ),
    )


def test_a_room_that_nobody_books_or_that_has_no_address_is_none() -> None:
    talk = Talk()
    talk.graph.get(ROOMS).mock(
        return_value=httpx.Response(
            200, json={"value": [place("fri", bookingType="reserved"), place("x", emailAddress=None), place("sal", capacity=0)]}
        )
    )
    assert rooms(talk) == (Room(email="sal@kommune.example", name="Sal"),)


def test_rooms_need_a_right_of_their_own() -> None:
    talk = Talk()
    talk.graph.get(ROOMS).mock(return_value=refusal(403, "Authorization_RequestDenied"))
    with pytest.raises(PermissionMissing) as raised:
        rooms(talk)
    assert raised.value.params["permission"] == "Place.Read.All"
