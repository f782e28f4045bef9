"""The project's own source as the tests of the house see it: files, module names and what they import."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "jobs", "config")
FROM = re.compile(r"^ *from (\S+) import (\([^)]*\)|.*)", re.MULTILINE)


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "__pycache__" not in path.parts)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_modules(path: Path) -> set[str]:
    """Absolute names of what a module imports when it runs: `a.b` and, for `from a.b import c`, `a.b.c` as well."""
    names: set[str] = set()
    for node in run_time_nodes(path, ast.Import):
        names |= {alias.name for alias in node.names}
    for node in run_time_nodes(path, ast.ImportFrom):
        if node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def nodes(path: Path, *kinds: type[ast.AST]) -> list[Any]:
    """Every node of these kinds."""
    return [node for kind in kinds for found in _sorted_nodes(path) for node in found.get(kind, ())]


def run_time_nodes(path: Path, *kinds: type[ast.AST]) -> list[Any]:
    """Those that are not under `if TYPE_CHECKING:`."""
    return [node for kind in kinds for node in _sorted_nodes(path)[0].get(kind, ())]


@cache
def _sorted_nodes(path: Path) -> tuple[dict[type, list[ast.AST]], dict[type, list[ast.AST]]]:
    """By their kind, those of the run time and those for types alone: many tests look for few kinds, and each file is walked once."""
    at_run_time, for_types = defaultdict(list), defaultdict(list)
    left: list[tuple[ast.AST, dict[type, list[ast.AST]]]] = [(syntax_tree(path), at_run_time)]
    for node, place in left:
        for child in ast.iter_child_nodes(node):
            is_fence = isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"
            within = for_types if is_fence else place
            within[type(child)].append(child)
            left.append((child, within))
    return at_run_time, for_types


def named_imports(path: Path) -> list[tuple[str, list[str]]]:
    """`from a.b import c, d` as (`a.b`, [`c`, `d`]), read off the text: to parse every test takes longer than most tests."""
    return [(module, re.findall(r"\w+", names)) for module, names in FROM.findall(path.read_text(encoding="utf-8"))]


def pure_patterns() -> list[str]:
    """The pure core, as pyproject.toml names it for the measurement of its branches."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]["run"]["include"]


def pure_modules() -> dict[str, Path]:
    return {module_name(path): path for pattern in pure_patterns() for path in sorted(ROOT.glob(pattern))}
