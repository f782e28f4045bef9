"""Arranging people's calendars, and asking for dates, as the tests of `dates` do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.municipality import ROOMS
from tests.e2e.driver import mail_of
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

PERIOD = ("--from", "2025-06-16", "--to", "2025-06-20")
NAMES = ("anna", "bo", "carl", "dorte")
SAL_1, SAL_2 = ROOMS
JsonObject = dict[str, Any]


def undated(identity: str = "talent", **changes: Any) -> JsonObject:
    return make_course(identity, {"id": "dag", "period": "2025-H1"}, **{"status": "proposed", **changes})


def holds(*names: str, **changes: Any) -> JsonObject:
    offerings = [{"id": name, "title": name.capitalize(), "sessions": [{"id": "dag", "period": "2025-H1"}]} for name in names]
    return make_course("talent", **{"status": "proposed", "enrolment": {"mode": "choose"}, "offerings": offerings, **changes})


def arrange(world: World, *courses: JsonObject, names: tuple[str, ...] = NAMES, **changes: Any) -> None:
    """Four people with calendars, and a plan for them."""
    for name in names:
        world.tenant.directory.add_person(name.title(), mail_of(name))
    world.write(make_plan(*(courses or (undated(),)), **{"audiences": people(*map(mail_of, names)), "holidays": "DK", **changes}))


def taken(world: World, who: str, *spans: str, status: str = "busy") -> None:
    """Each span as `16 09:00-12:00` or, for whole days, `16` or `16-18`; June 2025."""
    user = world.tenant.directory.find_user(mail_of(who))
    assert user is not None
    for one in spans:
        day, _, hours = one.partition(" ")
        first, _, last = day.partition("-")
        if hours:
            start, end = (f"2025-06-{day}T{hour}:00+02:00" for hour in hours.split("-"))
            item = {"start": start, "end": end, "status": status}
        else:
            item = {"day": f"2025-06-{first}", "last": f"2025-06-{last or first}", "status": status}
        world.tenant.free_busy.add(user.id, [item])


def ask(world: World, *options: str, course: str = "talent", length: str = "3h", code: int = 0, **changes: str) -> Ran:
    ran = world.run("dates", course, *PERIOD, "--length", length, *options, **changes)
    assert ran.code == code, ran.err
    return ran


def rows(world: World, *options: str, **changes: Any) -> list[JsonObject]:
    found: list[JsonObject] = ask(world, "--format", "json", *options, **changes).json
    return found


def whens(found: list[JsonObject]) -> list[str]:
    return [row["start"][8:16].replace("T", " ") for row in found]


def schedule_requests(ran: Ran) -> list[Any]:
    return [entry for entry in ran.requests if entry.path.endswith("/getSchedule")]
