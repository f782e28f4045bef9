"""Whatever the log of who did what calls an act, people read it in words: what is done to their data is shown to them."""

from __future__ import annotations

import pytest

from bot.desks.hand.acts import command_of
from bot.desks.plans import store as plan_store
from bot.domain.people import Language
from bot.domain.reminders import WordKind
from bot.domain.seats import RequestKind
from bot.i18n.deeds import deed_words
from tests.architecture.said_in_source import calls, literal

PLACES = {"note": 1, "look": 1, "note_look": 2, "line_of": 2, "note_action": 3}
"""Where the act stands among the arguments."""


def in_source() -> set[str]:
    """Every act that the source names as it is."""
    found = set()
    for _, name, call in calls("Action", *PLACES):
        given = [one.value for one in call.keywords if one.arg == "command"]
        if name in PLACES and len(call.args) > PLACES[name]:
            given.append(call.args[PLACES[name]])
        found |= {word for one in given if (word := literal(one)) is not None}
    return found


SAVES = (plan_store.BEGIN, plan_store.SAVE, plan_store.IMPORT, plan_store.UNDO)


@pytest.fixture(scope="module")
def acts() -> list[str]:
    return sorted({*in_source(), *SAVES, *map(command_of, RequestKind), *(f"reminder {kind.value}" for kind in WordKind)})


def test_the_acts_of_the_source_are_found(acts):
    """By each way of writing one down, so that the test below is about all of them."""
    assert {"attendance", "rename", "erase", "person", "registrations --send", "plan erase", "choose", "handover"} <= {*acts}


@pytest.mark.parametrize("language", Language)
def test_each_act_has_words_in_both_languages(acts, language):
    said = {act: deed_words(act, language) for act in acts}
    assert [act for act, words in said.items() if words is None] == []
    assert [words for words in said.values() if not words[0].isupper() or "_" in words] == []
