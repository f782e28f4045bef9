"""A course's card in its channel: there once, with the seats as they are, as long as the bot is a member."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from jobs.registry import JOBS
from tests.builders.played_teams import texts_of
from tests.e2e.in_teams import in_teams, leaders
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.e2e.driver import World

TITLE, CHANNEL = "Psykologisk tryghed", "Ledere"
SEATS = {"mode": "signup", "capacity": 2, "waiting_list": True}


def write_plan(world: World, *titles: str, **changes: object) -> list[str]:
    everybody = leaders(world, 3)
    courses = [
        make_course(f"kursus-{at}", **({"title": title, "enrolment": SEATS, "teams_channel": "ledere"} | changes))
        for at, title in enumerate(titles or (TITLE,))
    ]
    world.write(make_plan(*courses, audiences=people(*everybody)))
    return everybody


def played(world: World, story: Callable[..., Awaitable[None]], **changes: object) -> None:
    in_teams(world, story, *leaders(world, 1), **changes)


class Channel:
    """The channel *Ledere* of the team *Ledelse*, and a service that keeps its cards."""

    def __init__(self, service: Any, teams: Any, member: str) -> None:
        self.service, self.teams, self.member = service, teams, member

    async def join(self, name: str = CHANNEL, team: str = "Ledelse") -> None:
        await asyncio.to_thread(self.teams.add, self.member, team=team, channel=name)

    async def leave(self) -> None:
        await asyncio.to_thread(self.teams.remove, self.member, team="Ledelse")

    async def follow(self) -> str:
        """A round; what it came to."""
        (label,) = self.service.plans.shelves
        run, *_ = await self.service.runner.run(label, JOBS["follow_decisions"])
        return run.detail or ""

    async def cards(self, name: str = CHANNEL, team: str = "Ledelse") -> list[str]:
        shown = await asyncio.to_thread(self.teams.channel, team, name)
        return ["\n".join(texts_of(one["card"])) for one in shown if one["card"] is not None]


def test_a_card_stands_once_and_its_seats_are_those_of_the_books(world: World) -> None:
    anna, bo, _ = write_plan(world)

    async def story(service: Any, teams: Any) -> None:
        channel = Channel(service, teams, anna)
        assert "cards" not in await channel.follow(), "the bot is in no channel yet"
        await channel.join()
        assert "cards=1" in await channel.follow()
        assert "cards" not in await channel.follow(), "nothing has changed"
        (card,) = await channel.cards()
        assert TITLE in card
        assert "2 ledige pladser" in card
        for person, free in ((anna, "1 ledig plads"), (bo, "Alle pladser er optaget")):
            await asyncio.to_thread(world.run, "enrol", "kursus-0", person)
            await channel.follow()
            (card,) = await channel.cards()
            assert free in card
            assert person not in card
            assert person.partition("@")[0] not in card.lower()

    played(world, story)


def test_a_card_says_that_its_course_is_cancelled_or_gone_and_stands_for_itself_then(world: World) -> None:
    anna, *_ = write_plan(world, "Det ene", "Det andet")

    async def story(service: Any, teams: Any) -> None:
        channel = Channel(service, teams, anna)
        await channel.join()
        assert "cards=2" in await channel.follow()
        write_plan(world, "Det ene", status="cancelled", cancel_reason="For få tilmeldte")
        await asyncio.to_thread(world.approve)
        await channel.follow()
        first, second = await channel.cards()
        assert "aflyst" in first
        assert "ikke længere med i kursusplanen" in second
        assert service.stores.conversations.load_cards("demo") == ()
        assert "cards" not in await channel.follow()

    played(world, story)


def test_where_the_bot_is_taken_out_and_comes_back_the_card_is_posted_again(world: World) -> None:
    anna, *_ = write_plan(world)

    async def story(service: Any, teams: Any) -> None:
        channel = Channel(service, teams, anna)
        await channel.join()
        await channel.follow()
        await channel.leave()
        await channel.follow()
        assert service.stores.conversations.load_cards("demo") == ()
        await channel.join()
        await channel.follow()
        assert len(await channel.cards()) >= 1
        assert len(service.stores.conversations.load_cards("demo")) == 1

    played(world, story)


def test_of_two_channels_of_one_name_nobody_knows_which_is_meant(world: World) -> None:
    anna, *_ = write_plan(world)

    async def story(service: Any, teams: Any) -> None:
        channel = Channel(service, teams, anna)
        await channel.join()
        await channel.join(team="Skoler")
        await channel.follow()
        assert await channel.cards() == []
        assert await channel.cards(team="Skoler") == []

    played(world, story)
