"""Texts: both languages say everything, and everything that the source says exists."""

from __future__ import annotations

import ast
import inspect
import re
from string import Formatter

import pytest

from bot.domain import errors
from bot.domain.people import Language
from bot.i18n.catalogue import FOLDER, load_area
from tests.architecture.said_in_source import calls, literal
from tests.architecture.sources import PACKAGES, module_name, nodes, python_files, run_time_nodes

AREAS = sorted({path.stem for path in FOLDER.glob("*/*.toml")})
ERRORS = {name: kind for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.KursusbotError)}
UP_FROM_TWO = {"limit", "longest", "most", "group"}
"""Parameters that are never one, or no number."""
ALWAYS_THERE = {"status", "graph_code", "request_id", "call"}
"""What every GraphError carries, given or not."""


def parameters(text: str) -> set[str]:
    return {field.partition(".")[0].partition("[")[0] for _, field, _, _ in Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_have_the_same_texts_with_the_same_parameters(area):
    """A person gets the whole of it in their language."""
    danish, english = (load_area(language, area) for language in (Language.DA, Language.EN))
    assert danish.keys() == english.keys()
    assert {key: parameters(text) for key, text in danish.items()} == {key: parameters(text) for key, text in english.items()}
    assert [key for texts in (danish, english) for key, text in texts.items() if not text.strip()] == []


def test_every_error_that_is_raised_has_a_text_that_its_parameters_fill():
    """An error's text must not fail where it is needed most."""
    texts = load_area(Language.DA, "errors")
    wrong = []
    for where, name, call in calls(*ERRORS):
        code = literal(call.args[0]) if call.args else None
        if code is None:
            continue
        given = {keyword.arg for keyword in call.keywords}
        if issubclass(ERRORS[name], errors.GraphError):
            given |= ALWAYS_THERE
        if code not in texts:
            wrong.append(f"{where}: no text for errors.{code}")
        elif None not in given and not parameters(texts[code]) <= given:
            wrong.append(f"{where}: errors.{code} wants {parameters(texts[code]) - given}")
    assert wrong == [], "\n".join(wrong)


def test_every_text_that_is_asked_for_exists_and_is_filled():
    """`text` and `plural` with a literal code find it, with the parameters that it takes."""
    wrong = []
    for where, name, call in calls("text", "plural"):
        code = literal(call.args[1]) if len(call.args) > 1 else None
        if code is None or "." not in code:
            continue
        area, _, key = code.partition(".")
        forms = [f"{key}.one", f"{key}.other"] if name == "plural" else [key]
        given = {keyword.arg for keyword in call.keywords} | ({"count"} if name == "plural" else set())
        texts = [load_area(Language.DA, area).get(form) if area in AREAS else None for form in forms]
        if None in texts:
            wrong.append(f"{where}: no text for {code}")
        elif None not in given and not set().union(*map(parameters, texts)) <= given:
            wrong.append(f"{where}: {code} wants {set().union(*map(parameters, texts)) - given}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("language", Language)
def test_a_text_that_counts_knows_what_one_is_called(language):
    """No `{people} personer` of what may be one: `{people:person|personer}`, or `.one` and `.other` of the whole text."""
    texts = {f"{area}.{key}": words for area in AREAS for key, words in load_area(language, area).items()}
    counted = {match for words in texts.values() for match in re.findall(r"\{\w+:([^|}]+)\|([^}]+)\}", words)}
    several = "|".join(sorted({re.escape(many) for one, many in counted if one != many}, key=len, reverse=True))
    loose = re.compile(rf"\{{(\w+)\}} (?:{several})\b")
    strays = [
        (code, found[0])
        for code, words in texts.items()
        for found in [loose.findall(words)]
        if found and (found[0] not in UP_FROM_TWO) and not (code.endswith(".other") and found == ["count"])
    ]
    assert strays == []


def test_days_and_times_for_people_are_written_in_one_place():
    """`bot.i18n.dates` knows how; a form of one's own is for programs, with a `T` between day and time."""
    own_forms = ("%d-%m", "%d/%m", "%m-%d %H", "%H.%M")
    strays = [
        f"{module_name(path)}:{node.lineno} {node.value}"
        for path in python_files("bot", "jobs")
        if not module_name(path).startswith(("bot.i18n", "bot.sandbox", "bot.demo"))
        for node in run_time_nodes(path, ast.Constant)
        if isinstance(node.value, str) and any(form in node.value for form in own_forms)
    ]
    assert strays == []


def test_no_error_text_is_left_over():
    """A text that nothing raises is a promise that nothing keeps."""
    said = {node.value for path in python_files(*PACKAGES) for node in nodes(path, ast.Constant) if isinstance(node.value, str)}
    texts = {code.removeprefix("at_desk.") for code in load_area(Language.DA, "errors")}
    assert sorted(texts - said) == []
