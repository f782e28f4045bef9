"""Users, groups, members and mailbox settings (graph-facts section 8)."""

from __future__ import annotations

import pytest

from bot.sandbox.people import address_of
from tests.builders.graph_talk import ORGANISER, found, pages

EVENTUAL = {"consistencylevel": "eventual"}


@pytest.fixture
def ledere(talk, tenant):
    directory = tenant.directory
    directory.add_group("Skoler", "skoler@kommune.example", members=["anna@kommune.example"])
    directory.add_person("Else Prøve", "else@kommune.example", "skoler@kommune.example", aliases=["e.proeve@kommune.example"])
    directory.join("ledere@kommune.example", "skoler@kommune.example")
    return talk.get("/groups?$filter=mail eq 'ledere@kommune.example'")["value"][0]["id"]


def members(ledere, rest=""):
    return f"/groups/{ledere}/transitiveMembers/microsoft.graph.user?$count=true&$select=id,mail,userType{rest}"


def test_members_at_any_depth_come_once_each(talk, ledere):
    got = talk.get(members(ledere), **EVENTUAL)
    assert sorted(m["mail"].split("@")[0] for m in got["value"]) == ["anna", "bo", "carl", "dorte", "else"]
    assert got["@odata.count"] == 5


def test_the_cast_to_users_needs_its_header_and_count_on_every_page(talk, ledere):
    assert talk.refused("GET", members(ledere)) == (400, "Request_UnsupportedQuery")
    assert talk.refused("GET", f"/groups/{ledere}/transitiveMembers/microsoft.graph.user", **EVENTUAL)[0] == 400
    first = talk.get(members(ledere, "&$top=2"), **EVENTUAL)
    assert talk.ask("GET", first["@odata.nextLink"]).status_code == 400
    second = talk.get(first["@odata.nextLink"], **EVENTUAL)
    assert "@odata.count" not in second


def test_pages_of_members_are_followed_by_their_links(talk, ledere):
    got = pages(talk, members(ledere, "&$top=2"), **EVENTUAL)
    assert [len(p["value"]) for p in got] == [2, 2, 1]
    assert talk.ask("GET", members(ledere, "&$top=1000"), **EVENTUAL).status_code == 400


def test_members_without_the_cast_include_the_groups(talk, ledere):
    got = talk.get(f"/groups/{ledere}/transitiveMembers")
    assert {m["@odata.type"] for m in got["value"]} == {"#microsoft.graph.user", "#microsoft.graph.group"}
    assert len(talk.get(f"/groups/{ledere}/members")["value"]) == 5


def test_members_are_counted_as_plain_text(talk, ledere):
    answer = talk.ask("GET", f"/groups/{ledere}/transitiveMembers/microsoft.graph.user/$count", **EVENTUAL)
    assert (answer.text, answer.headers["content-type"]) == ("5", "text/plain")
    assert talk.ask("GET", f"/groups/{ledere}/transitiveMembers/$count").status_code == 400


def test_groups_in_a_circle_end(talk, ledere, tenant):
    tenant.directory.join("skoler@kommune.example", "ledere@kommune.example")
    assert len(talk.get(members(ledere), **EVENTUAL)["value"]) == 5


def test_without_the_right_to_read_members_they_have_an_id_only(talk, ledere, tenant):
    tenant.settings.limited_members = True
    assert all(set(m) == {"id"} for m in talk.get(members(ledere), **EVENTUAL)["value"])


def test_a_group_is_read_by_its_id_only_and_an_unknown_one_is_404(talk, ledere):
    assert talk.get(f"/groups/{ledere}?$select=mail") == {
        "@odata.context": "http://sandbox.example/v1.0/$metadata#groups/$entity",
        "mail": "ledere@kommune.example",
    }
    assert talk.refused("GET", "/groups/ledere@kommune.example") == (404, "Request_ResourceNotFound")


def test_a_user_is_found_by_id_upn_mail_and_alias(talk, ledere):
    by_mail = talk.get("/users?$filter=mail eq 'ELSE@kommune.example'&$select=id,proxyAddresses")["value"][0]
    assert by_mail["proxyAddresses"] == ["SMTP:else@kommune.example", "smtp:e.proeve@kommune.example"]
    by_alias = talk.get("/users?$filter=proxyAddresses/any(p:p eq 'smtp:e.proeve@kommune.example')&$select=id")["value"]
    assert [u["id"] for u in by_alias] == [by_mail["id"]]
    assert talk.get(f"/users/{by_mail['id']}")["mail"] == "else@kommune.example"
    assert talk.refused("GET", "/users/ingen@kommune.example") == (404, "Request_ResourceNotFound")


def test_an_apostrophe_in_an_address_is_doubled_in_a_filter(talk, tenant):
    address = address_of("Ægir O'Prøve", "kommune.example")
    tenant.directory.add_person("Ægir O'Prøve", address)
    assert address == "aegir.o'proeve@kommune.example"
    got = talk.get("/users?$filter=mail eq 'aegir.o''proeve@kommune.example'&$select=displayName")
    assert found(got, "displayName") == ["Ægir O'Prøve"]
    assert talk.ask("GET", "/users?$filter=mail eq 'aegir.o'proeve@kommune.example'").status_code == 400


def test_a_user_shows_the_default_properties_or_the_selected_ones(talk):
    assert "accountEnabled" not in talk.get("/users/anna@kommune.example")
    got = talk.get("/users/anna@kommune.example?$select=accountEnabled,userType,department")
    assert (got["accountEnabled"], got["userType"], got["department"]) == (True, "Member", None)
    assert talk.ask("GET", "/users/anna@kommune.example?$select=alder").status_code == 400


def test_mailbox_settings_tell_people_shared_mailboxes_and_rooms_apart(talk):
    purposes = [
        talk.get(f"/users/{who}/mailboxSettings")["userPurpose"] for who in ("anna@kommune.example", ORGANISER, "salen@kommune.example")
    ]
    assert purposes == ["user", "shared", "room"]


def test_a_guest_has_a_made_up_upn_and_no_mailbox_here(talk, tenant):
    guest = tenant.directory.add_user("Gæst", "gaest@partner.example", user_type="Guest")
    assert guest.upn == "gaest_partner.example#EXT#@kommune.example"
    assert talk.refused("GET", f"/users/{guest.id}/mailboxSettings") == (404, "MailboxNotEnabledForRESTAPI")


def test_members_join_leave_change_and_vanish_by_the_control_plane(talk, ledere):
    talk.control("POST", "groups/ledere@kommune.example/members", {"remove": ["bo@kommune.example", "skoler@kommune.example"]})
    talk.control("POST", "users", {"display_name": "Ny", "mail": "ny@kommune.example", "groups": ["ledere@kommune.example"]})
    talk.control("PATCH", "users/carl@kommune.example", {"enabled": False, "mail": "carl.ny@kommune.example"})
    talk.control("DELETE", "users/dorte@kommune.example")
    got = talk.get(f"/groups/{ledere}/transitiveMembers/microsoft.graph.user?$count=true&$select=mail,accountEnabled", **EVENTUAL)
    assert {m["mail"].split("@")[0]: m["accountEnabled"] for m in got["value"]} == {"anna": True, "carl.ny": False, "ny": True}


def contacts_among(talk, ledere):
    """The contacts of a group as Microsoft's own models read them: the description that answers are held against has no type for them."""
    from kiota_serialization_json.json_parse_node import JsonParseNode
    from msgraph.generated.models.directory_object import DirectoryObject
    from msgraph.generated.models.org_contact import OrgContact

    path = f"/groups/{ledere}/transitiveMembers?$select=id,displayName,mail"
    found = talk.runner.run(talk.client.get(path)).json()["value"]
    parsed = [JsonParseNode(one).get_object_value(DirectoryObject) for one in found]
    return [one for one in parsed if isinstance(one, OrgContact)], parsed


def test_contacts_are_members_of_groups_and_no_users(talk, ledere, tenant):
    tenant.directory.add_contact("Ole Udefra", "ole@firma.example", groups=["skoler@kommune.example"])
    (contact,), _ = contacts_among(talk, ledere)
    assert (contact.display_name, contact.mail) == ("Ole Udefra", "ole@firma.example")
    assert "ole@firma.example" not in {m["mail"] for m in talk.get(members(ledere), **EVENTUAL)["value"]}
    assert talk.get("/users?$filter=mail eq 'ole@firma.example'")["value"] == []
    assert tenant.directory.addresses_of("skoler@kommune.example")[-1] == "ole@firma.example"


@pytest.mark.parametrize(("right", "seen"), [("OrgContact.Read.All", True), ("Directory.Read.All", True), ("User.Read.All", False)])
def test_who_may_not_read_contacts_sees_that_a_member_is_one_and_nothing_else(talk, ledere, tenant, right, seen):
    tenant.directory.add_contact("Ole Udefra", "ole@firma.example", groups=["ledere@kommune.example"])
    tenant.settings.roles = {"GroupMember.Read.All", right}
    (contact,), everybody = contacts_among(talk, ledere)
    assert contact.id
    assert (contact.display_name is not None, contact.mail is not None) == (seen, seen)
    assert all(one.display_name for one in everybody if one is not contact)


def test_groups_are_searched_as_users_are_and_by_what_graph_searches_alone(talk, ledere):
    search = '/groups?$search="displayName:sko" OR "mail:sko"&$count=true&$orderby=displayName&$top=15&$select=id,displayName,mail'
    got = talk.get(search, **EVENTUAL)
    assert (found(got, "mail"), got["@odata.count"]) == (["skoler@kommune.example"], 1)
    assert talk.refused("GET", search) == (400, "Request_UnsupportedQuery")
    assert talk.refused("GET", '/groups?$search="groupTypes:sko"', **EVENTUAL)[0] == 400
    assert talk.get('/groups?$search="mail:oler"', **EVENTUAL)["value"] == []
