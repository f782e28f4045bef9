"""HR's hand at the desk: each act as a story to calendar and mails, shown before it is done."""

from __future__ import annotations

import asyncio
import html
import re
from collections import Counter
from typing import TYPE_CHECKING

from bot.domain.people import PeopleIndex
from bot.domain.person_ids import PersonIds
from jobs.registry import JOBS
from tests.e2e.desk_driver import HR, SECRET, at_the_desk
from tests.e2e.hand import log_of
from tests.e2e.seats import ANNA, BO, answer, begin, limited, statuses

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx

    from jobs.service import Service
    from tests.e2e.desk_driver import Person
    from tests.e2e.driver import World

ACT = "/courses/kursus/act?plan=demo"


class Hand:
    """Somebody of HR at the page of an act."""

    def __init__(self, person: Person) -> None:
        self.person, self.page = person, ""

    async def look(self, action: str, who: str = "", **fields: object) -> httpx.Response:
        """The form, filled in, and what would happen then."""
        asked = f"/courses/kursus/act?plan=demo&action={action}"
        page = await asyncio.to_thread(self.person.read, asked)
        answer = await self._send(page, action=action, person=who, step="look", **({"offering": "main"} | fields))
        self.page = answer.text
        return answer

    async def do(self, **changes: object) -> httpx.Response:
        return await self._send(self.page, **(self.typed() | {"step": "do"} | changes))

    def typed(self) -> dict[str, str]:
        """The hidden fields of the page, as a browser would send them."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', self.page)
        return {name: html.unescape(value) for name, value in found if name != "proof"}

    async def _send(self, page: str, **fields: object) -> httpx.Response:
        return await asyncio.to_thread(self.person.send, ACT, page, **fields)

    def says(self) -> str:
        """The page as one reads it."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.page.partition("<main")[2])))


def played(world: World, course: dict[str, object], story: Callable[..., Awaitable[None]], *yes: tuple[str, str]) -> Counter[tuple[str, str]]:
    """The plan synced and who said yes read; then the story, and what follows carried out: who was mailed, and then nobody."""
    begin(world, course)
    for session, who in yes:
        answer(world, f"kursus/{session}", who, "accept")
    world.run("responses")
    mails = len(world.tenant.mail_log.mails)

    async def with_hand(service, person) -> None:
        await story(service, person)
        await service.runner.run("demo", JOBS["follow_decisions"])

    at_the_desk(world, with_hand)
    sent = world.tenant.mail_log.mails[mails:]
    assert world.sync().people_mailed == {}
    return Counter((mail.kind.value, mail.to.lower()) for mail in sent if mail.recipient.value != "room" and mail.kind.value != "response")


def named(email: str) -> str:
    """How the desk names somebody whom the plan alone lists."""
    return PersonIds(people=PeopleIndex(), secret=SECRET).of(email)


def standing(service: Service, who: str) -> dict[str, str]:
    """Offering to status, by the books."""
    return {row.offering: row.status.value for row in service.stores.answers.load_registrations("demo") if row.email == who}


def test_hr_sees_whom_a_withdrawal_moves_and_mails_and_then_it_happens(world: World) -> None:
    """The seat goes to the first in line; who did it stands in both logs."""

    async def story(service, person) -> None:
        hand = Hand(await person(HR))
        shown = await hand.look("withdraw", named(ANNA), reason="Barsel")
        assert shown.status_code == 200
        assert "bliver frameldt" in hand.says()
        assert "får den ledige plads" in hand.says()
        assert "Meld fra (4 mails)" in hand.says()
        assert "kan læse den på sin egen side" in hand.says()
        assert standing(service, ANNA) == {"main": "registered"}
        done = await hand.do()
        assert done.status_code == 303
        hand.page = await asyncio.to_thread(hand.person.read, done.headers["location"])
        assert "Det er gjort" in hand.says()

    mailed = played(world, limited(1), story, ("dag", ANNA), ("dag", BO))
    assert mailed == {("cancellation", ANNA): 1, ("message", ANNA): 1, ("invitation", BO): 1, ("message", BO): 1}
    assert (statuses(world)["anna/main"], statuses(world)["bo/main"]) == ("withdrawn", "registered")
    assert log_of(world)[-2:] == [(ANNA, "withdrawn", HR.address, "Barsel"), (BO, "seat_offered", "", "")]
    lines = world.run("actions", "--format", "json").json
    assert [(one["command"], one["by"], one["door"], one["course"]) for one in lines if one["command"] == "withdraw"] == [
        ("withdraw", HR.address, "desk", "kursus")
    ]
