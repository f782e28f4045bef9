"""Files: their length, their names, and what must never stand in them."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.architecture.sources import PACKAGES, ROOT, module_name, named_imports, nodes, python_files, syntax_tree

LONGEST = 400
WIDEST, WIDEST_ROW = 110, 140
NAMES_THAT_SAY_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "base"}
EVERY_FILE = [path for path in python_files(*PACKAGES, "tests") if "migrations" not in path.parts]
MACHINE_PATHS = re.compile(r"(?<![\w.<])/(work|root|farm|home/\w+|Users/\w+|tmp/bash\w*)/")
TEXTS = {"", ".py", ".md", ".toml", ".yaml", ".yml", ".j2", ".lock", ".html", ".mako"}
SOMEBODYS_OWN = {".git", ".env", "kursusbot.toml", ".coverage"}
AT_THE_TOP = {"bot", "jobs", "config", "tests", "docs"}
MADE_HERE = {"__pycache__", "build", "dist", "htmlcov"}
LOOSE_ENDS = re.compile(r"\b(TO[D]O|FIX[M]E)\b|# type[:] ignore(?!\[)|# no[q]a(?!: )|pragma[:] no cover|raise NotImplemented[E]rror")
LOCKS = ["requirements.lock", "requirements-dev.lock"]


def test_no_file_is_longer_than_can_be_read_in_one_go():
    """One reason to exist fits in 400 lines."""
    assert {module_name(path) for path in EVERY_FILE if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST} == set()


def test_no_line_of_the_product_is_wider_than_can_be_read_at_a_glance():
    """A row of a table in a docstring may be wider: it is read across."""
    wide = [
        f"{module_name(path)}:{number}: {len(line)}"
        for path in python_files(*PACKAGES)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > WIDEST and (len(line) > WIDEST_ROW or number not in table_rows(path))
    ]
    assert wide == [], "\n".join(wide)


@cache
def table_rows(path):
    """The numbers of the lines in docstrings that have bars or columns, or are set in below the text."""
    rows = set()
    for node in nodes(path, ast.Expr):
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            text = node.value
            row = re.compile(rf" *\|| {{{text.col_offset + 4},}}\S|.*\S {{2,}}\S")
            lines = path.read_text(encoding="utf-8").splitlines()[text.lineno : text.end_lineno]
            rows |= {number for number, line in enumerate(lines, start=text.lineno + 1) if row.match(line)}
    return rows


def test_a_file_is_called_what_it_is_for():
    """A name that fits anything collects everything."""
    assert [name for name in map(module_name, EVERY_FILE) if set(name.lower().split(".")) & NAMES_THAT_SAY_NOTHING] == []


def test_no_test_is_built_from_another_test():
    """What several tests are made of stands beside them in a module that is no test, and fixtures in conftest."""
    found = [
        f"{module_name(path)}: {module}"
        for path in python_files("tests")
        for module, names in named_imports(path)
        # `from a.b import c`: `b`, and `c` where that may be a module.
        if any(name.startswith("test_") for name in (module.rpartition(".")[2], *names))
    ]
    assert found == [], "\n".join(found)


def test_what_several_suites_are_made_of_stands_in_one_place():
    """Builders that another folder needs are in `tests/builders`; bench and playground play with what the tests play with."""
    found = [
        f"{module_name(path)}: {module}"
        for path in python_files("tests")
        for module, _ in named_imports(path)
        if not is_at_hand(path, module)
    ]
    assert found == [], "\n".join(found)


def is_at_hand(path, module):
    """Whether a test file may import the module: of its own folder or one above it, or of what all share."""
    if (
        not module.startswith("tests.")
        or module.startswith(("tests.builders", "tests.bench"))
        or any(path.is_relative_to(ROOT / "tests" / folder) for folder in ("bench", "playground"))
    ):
        return True
    return path.is_relative_to((ROOT / module.replace(".", "/")).parent)


def test_every_module_says_what_it_is_for():
    """The docstring is the reason to exist."""
    silent = [path for path in python_files(*PACKAGES) if not ast.get_docstring(syntax_tree(path))]
    assert [module_name(path) for path in silent] == []


def test_no_file_has_a_loose_end():
    """What is not done is done or written in the notes; a suppression names what it suppresses."""
    found = [
        f"{module_name(path)}: {match.group()}" for path in EVERY_FILE for match in LOOSE_ENDS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "\n".join(found)


def test_at_the_top_stand_the_rooms_of_the_house_alone():
    """What some program leaves where it was started is no part of it."""
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert {name for name in folders - MADE_HERE if not name.endswith(".egg-info")} == AT_THE_TOP


def test_no_text_names_a_place_on_the_machine_it_was_written_on():
    """What is written there means nothing anywhere else."""
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for folder in (".", ".ci", "docs", "docs/**", "config/**", "bot/**", "jobs", "tests/**")
        for path in ROOT.glob(f"{folder}/*")
        if path.is_file() and path.suffix in TEXTS and path.name not in SOMEBODYS_OWN
        for match in MACHINE_PATHS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("name", LOCKS)
def test_the_locks_name_no_index_and_hash_everything(name):
    """Whoever installs uses their own index; the hashes make it the same packages."""
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.findall(r"^\S+==", text, flags=re.MULTILINE)
    assert "://" not in text
    assert "--index" not in text
    assert packages
    assert len(re.findall(r"^\S+==[^\n]*\\\n +--hash=sha256:", text, flags=re.MULTILINE)) == len(packages)


def test_what_runs_is_locked_as_it_is_tested():
    """The image has the versions that the tests ran with."""
    runtime, development = ({*re.findall(r"^\S+==\S+", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)} for name in LOCKS)
    assert runtime <= development
