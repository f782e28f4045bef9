"""`$search` over users, as the documentation has it."""

from __future__ import annotations

import pytest

EVENTUAL = {"consistencylevel": "eventual"}


@pytest.fixture
def people(tenant):
    tenant.directory.add_person("Else Prøve Hansen", "else@kommune.example", department="Børn og Unge")
    tenant.directory.add_person("Hans Eksempel", "hans@kommune.example", department="Teknik")


def sought(talk, search):
    found = talk.get(f"/users?$search={search}&$orderby=displayName&$count=true", **EVENTUAL)["value"]
    return [one["mail"].partition("@")[0] for one in found]


def test_names_are_found_by_their_words_in_any_order_and_what_else_there_is_by_its_beginning(talk, people):
    assert sought(talk, '"displayName:hans"') == ["else", "hans"]
    assert sought(talk, '"displayName:hansen prøve"') == ["else"]
    assert sought(talk, '"displayName:røve"') == []
    assert sought(talk, '"department:børn"') == ["else"]
    assert sought(talk, '"department:unge"') == []
    assert sought(talk, '"mail:hans" OR "department:børn"') == ["else", "hans"]
    assert sought(talk, '"mail:hans" AND "department:børn"') == []


def test_it_needs_its_header_and_its_form(talk, people):
    assert talk.refused("GET", '/users?$search="displayName:hans"')[0] == 400
    for search in ("displayName:hans", '"hans"', '"color:red"', '"mail:a" or "mail:b"', '"mail:a" OR "mail:b" AND "mail:c"'):
        assert talk.refused("GET", f"/users?$search={search}", **EVENTUAL)[0] == 400
