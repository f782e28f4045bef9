"""HR is told at once that something waits: one mail within the sending hours, once, with the way to where it is decided."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.messages.visible_text import visible_text
from tests.builders.played_teams import PlayedTeams, texts_of
from tests.e2e.desk_driver import HR, at_the_desk, checksums, leader, write_plan
from tests.e2e.in_teams import APP_ID, BOT_SECRET, TENANT, bot_settings
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.service_driver import run_job, until

if TYPE_CHECKING:
    from tests.e2e.driver import World

pytestmark = pytest.mark.e2e

AT_NIGHT, IN_THE_MORNING, AT_NOON = "2025-05-19T22:00:00+02:00", "2025-05-20T08:05:00+02:00", "2025-05-20T12:00:00+02:00"


def told(world: World) -> list[str]:
    """What HR has been told at once so far, each mail's HTML."""
    letters = [one for one in world.tenant.messages.messages.values() if one.subject.startswith("Venter på din godkendelse")]
    sent = {mail.event for mail in world.tenant.mail_log.mails if mail.kind.value == "message"}
    return [one.html for one in letters if one.immutable_id in sent]


async def the_reports_job(service, _person) -> None:
    await run_job(service, "hr_report")


def test_one_mail_leads_to_where_it_is_approved_and_is_not_repeated(world: World) -> None:
    """Two courses in one round are one mail; the service sends it as soon as a round has left something."""
    second = make_course("andet", make_session(day="2025-06-20"), title="Andet")
    world.write(make_plan(make_course(), second, audiences=people(leader(world).address)))
    world.move_clock(AT_NOON)

    async def story(service, person) -> None:
        home = service.settings.web.base_url
        assert told(world) == []
        await service.wake("demo", "sync_plan")
        await until(lambda: told(world))
        (mail,) = told(world)
        assert (f"{home}/changes?plan=demo#" in mail, mail.count("/changes?plan=demo#"), "kursusbot approve" in mail) == (True, 2, False)
        assert "Du får kun denne ene mail" in visible_text(mail)
        for job in ("sync_plan", "hr_report", "sync_plan"):
            await run_job(service, job)
        assert len(told(world)) == 1

    at_the_desk(world, story, now=AT_NOON, report={"every": "never"})


def test_another_edit_is_another_mail_about_that_alone(world: World) -> None:
    """Whoever read of the first has not seen the second."""
    write_plan(world)
    world.move_clock(AT_NOON)

    async def story(service, person) -> None:
        await the_reports_job(service, person)
        write_plan(world, title="Noget helt andet")
        await service.plans.look()
        for job in ("sync_plan", "hr_report"):
            await run_job(service, job)
        assert ["Noget helt andet" in mail for mail in told(world)] == [False, True]

    at_the_desk(world, story, now=AT_NOON)


def test_at_night_it_waits_for_the_morning(world: World) -> None:
    """The plan's sending hours."""
    write_plan(world)
    world.move_clock(AT_NIGHT)
    at_the_desk(world, the_reports_job, now=AT_NIGHT)
    assert told(world) == []
    world.move_clock(IN_THE_MORNING)
    at_the_desk(world, the_reports_job, now=IN_THE_MORNING)
    assert len(told(world)) == 1


def test_what_is_approved_before_the_morning_is_told_to_nobody(world: World) -> None:
    """There is nothing left to do about it."""
    write_plan(world)
    world.move_clock(AT_NIGHT)

    async def approve(service, person) -> None:
        hr = await person(HR)
        page = await asyncio.to_thread(hr.read, "/changes")
        await asyncio.to_thread(hr.send, "/changes", page, shown=checksums(page), decision="approve")

    at_the_desk(world, approve, now=AT_NIGHT)
    world.move_clock(IN_THE_MORNING)
    at_the_desk(world, the_reports_job, now=IN_THE_MORNING)
    assert told(world) == []


def test_hr_hears_in_their_chat_and_in_their_channel_and_gets_no_mail_then(world: World) -> None:
    """Once each; another reader without a chat gets the mail; approving stays on the desk."""
    write_plan(world)
    world.move_clock(AT_NOON)
    contact = make_plan()["contact"]

    async def story(service, _person) -> None:
        teams, home = PlayedTeams(world.base_url), service.settings.web.base_url
        endpoint = {"app_id": APP_ID, "secret": BOT_SECRET, "tenant_id": TENANT}
        await asyncio.to_thread(teams.listen_at, f"{home}/bot/messages", **endpoint)
        world.tenant.teams.installed.clear()
        await asyncio.to_thread(teams.add, contact)
        await asyncio.to_thread(teams.add, contact, team="HR", channel="Kurser")
        for _ in range(2):
            await run_job(service, "hr_report")
        assert told(world) == []
        for shown in (await asyncio.to_thread(teams.cards, contact), await in_channel(teams)):
            cards = [card for card in shown if "venter på godkendelse" in "\n".join(texts_of(card))]
            (card,) = cards
            assert [one["url"] for one in card["actions"]] == [f"{home}/changes?plan=demo"]

    async def in_channel(teams):
        return [one["card"] for one in await asyncio.to_thread(teams.channel, "HR", "Kurser") if one["card"]]

    at_the_desk(world, story, now=AT_NOON, report={"every": "never"}, bot=bot_settings(world) | {"hr_channel": "kurser"})
