"""The ids of extended properties: one property whatever way its id is written.

    String 0x001A                     String 0x1a                     a tag: leading zeros and letter case do not count
    String {6D7F…} Name some.Thing    String {6d7f…} Name some.Thing  a name: its GUID in any letter case, itself as it stands
    Integer {6D7F…} Id 0x8233         Integer {6d7f…} Id 0x8233       a number in a GUID's set, likewise

Graph gives them back in the form of the second column (seen live; graph-facts-checked 4c, 2026-11-28).
"""

from __future__ import annotations

import re

_PARTS = re.compile(
    r"(?P<type>\w+)\s+(?:(?P<set>\{[^}]*\})\s+)?(?:(?P<named>Name)\s+(?P<name>.*)"
    r"|(?:Id\s+)?(?P<tag>0x[0-9A-Fa-f]+))"
)


def property_id(written: str) -> str:
    """Return the normalised id; what is none comes back as it is."""
    found = _PARTS.fullmatch(written.strip())
    if found is None:
        return written
    head = [found["type"]] + ([found["set"].lower()] if found["set"] else [])
    if found["named"]:
        return " ".join([*head, "Name", found["name"]])
    number = f"{int(found['tag'], 16):#x}"
    return " ".join([*head, "Id", number] if found["set"] else [*head, number])
