"""Courses with few seats, who wants them, and what Outlook and the lists say afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.e2e.as_it_was import played_once
from tests.e2e.plans import make_course, make_plan, make_session, people

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

ANNA, BO, CARL, DORTE = (f"{name}@partner.example" for name in ("anna", "bo", "carl", "dorte"))
EVERYBODY = (ANNA, BO, CARL, DORTE)
HOLD = [
    {"id": "hold-1", "title": "Hold 1", "sessions": [make_session(day="2025-06-18")]},
    {"id": "hold-2", "title": "Hold 2", "sessions": [make_session(day="2025-06-25")]},
]
WEB = {"WEB__BASE_URL": "http://127.0.0.1:8080", "WEB__SECRET_KEY": "en-lang-hemmelighed-som-kun-findes-i-test"}


def limited(capacity: int, **enrolment: object) -> dict[str, object]:
    return make_course("kursus", enrolment={"capacity": capacity, **enrolment})


def choosing(**enrolment: object) -> dict[str, object]:
    return make_course("kursus", offerings=HOLD, enrolment={"mode": "choose", **enrolment})


@played_once
def begin(world: World, course: dict[str, object]) -> None:
    world.write(make_plan(course, audiences=people(*EVERYBODY)))
    world.sync()


def statuses(world: World) -> dict[str, str]:
    rows = world.run("registrations", "--format", "json").json
    return {
        f"{row['email'].partition('@')[0]}/{row['offering']}": row["status"] + (f" {row['position']}" if row["position"] else "")
        for row in rows
    }


def subjects(ran: Ran) -> list[tuple[str, str]]:
    return sorted((mail.to.partition("@")[0], mail.subject) for mail in ran.mails if mail.kind.value == "message")


def answer(world: World, session: str, person: str, response: str) -> None:
    world.tenant.clock.advance(timedelta(minutes=1))
    world.now = world.tenant.clock.now()
    world.answer(session, person, response)
