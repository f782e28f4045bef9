"""What libraries say of a failure is masked as our own lines are, in either form of the log."""

from __future__ import annotations

import subprocess
import sys

import pytest

FAILING = """
import logging, sys
from bot.logbook import configure_logging
from config.settings import LogSettings

configure_logging(LogSettings(format=sys.argv[1]))
try:
    raise ValueError("no mailbox for anna.eksempel@kommune.example")
except ValueError:
    logging.getLogger("library").exception("bo.eksempel@kommune.example failed")
"""


@pytest.mark.parametrize("format_", ["console", "json"])
def test_a_librarys_traceback_names_nobody(format_: str) -> None:
    said = subprocess.run([sys.executable, "-c", FAILING, format_], check=True, capture_output=True, text=True).stderr
    assert "ValueError" in said
    assert "library" in said or format_ == "json"
    assert "eksempel@" not in said
