"""What `doctor` found, by its codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.driver import World


def examined(world: World, *, code: int, **settings: str) -> dict[str, tuple[str, str]]:
    """State and message of each check; of several groups, the last."""
    ran = world.run("doctor", "--format", "json", **settings)
    assert ran.code == code, ran.out + ran.err
    assert ran.writes == ()
    assert ran.mails == ()
    assert ran.json["ok"] is (code == 0)
    return {row["check"]: (row["state"], row["message"]) for row in ran.json["checks"]}
