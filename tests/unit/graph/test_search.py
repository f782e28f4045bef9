"""Looking for people and groups in the whole directory: one request, and who is found may be invited."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.domain.errors import GraphGone, PermissionMissing
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


def groups_sought(talk: Talk, words: str) -> list[tuple[str, str]]:
    async def scene(client: Any) -> Any:
        return await GraphDirectory(client).search_groups(words)

    return [(group.name, group.word) for group in talk.run(scene)]


def test_groups_are_found_by_name_or_address_with_one_request() -> None:
    """One without an address is named by its id."""
    talk = Talk()
    with_mail = {"id": "g-1", "displayName": "Skoleledere", "mail": "Skoler@kommune.example"}
    talk.graph.get("/groups").mock(return_value=page(with_mail, {"id": "g-2", "displayName": "Skolerne", "mail": None}))
    assert groups_sought(talk, 'skole") OR "x') == [("Skoleledere", "skoler@kommune.example"), ("Skolerne", "g-2")]
    (request,) = talk.requests
    assert request.url.params["$search"] == '"displayName:skole OR x" OR "mail:skole OR x"'
    assert (request.headers["consistencylevel"], request.url.params["$count"], request.url.params["$top"]) == ("eventual", "true", "15")
    assert groups_sought(Talk(), "  ") == []


GROUP = "0f0f0f0f-0000-4000-8000-000000000001"


def counted(talk: Talk, group: str) -> int:
    async def scene(client: Any) -> Any:
        return await GraphDirectory(client).count_members(group)

    return int(talk.run(scene))


def test_a_group_is_counted_without_reading_its_people() -> None:
    talk = Talk()
    talk.graph.get("/groups").mock(return_value=page({"id": GROUP, "mail": "skoler@kommune.example", "displayName": "Skoler"}))
    path = f"/groups/{GROUP}/transitiveMembers/microsoft.graph.user"
    talk.graph.get(path).mock(return_value=httpx.Response(200, json={"@odata.count": 42, "value": [{"id": "id-anna"}]}))
    assert counted(talk, "skoler@kommune.example") == 42
    counting = talk.requests[-1]
    assert (counting.url.params["$top"], counting.url.params["$count"], counting.headers["consistencylevel"]) == ("1", "true", "eventual")


def test_a_group_that_is_not_there_is_told_by_what_named_it() -> None:
    talk = Talk()
    talk.graph.get("/groups").mock(return_value=page())
    with pytest.raises(GraphGone) as gone:
        counted(talk, "ingen@kommune.example")
    assert gone.value.params["group"] == "ingen@kommune.example"
    talk = Talk()
    missing = {"error": {"code": "Request_ResourceNotFound", "message": "Resource does not exist."}}
    talk.graph.get(f"/groups/{GROUP}/transitiveMembers/microsoft.graph.user").mock(return_value=httpx.Response(404, json=missing))
    with pytest.raises(GraphGone) as gone:
        counted(talk, GROUP)
    assert gone.value.params["group"] == GROUP
