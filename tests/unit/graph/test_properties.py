"""Ids of extended properties: what is the same property however it is written."""

from __future__ import annotations

import pytest

from bot.graph.properties import property_id, property_value

GUID = "6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("String 0x001A", "String 0x1a"),
        ("String 0x001A", "string 0x1A"),
        ("String 0x001A", " String  0X001a "),
        ("Integer 0x0E08", "Integer 0xe08"),
        (f"String {{{GUID}}} Name kursusbot.session", f"String {{{GUID.upper()}}} Name kursusbot.session"),
        (f"String {{{GUID}}} Name kursusbot.session", f"string {GUID} name kursusbot.session"),
        (f"String {{{GUID}}} Name two words", f"String {{{GUID}}} Name two words"),
        (f"Integer {{{GUID}}} Id 0x8233", f"integer {{{GUID.upper()}}} id 0x008233"),
    ],
)
def test_one_property_has_one_id_however_it_is_written(asked: str, answered: str) -> None:
    assert property_id(asked) == property_id(answered) is not None
    assert property_value({"singleValueExtendedProperties": [{"id": answered, "value": "x"}]}, asked) == "x"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("String 0x001A", "String 0x001B"),
        ("String 0x001A", "Integer 0x001A"),
        ("String 0x001A", "String 0x1a0"),
        ("String 0x001A", f"String {{{GUID}}} Id 0x001A"),
        ("String 0x001A", f"String {{{GUID}}} Name 0x1a"),
        (f"String {{{GUID}}} Name kursusbot.session", f"String {{{GUID}}} Name kursusbot.message"),
        (f"String {{{GUID}}} Name kursusbot.session", f"String {{{GUID[::-1]}}} Name kursusbot.session"),
    ],
)
def test_another_property_is_another_one(asked: str, answered: str) -> None:
    assert property_id(asked) != property_id(answered)
    assert property_value({"singleValueExtendedProperties": [{"id": answered, "value": "x"}]}, asked) == ""


@pytest.mark.parametrize("odd", [None, 7, "", "String", "String 0x", "String 0xZZ", "0x1a", {"id": "String 0x1a"}, f"String {{{GUID}}}"])
def test_what_is_no_id_is_no_property(odd: object) -> None:
    assert property_id(odd) is None
    assert property_value({"singleValueExtendedProperties": [odd, {"id": odd, "value": "x"}, {"id": "String 0x1a"}]}, "String 0x001A") == ""


@pytest.mark.parametrize("nothing", [{}, {"singleValueExtendedProperties": None}, {"singleValueExtendedProperties": []}])
def test_an_item_without_properties_says_nothing(nothing: dict[str, object]) -> None:
    assert property_value(nothing, "String 0x001A") == ""
