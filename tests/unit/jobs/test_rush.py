"""What follows from answers: at once for one, once for many, and never long after them."""

from __future__ import annotations

import asyncio

from jobs.rush import Rush

DECIDED = ("demo", "follow_decisions")


class Service:
    """What was woken."""

    def __init__(self):
        self.rush, self.woken = Rush(moment_seconds=0.05, longest_seconds=1000.0), []

    async def wake(self, plan, job):
        self.woken.append((plan, job))

    def tell(self, plan="demo", job="follow_decisions"):
        return asyncio.create_task(self.rush.tell(plan, job, self.wake))


def play(scene):
    async def run():
        service = Service()
        await scene(service)
        return service.woken

    return asyncio.run(run())


def test_one_decision_is_followed_at_once():
    async def scene(service):
        await service.tell()
        assert service.woken == [DECIDED]

    play(scene)


def test_a_rush_is_followed_at_its_beginning_and_once_when_it_is_over():
    async def scene(service):
        told = [service.tell() for _ in range(40)]
        await asyncio.sleep(0)
        assert service.woken == [DECIDED]
        await asyncio.gather(*told)
        assert service.woken == [DECIDED] * 2

    play(scene)


def test_while_people_go_on_it_waits_no_longer_than_is_said():
    """They never stop for a moment, which here is twenty minutes."""

    async def scene(service):
        service.rush = Rush(moment_seconds=1200.0, longest_seconds=0.02)
        for many in range(1, 4):
            await service.tell()
            assert service.woken == [DECIDED] * many

    play(scene)


def test_what_is_for_others_waits_for_nobody():
    async def scene(service):
        told = [service.tell(plan, job) for plan in ("a", "b") for job in ("follow_decisions", "collect_responses")]
        await asyncio.gather(*told)

    assert len(play(scene)) == 4


def test_a_stop_lets_nobody_wait():
    async def scene(service):
        service.rush = Rush(moment_seconds=1000.0, longest_seconds=1000.0)
        told = [service.tell(), service.tell()]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert service.woken == [DECIDED]
        await service.rush.end()
        assert service.woken == [DECIDED] * 2
        # Who comes later still is heard at once.
        told += [service.tell()]
        await asyncio.gather(*told)
        assert service.woken == [DECIDED] * 3

    play(scene)


def test_what_cannot_be_woken_keeps_the_next_from_nothing():
    async def broken(_plan, _job):
        raise OSError

    async def scene(service):
        await service.tell()
        tries = [asyncio.create_task(service.rush.tell(*DECIDED, broken))]
        assert isinstance((await asyncio.gather(*tries, return_exceptions=True))[0], OSError)
        await service.tell()

    assert play(scene) == [DECIDED] * 2
