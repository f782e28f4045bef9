"""Loggers that import structlog with the first line that is to be seen; each case is a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SAYS = """
import sys
from bot.log_lines import get_logger
from bot.logbook import bind_run, configure_logging
from config.settings import LogSettings

configure_logging(LogSettings(format="json", level="info"))
bind_run("by")
log = get_logger("bot.graph")
{said}
print("structlog" in sys.modules)
"""


@pytest.mark.parametrize(
    ("said", "imported", "line"),
    [
        ("", False, ""),
        ("log.debug('graph.called', who='anne@by.example')", False, ""),
        ("log.info('graph.called', who='anne@by.example')", True, '"event": "graph.called"'),
        ("log.debug('graph.called'); log.warning('graph.refused')", True, '"event": "graph.refused"'),
        ("import structlog; structlog.get_logger().info('told')", True, "told"),
        ("import logging; logging.getLogger('httpx').error('GET anne@by.example')", True, '"event": "GET a…@by.example'),
    ],
    ids=["nothing", "too little", "a line", "the second line", "structlog itself", "a library"],
)
def test_structlog_comes_with_the_first_line_that_is_seen(said, imported, line):
    done = subprocess.run(
        [sys.executable, "-c", SAYS.format(said=said)], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stdout.strip().endswith(str(imported))
    assert line in done.stdout + done.stderr
    assert "anne@" not in done.stderr


def test_every_line_tells_the_run_that_it_is_of():
    said = "log.error('graph.refused'); log.info('graph.called')"
    done = subprocess.run(
        [sys.executable, "-c", SAYS.format(said=said)], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert done.stderr.count('"plan": "by"') == 2
    assert done.stderr.count('"run_id": "') == 2
    assert [line for line in done.stderr.splitlines() if '"level": "error"' in line]


def test_a_fault_is_told_with_its_traceback():
    said = "try: 1/0\nexcept ZeroDivisionError: log.exception('clock.broken')"
    done = subprocess.run(
        [sys.executable, "-c", SAYS.format(said=said)], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert "ZeroDivisionError" in done.stderr
