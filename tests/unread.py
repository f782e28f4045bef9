"""An asyncio task that failed and whose error nobody read: the run fails at its end and names the coroutine.

asyncio writes of it when the task is dropped, which can be whenever garbage is looked for: in the middle of another test. So no test is
blamed for it. What is written goes no further than here, because to put it together with its traceback where Python counts how deep it
is has struck a test down (3.11: "AST constructor recursion depth mismatch"). A process that is forked from this one writes as ever.
"""

from __future__ import annotations

import gc
import logging
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

OUTPUT = "unread errors"


class UnreadErrors(logging.Filter):
    """A plugin of pytest; what the workers of xdist have found comes to the process that began them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._process = os.getpid()

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if os.getpid() != self._process or "never retrieved" not in said:
            return True
        self.found.append(said)
        return False

    def pytest_configure(self) -> None:
        logging.getLogger("asyncio").addFilter(self)

    def pytest_unconfigure(self) -> None:
        logging.getLogger("asyncio").removeFilter(self)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.found += getattr(node, "workeroutput", {}).get(OUTPUT, [])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        gc.collect()
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[OUTPUT] = self.found
        elif self.found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if self.found:
            terminalreporter.section("errors of tasks that nobody read", red=True)
            for said in self.found:
                terminalreporter.write_line(said)
