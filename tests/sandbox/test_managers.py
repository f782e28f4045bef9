"""Who is whose manager, as the sandbox tells it: of one, of several at once, and not to who may not ask."""

from __future__ import annotations

import pytest

ANNA, BO = "anna@kommune.example", "bo@kommune.example"
ASKED = "/users?$filter=id in ('{}')&$select=id&$expand=manager($select=id,mail)"


@pytest.fixture
def anna(tenant):
    tenant.directory.change_user(ANNA, manager=BO)
    return tenant.directory.find_principal(ANNA)


def test_a_managers_own_address_answers_who_it_is(talk, tenant, anna):
    found = talk.get(f"/users/{anna.id}/manager?$select=id,mail")
    bo = tenant.directory.find_principal(BO)
    assert (found["@odata.type"], found["id"], found["mail"]) == ("#microsoft.graph.user", bo.id, BO)
    assert found["@odata.context"].endswith("$metadata#directoryObjects/$entity")
    assert talk.get(f"/users/{ANNA}/manager")["mail"] == BO
    (expanded,) = talk.get(ASKED.format(anna.id))["value"]
    assert expanded["manager"]["id"] == bo.id


def test_nobody_is_a_404_and_so_is_an_unknown_person(talk, tenant, anna):
    tenant.directory.change_user(ANNA, manager="")
    assert talk.refused("GET", f"/users/{anna.id}/manager") == (404, "Request_ResourceNotFound")
    assert talk.refused("GET", "/users/ingen@kommune.example/manager") == (404, "Request_ResourceNotFound")
    (expanded,) = talk.get(ASKED.format(anna.id))["value"]
    assert "manager" not in expanded


def test_without_the_right_to_read_people_nobody_is_told(talk, tenant, anna):
    tenant.settings.roles = {"User.ReadBasic.All"}
    assert talk.ask("GET", f"/users/{anna.id}/manager").status_code == 403
    assert talk.ask("GET", ASKED.format(anna.id)).status_code == 403
    tenant.settings.roles = {"User.Read.All"}
    assert talk.get(f"/users/{anna.id}/manager")["mail"] == BO
