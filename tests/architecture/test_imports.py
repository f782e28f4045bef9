"""Who may import what. The layers are import-linter's (pyproject.toml); the libraries and the pure core are held here."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from tests.architecture.sources import (
    PACKAGES,
    ROOT,
    imported_modules,
    module_name,
    nodes,
    pure_modules,
    pure_patterns,
    python_files,
)

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

STANDARD = sys.stdlib_module_names
HOMES = {
    "alembic": ("bot.store",),
    "anyio": ("bot.teams", "bot.web"),
    "apscheduler": ("jobs",),
    "authlib": ("bot.web.sign_in",),
    "azure": ("bot.connector", "bot.graph"),
    "babel": ("bot.i18n", "bot.graph", "bot.sandbox"),
    "click": ("bot.cli",),
    "cryptography": ("bot.links", "bot.sandbox", "bot.web.sign_in"),
    "fastapi": ("bot.teams", "bot.web"),
    "filelock": ("bot.store", "bot.opening"),
    "h11": ("bot.web",),
    "holidays": ("bot.working_days",),
    "httpx": ("bot.connector", "bot.sandbox.bot_caller", "bot.graph", "bot.webhooks"),
    "httpx2": ("bot.web.sign_in",),
    "icalendar": ("bot.overview",),
    "itsdangerous": ("bot.web.sign_in",),
    "jinja2": ("bot.messages", "bot.web"),
    "joserfc": ("bot.web.sign_in",),
    "kiota_abstractions": ("bot.graph",),
    "kiota_authentication_azure": ("bot.graph",),
    "kiota_http": ("bot.graph",),
    "limits": ("bot.teams", "bot.web"),
    "markdown_it": ("bot.messages",),
    "markupsafe": ("bot.web",),
    "microsoft_teams": ("bot.teams",),
    "msgraph": ("bot.graph",),
    "msgraph_core": ("bot.graph",),
    "nh3": ("bot.messages",),
    "opentelemetry": ("bot.graph", "jobs.runner"),
    "procrastinate": ("jobs",),
    "prometheus_client": ("jobs",),
    "psycopg": ("bot.store",),
    "pydantic": ("config", "bot.web.api"),
    "pydantic_core": ("bot.graph", "bot.store"),
    "pydantic_settings": ("config",),
    "python_calamine": ("bot.plan",),
    "segno": ("bot.web.qr",),
    "sqlalchemy": ("bot.store",),
    "structlog": ("bot.log_lines", "bot.logbook", "bot.desks.hand.rehearsal", "jobs.runner"),
    "starlette": ("bot.sandbox", "bot.teams", "bot.web"),
    "typst": ("bot.typesetting",),
    "uvicorn": ("bot.sandbox", "bot.web"),
    "xlsxwriter": ("bot.overview", "bot.plan", "bot.registrations"),
    "yaml": ("bot.plan",),
}
"""Where each library is known; everybody else talks to that package. A new library needs a home before it is used."""

PURE_LIBRARIES = {"babel", "holidays", "icalendar", "jinja2", "markdown_it", "nh3"}
IMPURE_STANDARD = {
    "asyncio", "concurrent", "ctypes", "getpass", "http", "io", "logging", "multiprocessing", "os", "random", "secrets", "select",
    "selectors", "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time",
}  # fmt: skip
PURE_GROUND = {"bot", "bot.domain.errors", "bot.masking"}
MACHINE_TIME = ("bot.clock", "bot.connector", "bot.graph", "bot.sandbox")
"""Ours; how long to wait and whether a token still holds (twice); another machine with a clock of its own."""


def is_within(module: str, homes: tuple[str, ...]) -> bool:
    return any(f"{module}.".startswith(f"{home}.") for home in homes)


def test_a_library_is_imported_only_where_it_lives():
    """One package knows each library, so that replacing it touches one package; a new library gets a home first."""
    strays = [
        f"{module_name(path)} imports {library}, which lives in {HOMES.get(library, 'no place yet')}"
        for path in python_files(*PACKAGES)
        for library in sorted({name.partition(".")[0] for name in imported_modules(path)} - STANDARD - set(PACKAGES))
        if not is_within(module_name(path), HOMES.get(library, ()))
    ]
    assert strays == [], "\n".join(strays)


def test_the_pure_core_rests_on_the_pure_core():
    """No I/O library, no clock, no logging, no chance, and nothing of ours that has them."""
    pure = pure_modules().keys() | PURE_GROUND
    impure = [
        f"{module} imports {name}"
        for module, path in pure_modules().items()
        for name in sorted(imported_modules(path))
        if not (is_of_ours(name, pure) if name.partition(".")[0] in PACKAGES else is_pure_library(name.partition(".")[0]))
    ]
    assert impure == [], "\n".join(impure)


def is_of_ours(name: str, modules: AbstractSet[str]) -> bool:
    return name in modules or name.rpartition(".")[0] in modules


def is_pure_library(top: str) -> bool:
    return top in PURE_LIBRARIES or (top in STANDARD and top not in IMPURE_STANDARD)


def test_every_line_of_the_list_of_pure_modules_is_a_module():
    """A renamed module must not slip out of the measurement."""
    assert [pattern for pattern in pure_patterns() if not list(ROOT.glob(pattern))] == []
    assert pure_patterns() == sorted(set(pure_patterns()))


def test_only_the_clock_asks_what_time_it_is():
    """`now` is an argument; only the shell's clock reads the machine's."""
    asked = [
        f"{module_name(path)}:{node.lineno}"
        for path in python_files(*PACKAGES)
        if not is_within(module_name(path), MACHINE_TIME)
        for node in nodes(path, ast.Attribute)
        if isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
    ]
    assert asked == [], "\n".join(asked)


def test_who_goes_through_all_tables_has_them_all():
    """Of the metadata only table modules know; everybody else takes it where every one of them is imported."""
    having = {
        module_name(path)
        for path in python_files(*PACKAGES)
        if "bot.store.schema.metadata" in imported_modules(path) or module_name(path) == "bot.store.schema"
    }
    collected = imported_modules(ROOT / "bot/store/all_tables.py") & {module_name(path) for path in python_files("bot/store")}
    assert having - {"bot.store.all_tables"} == collected
    assert [name for name in collected if not name.endswith(("_table", "_tables", ".schema"))] == []
