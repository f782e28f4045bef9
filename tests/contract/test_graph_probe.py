"""The probe against the simulated tenant: whatever reading is set, exactly that is found, and nothing is left behind."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.domain.probing import ASSUMPTIONS
from bot.graph.client import GraphClient
from bot.graph.experiments.lab import PROPERTY
from bot.graph.gate import Gates
from bot.graph.retry import Pace
from bot.rounds.probe import Played, ProbeOrder, play
from bot.sandbox.behaviour import read_behaviour
from bot.sandbox.chats import CATALOGUE_ID, MANIFEST_ID
from bot.sandbox.meeting_endpoints import hold_meeting
from bot.sandbox.serve import TOKEN, serving_sandbox
from bot.sandbox.settings import STRICT
from config.graph_settings import CredentialKind, GraphSettings
from tests.builders.graph_talk import NOW, ORGANISER, small_tenant
from tests.builders.sandbox_subscriptions import listening

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.sandbox.tenant import Tenant

# The probe's clock runs this much faster than the machine's: its waits are real, and short. Where something is late it looks often enough
# with less.
HASTE, HASTE_WHERE_LATE = 100, 40
TWO = ("anna@kommune.example", "bo@kommune.example")
UNTOLD = {"missing_policy": "unknown", "install_forbidden": "unknown"}
"""What nobody sees where policy and right are there."""
TAKEN = {name: readings[0] for name, readings in ASSUMPTIONS.items()} | UNTOLD
NO_MEETING = dict.fromkeys(("meeting_by_link", "missing_policy", "report_time"), "unknown")
NO_RIGHTS = {
    "catalogue_filter": "unknown", "repeated_install": "unknown", "install_forbidden": "everybody",
    "meeting_by_link": "unknown", "missing_policy": "forbidden", "report_time": "unknown",
}  # fmt: skip
"""The sandbox's token does not tell whether the right or the policy is missing."""
BO = small_tenant().directory.find_user("bo@kommune.example")
# Real seconds: a loaded machine, too, looks more than twice before they are over.
LATE = 1.5
WRITES_ONLY = {"Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send", "User.Read.All", "Group.Read.All"}

SINGLE: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
    ({}, {}),
    ({"attendee_patch_mails_everyone": True}, {"attendees_patch_mails": "everybody"}),
    ({"attendees_patch_answers": "forgotten"}, {"attendees_patch_answers": "forgotten", "time_patch_answers": "unknown"}),
    ({"duplicate_transaction": "new_event_for_other_content"}, {"repeated_transaction_changed": "second_event"}),
    ({"duplicate_transaction": "conflict"}, {"repeated_transaction": "conflict", "repeated_transaction_changed": "conflict"}),
    ({"cancelled_transaction": "remembered"}, {"repeated_transaction_cancelled": "same_event"}),
    (
        {"duplicate_transaction": "conflict", "cancelled_transaction": "remembered"},
        dict.fromkeys(("repeated_transaction", "repeated_transaction_changed", "repeated_transaction_cancelled"), "conflict"),
    ),
    ({"deleted_items_readable": False}, {"cancelled_event": "gone"}),
    ({"stamp_filter_stands_alone": True}, {"stamp_with_date": "alone"}),
    ({"index_delay": LATE}, {"stamp_filter": "late", "draft_by_key": "late"}),
    ({"sent_copy_delay": LATE}, {"sent_copy": "late"}),
    ({"draft_meeting": "sent"}, {"draft_meeting": "mailed"}),
    ({"draft_meeting": "refused"}, {"draft_meeting": "refused"}),
    ({"answer_time": "year_1"}, {"answer_time": "year_1"}),
    ({"answer_time": "year_4501"}, {"answer_time": "year_4501"}),
    ({"answer_time": "missing"}, {"answer_time": "missing"}),
    ({"property_ids": "as_asked"}, {"property_ids": "as_asked"}),
    ({"upn": "differs"}, {"mailbox_address": "id_only"}),
    ({"online_meeting_link": "late"}, {"online_meeting_link": "late"}),
    ({"online_meeting_link": "never"}, {"online_meeting_link": "never", "online_meeting_kept": "unknown"} | NO_MEETING),
    ({"zone_names": "windows_only"}, {"zone_names": "windows_only", "all_day": "unknown"}),
    ({"schedule": "documented"}, {"free_busy_codes": "names"}),
    ({"concurrency_scope": "app", "latency_ms": 40}, {"concurrency": "app"}),
    ({"duplicate_subscription": "allowed"}, {"duplicate_subscription": "allowed"}),
    ({"roles": WRITES_ONLY}, {"subscription": "refused", "duplicate_subscription": "unknown"} | NO_RIGHTS),
    ({"roles": WRITES_ONLY, "subscription_rights": "write_is_enough"}, NO_RIGHTS),
    ({"app_found_by_manifest": False}, {"catalogue_filter": "nothing"}),
    ({"repeated_install_taken": True}, {"repeated_install": "taken"}),
    ({"app_forbidden_for": [BO.id if BO else ""]}, {"install_forbidden": "one"}),
    ({"meeting_found_by_link": False}, {"meeting_by_link": "nothing", "report_time": "unknown"}),
    ({"meeting_policy": False}, {"meeting_by_link": "unknown", "missing_policy": "forbidden", "report_time": "unknown"}),
    ({"no_report_is_404": True}, {}),
    ({"attendance_report_seconds": 3600.0}, {"report_time": "late"}),
    (
        {**STRICT, "latency_ms": 15, "index_delay": LATE, "sent_copy_delay": LATE},
        {
            "attendees_patch_mails": "everybody",
            "attendees_patch_answers": "forgotten",
            "time_patch_answers": "unknown",
            "repeated_transaction_changed": "second_event",
            "repeated_transaction_cancelled": "same_event",
            "cancelled_event": "gone",
            "stamp_with_date": "alone",
            "stamp_filter": "late",
            "draft_by_key": "late",
            "sent_copy": "late",
            "draft_meeting": "mailed",
            "answer_time": "year_4501",
            "property_ids": "as_asked",
            "mailbox_address": "id_only",
            "online_meeting_link": "late",
            "zone_names": "windows_only",
            "all_day": "unknown",
            "free_busy_codes": "names",
            "concurrency": "app",
            "duplicate_subscription": "allowed",
            "catalogue_filter": "nothing",
            "repeated_install": "taken",
            "meeting_by_link": "nothing",
            "report_time": "unknown",
        },
    ),
)


def probed(settings: dict[str, Any]) -> tuple[Played, Tenant]:
    tenant = small_tenant()
    tenant.settings.change(settings)
    read_behaviour(tenant, {"scripts": [{"response": "accept", "subject": "answer", "kind": "invitation", "after_seconds": 0}]})

    async def nobody(_address: str, _subject: str) -> int | None:
        return None

    def join(code: str, params: Mapping[str, object]) -> None:
        """Whoever is asked to join does so; the meeting ended as long ago as its report takes."""
        if code == "join":
            (event,) = (one for one in tenant.calendars.events.values() if one.subject == params["subject"])
            end = NOW - timedelta(seconds=tenant.settings.attendance_report_seconds)
            times = {"start": (end - timedelta(minutes=1)).isoformat(), "end": end.isoformat()}
            hold_meeting(tenant, event, times | {"people": [{"person": params["address"]}]})

    async def run(web_address: str) -> Played:
        pace = Pace(sleep=lambda seconds: asyncio.sleep(seconds / haste), monotonic=lambda: time.monotonic() * haste)
        async with serving_sandbox(tenant) as url:
            graph = GraphSettings(
                base_url=url, credential=CredentialKind.STATIC_TOKEN, static_token=SecretStr(TOKEN), retry_budget_seconds=3600
            )
            order = ProbeOrder(
                mailbox=ORGANISER, people=TWO, zone="Europe/Copenhagen", patience=max(30.0, 5 * haste * late),
                answer_patience=4.0 * haste, web_address=web_address,
                manifest_id=MANIFEST_ID, catalogue_id=CATALOGUE_ID,
            )  # fmt: skip
            async with GraphClient(graph, pace=pace, gates=Gates(4, pace)) as client:
                return await play(client, graph, order, now=NOW, question=nobody, say=join)

    late = max(settings.get(name, 0.0) for name in ("index_delay", "sent_copy_delay"))
    haste = HASTE_WHERE_LATE if late else HASTE
    with listening() as listener:
        return asyncio.run(run(listener.address)), tenant


def name_of(one: dict[str, Any]) -> str:
    return ",".join(map(str, one))[:60]


def together() -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """All of them in few plays: what is set, and what is found otherwise for it, has nothing in common within one."""
    left = list(SINGLE[1:-1])
    while left:
        settings: dict[str, Any] = {}
        otherwise: dict[str, str] = {}
        later = []
        for one, found in left:
            if settings.keys() & one.keys() or otherwise.keys() & found.keys():
                later.append((one, found))
            else:
                settings |= one
                otherwise |= found
        yield settings, otherwise
        left = later


@pytest.mark.parametrize(("settings", "otherwise"), [SINGLE[0], *together(), SINGLE[-1]], ids=name_of)
def test_the_probe_finds_what_is_set_in_one_play(settings: dict[str, Any], otherwise: dict[str, str]) -> None:
    it_finds(settings, otherwise)


@pytest.mark.long
@pytest.mark.parametrize(("settings", "otherwise"), SINGLE[1:-1], ids=name_of)
def test_the_probe_finds_exactly_what_is_set(settings: dict[str, Any], otherwise: dict[str, str]) -> None:
    it_finds(settings, otherwise)


def it_finds(settings: dict[str, Any], otherwise: dict[str, str]) -> None:
    played, tenant = probed(settings)
    assert {one.assumption: one.reading for one in played.probe.findings} == TAKEN | otherwise
    left = [event for event in tenant.calendars.events.values() if PROPERTY in event.extended and event.in_calendar]
    assert (played.left, left, tenant.subscriptions.living()) == (0, [], [])
    assert not tenant.teams.installed, "who had the app not has it not"
    assert {mail.to for mail in tenant.mail_log.to_people() if "findes-ikke" not in mail.to} <= {*TWO, ORGANISER}


def test_every_reading_of_the_sandbox_that_a_probe_can_see_is_turned_once() -> None:
    """What is left out: what nobody but the one who is called, or has the app, could see."""
    unseen = {"activity_copies", "attendance_records_at_once", "delta_repeats", "feed_two_apps"}
    unseen |= {"notification_copies", "notification_updates"}
    turned = {name for settings, _ in SINGLE[:-1] for name in settings}
    assert STRICT.keys() - unseen <= turned
