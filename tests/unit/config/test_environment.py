"""The environment read the short way says what the library's own way says, of every setting and whatever stands in it."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource
from pydantic_settings.exceptions import SettingsError

from bot.domain.errors import InputError
from config.environment import OurVariables
from config.settings import PREFIX, Settings, load_settings, variable_names

SECTIONS = [f"{PREFIX}{name}".upper() for name in Settings.model_fields]
INNER = [f"{PREFIX}TEAMS__CHANNELS__HR", f"{PREFIX}GRAPH__NO_SUCH", f"{PREFIX}GRAPH__BASE_URL__MORE", f"{PREFIX}NOTHING__AT_ALL"]
WORDS = [
    "",
    "1",
    "true",
    "null",
    "a,b",
    "[1, 2]",
    '["a", "b"]',
    '{"base_url": "http://127.0.0.1:9"}',
    '{"hr": "https://x.example"}',
    "{",
    "æ",
]


def spelt(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name, name.lower(), name.title()])


VARIABLES = st.sampled_from([*variable_names(), *SECTIONS, *INNER, "HOME", "KURSUSBOTTLE"]).flatmap(spelt)
ENVIRONMENTS = st.dictionaries(VARIABLES, st.sampled_from(WORDS), max_size=12)


def said_by(source: type[EnvSettingsSource]) -> object:
    try:
        return source(Settings)()
    except SettingsError as error:
        return str(error).replace(source.__name__, "")


def only(patched: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name in tuple(os.environ):
        patched.delenv(name)
    for name, value in variables.items():
        patched.setenv(name, value)


@given(ENVIRONMENTS)
def test_it_says_what_the_library_says(variables: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        only(patched, variables)
        assert said_by(OurVariables) == said_by(EnvSettingsSource)


@pytest.mark.parametrize("variable", variable_names())
def test_each_setting_alone_is_read_as_the_library_reads_it(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    found = []
    for word in WORDS:
        monkeypatch.setenv(variable, word)
        found.append(said_by(OurVariables))
        assert found[-1] == said_by(EnvSettingsSource), word
    assert any(found)


@given(ENVIRONMENTS, st.sampled_from([None, "plan.yaml"]))
def test_what_is_loaded_is_what_the_settings_are_by_themselves(variables: dict[str, str], plan: str | None) -> None:
    """Whoever makes settings without loading them has the same sources in the same order."""
    with pytest.MonkeyPatch.context() as patched:
        only(patched, variables)
        try:
            expected: Settings | None = Settings(**({} if plan is None else {"plan": plan}))
        except (ValidationError, SettingsError):
            expected = None
        try:
            found: Settings | None = load_settings(plan=plan, environ={})
        except InputError:
            found = None
        assert found == expected
        assert found is None or plan is None or found.plan == plan
