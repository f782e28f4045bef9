"""Our cards in the sandbox's Teams: taken, drawn whole, and pressed by new clients and old ones to the same end."""

from __future__ import annotations

import json

import pytest

from bot.cards.answers import render_answer
from bot.domain.conversations import read_press
from bot.domain.people import Language
from bot.sandbox.cards_seen import MOST_BYTES, buttons, fields, filled_in, odd_parts, refusal_of
from tests.builders.cards import views

EVERY_CARD = pytest.mark.parametrize("name", sorted(views()))


def what_is_typed(card):
    """What somebody has to fill in before anything can be pressed."""
    return {
        name: one["choices"][0]["value"] if "choices" in one else "Et svar"
        for name, one in fields(card).items()
        if one.get("isRequired") and one["type"] != "Input.Toggle"
    }


@pytest.mark.parametrize("language", Language)
@EVERY_CARD
def test_teams_takes_every_card_and_leaves_nothing_of_it_out(name, language):
    card = render_answer(views(language)[name])
    assert (refusal_of(card), odd_parts(card)) == ("", [])
    assert len(json.dumps(card, ensure_ascii=False).encode()) < MOST_BYTES


@EVERY_CARD
def test_every_button_is_the_same_press_for_a_new_client_and_an_old_one(name):
    card = render_answer(views()[name])
    sent = filled_in(card, what_is_typed(card))
    for action in buttons(card):
        if action["type"] != "Action.Execute":
            continue
        typed = {} if action.get("associatedInputs") == "none" else sent
        old = action["fallback"]
        pressed = read_press(action["verb"], action.get("data", {}) | typed)
        assert pressed is not None
        assert old["type"] == "Action.Submit"
        assert old.get("associatedInputs") == action.get("associatedInputs")
        assert read_press(old["data"]["verb"], old["data"] | typed) == pressed
