"""What came back, read by the adapter from the simulated tenant: the reports that it writes, in both languages, by every fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.bounces import Original
from bot.domain.events import Attendee, DesiredEvent
from bot.domain.messages import Letter
from bot.graph.bounces import GraphReturnedMail
from bot.graph.mail import GraphMailbox
from tests.builders.graph_talk import NOW, ORGANISER, small_tenant
from tests.contract.stage import DESIRED, play

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.tenant import Tenant
    from tests.contract.stage import Stage

NOBODY, OUTSIDE = "nobody@kommune.example", "ude@andre.example"
SINCE = NOW - timedelta(hours=1)


def act(scene: Callable[[Stage, GraphReturnedMail], Awaitable[None]], tenant: Tenant | None = None) -> None:
    play(lambda stage: scene(stage, GraphReturnedMail(stage.client, organiser=ORGANISER)), tenant=tenant)


async def send(stage: Stage, to: str) -> str:
    mailbox = GraphMailbox(stage.client, organiser=ORGANISER)
    letter = Letter(to=((to, ""),), reply_to="hr@kommune.example", subject="Kursus", html="<p>Hej</p>")
    draft_id = await mailbox.create_draft(f"k/{to}", letter)
    await mailbox.send_draft(draft_id)
    return draft_id


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("fault", [None, {"status": 503}, {"status": 429}, {"drop": True}])
def test_a_report_leads_back_to_the_draft_that_was_sent(language: str, fault: dict[str, Any] | None) -> None:
    """Whatever the language, and whatever happens to the reading."""
    tenant = small_tenant()
    tenant.settings.change({"report_language": language})

    async def scene(stage: Stage, returned: GraphReturnedMail) -> None:
        draft_id = await send(stage, NOBODY)
        await send(stage, "anna@kommune.example")
        if fault is not None:
            stage.fault(method="GET", path="/messages", **fault)
        (report,) = await returned.fetch_reports(since=SINCE)
        assert (report.code, report.received_at, {*report.addresses} - {ORGANISER}) == ("5.1.10", NOW, {NOBODY})
        assert await returned.find_originals(report.originals) == {report.originals[0]: Original(message_id=draft_id)}
        assert await returned.fetch_reports(since=NOW + timedelta(seconds=1)) == ()

    act(scene, tenant)


def test_a_report_of_an_invitation_leads_back_to_the_event_and_names_who_was_not_reached() -> None:
    """Both codes, one report each."""
    tenant = small_tenant()
    tenant.calendars.transport.bouncing[OUTSIDE] = "5.7.1"

    async def scene(stage: Stage, returned: GraphReturnedMail) -> None:
        attendees = tuple(Attendee(email=email) for email in ("anna@kommune.example", NOBODY, OUTSIDE))
        event = await stage.calendar.create_event(_with(attendees), transaction_id="u-1")
        reports = await returned.fetch_reports(since=SINCE)
        assert {(one.code, *({*one.addresses} - {ORGANISER})) for one in reports} == {("5.1.10", NOBODY), ("5.7.1", OUTSIDE)}
        originals = await returned.find_originals([one.originals[0] for one in reports])
        assert {one.event_id for one in originals.values()} == {event.event_id}

    act(scene, tenant)


def test_a_report_whose_original_hangs_on_it_leads_back_too() -> None:
    """Neither header nor text says what it is about."""

    async def scene(stage: Stage, returned: GraphReturnedMail) -> None:
        draft_id = await send(stage, "anna@kommune.example")
        sent = next(one for one in stage.tenant.messages.messages.values() if one.folder == "sentitems")
        stage.tenant.messages.receive(
            stage.tenant.mailbox(ORGANISER), sender=("", "postmaster@andre.example"), subject="Undeliverable", body="It failed. 5.1.1",
            headers=[], message_class="REPORT.IPM.Note.NDR", attached=sent.internet_id,
        )  # fmt: skip
        (report,) = await returned.fetch_reports(since=SINCE)
        assert (await returned.find_originals(report.originals))[report.originals[0]].message_id == draft_id

    act(scene)


def test_an_original_that_is_gone_is_left_out() -> None:
    async def scene(stage: Stage, returned: GraphReturnedMail) -> None:
        await send(stage, NOBODY)
        (report,) = await returned.fetch_reports(since=SINCE)
        stage.tenant.messages.delete(next(one for one in stage.tenant.messages.messages.values() if one.folder == "sentitems"))
        assert await returned.find_originals([*report.originals, "<gaet@andre.example>"]) == {}

    act(scene)


def test_a_cancelled_event_leads_nowhere() -> None:
    """Its copy in Sent Items is there, the event is not."""

    async def scene(stage: Stage, returned: GraphReturnedMail) -> None:
        event = await stage.calendar.create_event(_with((Attendee(email=NOBODY),)), transaction_id="u-1")
        (report,) = await returned.fetch_reports(since=SINCE)
        stage.tenant.settings.deleted_items_readable = False
        await stage.calendar.cancel_event(event.event_id, comment="Aflyst")
        (original,) = (await returned.find_originals(report.originals)).values()
        assert original.event_id is None

    act(scene)


def _with(attendees: tuple[Attendee, ...]) -> DesiredEvent:
    return replace(DESIRED, attendees=attendees)
