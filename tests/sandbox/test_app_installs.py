"""Graph's catalogue of Teams apps and their installation for people (graph-facts-checked section 23)."""

from __future__ import annotations

import pytest

from bot.sandbox.chats import CATALOGUE_ID, MANIFEST_ID

BIND = "https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/"
CATALOGUE = f"/appCatalogs/teamsApps?$filter=externalId eq '{MANIFEST_ID}'"


def installs(user_id, which=""):
    return f"/users/{user_id}/teamwork/installedApps" + (f"/{which}" if which else "")


def body(app=CATALOGUE_ID):
    return {"teamsApp@odata.bind": BIND + app}


def test_an_app_is_found_by_the_id_in_its_manifest(talk):
    (app,) = talk.get(CATALOGUE)["value"]
    assert app == {"id": CATALOGUE_ID, "externalId": MANIFEST_ID, "displayName": "Kurser", "distributionMethod": "organization"}
    assert talk.get(f"{CATALOGUE} and distributionMethod eq 'sideloaded'")["value"] == []
    assert talk.get(f"/appCatalogs/teamsApps?$filter=externalId eq '{CATALOGUE_ID}'")["value"] == []
    assert talk.get(f"{CATALOGUE}&$select=id")["value"] == [{"id": CATALOGUE_ID}]


def test_it_is_installed_once_seen_opened_and_taken_away(talk, tenant, ids):
    carl = ids["carl"]
    made = talk.ask("POST", installs(carl), body())
    assert (made.status_code, made.content) == (201, b"")
    assert talk.refused("POST", installs(carl), body()) == (409, "Conflict")
    query = f"?$expand=teamsApp,teamsAppDefinition&$filter=teamsApp/id eq '{CATALOGUE_ID}'"
    (seen,) = talk.get(installs(carl) + query)["value"]
    assert (seen["teamsApp"]["externalId"], seen["teamsAppDefinition"]["teamsAppId"]) == (MANIFEST_ID, CATALOGUE_ID)
    assert made.headers["location"].endswith(seen["id"])
    assert talk.get(installs(carl) + "?$filter=teamsApp/id eq 'another'")["value"] == []
    assert talk.get(installs(carl, seen["id"])) == {"id": seen["id"]}
    assert tenant.chats.find(talk.get(installs(carl, seen["id"]) + "/chat")["id"]) is tenant.chats.personal(carl)
    assert talk.ask("DELETE", installs(carl, seen["id"])).status_code == 204
    assert talk.refused("DELETE", installs(carl, seen["id"])) == (404, "NotFound")
    assert talk.get(installs(carl))["value"] == []


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (body(MANIFEST_ID), (404, "NotFound")),
        ({"teamsApp@odata.bind": CATALOGUE_ID}, (400, "BadRequest")),
        ({}, (400, "BadRequest")),
    ],
    ids=["the manifest's id", "no address", "nothing"],
)
def test_only_the_catalogues_id_can_be_installed(talk, ids, sent, refusal):
    assert talk.refused("POST", installs(ids["carl"]), sent) == refusal


def test_who_has_no_teams_and_what_is_only_uploaded_for_oneself(talk, tenant, ids):
    assert talk.refused("POST", installs(tenant.directory.find_user("salen@kommune.example").id), body()) == (404, "NotFound")
    assert talk.refused("POST", installs("nobody"), body()) == (404, "NotFound")
    tenant.chats.bot.distribution = "sideloaded"
    assert talk.refused("POST", installs(ids["carl"]), body()) == (403, "Forbidden")


def test_rights_to_the_catalogue_to_read_and_to_install_are_three(talk, tenant, ids):
    tenant.settings.change({"roles": ["TeamsAppInstallation.ReadForUser.All"]})
    assert talk.refused("GET", CATALOGUE) == (403, "Forbidden")
    assert talk.get(installs(ids["anna"]))["value"] != []
    assert talk.refused("POST", installs(ids["carl"]), body()) == (403, "Forbidden")
    tenant.settings.change({"roles": ["AppCatalog.Read.All", "TeamsAppInstallation.ReadWriteSelfForUser.All"]})
    assert talk.get(CATALOGUE)["value"] != []
    assert talk.ask("POST", installs(ids["carl"]), body()).status_code == 201
