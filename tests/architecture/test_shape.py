"""The shape of the house: no circle of files, no name that means two things, no function with too many ways through it."""

from __future__ import annotations

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

from tests.architecture.sources import PACKAGES, ROOT, module_name, nodes, python_files

MODULES = {module_name(path): path for path in python_files(*PACKAGES)}
OTHER_MACHINES = ("bot.sandbox", "bot.demo")
"""They play somebody else, and have words of their own."""
MOST_WAYS = 15
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case)


def named_modules(module: str) -> set[str]:
    """What a module imports of ours: when it runs, when a function of it runs, or only for its types."""
    found: set[str] = set()
    for node in nodes(MODULES[module], ast.Import):
        found |= {alias.name for alias in node.names}
    for node in nodes(MODULES[module], ast.ImportFrom):
        if node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= submodules & MODULES.keys() or {node.module}
    return (found & MODULES.keys()) - {module}


def test_no_files_import_each_other_in_a_circle():
    """Neither lazily nor for a type: what two files need of each other stands in a third."""
    try:
        TopologicalSorter({module: named_modules(module) for module in MODULES}).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def test_no_class_name_means_two_things():
    """One word for one idea, and one idea for one word."""
    homes = defaultdict(set)
    for module, path in MODULES.items():
        if not module.startswith((*OTHER_MACHINES, "config")):
            for node in nodes(path, ast.ClassDef):
                homes[node.name].add(module)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_function_has_more_ways_through_it_than_one_can_think_of():
    """Cyclomatic complexity, with what `and`, `or` and comprehensions decide counted as well."""
    found = {
        f"{module}.{node.name}"
        for module, path in MODULES.items()
        for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef)
        if ways_through(node) > MOST_WAYS
    }
    assert found == set()


def ways_through(function):
    """One, and one more for each branch; functions within it are counted by themselves."""
    ways, left = 1, list(ast.iter_child_nodes(function))
    while left:
        node = left.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, BRANCHES):
            ways += 1
        elif isinstance(node, ast.comprehension):
            ways += 1 + len(node.ifs)
        elif isinstance(node, ast.BoolOp):
            ways += len(node.values) - 1
        left += ast.iter_child_nodes(node)
    return ways


def test_no_test_waits_for_a_browser_for_ever():
    """A window is opened with a patience of its own, and axe is asked where scripts run: both stand in one file."""
    home = ROOT / "tests" / "builders" / "browsers.py"
    strays = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in python_files("tests")
        if path != home
        for word in (".new_context" + "(", "axe" + ".run")
        if word in path.read_text(encoding="utf-8")
    ]
    assert strays == []
