"""Installing the app for a person: which request is made, and which answers mean that it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import httpx
import pytest

from bot.domain.errors import GraphGone, GraphRefused, GraphUnclear, PermissionMissing
from bot.domain.teams import InstalledApp
from bot.graph.app_installs import GraphInstalls
from tests.builders.feed import ANNA
from tests.unit.graph.talk import BASE, Talk, body_of, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

APP = "12345678-9abc-4ef0-8234-56789abcdef0"
MANIFEST = "0b07ada0-0000-4000-8000-000000000001"
OF_ANNA = f"/users/{ANNA}/teamwork/installedApps"


def on(talk: Talk, act: Callable[[GraphInstalls], Awaitable[T]]) -> T:
    return talk.run(lambda client: act(GraphInstalls(client, catalogue_id=APP)))


def installed(talk: Talk) -> bool:
    return on(talk, lambda installs: installs.install(ANNA))


def test_it_is_one_request_that_names_the_app_of_the_catalogue() -> None:
    talk = Talk()
    talk.graph.post(OF_ANNA).mock(return_value=httpx.Response(201))
    assert installed(talk) is True
    (request,) = talk.requests
    assert body_of(request) == {"teamsApp@odata.bind": f"{BASE}/appCatalogs/teamsApps/{APP}"}


def test_who_has_it_already_is_an_answer_and_no_error() -> None:
    talk = Talk()
    talk.graph.post(OF_ANNA).mock(return_value=refusal(409, "Conflict"))
    assert installed(talk) is False


@pytest.mark.parametrize("lost", [httpx.Response(503), httpx.ReadTimeout("slow"), httpx.Response(429, headers={"retry-after": "1"})])
def test_what_was_lost_or_throttled_is_asked_again_and_may_be_there_then(lost: httpx.Response | Exception) -> None:
    talk = Talk()
    talk.graph.post(OF_ANNA).mock(side_effect=[lost, refusal(409, "Conflict")])
    assert installed(talk) is False
    assert len(talk.requests) == 2


@pytest.mark.parametrize(("status", "error"), [(403, PermissionMissing), (404, GraphGone), (400, GraphRefused), (503, GraphUnclear)])
def test_what_else_can_be_wrong_is_told_apart(status: int, error: type[Exception]) -> None:
    talk = Talk(retry_budget_seconds=0)
    talk.graph.post(OF_ANNA).mock(return_value=refusal(status, "Wrong"))
    with pytest.raises(error) as caught:
        installed(talk)
    if error is PermissionMissing:
        assert caught.value.params["permission"] == "TeamsAppInstallation.ReadWriteSelfForUser.All"


def test_no_more_than_two_are_asked_for_in_a_second() -> None:
    talk = Talk()
    talk.graph.post(OF_ANNA).mock(return_value=httpx.Response(201))

    async def five(installs: GraphInstalls) -> None:
        for _ in range(5):
            await installs.install(ANNA)

    on(talk, five)
    assert sum(talk.clock.slept) == pytest.approx(2.0)


@pytest.mark.parametrize(("way", "is_of_organisation"), [("organization", True), ("sideloaded", False)])
def test_what_somebody_has_is_told_by_its_id_in_the_catalogue(way: str, is_of_organisation: bool) -> None:
    talk = Talk()
    app = {"id": APP, "externalId": MANIFEST, "displayName": "Kurser", "distributionMethod": way}
    talk.graph.get(OF_ANNA).mock(return_value=httpx.Response(200, json={"value": [{"id": "x", "teamsApp": app}]}))
    found = on(talk, lambda installs: installs.listed(ANNA, manifest_id=MANIFEST))
    assert found == InstalledApp(catalogue_id=APP, is_of_organisation=is_of_organisation)
    (request,) = talk.requests
    assert request.url.params["$filter"] == f"teamsApp/externalId eq '{MANIFEST}'"


def test_who_has_not_the_app_has_none() -> None:
    talk = Talk()
    talk.graph.get(OF_ANNA).mock(return_value=httpx.Response(200, json={"value": []}))
    assert on(talk, lambda installs: installs.listed(ANNA, manifest_id=MANIFEST)) is None
