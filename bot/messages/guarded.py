"""Jinja for templates that are not ours.

They reach nothing but what they are given, and they come to an end (pure).

| what a template does | is refused |
|---|---|
| loops, macros, blocks and includes, call in call | after so many steps in one message |
| a filter, a method, a sum or a product | where it would be larger than any message, before it is made if that can be told |
| text that is joined or captured | when it is larger than any message |
| the message itself | when it is |

Jinja's own sandbox keeps a template from Python's insides, and not from never ending: one that does would
keep every plan waiting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import wraps
from math import prod
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

MOST_STEPS = 50_000
"""In one message. Ours take some hundred; HR's report of 500 courses, some ten thousand."""
LARGEST = 500_000
"""Characters of a text, or elements of a list. Outlook cuts mails off long before."""
MOST_WORK = 20_000_000
"""The product of the sizes of what is put together."""
LONGEST_RANGE = 1000
MOST_BITS = 256
SIZED = (str, bytes, list, tuple, dict, set, range)
_OF_SIZE = "of size"
"""A name that no template can write."""

_WIDTH = re.compile(r"\d{5,}|\*|\{[^{}]*\{")
"""A width of five digits or more, or one that is handed over."""

_left: ContextVar[list[int]] = ContextVar("steps left")


class Guarded(ImmutableSandboxedEnvironment):
    """The table above. Rendered by `rendered`, which counts."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.globals["range"] = _range
        del self.globals["lipsum"]
        self.filters = {name: _guarded(filter_) for name, filter_ in self.filters.items()}
        self.filters[_OF_SIZE] = of_size

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        repeated: list[Any] = [tree, *tree.find_all((nodes.For, nodes.Macro, nodes.CallBlock, nodes.Block))]
        for node in repeated:
            counted = nodes.ExprStmt(nodes.Call(nodes.EnvironmentAttribute("step"), [], [], None, None))
            node.body.insert(0, counted.set_lineno(node.lineno))
        for block in tree.find_all(nodes.AssignBlock):
            weighed = nodes.Filter(block.filter, _OF_SIZE, [], [], None, None)
            weighed.set_lineno(block.lineno)
            block.filter = weighed
        return _Joins().visit(tree)  # type: ignore[no-any-return]  # a template stays one

    @staticmethod
    def step(cost: int = 1) -> None:
        """One more step; raises SecurityError when there are none left."""
        left = _left.get()
        left[0] -= cost
        if left[0] < 0:
            raise SecurityError("it takes more steps than a message needs: does a loop never end?")

    def call(self, context: Context, what: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls."""
        text = getattr(getattr(what, "__wrapped__", what), "__self__", None)
        if isinstance(text, str):
            if getattr(what, "__name__", "").startswith("format"):
                _refuse(_WIDTH.search(text) is not None)
            else:
                _weigh(text, *args, *kwargs.values())
        return of_size(super().call(context, what, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """A sum, a product, a power, or a text with places to fill."""
        if operator == "%" and isinstance(left, str):
            _refuse(_WIDTH.search(left) is not None)
        elif operator == "**":
            _refuse(_bits(left) * abs(right) > MOST_BITS)
        elif operator == "*":
            _refuse(_bits(left) + _bits(right) > MOST_BITS)
            if isinstance(left, SIZED) or isinstance(right, SIZED):
                _refuse(_size(left) * _size(right) > LARGEST)
        return of_size(super().call_binop(context, operator, left, right))


def rendered(environment: Guarded, name: str, given: Mapping[str, Any]) -> str:
    """A template with what it is given.

    Raises SecurityError by the table, and whatever an expression can raise.
    """
    before = _left.set([MOST_STEPS])
    try:
        return "".join(_bounded(environment.get_template(name).generate(given)))
    finally:
        _left.reset(before)


def of_size(value: Any) -> Any:
    """The value, where it is no larger than any message; raises SecurityError."""
    _refuse(isinstance(value, SIZED) and len(value) > LARGEST)
    return value


def _bounded(pieces: Iterator[str]) -> Iterator[str]:
    length = 0
    for piece in pieces:
        length += len(piece)
        _refuse(length > LARGEST)
        yield piece


def _guarded(filter_: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(filter_)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _weigh(*args, *kwargs.values())
        return of_size(filter_(*args, **kwargs))

    return guarded


def _weigh(first: Any, *others: Any) -> None:
    """Refuse what may become larger than everything: a text of so many letters, so many times."""
    sizes = [1 if isinstance(first, int) else _size(first), *map(_size, others)]
    _refuse(prod(max(size, 1) for size in sizes) > MOST_WORK)


def _size(value: Any) -> int:
    match value:
        case list() | tuple():
            return sum(len(one) if isinstance(one, str) else 1 for one in value)
        case str() | bytes() | dict() | set() | range():
            return len(value)
        case int():
            return abs(value)
        case _:
            return 1


def _bits(value: Any) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _range(*numbers: int) -> range:
    found = range(*numbers)
    _refuse(len(found) > LONGEST_RANGE)
    return found


def _refuse(is_too_large: bool) -> None:
    if is_too_large:
        raise SecurityError("it becomes larger than any message is")


class _Joins(NodeTransformer):
    """Joined text is looked at as what is captured is."""

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  # as Jinja names it
        joined = self.generic_visit(node)
        return nodes.Filter(joined, _OF_SIZE, [], [], None, None).set_lineno(node.lineno)
