"""What a client shows of a card and lets somebody send with it."""

from __future__ import annotations

import pytest

from bot.sandbox.cards_seen import buttons, filled_in, odd_parts, refusal_of


def card(*body, **more):
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body)} | more


CHOICE = {
    "type": "Input.ChoiceSet", "id": "hold", "value": "a",
    "choices": [{"title": "Hold A", "value": "a"}, {"title": "Hold B", "value": "b"}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "typed", "sent"),
    [
        ({"type": "Input.Text", "id": "note"}, {}, {}),
        ({"type": "Input.Text", "id": "note", "value": "før"}, {}, {"note": "før"}),
        ({"type": "Input.Text", "id": "note", "value": "før"}, {"note": ""}, {}),
        ({"type": "Input.Toggle", "id": "meant", "title": "Ja"}, {}, {"meant": "false"}),
        ({"type": "Input.Toggle", "id": "meant", "title": "Ja", "valueOff": "nej"}, {}, {"meant": "nej"}),
        (CHOICE, {}, {"hold": "a"}),
        (CHOICE | {"isMultiSelect": True}, {"hold": "a,b"}, {"hold": "a,b"}),
        ({"type": "Input.Text", "id": "mail", "regex": "^[^@]+@"}, {"mail": "a@b"}, {"mail": "a@b"}),
    ],
    ids=str,
)
def test_what_goes_with_a_press_is_what_stands_in_the_fields(field, typed, sent):
    assert filled_in(card(field), typed) == sent


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (CHOICE, {"hold": "c"}),
        (CHOICE, {"hold": "a,b"}),
        ({"type": "Input.Text", "id": "mail", "regex": "^[^@]+@"}, {"mail": "ab"}),
        ({"type": "Input.Text", "id": "note", "maxLength": 3}, {"note": "four"}),
        ({"type": "Input.Text", "id": "note", "isRequired": True}, {}),
        ({"type": "TextBlock", "text": "x"}, {"note": "x"}),
    ],
    ids=str,
)
def test_what_a_client_does_not_take_is_not_sent(field, typed):
    with pytest.raises(ValueError, match=r"."):
        filled_in(card(field), typed)


def test_buttons_are_found_wherever_they_stand_and_not_where_they_are_only_meant_instead():
    inner = card({"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": "Send"}]})
    shown = card(
        {
            "type": "Container",
            "items": [{"type": "ActionSet", "actions": [{"type": "Action.Execute", "title": "Tilmeld", "verb": "decide"}]}],
        },
        actions=[
            {"type": "Action.ShowCard", "title": "Mere", "card": inner},
            {"type": "Action.Execute", "title": "Ikke nu", "isEnabled": False},
            {"type": "Action.Execute", "title": "Andet", "fallback": {"type": "Action.Submit", "title": "Gammel"}},
        ],
        refresh={"action": {"type": "Action.Execute", "title": "Selv"}},
    )
    assert [one["title"] for one in buttons(shown)] == ["Tilmeld", "Mere", "Send", "Andet"]


def test_more_buttons_than_are_shown_are_odd():
    assert odd_parts(card(actions=[{"type": "Action.Submit", "title": str(n)} for n in range(7)])) == ["7 actions, of which 6 are shown"]


@pytest.mark.parametrize("version", ["1.0", "1.4", "1.5"])
def test_versions_up_to_1_5_are_drawn(version):
    assert refusal_of(card(version=version)) == ""
