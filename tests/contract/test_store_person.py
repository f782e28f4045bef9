"""An access request: everything about one person, and nothing about anybody else."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import JSON, Boolean, Integer, LargeBinary

from bot.domain.people import Language
from bot.domain.plan_files import KeptFile
from bot.i18n.catalogue import text
from bot.store.all_tables import metadata
from bot.store.columns import Instant
from bot.store.person import load_person
from bot.store.plan_files import SqlPlanFileBook
from bot.store.schema import actions, actions_over, people
from tests.builders.known_people import ALIAS, GONE, NOW, STAYS, WITHOUT_ADDRESSES


def test_every_table_with_people_is_looked_through(known_people):
    """Own address and alias, in every plan; the same tables that are filled for erasing."""
    addresses, found = load_person(known_people, GONE.upper())
    assert addresses == {GONE, ALIAS}
    assert found.keys() == metadata.tables.keys() - WITHOUT_ADDRESSES
    assert {row["plan"] for row in found["people"]} == {"by", "andenby"}
    assert [row["email"] for row in found["seat_log"] if row["by"] == GONE] == ["a…@by.example"], (
        "a line about somebody else that they made"
    )
    assert load_person(known_people, ALIAS) == (addresses, found)


@pytest.mark.parametrize("address", [GONE, "bo/_lund%@by.example"], ids=["any letters", "ascii"])
def test_a_row_is_found_by_an_address_in_any_of_its_columns(database, address):
    """A new table or column cannot be forgotten: each text and list is tried on its own, in any case.

    That is, the first of every table at once, then the second …; `people` for itself, because names and ids are known by it.
    """
    for tables in ({*metadata.tables.values()} - {people}, {people}):
        texts = {table: [one for one in table.columns if not isinstance(one.type, (Integer, Boolean, Instant))] for table in tables}
        for number in range(max(map(len, texts.values()))):
            tried = [columns[number] for columns in texts.values() if number < len(columns)]
            with database.write() as connection:
                for column in tried:
                    put_alone(connection, column, address, number)
            _, found = load_person(database, address)
            wanted = {one for one in tried if one.name != "plan" and (one.table is not people or one.name in {"email", "aliases"})}
            assert [str(one) for one in wanted if one.table.name not in found] == []


def put_alone(connection, tried, address, number):
    """A row that has the address in this column, and the table has no other."""
    table = tried.table
    if number and table is actions:
        connection.execute(actions_over.insert().values(id=tried.name, until=NOW + timedelta(days=1), lines=1))
    if number:
        connection.execute(table.delete())
    connection.execute(table.insert(), [{column.name: sample(column, tried, address) for column in table.columns}])


@pytest.mark.parametrize("language", Language)
def test_every_table_has_a_name_under_which_it_is_handed_out(language):
    """Also those in which nobody should stand: somebody may have written a name anywhere."""
    assert all(text(language, f"cli.held_{table}") for table in metadata.tables)


def sample(column, tried, address):
    if isinstance(column.type, Instant):
        return NOW
    if isinstance(column.type, (Integer, Boolean)):
        return 1
    word = address if column is tried else "x"
    if isinstance(column.type, LargeBinary):
        return word.encode()
    return [word] if isinstance(column.type, JSON) else word


def test_others_are_not_shown(known_people):
    """An access request is about one person: what stands beside them is left out or masked."""
    _, found = load_person(known_people, GONE)
    shown = json.dumps(found, ensure_ascii=False)
    assert STAYS not in shown
    assert all(set(row["desired_attendees"]) == {GONE} for row in found["ledger"])
    assert [row["members"] for row in found["audience_members"]] == [[GONE]]
    assert all(row["noted_at"].endswith("Z") for row in found["seat_log"])


def test_an_address_that_ends_like_theirs_is_somebody_else(known_people):
    """`ærke@…` is not `bjørn.lærke@…`, nor is a longer domain."""
    assert load_person(known_people, "lærke@by.example")[1] == {}
    assert load_person(known_people, "bjørn.lærke@by.exam")[1] == {}
    assert load_person(known_people, "e@by.example") == (frozenset({"e@by.example"}), {})


def test_a_workbook_that_is_kept_is_looked_through_and_not_shown(database):
    """A person named in a cell is found; what else HR wrote stays out."""
    packed = BytesIO()
    with ZipFile(packed, "w") as workbook:
        workbook.writestr("xl/sharedStrings.xml", f"<t>{GONE}</t><t>{STAYS}</t>")
    for content, is_found in ((packed.getvalue(), True), (b"PK\x03\x04 half", False), (packed.getvalue()[:40], False)):
        SqlPlanFileBook(database).save_file("link:1", KeptFile(plan="by", drive="d", item="i", c_tag="1", content=content))
        _, found = load_person(database, GONE)
        assert ("plan_files" in found) is is_found
        assert STAYS not in json.dumps(found)
        assert all("content" not in row for row in found.get("plan_files", ()))
