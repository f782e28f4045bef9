"""A run whose tests leave a task with an error that nobody reads fails, and says whose it is."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.architecture.sources import ROOT

REGISTERED = """
from tests.unread import UnreadErrors

def pytest_configure(config):
    config.pluginmanager.register(UnreadErrors())
"""
LEAVING = """
import asyncio

async def nobody_reads_me():
    raise ZeroDivisionError

def test_it():
    async def leave():
        asyncio.create_task(nobody_reads_me())
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(leave())
"""


def test_an_error_that_nobody_read_fails_the_run_and_is_named(tmp_path):
    (tmp_path / "conftest.py").write_text(REGISTERED)
    (tmp_path / "test_left.py").write_text(LEAVING)
    command = [sys.executable, "-m", "pytest", "-q", "-n", "1", "-c", os.devnull, "--rootdir", tmp_path, "-p", "no:cacheprovider", tmp_path]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p xdist"}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
    assert "nobody_reads_me() done" in ran.stdout
