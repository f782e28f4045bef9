"""A course with reminders, and what people get of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.seats import EVERYBODY

if TYPE_CHECKING:
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


def begin(world: World, *courses: dict[str, object], **changes: object) -> None:
    world.write(make_plan(*courses, **({"audiences": people(*EVERYBODY), "holidays": "DK", "reminders": RULES} | changes)))
    world.sync()


def course(*sessions: dict[str, object], **changes: object) -> dict[str, object]:
    return make_course("kursus", *sessions, **({"enrolment": DEADLINE} | changes))
