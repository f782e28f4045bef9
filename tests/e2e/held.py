"""A course that was held on 18 June 2025 with six leaders: they came, or what the list says of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.e2e.reminders import begin, course
from tests.e2e.seats import WEB, answer

if TYPE_CHECKING:
    from tests.e2e.driver import World

CROWD = [f"leder{number}@norddjurs.example" for number in range(6)]
OVER = "2025-06-18T18:00:00+02:00"


def books_of(world: World) -> Settings:
    return Settings(database_url=f"sqlite:///{world.database_file}")


def held(world: World, **changes: object) -> None:
    """All six have a seat and came; the clock stands at the evening after."""
    world.settings |= WEB
    lists = {"ledere": {"name": "Ledere", "people": [{"email": one, "name": f"Leder {at} Prøve"} for at, one in enumerate(CROWD)]}}
    begin(world, course(enrolment=None, **changes), audiences=lists, reminders=[])
    for person in CROWD:
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    say(world, *CROWD)
    world.move_clock(OVER)


def say(world: World, *who: str, said: AttendanceSaid = AttendanceSaid.CAME, hour: int = 13) -> None:
    """HR's word about some of them."""
    at = datetime(2025, 6, 18, hour, tzinfo=UTC)
    with open_stores(books_of(world)) as stores:
        stores.attendance.add(
            AttendanceWord(
                plan="demo", key=f"kursus/main/dag/{person}/{said.value}/{hour}", course="kursus", offering="main", session="dag",
                email=person, said=said, source=AttendanceSource.HR, at=at, noted_at=at,
            )
            for person in who
        )  # fmt: skip
