"""Adaptive Cards as Teams takes them and a client reads them: what is refused or odd, buttons, fields.

Teams draws cards up to version 1.5 and leaves out, without a word, what it does not know; that is what
`odd_parts` lists. Facts: ecosystem section 3, Microsoft's schema 1.5 (2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.wire import JsonObject

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
NEWEST = (1, 5)
MOST_ACTIONS = 6
MOST_BYTES = 28 * 1024
ELEMENTS = frozenset(
    {
        "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Image", "ImageSet", "Media", "Container",
        "ColumnSet", "Column", "FactSet", "ActionSet", "Table", "TableRow", "TableCell", "Input.Text",
        "Input.Number", "Input.Date", "Input.Time", "Input.Toggle", "Input.ChoiceSet",
    }
)  # fmt: skip
ACTIONS = frozenset(
    {"Action.Execute", "Action.Submit", "Action.OpenUrl", "Action.ShowCard", "Action.ToggleVisibility"}
)


def refusal_of(card: object) -> str:
    """Why Teams does not take this for a card; "" where it does."""
    if not isinstance(card, dict):
        return "the content of the attachment is no object"
    if card.get("type") != "AdaptiveCard":
        return "type is AdaptiveCard"
    version = re.fullmatch(r"(\d+)\.(\d+)", str(card.get("version")))
    if version is None or not isinstance(card["version"], str):
        return "version is a text such as 1.5"
    if (int(version[1]), int(version[2])) > NEWEST:
        return f"version {card['version']} is not supported"
    for part in ("body", "actions"):
        if not isinstance(card.get(part, []), list):
            return f"{part} is a list"
    return ""


def odd_parts(card: JsonObject) -> list[str]:
    """What a client leaves out or cannot use: unknown kinds, fields without an id or with one of another."""
    found, ids = [], set()
    for part in _parts(card):
        kind = part.get("type")
        if isinstance(kind, str) and kind not in ELEMENTS | ACTIONS:
            found.append(f"unknown: {kind}")
        if isinstance(kind, str) and kind.startswith("Input."):
            name = part.get("id")
            if not name:
                found.append(f"{kind} without an id")
            elif name in ids:
                found.append(f"two fields are {name}")
            ids.add(name)
    if len(card.get("actions", ())) > MOST_ACTIONS:
        found.append(f"{len(card['actions'])} actions, of which {MOST_ACTIONS} are shown")
    return found


def buttons(card: JsonObject) -> list[JsonObject]:
    """The actions that can be pressed, in reading order; those of a card that opens within it too."""
    return [
        part for part in _parts(card) if part.get("type") in ACTIONS and part.get("isEnabled") is not False
    ]


def fields(card: JsonObject) -> dict[str, JsonObject]:
    """The fields by their ids."""
    return {
        part["id"]: part
        for part in _parts(card)
        if str(part.get("type")).startswith("Input.") and part.get("id")
    }


def filled_in(card: JsonObject, typed: dict[str, str]) -> dict[str, str]:
    """What goes with a press: what was typed, and what stood in the fields; an empty field is left out.

    Raises ValueError for what the client does not let somebody send: a field that the card has not, an empty
    one that is required, a text that is too long or of another form, a choice that is none.
    """
    known = fields(card)
    unknown = set(typed) - set(known)
    if unknown:
        raise ValueError(f"the card has no field {', '.join(sorted(unknown))}")
    out = {}
    for name, one in known.items():
        value = typed.get(name, one.get("value", ""))
        if one["type"] == "Input.Toggle" and value == "":
            value = one.get("valueOff", "false")
        _require_good(one, str(value))
        if value != "":
            out[name] = str(value)
    return out


def _require_good(one: JsonObject, value: str) -> None:
    if not value:
        if one.get("isRequired"):
            raise ValueError(f"{one['id']} is required")
        return
    if one["type"] == "Input.Text":
        if len(value) > one.get("maxLength", len(value)):
            raise ValueError(f"{one['id']} is too long")
        if "regex" in one and re.search(one["regex"], value) is None:
            raise ValueError(f"{one['id']} has another form")
    if one["type"] == "Input.ChoiceSet":
        chosen = value.split(",") if one.get("isMultiSelect") else [value]
        offered = {choice["value"] for choice in one.get("choices", ())}
        if not set(chosen) <= offered:
            raise ValueError(f"{one['id']} offers {', '.join(sorted(offered))}")


def _parts(value: Any) -> Iterator[JsonObject]:
    """Every object with a type in a card; what is shown only instead of something else apart."""
    if isinstance(value, list):
        for one in value:
            yield from _parts(one)
    elif isinstance(value, dict):
        if isinstance(value.get("type"), str):
            yield value
        for name, inner in value.items():
            if name not in {
                "fallback",
                "data",
                "refresh",
                "authentication",
                "metadata",
                "msteams",
                "backgroundImage",
            }:
                yield from _parts(inner)
