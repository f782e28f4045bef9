"""What the source says by the catalogues: calls with a code, and the codes that stand there as they are."""

from __future__ import annotations

import ast

from tests.architecture.sources import PACKAGES, module_name, python_files, run_time_nodes


def calls(*names: str) -> list[tuple[str, str, ast.Call]]:
    """Every call of a function or class by one of these names: where, its name, the call."""
    return [
        (f"{module_name(path)}:{node.lineno}", name, node)
        for path in python_files(*PACKAGES)
        for node in run_time_nodes(path, ast.Call)
        for name in [node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")]
        if name in names
    ]


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
