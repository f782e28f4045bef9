"""What the pages say, held against the source: commands, exit codes, settings, problems, keys, links, files and functions."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import pytest

from bot.cli.main import COMMANDS, cli
from bot.desks.doctor.findings import DOCS as DOCTOR_DOCS
from bot.domain import errors
from bot.domain.people import Language
from bot.domain.registrations import RegistrationStatus
from bot.graph.errors import PERMISSIONS
from bot.i18n.catalogue import load_area
from bot.plan import keys, labels, parse_plan, sheets
from bot.sandbox.control import ACTS
from bot.sandbox.teams_control import ACTS as TEAMS_ACTS
from bot.store.schema import metadata
from config.graph_settings import PREFIX
from config.settings import FOR_DEVELOPERS, Settings, variable_names
from tests.architecture.pages import (
    ADDING,
    ARCHITECTURE,
    CHANGELOG,
    DECISIONS,
    DOCS,
    FENCE,
    FOLLOWING,
    GUIDE,
    PLACE,
    QUOTED,
    README,
    prose,
    quoted,
    rows,
    text_of,
)
from tests.architecture.said_in_source import calls, literal
from tests.architecture.sources import ROOT, syntax_tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGES = [README, ARCHITECTURE, CHANGELOG, *sorted(DOCS.glob("*.md")), *sorted((DOCS / "decisions").glob("*.md"))]
EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
DANISH = {"af", "at", "de", "den", "det", "der", "du", "en", "er", "et", "for", "fra", "har", "ikke", "med", "og", "på", "som", "til"}
ENGLISH = {"a", "an", "and", "are", "by", "from", "is", "it", "not", "of", "that", "the", "to", "what", "with", "you"}
BEFORE_THE_EXAMPLES = datetime(2026, 1, 1, tzinfo=UTC)


def blocks(page: Path, *kinds: str) -> list[str]:
    """The fenced blocks of these kinds."""
    return [body for kind, body in FENCE.findall(text_of(page)) if kind in kinds]


def words(text: str) -> list[str]:
    return re.findall(r"[a-zæøå]+", text.lower())


def is_danish(text: str) -> bool:
    """By its small words, twice as many as English ones."""
    found = words(text)
    return sum(word in DANISH for word in found) > 2 * sum(word in ENGLISH for word in found)


def command_of(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None, f"there is no command {name}"
    return found


def options_of(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")}


# --- README -----------------------------------------------------------------------------------------------------------


def test_the_first_screen_is_danish_and_the_rest_is_english():
    """HR reads the first screen; whoever sets it up reads the rest."""
    first, _, rest = prose(README).partition("\n## ")
    assert len(first.splitlines()) <= 30
    assert is_danish(first)
    assert not is_danish(rest)


def test_the_readme_names_the_commands_of_a_fresh_machine():
    """What somebody with the repository and nothing else can do."""
    assert "\nmake demo" in "".join(blocks(README, "sh"))
    assert {"make test", "make test-long"} <= {line.split(" #")[0].strip() for line in "".join(blocks(README, "sh")).splitlines()}


def test_every_command_has_a_row_with_all_its_options():
    """The table is the whole truth about the command line."""
    told = {quoted(row[0])[0].split()[0]: quoted(row[0])[0] for row in rows(README, "command", "does", "writes")}
    assert told.keys() == COMMANDS.keys()
    assert {name: set(re.findall(r"--[a-z-]+", usage)) for name, usage in told.items()} == {
        name: options_of(command_of(name)) for name in COMMANDS
    }
    choices = {
        f"{parameter.opts[0]} {'|'.join(parameter.type.choices)}"
        for name in COMMANDS
        for parameter in command_of(name).params
        if isinstance(parameter.type, click.Choice)
    }
    assert [one for one in choices if not any(one in usage for usage in told.values())] == []


def test_every_exit_code_is_told():
    """A script decides by them."""
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.KursusbotError)]
    codes = {kind.exit_code for kind in kinds} | {errors.DONE, errors.GRAPH_FAILED, errors.PARTLY_DONE}
    assert [int(row[0]) for row in rows(README, "exit code", "means")] == sorted(codes)


@EVERY_PAGE
def test_every_command_line_shown_could_be_typed(page):
    """A command, and only options that it has."""
    wrong = []
    for line in shown_commands(page):
        pieces = iter(shlex.split(line.partition("kursusbot")[2], comments=True))
        name = next((piece for piece in pieces if not skips_value(piece, pieces)), None)
        command = command_of(name) if name in COMMANDS else None
        given = {piece.partition("=")[0] for piece in pieces if piece.startswith("--")}
        if command is None or not given <= options_of(command) | {"--help"}:
            wrong.append(line)
    assert wrong == []


def shown_commands(page: Path) -> Iterator[str]:
    for block in blocks(page, "sh", "console"):
        for line in block.splitlines():
            shown = line.removeprefix("$ ")
            if re.match(r"(\.venv/bin/)?kursusbot ", shown):
                yield shown
    yield from (inline for inline in QUOTED.findall(prose(page)) if re.match(r"kursusbot [a-z-]", inline))


def skips_value(piece: str, pieces: Iterator[str]) -> bool:
    """Whether `piece` is an option before the command; takes its value as well."""
    if piece not in options_of(cli):
        return False
    next(pieces, None)
    return True


@EVERY_PAGE
def test_every_make_target_shown_exists(page):
    """A page outlives a target."""
    makefile = text_of(ROOT / "Makefile")
    shown = re.findall(r"(?:^|`)make ([a-z]+)", text_of(page), flags=re.MULTILINE)
    assert [target for target in shown if f"\n{target}:" not in makefile] == []


# --- links, files and functions ---------------------------------------------------------------------------------------


@EVERY_PAGE
def test_every_link_leads_somewhere(page):
    """To a file that is there, and to a heading that it has."""
    broken = []
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [ARCHITECTURE, FOLLOWING, ADDING, DOCS / "development.md", *DECISIONS], ids=lambda page: page.name)
def test_every_file_and_package_named_is_there(page):
    """A map of a house that was rebuilt leads astray."""
    named = {token for token in QUOTED.findall(prose(page)) if PLACE.fullmatch(token)}
    assert named
    assert sorted(name for name in named if not exists(name)) == []


def exists(name: str) -> bool:
    if "/" in name:
        # What is to be made is named by a word in capitals: its folder is there.
        return (ROOT / re.sub(r"[^/]*[A-Z]{3}.*", "", name)).exists()
    if name.endswith((".toml", ".lock", ".md")):
        return bool([*ROOT.glob(name), *ROOT.glob(f"bot/**/{name}")]) or name in {"uv.lock", "kursusbot.toml"}
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def test_every_function_on_the_way_stands_in_the_file_it_is_said_to_stand_in():
    """One course session can be followed with an editor."""
    strays = [
        f"{file}: {name}"
        for _, file, functions, *_ in rows(FOLLOWING, "step", "file", "function")
        for name in quoted(functions)
        if name not in defined_names(ROOT / quoted(file)[0])
    ]
    assert strays == []


def defined_names(path: Path) -> set[str]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(syntax_tree(path)) if isinstance(node, kinds)}


def test_the_layers_are_those_that_are_held():
    """The picture and import-linter's contract are one."""
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]
    held = [{name.strip() for name in layer.split("|") if "(" not in name} for layer in contract["layers"]]
    assert [set(quoted(row[1])) for row in rows(ARCHITECTURE, "layer", "package", "is")] == held


# --- settings ---------------------------------------------------------------------------------------------------------


def test_every_setting_has_a_row_with_its_default():
    """What is not in the table does not exist, and the other way round."""
    told = {quoted(name)[0]: quoted(default) for name, default, _ in rows(DOCS / "settings.md", "variable", "default", "meaning")}
    assert sorted(told) == list(variable_names())
    assert told == {name: default_of(name) for name in told}


def default_of(variable: str) -> list[str]:
    """The default as the table shows it: quoted, or a dash for none."""
    section, _, inner = variable.removeprefix(PREFIX).lower().partition("__")
    field = Settings.model_fields[section]
    default = getattr(field.annotation(), inner) if inner else field.default
    default = default.get_secret_value() if hasattr(default, "get_secret_value") else default
    shown = str(default).lower() if isinstance(default, bool) else f"{default:g}" if isinstance(default, float) else str(default)
    return [] if default in (None, {}) else [shown]


@EVERY_PAGE
def test_no_page_names_a_setting_that_is_not_there(page):
    """A misspelt one would be refused by the program."""
    known = {*variable_names(), *FOR_DEVELOPERS}
    sections = {f"{name.rpartition('__')[0]}__" for name in known if "__" in name}
    named = set(re.findall(rf"\b{PREFIX}[A-Z0-9_]+", text_of(page)))
    assert sorted(named - known - sections) == []


def test_the_example_of_a_settings_file_has_known_keys():
    """It is there to be copied."""
    (example,) = blocks(DOCS / "settings.md", "toml")
    given = [
        f"{PREFIX}{name}__{inner}".upper() if inner else f"{PREFIX}{name}".upper()
        for name, value in tomllib.loads(example).items()
        for inner in (value if isinstance(value, dict) else [""])
    ]
    assert set(given) <= set(variable_names())


def test_the_page_for_the_dpo_tells_how_long_every_table_is_kept():
    """By the settings' defaults, in Danish, and no table is left out."""
    page = DOCS / "privacy.md"
    assert is_danish(prose(page))
    kept = rows(page, "oplysning", "hvorfor", "gemmes", "indstilling", "tabeller")
    assert {quoted(row[3])[0] for row in kept} == {name for name in variable_names() if name.startswith(f"{PREFIX}RETENTION__")}
    assert [row[0] for row in kept if f"{default_of(quoted(row[3])[0])[0]} dage" not in row[2]] == []
    technical = {name for row in rows(page, "tabel", "indhold", "gemmes") for name in quoted(row[0])}
    assert technical == {
        "group_ids",
        "group_counts",
        "mailbox_ids",
        "delta_links",
        "comment_looks",
        "posted",
        "chat_activities",
        "standing_cards",
        "meeting_readings",
        "app_packages",
        "job_runs",
        "subscriptions",
        "webhook_news",
        "webhook_calls",
        "hints",
        "accepted_plans",
        "noted_decisions",
        "noted_ids",
        "probe_findings",
        "erasure_marks",
        "actions_over",
        "old_names",
        "old_parts",
        "evaluation_shown",
    }
    fixed = {name for row in rows(page, "oplysning", "hvorfor", "gemmes", "tabel") for name in quoted(row[3])}
    assert {name for row in kept for name in quoted(row[4])} | fixed | technical == metadata.tables.keys()


# --- the plan ---------------------------------------------------------------------------------------------------------


def test_every_problem_has_a_row_with_its_severity():
    """Who sees a code in JSON finds it explained."""
    told = {quoted(row[0])[0]: row[1] for row in rows(DOCS / "plan.md", "code", "severity", "what")}
    catalogue = {".".join(key.split(".")[:2]) for key in load_area(Language.DA, "problems")}
    assert told.keys() == catalogue
    severities = {"error": "error", "_stop": "error", "warn": "warning", "note": "note"}
    noted = {literal(call.args[0]): severities[name] for _, name, call in calls(*severities) if call.args}
    assert told == {code: noted[code] for code in told}


def test_every_key_of_the_format_is_explained():
    """A key that the page does not know cannot be used."""
    every = {key for name, group in vars(keys).items() if name.endswith("_KEYS") for key in group}
    named = set(re.findall(r"[a-z_]+", " ".join(QUOTED.findall(prose(DOCS / "plan.md")))))
    assert sorted(every - named) == []


def test_every_sheet_and_column_of_the_workbook_is_named():
    """With its Danish heading, which `init` writes, and the sheet's English name."""
    told = {quoted(row[0])[0]: row for row in rows(DOCS / "plan.md", "sheet", "English", "columns (Danish)")}
    assert {name: (quoted(row[1])[0], set(quoted(row[2]))) for name, row in told.items()} == {
        sheet.danish: (sheet.english, {column.danish for column in sheet.written}) for sheet in sheets.SHEETS
    }
    choices = (*labels.STATUSES, *labels.MODES, *labels.UNANSWERED, *labels.LATE)
    assert [danish for _, danish in choices if danish not in prose(DOCS / "plan.md")] == []


@pytest.mark.parametrize("page", [README, DOCS / "plan.md"], ids=lambda page: page.name)
def test_every_example_plan_is_in_order(page):
    """Examples are copied."""
    examples = [block for block in blocks(page, "yaml") if "version: 1" in block]
    assert examples
    for example in examples:
        parsed = parse_plan(example.encode(), name="plan.yaml", now=BEFORE_THE_EXAMPLES)
        assert parsed.problems == ()


# --- the other pages --------------------------------------------------------------------------------------------------


def test_the_guide_for_hr_is_danish_and_speaks_as_the_program_does():
    """The words on the screen are the words of the guide."""
    assert is_danish(prose(GUIDE))
    assert f"](docs/{GUIDE.name})" in text_of(README).partition("\n## ")[0]
    shown = load_area(Language.DA, "registrations")
    told = {row[0] for row in rows(GUIDE, "status", "betyder")}
    assert told == {shown[f"status.{status}"] for status in RegistrationStatus}
    assert [(row[0], quoted(row[1])[0]) for row in rows(GUIDE, "i Excel", "i YAML")] == [(name, word) for word, name in labels.STATUSES]


def test_every_permission_told_is_one_that_a_call_needs():
    """An administrator grants no more than that."""
    needed = {permission for _, _, permission in PERMISSIONS}
    told = {name for row in rows(DOCS / "microsoft365.md", "command") for cell in row[1:] for name in quoted(cell)}
    assert told
    assert sorted(told - needed) == []
    commands = {name for row in rows(DOCS / "microsoft365.md", "command") for name in quoted(row[0])}
    assert commands == COMMANDS.keys()


def test_every_act_of_the_sandbox_is_named():
    """Who tries something out finds the handle."""
    told = {place for row in rows(DOCS / "development.md", "request", "does") for place in quoted(row[0])}
    assert told == {path for _, path, _ in ACTS} | {f"/teams/{path}" for _, path, _ in TEAMS_ACTS}


def test_every_page_that_doctor_sends_people_to_is_there():
    """Every check has one, and its heading exists."""
    places = {*DOCTOR_DOCS.values(), "install.md#upgrade"}
    assert [
        place for place in places if place.partition("#")[2] and place.partition("#")[2] not in anchors(DOCS / place.partition("#")[0])
    ] == []
    checks = {key.partition(".")[2] for area in ("doctor", "graph") for key in load_area(Language.DA, area) if key.startswith("checks.")}
    assert checks == DOCTOR_DOCS.keys()


def test_the_changelog_speaks_of_this_version():
    """One heading for what is in `pyproject.toml`."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert re.search(rf"^## \[?{re.escape(version)}\b", text_of(CHANGELOG), flags=re.MULTILINE)
