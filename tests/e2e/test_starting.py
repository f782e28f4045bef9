"""What a short command imports is nearly all that it costs: which heavy libraries it leaves alone.

A time would tell of the machine; that a module is not there tells of the program.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.as_it_was import synced
from tests.e2e.driver import REPOSITORY
from tests.e2e.plans import make_course, make_plan

IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| +(\S+)$", re.MULTILINE)
SERVICE = {
    "alembic", "apscheduler", "bot.demo", "bot.sandbox", "bot.web", "fastapi", "jobs", "procrastinate", "prometheus_client",
    "starlette", "uvicorn",
}  # fmt: skip
FILES = {"icalendar", "openpyxl", "python_calamine", "typst", "xlsxwriter"}
COUNTRIES = {"holidays.countries", "holidays.countries.norway"}
GRAPH = {"anyio", "azure", "bot.graph", "httpx", "kiota_abstractions", "kiota_http", "msgraph", "msgraph_core", "urllib3"}
NOUNS = {f"bot.domain.{file.stem}" for file in (REPOSITORY / "bot" / "domain").glob("*.py")} - {"bot.domain.__init__", "bot.domain.errors"}
BOOKS = {"bot.store", "psycopg", "sqlalchemy"}
PRETTY = {"pygments", "rich", "structlog"}
"""For lines of the log that none of these commands writes."""


@pytest.mark.parametrize(
    ("arguments", "needed", "barred"),
    [
        (["--help"], "click", {"yaml", "pydantic", "bot.plan", *NOUNS, *BOOKS, *GRAPH, *FILES, *PRETTY, *SERVICE}),
        (["check"], "yaml", {"jinja2", "markdown_it", "nh3", *COUNTRIES, *BOOKS, *GRAPH, *FILES, *PRETTY, *SERVICE}),
        (
            ["preview"],
            "sqlalchemy",
            {"azure", "holidays", "msgraph", "msgraph_core", "psycopg", "sqlalchemy.dialects.postgresql", "urllib3", "cryptography",
             "bot.rounds.sync", "bot.rounds.steps.carry_out",
             *FILES, *PRETTY, *SERVICE},
        ),
        (["registrations"], "sqlalchemy", {"psycopg", "cryptography", *COUNTRIES, *GRAPH, *FILES, *PRETTY, *SERVICE}),
    ],
    ids=["help", "check", "preview", "registrations"],
)  # fmt: skip
def test_a_command_imports_nothing_heavy_that_it_does_not_use(world, arguments, needed, barred):
    synced(world, make_plan(make_course(), holidays="DK"))
    environment = world.environment(LOG__LEVEL="") | {"PYTHONPROFILEIMPORTTIME": "1", "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-m", "bot.cli.main", *arguments]
    done = subprocess.run(command, cwd=world.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    imported = set(IMPORTED.findall(done.stderr))
    assert needed in imported
    assert {name for name in barred if name in imported} == set()


def test_every_name_that_is_barred_is_one_that_could_be_imported():
    """A library that is gone, or a misspelt one, would bar nothing."""
    names = {"azure", *BOOKS, *COUNTRIES, *FILES, *GRAPH, *PRETTY, *SERVICE, "jinja2", "markdown_it", "nh3", "cryptography"}
    found = subprocess.run(
        [sys.executable, "-c", f"from importlib.util import find_spec; print([n for n in {sorted(names)} if find_spec(n) is None])"],
        capture_output=True, text=True, check=True, cwd=Path(REPOSITORY),
    )  # fmt: skip
    assert found.stdout.strip() == "[]"
