"""What holds for every test: no network, no waiting on the wall clock, the same examples in every run.

- `tests/unit` and `tests/property` open no socket at all; the other groups reach this machine only (pytest-socket).
- `time.sleep` fails there: a test that has to wait tests the machine, not the rule.
- Hypothesis draws the same examples every time (profile `ci`); `HYPOTHESIS_PROFILE=nightly` looks further, with chance.
- `make coverage` alone traces, and of `tests/unit` and `tests/property` alone, without their costliest files: every branch of the pure
  core has a test that names its rule, and a test takes twice as long while it is traced.
- An asyncio task that failed and whose error nobody read fails the run (`tests/unread.py`).
- A skip says what the machine lacks; with `KURSUSBOT_REQUIRE_ALL=1` it is a failure.
- What would be made anew in each test is made once in a process: the databases' schema, what SQLAlchemy makes of a statement, what
  FastAPI reads of a route, the machine's certificates, and the process that those of `tests/e2e/program.py` are forked from.
- `server` is one PostgreSQL for all tests of a process; `soffice` is LibreOffice, `pdftotext` reads PDFs and `chromium` is a browser,
  each installed on the first test that asks for it where that is possible.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import structlog
from filelock import FileLock
from hypothesis import HealthCheck, settings

from bot.cli.main import OBJECTS_BETWEEN_LOOKS
from tests.crossed import mark_what_is_long
from tests.databases import migrations_run_once, server_or_skip, statements_compiled_once
from tests.routes import routes_read_once
from tests.unread import UnreadErrors

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

TESTS = Path(__file__).parent
ISOLATED = (TESTS / "unit", TESTS / "property", TESTS / "architecture")
ISOLATED_IDS = tuple(f"tests/{folder.name}/" for folder in ISOLATED)
SLEEP = time.sleep
REQUIRE_ALL = os.environ.get("KURSUSBOT_REQUIRE_ALL") == "1"
INSTALL_SECONDS = 600
FOLDERS = ("architecture", "e2e", "contract", "web", "sandbox", "property", "unit")
COSTLY = (
    "test_demo", "test_kills", "test_random_kills", "test_approval_kills", "test_many_processes", "test_graph_probe", "test_seat_machine",
    "test_approval_histories", "test_histories", "test_service", "test_own_words", "test_tried_by_an_operator", "test_names",
    "test_one_truth", "test_rename_sequences",
)  # fmt: skip
# What these take of the pure core, others take as well: they are left out where all that runs is traced.
UNTRACED = frozenset({
    "test_seat_machine", "test_histories", "test_one_truth", "test_plan_uncalculated", "test_plan_round_trip", "test_cost_properties",
    "test_dates_by_brute_force", "test_rename_sequences", "test_deciding_properties", "test_uncalculated", "test_refused_calls",
    "test_overview_files", "test_protection", "test_plan_edit", "test_plan_groups", "test_plan_list", "test_real_workbooks",
    "test_answering", "test_workbook_looks", "test_changes", "test_simple_courses", "test_routes",
})  # fmt: skip

MEMORY, ROOM = Path("/dev/shm"), 4 << 30  # noqa: S108 - pytest makes folders of its own there


def stay_in_memory() -> None:
    """Put the files of tests into memory where it has room: SQLite waits for the disk at every commit."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        for name in ("PYTEST_DEBUG_TEMPROOT", "TMPDIR"):
            os.environ.setdefault(name, str(MEMORY))
        tempfile.tempdir = None


stay_in_memory()

# A busy machine is slow at drawing, too: that says nothing about the strategies.
settings.register_profile(
    "ci", derandomize=True, deadline=None, max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", deadline=None, max_examples=2000, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(UnreadErrors())
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if number and config.args == [TESTS.name]:
        # In a fresh clone each begins with folders of its own, and finds those compiled that others have begun with.
        begins = 5 * int(number) % len(FOLDERS)
        config.args[:] = [f"{TESTS.name}/{folder}" for folder in (*FOLDERS[begins:], *FOLDERS[:begins])]


@functools.cache
def place_of(path: Path) -> tuple[int, int]:
    """The costliest files first, then folder by folder: what is left for the end is short, and no core waits for another."""
    folder = path.relative_to(TESTS).parts[0]
    return (
        COSTLY.index(path.stem) if path.stem in COSTLY else len(COSTLY),
        FOLDERS.index(folder) if folder in FOLDERS else len(FOLDERS),
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if config.getoption("--cov") and collection_path.stem in UNTRACED else None


@functools.cache
def is_isolated(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in ISOLATED)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark_what_is_long(items)
    items.sort(key=lambda item: place_of(item.path))
    for module in {item.getparent(pytest.Module) for item in items}:
        if module is not None and not is_isolated(module.path):
            module.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Importing and collecting makes much and drops little, so nothing is gained by looking for garbage meanwhile."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """What was imported and collected stays, so nobody ever looks through it for garbage; the program looks as seldom as we do."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three more than there are cores: services, kills and the probe wait for a good part of their time."""
    return (os.cpu_count() or 1) + 3


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Of `--dist loadfile` ours; else xdist's own."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.together import HouseTogether

    return HouseTogether(config, log)


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """Reading the machine's certificates is a third of a command here, where nothing speaks TLS."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    with statements_compiled_once(), routes_read_once(), migrations_run_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def handlers_not_written_out() -> Iterator[None]:
    """Python 3.11 writes out a handler of signals, its task and all that this gives, at each `asyncio.run`: to find it is no number."""
    known: Callable[..., object] = signal._int_to_enum  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(signal, "_int_to_enum", lambda value, kind: known(value, kind) if isinstance(value, int) else value)
        yield


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """What structlog draws of an error by itself, in colours and with the source around each line, takes a second or two."""
    (drawing,) = (one for one in structlog.get_config()["processors"] if isinstance(one, structlog.dev.ConsoleRenderer))
    drawing.exception_formatter = structlog.dev.plain_traceback


@pytest.fixture(autouse=True)
def no_sleep() -> Iterator[None]:
    """It asks for no other fixture: what this takes is taken by many thousands of tests."""
    if os.environ["PYTEST_CURRENT_TEST"].startswith(ISOLATED_IDS):
        time.sleep = refuse_to_sleep
    yield
    time.sleep = SLEEP


def refuse_to_sleep(seconds: float) -> None:
    pytest.fail(f"the test waits {seconds} s on the wall clock")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRE_ALL and report.skipped:
        refuse_skip(report)
    return report


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{reason}\n(KURSUSBOT_REQUIRE_ALL=1: every test has to run)"


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server for all tests; each takes a database of its own."""
    yield from server_or_skip()


@pytest.fixture(scope="session")
def soffice() -> str:
    """LibreOffice's command; installed by apt where the machine has none and lets us."""
    found = installed("soffice", "libreoffice-calc-nogui")
    return found or pytest.skip("LibreOffice Calc is not here and could not be installed (apt-get, as root)")


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """What reads the text of a PDF; installed by apt where the machine has none and lets us."""
    return installed("pdftotext", "poppler-utils") or pytest.skip("pdftotext is not here and could not be installed (apt-get, as root)")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The command of a Chromium browser; installed by apt where the machine lets us.

    Best the one that draws no window around a page: that costs more than most pages.
    """
    found = installed("chromium-headless-shell", "chromium-headless-shell fonts-dejavu-core")
    found = found or shutil.which("chromium-browser") or shutil.which("google-chrome")
    found = found or installed("chromium", "chromium fonts-dejavu-core")
    return found or pytest.skip("Chromium is not here and could not be installed (apt-get, as root)")


@pytest.fixture(scope="session")
def systemd_analyze() -> str:
    """What judges units and timers; installed by apt where the machine has none and lets us."""
    return installed("systemd-analyze", "systemd") or pytest.skip(
        "systemd-analyze is not here and could not be installed (apt-get, as root)"
    )


def installed(command: str, packages: str) -> str | None:
    """The command's path, installed where that is needed and possible; one process at a time, since apt serves one."""
    if not shutil.which(command) and shutil.which("apt-get") and os.geteuid() == 0:
        with FileLock(Path(tempfile.gettempdir()) / "kursusbot-tests-apt.lock"):
            if not shutil.which(command):
                install = f"apt-get -q update && apt-get -q install -y --no-install-recommends {packages}"
                environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
                with contextlib.suppress(subprocess.TimeoutExpired):
                    subprocess.run(["/bin/sh", "-c", install], check=False, timeout=INSTALL_SECONDS, capture_output=True, env=environment)
    return shutil.which(command)
