"""A book of calls in memory."""

from __future__ import annotations

import threading

from bot.domain.notifications import Intake
from tests.builders.fake_desk import NOW
from tests.builders.subscriptions import BOTH


class Book:
    """Two subscriptions; keeps what was noted, and can be slow or away."""

    def __init__(self) -> None:
        self.noted: list[Intake] = []
        self.reads = 0
        self.fails: Exception | None = None
        self.fails_once: Exception | None = None
        self.asked = threading.Event()
        self.may_go = threading.Event()
        self.may_go.set()

    def load_subscriptions(self):
        self.reads += 1
        self.asked.set()
        self.may_go.wait(10)
        once, self.fails_once = self.fails_once, None
        if failure := once or self.fails:
            raise failure
        return BOTH

    def note(self, intake, *, now):
        assert now == NOW
        self.noted.append(intake)
        return frozenset(one.plan for one in intake.hints)
