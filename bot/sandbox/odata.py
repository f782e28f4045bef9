"""The part of OData that Graph's lists understand: $filter, $orderby, $select, $top and paging.

A small parser for the operators that the documentation shows; anything else is refused with 400, so a
client cannot rely on more than Graph has. Evaluates on anything that can look up a property path.
Facts: graph-facts sections 2 and 8, and the examples of the contract folder (2026-11-22).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.property_ids import property_id
from bot.sandbox.wire import RefusedError, bad_request
from bot.sandbox.zones import read_instant

Look = Callable[[str], Any]
Predicate = Callable[[Look], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<stamp>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w-])|(?P<word>[A-Za-z_@][\w./@-]*)|(?P<sign>[(),:]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "gt": lambda a, b: a is not None and bool(a > b),
    "ge": lambda a, b: a is not None and bool(a >= b),
    "lt": lambda a, b: a is not None and bool(a < b),
    "le": lambda a, b: a is not None and bool(a <= b),
}
_FUNCTIONS: dict[str, Callable[[str, str], bool]] = {
    "startswith": str.startswith,
    "endswith": str.endswith,
    "contains": str.__contains__,
}


def _invalid(text: str) -> RefusedError:
    return RefusedError(400, "BadRequest", f"Invalid filter clause: {text}")


def _fold(value: object) -> object:
    """Graph compares strings without regard to case."""
    return value.lower() if isinstance(value, str) else value


class _Parser:
    """Recursive descent over `or`, `and`, `not`, comparisons, functions and lambdas."""

    def __init__(self, text: str, known: Callable[[str], bool]) -> None:
        self.known = known
        self.tokens: list[tuple[str, str]] = []
        self.at = 0
        self.variables: set[str] = set()
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise _invalid(f"syntax error at position {position} in '{text}'.")
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, wanted: str | None = None) -> tuple[str, str]:
        if self.at >= len(self.tokens):
            raise _invalid("the expression ends too early.")
        token = self.tokens[self.at]
        if wanted is not None and token[1].lower() != wanted:
            raise _invalid(f"'{wanted}' expected, '{token[1]}' found.")
        self.at += 1
        return token

    def parse(self) -> Predicate:
        found = self.either()
        if self.at < len(self.tokens):
            raise _invalid(f"unexpected '{self.peek()}'.")
        return found

    def either(self) -> Predicate:
        parts = [self.all_of()]
        while self.peek().lower() == "or":
            self.take()
            parts.append(self.all_of())
        return parts[0] if len(parts) == 1 else lambda look: any(p(look) for p in parts)

    def all_of(self) -> Predicate:
        parts = [self.one()]
        while self.peek().lower() == "and":
            self.take()
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else lambda look: all(p(look) for p in parts)

    def one(self) -> Predicate:
        kind, word = self.take()
        if word.lower() == "not":
            inner = self.one()
            return lambda look: not inner(look)
        if word == "(":
            inner = self.either()
            self.take(")")
            return inner
        if kind != "word":
            raise _invalid(f"unexpected '{word}'.")
        if self.peek() == "(":
            if word.lower() in _FUNCTIONS:
                return self.function(word.lower())
            if word.lower().endswith("/any"):
                return self.some(word[: -len("/any")])
            raise _invalid(f"'{word}' is not supported.")
        return self.comparison(word)

    def path(self, word: str) -> str:
        head = word.split("/", maxsplit=1)[0]
        if head not in self.variables and not self.known(head):
            raise _invalid(f"Could not find a property named '{head}'.")
        return word

    def function(self, name: str) -> Predicate:
        test = _FUNCTIONS[name]
        self.take("(")
        path = self.path(self.take()[1])
        self.take(",")
        wanted = str(_fold(self.literal()))
        self.take(")")

        def holds(look: Look) -> bool:
            value = look(path)
            return isinstance(value, str) and test(value.lower(), wanted)

        return holds

    def some(self, path: str) -> Predicate:
        path = self.path(path)
        self.take("(")
        variable = self.take()[1]
        self.take(":")
        self.variables.add(variable)
        inner = self.either()
        self.variables.discard(variable)
        self.take(")")

        def holds(look: Look) -> bool:
            return any(inner(_element(look, variable, item)) for item in look(path) or ())

        return holds

    def comparison(self, word: str) -> Predicate:
        path, operator = self.path(word), self.take()[1].lower()
        if operator == "in":
            return self.membership(path)
        if operator not in _COMPARE:
            raise _invalid(f"'{operator}' is not an operator.")
        compare, literal = _COMPARE[operator], self.literal()
        # The name of an extended property is case-sensitive, its value is not.
        exact = path.lower().endswith("/id") and path.split("/")[0] in self.variables
        wanted = property_id(str(literal)) if exact else _fold(literal)

        def holds(look: Look) -> bool:
            value = look(path)
            if isinstance(value, datetime):
                return compare(value, read_instant(str(literal), path))
            try:
                return compare(value if exact else _fold(value), wanted)
            except TypeError:
                return False

        return holds

    def membership(self, path: str) -> Predicate:
        self.take("(")
        wanted = [_fold(self.literal())]
        while self.peek() == ",":
            self.take()
            wanted.append(_fold(self.literal()))
        self.take(")")
        return lambda look: _fold(look(path)) in wanted

    def literal(self) -> object:
        kind, text = self.take()
        if kind == "string":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return float(text)
        if kind == "stamp":
            return text
        words: dict[str, object] = {"true": True, "false": False, "null": None}
        if text.lower() in words:
            return words[text.lower()]
        raise _invalid(f"'{text}' is not a value.")


def _element(outer: Look, variable: str, item: object) -> Look:
    def look(path: str) -> object:
        head, _, rest = path.partition("/")
        if head != variable:
            return outer(path)
        if not rest:
            return item
        return item.get(rest.lower()) if isinstance(item, Mapping) else None

    return look


def parse_filter(text: str, known: Callable[[str], bool]) -> Predicate:
    """Return the test that a `$filter` describes.

    `known` tells whether a first path segment is a property of the type. Items of a lambda's
    collection are strings, or mappings with lower-case keys. Raises RefusedError 400.
    """
    return _Parser(text, known).parse()


def parse_select(text: str | None, known: frozenset[str]) -> frozenset[str] | None:
    """Return the selected property names, None for all. Raises RefusedError 400 for an unknown one."""
    if not text:
        return None
    lower = {k.lower(): k for k in known}
    chosen = set()
    for part in text.split(","):
        name = part.strip().split("/")[0]
        if name.lower() not in lower:
            raise RefusedError(400, "RequestBroker--ParseUri", f"Could not find a property named '{name}'.")
        chosen.add(lower[name.lower()])
    return frozenset(chosen)


def parse_orderby(text: str | None, known: Callable[[str], bool]) -> list[tuple[str, bool]]:
    """Return `(path, descending)` in order. Raises RefusedError 400."""
    out = []
    for part in (text or "").split(","):
        words = part.split()
        if not words:
            continue
        if not known(words[0].split("/")[0]) or words[1:] not in ([], ["asc"], ["desc"]):
            raise bad_request(f"Invalid $orderby clause: '{part}'.", "BadRequest")
        out.append((words[0], words[1:] == ["desc"]))
    return out


_SEARCHED = re.compile(r'"(?P<name>\w+):(?P<words>(?:[^"\\]|\\["\\])+)"')
TOKENIZED = frozenset({"displayname", "description"})


def parse_search(text: str, known: frozenset[str]) -> Callable[[Mapping[str, Any]], bool]:
    """Return the test that a `$search` of directory objects describes: clauses with `OR` or `AND`.

    Every word of a clause begins a word of a tokenized property; any other property begins with the clause.
    Raises RefusedError 400 for anything else, and for a mix of both signs.
    """
    signs = set(re.findall(r'"\s+(\S+)\s+"', text))
    parts = re.split(r'(?<=")\s+(?:OR|AND)\s+(?=")', text.strip())
    clauses = [_SEARCHED.fullmatch(part) for part in parts]
    lower = {name.lower(): name for name in known}
    if len(signs) > 1 or not signs <= {"OR", "AND"}:
        raise bad_request(f"Syntax error in $search: {text}", "Request_BadRequest")
    tests: list[tuple[str, str]] = []
    for clause in clauses:
        if clause is None or clause["name"].lower() not in lower:
            raise bad_request(f"Syntax error in $search: {text}", "Request_BadRequest")
        tests.append((lower[clause["name"].lower()], clause["words"].lower()))
    every = all if signs == {"AND"} else any

    def holds(item: Mapping[str, Any]) -> bool:
        return every(_is_found(name, words, str(item.get(name) or "").lower()) for name, words in tests)

    return holds


def _is_found(name: str, words: str, value: str) -> bool:
    if name.lower() not in TOKENIZED:
        return value.startswith(words)
    tokens = re.findall(r"\w+", value)
    return all(any(token.startswith(word) for token in tokens) for word in re.findall(r"\w+", words))


def read_number(query: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return `$top` or `$skip`. Raises RefusedError 400 outside 0 to `most`."""
    text = query.get(name)
    if text is None:
        return default
    if not text.isdigit() or int(text) > most:
        raise bad_request(f"Invalid value '{text}' for {name}; at most {most}.", "BadRequest")
    return int(text)


def extended_ids(expand: str, form: str) -> dict[str, str]:
    """The properties an `$expand=singleValueExtendedProperties(...)` asks for, and their ids as told.

    `form` is `normalised` or `as_asked`.

    Raises RefusedError 400 for another $expand, or one without the filter that Graph demands.
    """
    match = re.fullmatch(r"singleValueExtendedProperties\(\$filter=(.*)\)", expand.strip(), re.IGNORECASE)
    if match is None:
        raise bad_request(f"Parsing OData Select and Expand failed: '{expand}'.", "BadRequest")
    parts = re.split(r"\s+or\s+", match[1], flags=re.IGNORECASE)
    found = [re.fullmatch(r"\s*id\s+eq\s+'((?:[^']|'')*)'\s*", p, re.IGNORECASE) for p in parts]
    if not all(found):
        raise bad_request(f"Invalid filter in $expand: '{match[1]}'.", "BadRequest")
    asked = [m[1].replace("''", "'") for m in found if m]
    return {property_id(one): one if form == "as_asked" else property_id(one) for one in asked}
