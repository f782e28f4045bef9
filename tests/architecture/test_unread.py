"""What a run with workers says: an error of a task that nobody read, and all that did not pass, whenever that was."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT

REGISTERED = """
from tests.sparing import spare_words
from tests.unread import UnreadErrors

def pytest_configure(config):
    config.pluginmanager.register(UnreadErrors())
    spare_words(config)
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
OTHERS = """
import time
import pytest

@pytest.fixture
def lacking():
    pytest.skip("what it needs is not here")

@pytest.fixture
def begun_badly():
    raise ValueError

@pytest.fixture
def ended_badly():
    yield
    raise ValueError

@pytest.fixture
def slowly_made():
    time.sleep(0.11)

def test_skipped(lacking): ...
def test_of_a_bad_beginning(begun_badly): ...
def test_of_a_bad_end(ended_badly): ...
def test_of_what_is_slow(slowly_made): ...
def test_wrong(): raise ValueError
"""


def run_with_a_worker(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(REGISTERED)
    (folder / "test_here.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "--durations=9", "-n", "1", "-c", os.devnull, "--rootdir", folder]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "-p xdist"}
    ran = subprocess.run(
        [*command, "-p", "no:cacheprovider", folder], env=environment, capture_output=True, text=True, check=False, cwd=folder
    )
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran


def test_an_error_that_nobody_read_fails_the_run_and_is_named(tmp_path):
    ran = run_with_a_worker(tmp_path, LEAVING)
    assert "1 passed" in ran.stdout
    assert "nobody_reads_me() done" in ran.stdout


def test_all_that_did_not_pass_is_told_and_what_took_long(tmp_path):
    """Whoever only says that a test passed must not leave out anything else."""
    told = run_with_a_worker(tmp_path, OTHERS).stdout
    assert "1 failed, 2 passed, 1 skipped, 2 errors" in told
    for said in (
        "what it needs is not here", "ERROR at setup of test_of_a_bad_beginning", "ERROR at teardown of test_of_a_bad_end",
        "_ test_wrong _", "s setup    test_here.py::test_of_what_is_slow",
    ):  # fmt: skip
        assert said in told, told
