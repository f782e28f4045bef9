"""Taking a person out of what plans said before, so that each revision can still be read.

stands in the document                              what is left
an entry of a list with an address of theirs        nothing: the entry goes (a listed person, a speaker, a
                                                    leader with whoever answers for them)
an address of theirs alone                          nothing, but where the plan has to have one: `NOBODY`
an audience that nobody is left of                  `NOBODY`
their name or address among other words             the words, with `…` in its place
HR's own words that say nothing else                nothing: the entry goes
an id, or a reference to one                        it stays: ids are no names

`NOBODY` has a domain that no mail reaches: whoever goes back to such a revision sees where somebody is
missing, and nobody is invited in their place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.store.anonymity import same_row
from bot.store.revision_table import plan_revisions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

NOBODY = "erased@kursusbot.invalid"
IN_ITS_PLACE = "…"
REQUIRED = frozenset({"organiser", "contact"})
NAMING = ("email", "for", "by")
"""Keys of an entry that is about whoever has the address under them."""
IDS = frozenset({
    "id", "was", "when", "pool", "purpose", "audience", "optional_audience", "options", "value", "period",
    "timezone", "template",
    "message",
})  # fmt: skip
"""Keys whose values name nobody; in `audiences`, `funding` and `assumptions` the keys are ids themselves."""


def erase_from_revisions(connection: Connection, addresses: Collection[str], names: Collection[str]) -> None:
    """Take a person out of every revision of every plan; `addresses` lower-cased."""
    about = words_pattern([*addresses, *names])
    for row in connection.execute(select(plan_revisions)).mappings().all():
        document = without_person(row["document"], addresses, about)
        by = about.sub("", row["by"]).strip()
        if (document, by) != (row["document"], row["by"]):
            mine = plan_revisions.update().where(*same_row(plan_revisions, row))
            connection.execute(mine.values(document=document, by=by))


def words_pattern(words: Collection[str]) -> re.Pattern[str]:
    """Any of these as a whole, whatever the case: an address ends in many others."""
    each = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"(?<![\w.+%-])(?:{each})(?![\w-]|\.\w)", re.IGNORECASE)


def without_person(
    document: dict[str, Any], addresses: Collection[str], about: re.Pattern[str]
) -> dict[str, Any]:
    """The document by the table above."""
    kept: dict[str, Any] = _without(document, addresses, about)
    for key in REQUIRED & document.keys() - kept.keys():
        kept[key] = NOBODY
    for owner in (kept, *kept.get("courses", ())):
        if "texts" in owner:
            owner["texts"] = [each for each in owner["texts"] if each.keys() & {"opening", "closing"}]
    for name, rule in document.get("audiences", {}).items():
        left = kept["audiences"][name]
        if any(rule.get(part) and not left.get(part) for part in ("people", "groups")) and not (
            left.get("people") or left.get("groups")
        ):
            left["people"] = [{"email": NOBODY}]
    return kept


def _without(value: Any, addresses: Collection[str], about: re.Pattern[str]) -> Any:
    def is_theirs(one: object) -> bool:
        said = [one.get(key) for key in NAMING] if isinstance(one, dict) else [one]
        return any(isinstance(address, str) and address.lower() in addresses for address in said)

    match value:
        case dict():
            return {
                key: one if key in IDS else _without(one, addresses, about)
                for key, one in value.items()
                if key in IDS or not is_theirs(one)
            }
        case list():
            return [_without(one, addresses, about) for one in value if not is_theirs(one)]
        case str():
            return about.sub(IN_ITS_PLACE, value)
        case _:
            return value
