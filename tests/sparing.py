"""What a worker of xdist tells of a test that passed: that it did, and of setting it up and taking it down only where that took long.

Else each of many thousands of tests is written six times, read six times and shown to every plugin by the process that began the
workers, which does nothing else. Whatever did not pass is told whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

LONG_SECONDS = 0.1
"""Whoever looks for the slowest finds what took longer than this among them."""
OF_NO_INTEREST = frozenset({"logstart", "logfinish"})
DULL: dict[str, Any] = {"is_dull": True}


class SparingWorker:
    """A plugin of a worker, beside the one that sends events, which is of no use without `sendevent`."""

    def __init__(self, interactor: Any) -> None:
        self._send: Callable[..., None] = interactor.sendevent
        interactor.sendevent = self.send

    def send(self, name: str, **facts: Any) -> None:
        if name not in OF_NO_INTEREST and not facts.get("data", {}).get("is_dull"):
            self._send(name, **facts)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_to_serializable(self, report: pytest.CollectReport | pytest.TestReport) -> dict[str, Any] | None:
        is_dull = report.when in {"setup", "teardown"} and report.passed and report.duration < LONG_SECONDS
        return dict(DULL) if is_dull else None


def spare_words(config: pytest.Config) -> None:
    """Where this process is a worker."""
    for plugin in config.pluginmanager.get_plugins():
        if type(plugin).__name__ == "WorkerInteractor":
            config.pluginmanager.register(SparingWorker(plugin))
