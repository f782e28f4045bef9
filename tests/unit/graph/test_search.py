"""Looking for people in the whole directory: one request, and who is found may be invited."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import PermissionMissing
from bot.graph.directory import GraphDirectory
from tests.unit.graph.members import page, user
from tests.unit.graph.talk import Talk


def sought(talk: Talk, words: str) -> list[str]:
    async def scene(client: Any) -> Any:
        return await GraphDirectory(client).search_people(words)

    return [person.email for person in talk.run(scene)]


def test_one_request_asks_for_name_address_and_department() -> None:
    """Closed accounts and those without an address are nobody to invite."""
    talk = Talk()
    found = page(user("anna"), user("bo", accountEnabled=False), user("carl", mail=None))
    talk.graph.get("/users").mock(return_value=found)
    assert sought(talk, 'anna "ek\\sempel') == ["anna@kommune.example"]
    (request,) = talk.requests
    assert request.url.params["$search"] == '"displayName:anna ek sempel" OR "mail:anna ek sempel" OR "department:anna ek sempel"'
    assert (request.headers["consistencylevel"], request.url.params["$count"], request.url.params["$top"]) == ("eventual", "true", "15")


def test_no_words_are_no_request() -> None:
    talk = Talk()
    assert sought(talk, ' "") ') == []
    assert talk.requests == []


def test_who_may_not_read_people_is_told_which_permission_is_missing() -> None:
    talk = Talk()
    talk.graph.get("/users").mock(return_value=page({"id": "id-anna", "displayName": None, "mail": None}))
    with pytest.raises(PermissionMissing):
        sought(talk, "anna")
