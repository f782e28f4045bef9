"""A course with reminders, and what people get of them."""

from __future__ import annotations

import asyncio
import html
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.desks.messages.reminder_hand import ReminderHand
from bot.desks.plan import BookPlanDesk
from bot.domain.approvals import Door
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from tests.e2e.as_it_was import played_once
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.seats import EVERYBODY
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.driver import World

RULES = [
    {"id": "svar", "before": "deadline", "working_days": 3, "at": "09:00", "to": "unanswered", "template": "please_answer"},
    {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "template": "practical"},
    {"id": "i-morgen", "before": "start", "days": 1, "at": "12:00", "to": ["registered", "tentative"], "template": "tomorrow"},
    {"id": "evaluering", "after": "end", "hours": 2, "to": "registered", "template": "follow_up"},
]
RULES = [rule | {"channels": ["mail", "teams"]} for rule in RULES]
AT_ONCE = {"GRAPH__RETRY_BUDGET_SECONDS": "0"}
DEADLINE = {"deadline": "2025-06-04T12:00"}


@played_once
def begin(world: World, *courses: dict[str, object], **changes: object) -> None:
    world.write(make_plan(*courses, **({"audiences": people(*EVERYBODY), "holidays": "DK", "reminders": RULES} | changes)))
    world.sync()


def course(*sessions: dict[str, object], **changes: object) -> dict[str, object]:
    return make_course("kursus", *sessions, **({"enrolment": DEADLINE} | changes))


@contextmanager
def hand(world: World) -> Iterator[ReminderHand]:
    """HR's hand on the course's reminders."""
    settings = settings_for(world)
    with open_stores(settings) as stores:
        books = BookPlanDesk(settings, asyncio.run(load_plan(settings)), stores).books
        yield ReminderHand(books, "kursus", by="hanne", door=Door.DESK)


def read(page: str) -> str:
    """What stands on a page of the desk, as text on one line."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2])))
