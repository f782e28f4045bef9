"""Whose a directory name is: asked of the whole directory, and not twice."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.domain.errors import PermissionMissing
from bot.graph.directory import GraphDirectory
from tests.unit.graph.members import page, user
from tests.unit.graph.talk import Talk

NAME = "/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=0a1b-d'or"


def named(talk: Talk, *names: str, times: int = 1, wait: float = 0.0) -> list[list[str]]:
    async def scene(client: Any) -> Any:
        found = []
        for _ in range(times):
            found.append(await GraphDirectory(client).find_named(names))
            talk.clock.seconds += wait
        return found

    return [[person.email for person in people] for people in talk.run(scene)]


def known_as(name: str, *directory_names: str, **changes: Any) -> dict[str, Any]:
    return user(name, proxyAddresses=[f"SMTP:{name}@kommune.example", *(f"X500:{one}" for one in directory_names)], **changes)


def test_whoever_has_a_directory_name_is_found_by_it_also_with_a_closed_account() -> None:
    """An advanced query: both the header and the count, whatever kind of address the directory's index holds."""
    talk = Talk()
    talk.graph.get("/users").mock(return_value=page(known_as("eva", NAME, accountEnabled=False)))
    assert named(talk, NAME.lower()) == [["eva@kommune.example"]]
    (request,) = talk.requests
    assert request.url.params["$filter"] == "proxyAddresses/any(p:p eq 'x500:" + NAME.lower().replace("'", "''") + "')"
    assert (request.headers["consistencylevel"], request.url.params["$count"]) == ("eventual", "true")


@pytest.mark.parametrize("answer", [page(), page(user("bo", mail=None)), page(known_as("eva", NAME), known_as("bo", NAME))])
def test_a_name_that_is_nobodys_or_two_peoples_is_asked_for_once_a_day(answer: httpx.Response) -> None:
    talk = Talk()
    talk.graph.get("/users").mock(return_value=answer)
    assert named(talk, NAME, times=2) == [[], []]
    assert len(talk.requests) == 1
    assert named(talk, NAME, times=2, wait=25 * 3600) == [[], []]
    assert len(talk.requests) == 3


def test_ten_names_cost_one_request() -> None:
    talk = Talk()
    names = [f"/o=x/cn={number:02}" for number in range(11)]
    talk.graph.get("/users").side_effect = [page(known_as("anna", *names[:2])), page(known_as("bo", names[10]))]
    assert named(talk, *names) == [["anna@kommune.example", "bo@kommune.example"]]
    assert [str(request.url.params["$filter"]).count(" or ") for request in talk.requests] == [9, 0]


def test_people_whose_addresses_are_hidden_are_not_taken_for_nobody() -> None:
    talk = Talk()
    talk.graph.get("/users").mock(return_value=page({"id": "id-anna"}))
    with pytest.raises(PermissionMissing):
        named(talk, NAME)
