"""All that the books have of a person, as it is handed out: `person` and the desk's page of it give the same.

| asked for | is |
|---|---|
| reasons in the seat log | those about the person, by HR or their own, written since everybody is told who reads them |
| other reasons | left out, unless whoever hands it out has read them first and says so: they may speak of others |
| plans | all, but for those that only others may see; what belongs to no plan is always along |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.domain.addresses import plain_address
from bot.i18n.catalogue import text
from bot.opening.versions import plan_of_books
from bot.registrations.person_lines import PersonLine, person_lines, plan_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.sign_in import Visitor
    from bot.opening.stores import Stores

JsonRow = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """Of one address: all that the person is known by, the rows by table, whether reasons are left out."""

    address: str
    addresses: frozenset[str]
    tables: Mapping[str, list[JsonRow]]
    has_left_out: bool

    @property
    def document(self) -> dict[str, Any]:
        """The file that is handed out, for programs."""
        return {"address": self.address, "addresses": sorted(self.addresses), "tables": dict(self.tables)}


def personal_data(
    stores: Stores,
    address: str,
    language: Language,
    *,
    with_reasons: bool = False,
    besides: Collection[str] = (),
) -> PersonalData:
    """By the table above; `besides` are the plans of others. Raises DatabaseFailed."""
    from bot.store.person import load_person

    addresses, held = load_person(stores.database, address)
    tables = {
        table: kept
        for table, rows in held.items()
        if (kept := [row for row in rows if row.get("plan", "") not in besides])
    }
    left_out = not with_reasons and _leave_out_reasons(
        tables.get("seat_log", []), addresses, text(language, "cli.reason_left_out")
    )
    return PersonalData(
        address=plain_address(address), addresses=addresses, tables=tables, has_left_out=left_out
    )


def own_address(stores: Stores, visitor: Visitor) -> str | None:
    """An address of whoever is signed in: by directory id, else the one that the provider vouches for.

    None where nothing says whose data is theirs.
    """
    from bot.store.own_rows import load_address_of

    known = load_address_of(stores.database, visitor.subject)
    return known or (visitor.email if visitor.vouches else "") or None


def told(
    data: PersonalData, stores: Stores, language: Language, *, plans: Iterable[CoursePlan] = ()
) -> dict[str, list[PersonLine]]:
    """Each row in words, by table; titles by these plans, and by what was approved of the others."""
    known = {plan.id: plan for plan in plans}
    named = {str(row["plan"]) for rows in data.tables.values() for row in rows if row.get("plan")}
    books = filter(None, (plan_of_books(plan, stores) for plan in sorted(named - known.keys())))
    return person_lines(data.tables, plan_names([*known.values(), *books]), language)


def _leave_out_reasons(lines: list[JsonRow], addresses: frozenset[str], instead: str) -> bool:
    """Put a note in the place of words that may speak of a third person; whether there were any."""

    def is_theirs(line: JsonRow) -> bool:
        return (
            bool(line["reason_open"])
            and line["email"] in addresses
            and (line["source"] == "hr" or line["by"] in addresses)
        )

    written = [line for line in lines if line["reason"] and not is_theirs(line)]
    for line in written:
        line["reason"] = instead
    return bool(written)
