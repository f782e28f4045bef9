"""What stands in the tenant's calendars is what the search is told, whatever zone, window and clock change lies between.

The real client against the sandbox, in one process: everything that was put in comes back as the instants it takes, once in each window.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.schedules import Schedule, Unseen
from bot.graph.client import GraphClient
from bot.graph.schedules import GraphSchedules, windows_of
from bot.sandbox.serve import create_app
from bot.sandbox.settings import TOKEN
from bot.sandbox.tenant import Tenant
from config.graph_settings import GraphSettings

ORGANISER = "kurser@kommune.example"
ZONES = ("Europe/Copenhagen", "America/New_York", "Australia/Lord_Howe", "UTC")
STATUSES = ("busy", "tentative", "oof", "free", "workingElsewhere", "unknown")
TAKEN = {"busy", "tentative", "oof"}

minutes = st.integers(min_value=-3000, max_value=140 * 24 * 60)
hours = st.fixed_dictionaries({"at": minutes, "long": st.integers(min_value=1, max_value=4000), "status": st.sampled_from(STATUSES)})
days = st.fixed_dictionaries(
    {"day": st.integers(min_value=-2, max_value=140), "more": st.integers(min_value=0, max_value=3), "status": st.sampled_from(STATUSES)}
)
people = st.fixed_dictionaries(
    {"items": st.lists(st.one_of(hours, days), max_size=4), "answers": st.sampled_from([True, True, True, "error", "gone"])}
)


def read(tenant: Tenant, addresses: list[str], first: date, last: date, zone: str) -> dict[str, Schedule]:
    async def scene() -> dict[str, Schedule]:
        given = GraphSettings(base_url="http://127.0.0.1/v1.0", credential="static_token", static_token=TOKEN)
        async with GraphClient(given, transport=httpx.ASGITransport(create_app(tenant))) as client:
            found = await GraphSchedules(client, organiser=ORGANISER, zone=zone).fetch_schedules(addresses, first, last)
        return {one.address: one for one in found}

    return asyncio.run(scene())


def put(item: dict[str, Any], first: date, zone: str) -> tuple[dict[str, Any], tuple[datetime, datetime]]:
    """The item as the control plane takes it, and the instants that it takes."""
    if "at" in item:
        start = datetime.combine(first, time.min, tzinfo=UTC) + timedelta(minutes=item["at"])
        end = start + timedelta(minutes=item["long"])
        return {"start": start.isoformat(), "end": end.isoformat(), "status": item["status"]}, (start, end)
    day, last = first + timedelta(days=item["day"]), first + timedelta(days=item["day"] + item["more"])
    midnights = (datetime.combine(one, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in (day, last + timedelta(days=1)))
    return {"day": day.isoformat(), "last": last.isoformat(), "status": item["status"]}, tuple(midnights)


@settings(max_examples=25, deadline=None)
@given(
    drawn=st.lists(people, min_size=1, max_size=24),
    zone=st.sampled_from(ZONES),
    first=st.dates(min_value=date(2025, 1, 1), max_value=date(2025, 12, 31)),
    length=st.integers(min_value=1, max_value=130),
)
def test_what_is_put_into_calendars_comes_back(drawn: list[dict[str, Any]], zone: str, first: date, length: int) -> None:
    tenant = Tenant("kommune.example", now=datetime(2025, 1, 1, tzinfo=UTC))
    tenant.directory.add_shared_mailbox("Kurser", ORGANISER)
    last = first + timedelta(days=length - 1)
    expected: dict[str, dict[str, set[tuple[datetime, datetime]]]] = {}
    for number, person in enumerate(drawn):
        address = f"person-{number:02}@kommune.example"
        if person["answers"] != "gone":
            user = tenant.directory.add_person(f"Person {number}", address)
            items = [put(item, first, zone) for item in person["items"]]
            tenant.free_busy.add(user.id, [item for item, _ in items])
        if person["answers"] == "error":
            tenant.free_busy.errors[address] = "5009"
        whole = tuple(datetime.combine(one, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in (first, last + timedelta(days=1)))
        inside = [(item, span) for item, span in items if span[0] < whole[1] and span[1] > whole[0]] if person["answers"] is True else []
        expected[address] = {
            "taken": {span for item, span in inside if item["status"] in TAKEN},
            "unsaid": {span for item, span in inside if item["status"] == "unknown"},
        }
    windows = len(list(windows_of(first, last, zone)))
    for address, schedule in read(tenant, list(expected), first, last, zone).items():
        assert set(schedule.taken) == expected[address]["taken"]
        assert {span for span, why in schedule.unseen if why is Unseen.UNSAID} == expected[address]["unsaid"]
        refused = [why for _, why in schedule.unseen if why is Unseen.REFUSED]
        is_seen = drawn[int(address[7:9])]["answers"] is True
        assert len(refused) == (0 if is_seen else windows)
    asked = [one for one in tenant.journal.entries if one.path != "/users"]
    assert len(asked) == windows * -(-len(drawn) // 20), "but for whose the mailbox is"
