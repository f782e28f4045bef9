"""What waits for a person and what a person says to it, as an outsider sees it: the words of the stories of approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

JsonObject = dict[str, Any]
LEADERS = "alle-ledere@norddjurs.example"
MANY = tuple(f"leder-{number}@norddjurs.example" for number in range(25))
SIX = MANY[:6]


def run(world: World, *, code: int) -> Ran:
    ran = world.run("run")
    assert ran.code == code, ran.out + ran.err
    return ran


def courses_of(world: World) -> dict[str, JsonObject]:
    return {row["course"]: row for row in world.preview().json["courses"]}


def approvals(world: World) -> list[JsonObject]:
    rows: list[JsonObject] = world.run("approvals", "--format", "json").json
    return rows


def waiting(world: World) -> list[JsonObject]:
    return [row for row in approvals(world) if row["state"] == "waiting"]


def states(world: World) -> set[str]:
    return {row["state"] for row in approvals(world)}


def approve(world: World, checksum: str, *options: str, code: int = 0) -> Ran:
    """Write the decision down, which reaches nobody."""
    ran = world.run("approve", checksum, *options)
    assert ran.code == code, ran.out + ran.err
    assert (ran.writes, ran.mails) == ((), ())
    return ran


def approve_all(world: World) -> None:
    """Look at what waits, and approve all of it."""
    approve(world, world.preview().json["checksum"])
