"""A plan in SharePoint (graph-facts section 11)."""

from __future__ import annotations

import base64

from tests.builders.graph_talk import BASE

URL = "https://kommune.sharepoint.example/:x:/s/hr/plan.xlsx?e=1"
SHARE = "/shares/u!" + base64.urlsafe_b64encode(URL.encode()).decode().rstrip("=")


def put(talk, content):
    return talk.control("POST", "files", {"url": URL, "content_base64": base64.b64encode(content).decode()})


def test_a_sharing_link_leads_to_the_item_and_its_content(talk):
    put(talk, b"plan 1")
    item = talk.get(f"{SHARE}/driveItem")
    assert (item["name"], item["size"]) == ("plan.xlsx", 6)
    by_id = f"/drives/{item['parentReference']['driveId']}/items/{item['id']}"
    assert talk.get(by_id)["cTag"] == item["cTag"]
    for path in (f"{SHARE}/driveItem/content", f"{by_id}/content"):
        answer = talk.ask("GET", path)
        assert answer.status_code == 302
        assert talk.runner.run(talk.client.get(answer.headers["location"], headers={"authorization": ""})).status_code == 401


def test_the_pre_authenticated_address_takes_no_token_and_expires(talk, tenant):
    put(talk, b"plan 1")
    location = talk.ask("GET", f"{SHARE}/driveItem/content").headers["location"]
    del talk.client.headers["authorization"]
    assert talk.runner.run(talk.client.get(location)).content == b"plan 1"
    talk.control("POST", "clock", {"advance_seconds": 601})
    assert talk.runner.run(talk.client.get(location)).status_code == 401


def test_the_content_tag_moves_with_the_content_only(talk, tenant):
    put(talk, b"plan 1")
    before = talk.get(f"{SHARE}/driveItem")
    tenant.files.rename(URL, "ny plan.xlsx")
    renamed = talk.get(f"{SHARE}/driveItem")
    assert (renamed["cTag"] == before["cTag"], renamed["eTag"] == before["eTag"]) == (True, False)
    put(talk, b"plan 2")
    assert talk.get(f"{SHARE}/driveItem")["cTag"] != before["cTag"]


def test_an_unchanged_file_is_304(talk):
    put(talk, b"plan 1")
    tag = talk.get(f"{SHARE}/driveItem")["cTag"]
    assert talk.runner.run(talk.client.get(f"{BASE}{SHARE}/driveItem/content", headers={"if-none-match": tag})).status_code == 304
    put(talk, b"plan 2")
    assert talk.ask("GET", f"{SHARE}/driveItem/content", if_none_match=tag).status_code == 302


def test_an_unknown_link_or_item_is_404(talk):
    assert talk.refused("GET", f"{SHARE}/driveItem") == (404, "itemNotFound")
    assert talk.refused("GET", "/drives/x/items/y") == (404, "itemNotFound")
