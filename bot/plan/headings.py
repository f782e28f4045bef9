"""What an unknown sheet or heading was meant as: the name to write, or "" where it is HR's own.

How like it must be is the table in `likeness`; here stands against which names it is held.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.plan.likeness import alike, holds, is_any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.plan.columns import Sheet, SheetColumn

# HR's own, whatever they look like, where the sheet has no such column.
OWN = (
    "Note",
    "Noter",
    "Notes",
    "Bemærkning",
    "Bemærkninger",
    "Kommentar",
    "Kommentarer",
    "Sagsnr.",
    "Sagsnummer",
    "Case",
    "Forbrugt",
    "Spent",
)
# Nobody is promised anything by these, so words around them (`Noter om forplejning`) make a column of HR's
# own.
FOR_HR_ALONE = frozenset({"note", "case"})
# What offices write instead; each would take something with it that people are promised.
ALSO = MappingProxyType({
    "enrolment.capacity": ("Kapacitet", "Capacity", "Maks. antal", "Max. antal", "Antal deltagere"),
    "capacity": ("Kapacitet", "Capacity", "Maks. antal", "Max. antal", "Antal deltagere"),
    "enrolment.deadline": ("Frist", "Tilmeldingsfrist", "Svar senest"),
    "venue.name": ("Lokation", "Lokalitet", "Location"),
    "venue.room": ("Mødelokale", "Sal"),
    "start": ("Begynder", "Begyndelse", "Fra"),
    "end": ("Ende", "Ender"),
    "day": ("Dag", "Start"),
    "from": ("Starttid", "Begynder", "Starttidspunkt"),
    "to": ("Slut", "Sluttid", "Ende", "Sluttidspunkt"),
    "email": ("Mail", "Mailadresse"),
    "exclude": ("Undtaget", "Undtagelser"),
})  # fmt: skip


def near_heading(heading: str, sheet: Sheet, there: Collection[SheetColumn]) -> str:
    """The heading of `sheet` that this one looks like.

    `there` are the columns that the sheet has under their names.
    """
    known = {name for column in sheet.columns for name in column.names}
    if not heading.strip() or is_any(heading, [word for word in OWN if word not in known]):
        return ""
    meant = [column for column in sheet.columns if column.key not in sheet.never_meant]
    missing = [column for column in meant if column not in there]
    looks = (_same_word, _other_word, _word_within)
    for looks_like, columns in zip(looks, (meant, missing, missing), strict=True):
        if near := next((name for column in columns if (name := looks_like(heading, column))), ""):
            return near
    return ""


def _same_word(heading: str, column: SheetColumn) -> str:
    return next((name for name in (column.danish, column.english) if alike(heading, name)), "")


def _other_word(heading: str, column: SheetColumn) -> str:
    return column.danish if any(alike(heading, word) for word in _other_words(column)) else ""


def _word_within(heading: str, column: SheetColumn) -> str:
    if column.key in FOR_HR_ALONE:
        return ""
    return next((name for name in (column.danish, column.english) if holds(heading, name)), "")


def _other_words(column: SheetColumn) -> tuple[str, ...]:
    """The format's own key, as YAML writes it, and what offices say."""
    outer, _, inner = column.key.rpartition(".")
    return (column.key, *(() if outer == "venue" else (inner,)), *column.also, *ALSO.get(column.key, ()))


def near_sheet(name: str, missing: Iterable[Sheet]) -> str:
    """The name of one of the missing sheets that this one looks like."""
    names = (known for sheet in missing for known in (sheet.danish, sheet.english))
    return next((known for known in names if alike(name, known)), "")
