"""The bot's desk behind a door of the tests' own: what Teams brings is answered as the service would, and no token is looked at.

For what is decided by desk, cards and books together; what the service's own door checks has tests of its own.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from bot.cards.answers import render_answer
from bot.desks.person.page import BookDesk
from bot.desks.teams.chat import BookChatDesk
from bot.domain.conversations import Press, PressVerb, read_press
from bot.domain.people import Language
from bot.domain.sign_in import Visitor
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from bot.sandbox.chats import Shown
from tests.builders.listening_bot import answering, listening_bot
from tests.builders.played_teams import PlayedTeams
from tests.e2e.seats import WEB
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.chat_views import ChatAnswer
    from tests.e2e.driver import World


class Door:
    """People's Teams, and the desk behind it; `stores` are the books."""

    def __init__(self, world: World, people: PlayedTeams, desk: BookChatDesk, stores: Any) -> None:
        self.world, self.people, self.desk, self.stores = world, people, desk, stores
        self._one_at_a_time = Lock()

    def say(self, activity: dict[str, Any]) -> tuple[int, Any]:
        """The answer to a press; lines are not answered here."""
        if activity.get("name") != "adaptiveCard/action":
            return 200, None
        press = read_press(activity["value"]["action"]["verb"], activity["value"]["action"]["data"])
        assert press is not None, activity
        is_new = self.stores.conversations.is_new(activity["conversation"]["id"], activity["id"], at=datetime.now(UTC))
        # Decisions at once keep each other from being written, and each is worked out again.
        with self._one_at_a_time:
            answer = self.desk.pressed(visitor(activity["from"]["aadObjectId"]), press, Language.DA, again=not is_new)
        return 200, answering(render_answer(answer))

    def seen(self, person: str, course: str) -> ChatAnswer:
        press = Press(verb=PressVerb.COURSE, plan="demo", course=course)
        return self.desk.pressed(visitor(person), press, Language.DA, again=False)

    def stand(self, person: str, course: str) -> None:
        """The course's card stands in the chat of somebody (directory id), as it is now."""
        chats, now = self.world.tenant.chats, self.world.now
        card = render_answer(self.seen(person, course))
        shown = Shown(id=chats.new_id(now), sender="bot", time=now, card=card)
        chats.personal(person).shown[shown.id] = shown


def visitor(subject: str) -> Visitor:
    return Visitor(subject=subject, email="", name="", roles=frozenset(), proved_at=None)


@contextmanager
def at_the_door(world: World) -> Iterator[Door]:
    settings = settings_for(world, web={"base_url": WEB["WEB__BASE_URL"], "secret_key": WEB["WEB__SECRET_KEY"]})
    with open_stores(settings) as stores, listening_bot() as bot:
        plan = asyncio.run(load_plan(settings))
        desk = BookChatDesk({plan.id: BookDesk(settings, plan, stores)})
        people = PlayedTeams(world.base_url)
        people.listen_at(bot.url)
        made = Door(world, people, desk, stores)
        bot.say = made.say
        yield made
