"""The adapter against the simulated tenant, over HTTP on this machine: what people would get, by every fault.

The tenant counts the mails; the adapter's waits are shortened, its requests are the real ones.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.errors import GraphConflict, PermissionMissing, SignInFailed, SyncStateLost
from bot.domain.events import Attendee, AttendeeType, EventField, Location, ObservedAttendee
from bot.domain.people import Person
from bot.domain.schedules import Unseen
from bot.graph.checks import check_graph
from bot.graph.directory import GraphDirectory
from bot.graph.schedules import GraphSchedules
from tests.builders.graph_talk import ORGANISER, small_tenant
from tests.contract.stage import CONTENT, DESIRED, FATES, KEY, PEOPLE, ZONE, Stage, play, wall

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

SINCE = datetime(2025, 5, 1, tzinfo=UTC)
WINDOW = {"start": datetime(2025, 5, 1, tzinfo=UTC), "end": datetime(2026, 5, 1, tzinfo=UTC)}


def live(tenant: Tenant) -> int:
    return sum(event.in_calendar for event in tenant.calendars.events.values() if event.extended)


@pytest.mark.parametrize("online", [False, True])
def test_an_event_is_created_listed_found_and_read_the_same(online: bool) -> None:
    """Every way to it shows the same data."""

    async def scene(stage: Stage) -> None:
        desired = replace(DESIRED, content=replace(CONTENT, online=online))
        echo = await stage.calendar.create_event(desired, transaction_id="u-1")
        assert (echo.join_url is not None) is online
        assert (echo.content.start, echo.content.end, echo.content.location) == (CONTENT.start, CONTENT.end, CONTENT.location)
        assert await stage.calendar.fetch_events(plan="kommune", since=SINCE) == (echo,)
        assert await stage.calendar.find_events(KEY) == (echo,)
        assert await stage.calendar.fetch_event(echo.event_id, KEY) == echo
        assert await stage.calendar.fetch_events(plan="kommune", since=datetime(2025, 7, 1, tzinfo=UTC)) == ()
        assert await stage.calendar.fetch_events(plan="komm", since=SINCE) == ()
        assert stage.mails == [("invitation", "anna"), ("invitation", "bo"), ("invitation", "carl")]

    play(scene)


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: "-".join(str(value) for value in fate.values()))
@pytest.mark.parametrize("times", [1, 2])
def test_whatever_happens_to_a_write_it_happens_once(fate: dict[str, Any], times: int) -> None:
    """Creation, change, attendee change and cancellation: one event, each mail once."""
    if fate.get("status") == 401 and times == 2:
        times = 1

    async def scene(stage: Stage) -> None:
        stage.fault(method="POST", path="/events$", times=times, **fate)
        event = await stage.calendar.create_event(DESIRED, transaction_id="u-1")
        assert stage.mails == [("invitation", name) for name in ("anna", "bo", "carl")]
        stage.tenant.mail_log.clear()

        stage.fault(method="PATCH", path="/events/", times=times, **fate)
        moved = replace(CONTENT, start=wall("2025-06-19T09:00"), end=wall("2025-06-19T15:30"))
        event = await stage.calendar.update_content(event, moved, {EventField.START})
        assert event.content.start == moved.start
        assert len(stage.mails) == 3
        stage.tenant.mail_log.clear()

        stage.tenant.faults.clear()
        stage.fault(method="PATCH", path="/events/", times=times, **fate)
        dorte = ObservedAttendee(email="dorte@kommune.example")
        event = await stage.calendar.replace_attendees(event, [*event.attendees[1:], dorte])
        assert stage.mails == [("cancellation", "anna"), ("invitation", "dorte")]
        stage.tenant.mail_log.clear()

        stage.fault(method="POST", path="/cancel", times=times, **fate)
        await stage.calendar.cancel_event(event.event_id, comment="Aflyst")
        await stage.calendar.cancel_event(event.event_id, comment="Aflyst")
        assert stage.mails == [("cancellation", name) for name in ("bo", "carl", "dorte")]

    assert live(play(scene)) == 0


@pytest.mark.parametrize("answer", ["same", "conflict"])
def test_a_known_transaction_id_is_no_second_event(answer: str) -> None:
    """Both answers that Graph may give."""

    async def scene(stage: Stage) -> None:
        stage.tenant.settings.change({"duplicate_transaction": answer})
        first = await stage.calendar.create_event(DESIRED, transaction_id="u-1")
        second = await stage.calendar.create_event(DESIRED, transaction_id="u-1")
        assert first.event_id == second.event_id
        assert len(stage.mails) == 3

    assert live(play(scene)) == 1


def test_a_slow_creation_is_found_and_not_repeated() -> None:
    """The answer comes after the time-out, the event stands."""

    async def scene(stage: Stage) -> None:
        stage.fault(method="POST", path="/events$", when="after", delay_ms=600)
        await stage.calendar.create_event(DESIRED, transaction_id="u-1")
        assert len(stage.mails) == 3

    assert live(play(scene, timeout=0.3)) == 1


def test_a_meeting_that_lost_teams_is_switched_on() -> None:
    """And keeps its block when the text changes."""

    async def scene(stage: Stage) -> None:
        stage.fault(method="POST", path="/events$", without_teams=True)
        online = replace(CONTENT, online=True)
        event = await stage.calendar.create_event(replace(DESIRED, content=online), transaction_id="u-1")
        assert event.join_url is not None
        changed = await stage.calendar.update_content(event, replace(online, body="<p>Nyt program</p>"), {EventField.BODY})
        assert changed.join_url == event.join_url
        stored = next(iter(stage.tenant.calendars.events.values())).html
        assert "Nyt program" in stored
        assert stored.count(event.join_url) == 1
        assert "Nyt program" in changed.content.body
        assert event.join_url not in changed.content.body

    play(scene)


def test_a_change_between_reading_and_writing_is_a_conflict() -> None:
    """Somebody answered; the caller reads again."""

    async def scene(stage: Stage) -> None:
        event = await stage.calendar.create_event(DESIRED, transaction_id="u-1")
        await stage.calendar.replace_attendees(event, event.attendees[:2])
        with pytest.raises(GraphConflict):
            await stage.calendar.replace_attendees(event, event.attendees[:1])

    play(scene)


def test_answers_come_by_delta_and_a_lost_token_is_told() -> None:
    """First everything, then what changed, then what is gone."""

    async def scene(stage: Stage) -> None:
        event = await stage.calendar.create_event(DESIRED, transaction_id="u-1")
        keys = {event.event_id: KEY}
        first = await stage.calendar.fetch_delta(link=None, keys=keys, **WINDOW)
        assert [one.event_id for one in first.events] == [event.event_id]
        nothing = await stage.calendar.fetch_delta(link=first.link, keys=keys, **WINDOW)
        assert (nothing.events, nothing.removed) == ((), ())
        stage.tenant.people.answer(next(iter(stage.tenant.calendars.events.values())), "anna@kommune.example", "accepted")
        second = await stage.calendar.fetch_delta(link=nothing.link, keys=keys, **WINDOW)
        assert {one.email: one.response.value for one in second.events[0].attendees}["anna@kommune.example"] == "accepted"
        await stage.calendar.cancel_event(event.event_id, comment="")
        third = await stage.calendar.fetch_delta(link=second.link, keys=keys, **WINDOW)
        assert third.removed == (event.event_id,)
        stage.fault(method="GET", path="delta", status=410)
        with pytest.raises(SyncStateLost):
            await stage.calendar.fetch_delta(link=third.link, keys=keys, **WINDOW)

    play(scene)


def test_many_events_are_listed_in_pages_and_never_more_than_four_at_a_time() -> None:
    """One request for each 100 events; the tenant refuses a fifth in flight."""

    async def scene(stage: Stage) -> None:
        stage.tenant.settings.change({"latency_ms": 5.0})
        keys = [replace(KEY, session=f"s{number}") for number in range(120)]
        await asyncio.gather(
            *(stage.calendar.create_event(replace(DESIRED, key=key, attendees=()), transaction_id=str(key)) for key in keys)
        )
        stage.tenant.journal.clear()
        found = await stage.calendar.fetch_events(plan="kommune", since=SINCE)
        assert {event.key for event in found} == set(keys)
        assert len(stage.tenant.journal.entries) == 2

    tenant = play(scene)
    assert all(entry.as_json()["status"] != 429 for entry in tenant.journal.entries)


def test_a_group_is_read_with_its_nested_people_only() -> None:
    """Rooms, shared mailboxes and leavers apart; who has no address by name."""
    tenant = small_tenant()
    tenant.directory.add_group("Alle", "alle@kommune.example", members=["ledere@kommune.example", "salen@kommune.example", ORGANISER])
    tenant.directory.add_user("Uden Adresse", None, upn="uden@kommune.example", groups=["alle@kommune.example"])
    tenant.directory.change_user("dorte@kommune.example", enabled=False)

    async def scene(stage: Stage) -> None:
        found = await GraphDirectory(stage.client).fetch_members("alle@kommune.example")
        assert [one.email if isinstance(one, Person) else one for one in found] == [
            "anna@kommune.example",
            "bo@kommune.example",
            "carl@kommune.example",
            "Uden Adresse",
        ]

    play(scene, tenant=tenant)


@pytest.mark.parametrize("sees_contacts", [True, False])
def test_who_of_a_group_is_not_invited_is_told_and_contacts_are_counted_where_they_may_not_be_read(sees_contacts: bool) -> None:
    """One request more for the group, whatever is in it."""
    tenant = small_tenant()
    tenant.directory.join("ledere@kommune.example", "salen@kommune.example")
    tenant.directory.change_user("dorte@kommune.example", enabled=False)
    tenant.directory.add_group("Udefra", "udefra@kommune.example")
    tenant.directory.add_contact("Ole Udefra", "Ole@Firma.example", groups=["udefra@kommune.example"])
    tenant.directory.join("ledere@kommune.example", "udefra@kommune.example")
    if not sees_contacts:
        tenant.settings.change({"roles": ["GroupMember.Read.All", "User.Read.All"]})

    async def scene(stage: Stage) -> None:
        directory = GraphDirectory(stage.client)
        await directory.fetch_members("ledere@kommune.example")
        before = len(stage.tenant.journal.entries)
        found = await directory.fetch_left_out("ledere@kommune.example")
        assert len(stage.tenant.journal.entries) == before + 1
        contact = ("contact", "Ole Udefra", "ole@firma.example") if sees_contacts else ("contact", "", "")
        assert [(one.reason.value, one.name, one.email) for one in found] == [
            ("closed", "Dorte Prøve", "dorte@kommune.example"),
            ("closed", "Salen", "salen@kommune.example"),
            contact,
        ]

    play(scene, tenant=tenant)


def test_a_room_is_asked_and_answers_on_the_event() -> None:
    """As a resource, which gets no mail that a person reads."""

    async def scene(stage: Stage) -> None:
        room = Attendee(email="salen@kommune.example", type=AttendeeType.RESOURCE)
        content = replace(CONTENT, location=Location(name="Salen", room="salen@kommune.example"))
        event = await stage.calendar.create_event(replace(DESIRED, content=content, attendees=(*PEOPLE, room)), transaction_id="u-1")
        assert event.content.location == content.location
        assert next(one.type for one in event.attendees if one.email == room.email) is AttendeeType.RESOURCE
        assert len(stage.mails) == 3

    play(scene)


def test_calendars_are_read_as_they_stand_and_what_cannot_be_read_is_unknown() -> None:
    """Twenty-four over eighty days are two times two questions; numbered errors, null items and rows that are missing are not free."""

    async def scene(stage: Stage) -> None:
        people = [f"person{number:02}@kommune.example" for number in range(21)]
        for address in people:
            stage.tenant.directory.add_user(address.partition("@")[0], address)
        stage.tenant.directory.add_user("Gæst", "gaest@kommune.example", has_mailbox=False)
        meeting = {"start": "2025-10-27T09:00:00+01:00", "end": "2025-10-27T10:00:00+01:00", "status": "tentative"}
        first = stage.tenant.directory.find_user(people[0])
        assert first is not None
        stage.tenant.free_busy.add(first.id, [meeting])
        stage.tenant.free_busy.errors[people[1]] = "5009"
        stage.tenant.free_busy.null_items.add(people[2])
        stage.tenant.free_busy.left_out.add(people[3])
        asked = [*people, "gaest@kommune.example", "ingen@kommune.example", "salen@kommune.example"]
        schedules = GraphSchedules(stage.client, organiser=ORGANISER, zone=ZONE)
        found = {one.address: one for one in await schedules.fetch_schedules(asked, date(2025, 9, 1), date(2025, 11, 19))}
        assert set(found) == set(asked)
        assert found[people[0]].taken == ((datetime(2025, 10, 27, 8, tzinfo=UTC), datetime(2025, 10, 27, 9, tzinfo=UTC)),)
        unseen = {one: {why for _, why in found[one].unseen} for one in asked if found[one].unseen}
        assert unseen == {
            people[1]: {Unseen.REFUSED},
            people[2]: {Unseen.UNREADABLE},
            people[3]: {Unseen.MISSING},
            "gaest@kommune.example": {Unseen.REFUSED},
            "ingen@kommune.example": {Unseen.REFUSED},
        }
        questions = [entry for entry in stage.tenant.journal.entries if entry.path.endswith("/getSchedule")]
        assert len(questions) == 2 * 2
        (room,) = await schedules.fetch_rooms()
        assert (room.email, room.capacity) == ("salen@kommune.example", 40)

    play(scene)


def test_refusals_name_what_is_missing() -> None:
    """A permission, a mailbox outside the scope, a token."""

    async def scene(stage: Stage) -> None:
        stage.tenant.settings.change({"roles": ["Calendars.Read", "GroupMember.Read.All", "User.Read.All"]})
        with pytest.raises(PermissionMissing) as missing:
            await stage.calendar.create_event(DESIRED, transaction_id="u-1")
        assert missing.value.params["permission"] == "Calendars.ReadWrite"
        stage.tenant.settings.change({"roles": None, "mailbox_scope": ["anna@kommune.example"]})
        with pytest.raises(PermissionMissing) as outside:
            await stage.calendar.fetch_events(plan="kommune", since=SINCE)
        assert outside.value.code == "graph_mailbox_denied"
        stage.tenant.settings.change({"mailbox_scope": None, "tokens": ["another"]})
        with pytest.raises(SignInFailed):
            await stage.calendar.fetch_events(plan="kommune", since=SINCE)

    play(scene)


def test_a_healthy_tenant_passes_what_doctor_asks() -> None:
    """Only the rights to write and to send cannot be seen in the sandbox's token."""

    async def scene(stage: Stage) -> None:
        results = await check_graph(stage.client, organiser=ORGANISER, zone=ZONE, groups=["ledere@kommune.example"])
        assert [(result.name, result.ok) for result in results if not result.ok] == [("write", None), ("mail", None)]
        assert stage.mails == []

    play(scene)
