"""Texts by code: found in the language asked for, counted, and filled."""

from __future__ import annotations

import pytest

from bot.domain.errors import InputError, PlanInvalid
from bot.domain.people import Language
from bot.i18n.catalogue import desk_text, error_text, load_area, plural, text

COUNTED = next(key.removesuffix(".one") for key in load_area(Language.DA, "preview") if key.endswith(".one"))


def test_a_text_is_filled_in_the_language_asked_for():
    """Area, then key; the parameters by name."""
    assert text(Language.DA, "errors.plan_invalid", count=3).startswith("Planen har 3 fejl")
    assert text(Language.EN, "errors.plan_invalid", count=3).startswith("The plan has 3 errors")


@pytest.mark.parametrize(("count", "form"), [(0, "other"), (1, "one"), (2, "other")])
def test_one_is_singular_and_everything_else_is_plural(count, form):
    """In Danish as in English."""
    for language in Language:
        assert plural(language, f"preview.{COUNTED}", count) == load_area(language, "preview")[f"{COUNTED}.{form}"].format(count=count)


@pytest.mark.parametrize(("count", "said"), [(0, "0 invitationer"), (1, "1 invitation"), (2, "2 invitationer")])
def test_a_noun_stands_with_its_number(count, said):
    """`{events:invitation|invitationer}` in a text that counts several things."""
    assert said in text(Language.DA, "cli.erased", people=1, answers=1, events=count)


@pytest.mark.parametrize("code", ["errors.nothing", f"preview.{COUNTED}", "errors.plan_invalid"])
def test_a_code_or_a_parameter_that_is_not_there_is_a_bug(code):
    """And says so, instead of showing half a text; a table is not a text."""
    with pytest.raises(KeyError):
        text(Language.DA, code)


@pytest.mark.parametrize("error", [InputError("plan_missing"), PlanInvalid(())])
def test_an_error_says_itself_in_both_languages(error):
    """By its code and its parameters."""
    said = {error_text(language, error) for language in Language}
    assert len(said) == len(Language)
    assert all(said)


@pytest.mark.parametrize("language", Language)
def test_who_opens_no_shell_is_told_an_error_without_commands(language):
    """Where the words for a terminal name one; any other error says at the desk what it says everywhere."""
    at_terminal, elsewhere = InputError("plan_file_missing", path="kurser.xlsx"), InputError("plan_missing")
    assert "kursusbot init" in error_text(language, at_terminal)
    assert desk_text(language, at_terminal) == load_area(language, "errors")["at_desk.plan_file_missing"]
    assert "kursusbot" not in desk_text(language, at_terminal)
    assert "at_desk.plan_missing" not in load_area(language, "errors")
    assert desk_text(language, elsewhere) == error_text(language, elsewhere)
