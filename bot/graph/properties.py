"""Extended properties of items: an id in an answer is read, and never compared as text.

| the id | is |
|---|---|
| `String 0x001A`, `string 0x1a` | type and tag: Graph leaves out zeros and writes letters as it likes |
| `String {GUID} Name kursusbot.session` | type, GUID and name, all without regard to case, the GUID with braces or without |
| `String {GUID} Id 0x8233` | type, GUID, number |
| anything else | nothing that we know |

What was asked for as `String 0x001A` comes back as `String 0x1a` (seen by several on real tenants,
2026-11-28). Only what was asked for comes back, so letters of a name tell nothing apart. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PropertyId = tuple[str, str, str]
"""Type, GUID or "", and the number or name: equal for the same property however it is written."""

_TAG = re.compile(r"(\w+)\s+0x([0-9a-f]+)", re.IGNORECASE)
_NAMED = re.compile(
    r"(\w+)\s+\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?\s+(?:Name\s+(.+)|Id\s+0x([0-9a-f]+))",
    re.IGNORECASE,
)


def property_id(text: object) -> PropertyId | None:
    """One spelling of an id, by the table above; None for what is none."""
    written = text.strip() if isinstance(text, str) else ""
    if found := _TAG.fullmatch(written):
        return found[1].lower(), "", f"{int(found[2], 16):#x}"
    if found := _NAMED.fullmatch(written):
        return found[1].lower(), found[2].lower(), found[3].lower() if found[3] else f"{int(found[4], 16):#x}"
    return None


def property_value(item: Mapping[str, Any], wanted: str) -> str:
    """What an item says in the property that was asked for as `wanted`, "" where it says nothing.

    Odd content is passed over.
    """
    asked = property_id(wanted)
    given = (one for one in item.get("singleValueExtendedProperties") or () if isinstance(one, dict))
    return next((str(one.get("value") or "") for one in given if property_id(one.get("id")) == asked), "")
