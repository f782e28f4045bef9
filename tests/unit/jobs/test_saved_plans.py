"""What is done when Microsoft 365 says that something in a plan's library was saved."""

from __future__ import annotations

import asyncio

from jobs.saved_plans import SavedPlans


class Plans:
    """Looks that take as long as they are let."""

    def __init__(self) -> None:
        self.looks: list[str] = []
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()

    async def look_at(self, label: str) -> bool:
        self.looks.append(label)
        self.begun.set()
        await self.may_end.wait()
        return True


def play(scene):
    async def run():
        plans = Plans()
        await scene(plans, SavedPlans(plans, moment_seconds=0.01))
        return plans.looks

    return asyncio.run(run())


def test_many_saves_in_a_moment_are_one_look_for_each_plan():
    async def scene(_plans, saves):
        await asyncio.gather(*(saves.tell(plan) for plan in ("a", "b") * 20))

    assert sorted(play(scene)) == ["a", "b"]


def test_a_save_while_the_file_is_looked_at_is_looked_for_again():
    """The first look may have come before it."""

    async def scene(plans, saves):
        plans.may_end.clear()
        first = asyncio.create_task(saves.tell("a"))
        await plans.begun.wait()
        second = asyncio.create_task(saves.tell("a"))
        await asyncio.sleep(0.05)
        plans.may_end.set()
        await asyncio.gather(first, second)

    assert play(scene) == ["a", "a"]


def test_who_is_stopped_while_waiting_leaves_the_plan_to_the_next():
    async def scene(_plans, saves):
        waiting = asyncio.create_task(saves.tell("a"))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await saves.tell("a")

    assert play(scene) == ["a"]
