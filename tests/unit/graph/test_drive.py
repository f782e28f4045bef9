"""A plan behind a sharing link."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import httpx
import pytest
from structlog.testing import capture_logs

from bot.domain.errors import GraphError, InputError, KursusbotError, PermissionMissing
from bot.domain.plan_files import SavedFile
from bot.domain.plan_places import FilePlace
from bot.graph.drive import fetch_shared_file, look_at_file, share_id
from tests.unit.graph.talk import Talk, refusal

LINK = "https://kommune.sharepoint.example/:x:/s/hr/EaB?e=1"
CONTENT = f"/shares/{share_id(LINK)}/driveItem/content"
ADDRESS = "https://download.example/file?tempauth=secret"


def fetch(talk: Talk, link: str = LINK, most_bytes: int = 1000) -> bytes:
    return talk.run(lambda client: fetch_shared_file(client, link, most_bytes=most_bytes))


def moved(to: str = ADDRESS) -> httpx.Response:
    return httpx.Response(302, headers={"location": to})


def test_a_sharing_link_is_encoded_as_graph_wants_it() -> None:
    """`u!` and base64url without padding."""
    encoded = share_id(LINK)
    assert encoded.startswith("u!")
    assert "=" not in encoded
    assert base64.urlsafe_b64decode(encoded[2:] + "==").decode() == LINK


def test_the_pre_authenticated_address_gets_no_token_and_no_log_line() -> None:
    """Whoever has it can read the file; our token is not its business."""
    talk = Talk()
    talk.graph.get(CONTENT).mock(return_value=moved())
    download = talk.graph.get(ADDRESS).mock(return_value=httpx.Response(200, content=b"plan"))
    with capture_logs() as lines:
        assert fetch(talk) == b"plan"
    assert "authorization" not in download.calls[0].request.headers
    assert "secret" not in repr(lines)
    assert share_id(LINK) not in repr(lines)


def test_a_file_over_the_limit_is_not_read() -> None:
    """A link to a film is not a plan."""
    talk = Talk()
    talk.graph.get(CONTENT).mock(return_value=moved())
    talk.graph.get(ADDRESS).mock(return_value=httpx.Response(200, content=b"x" * 1001))
    with pytest.raises(InputError) as caught:
        fetch(talk)
    assert caught.value.code == "graph_link_too_large"
    talk.graph.get(CONTENT).mock(return_value=httpx.Response(200, content=b"x" * 1001))
    with pytest.raises(InputError):
        fetch(talk)


def test_an_address_that_expired_is_asked_for_again() -> None:
    """It is good for minutes only."""
    talk = Talk()
    talk.graph.get(CONTENT).mock(return_value=moved())
    talk.graph.get(ADDRESS).side_effect = [httpx.Response(401), httpx.ReadError("cut"), httpx.Response(200, content=b"plan")]
    assert fetch(talk) == b"plan"
    assert [path for _, path in talk.sent].count(CONTENT) == 3


def test_an_address_that_stays_broken_is_an_error() -> None:
    """After three tries."""
    talk = Talk()
    talk.graph.get(CONTENT).mock(return_value=moved())
    talk.graph.get(ADDRESS).mock(return_value=httpx.Response(500))
    with pytest.raises(GraphError) as caught:
        fetch(talk)
    assert caught.value.code == "graph_download_failed"


def test_a_plain_http_address_is_not_followed() -> None:
    """The plan would cross the network unprotected."""
    talk = Talk()
    talk.graph.get(CONTENT).mock(return_value=moved("http://download.example/file"))
    with pytest.raises(GraphError) as caught:
        fetch(talk)
    assert caught.value.code == "graph_foreign_link"


@pytest.mark.parametrize("link", ["plan.yaml", "file:///etc/passwd", "https://"])
def test_what_is_no_link_is_not_asked_for(link: str) -> None:
    """The text says what one looks like."""
    talk = Talk()
    with pytest.raises(InputError):
        fetch(talk, link)
    assert talk.requests == []


def test_a_link_that_leads_nowhere_is_bad_input_and_a_missing_right_is_named() -> None:
    """The one is for HR, the other for the administrator."""
    talk = Talk()
    talk.graph.get(CONTENT).side_effect = [refusal(404, "itemNotFound"), refusal(403, "accessDenied")]
    with pytest.raises(InputError) as caught:
        fetch(talk)
    assert caught.value.code == "graph_link_gone"
    with pytest.raises(PermissionMissing) as missing:
        fetch(talk)
    assert missing.value.params["permission"] == "Files.Read.All"
    assert share_id(LINK) not in repr(missing.value)


ITEM = "/drives/b%21d/items/01I"
PLACE = FilePlace(drive="b!d", item="01I")
FOUND = {
    "id": "01I",
    "name": "plan.xlsx",
    "size": 2000,
    "cTag": '"c:{1},4"',
    "webUrl": "https://kommune.sharepoint.example/sites/hr/plan.xlsx",
    "lastModifiedDateTime": "2027-01-04T11:00:00Z",
    "lastModifiedBy": {"user": {"displayName": "HR Skribent", "email": "HR.Skribent@kommune.example"}},
    "parentReference": {"driveId": "b!d"},
    "file": {},
}


def looked(talk: Talk, where: str = LINK, known: FilePlace | None = None) -> SavedFile:
    return talk.run(lambda client: look_at_file(client, where, known))


def test_a_look_tells_who_saved_it_by_one_request_for_what_is_needed() -> None:
    """Whichever way the plan is named; the link is followed where no place is known."""
    talk = Talk()
    talk.graph.get(CONTENT.removesuffix("/content")).mock(return_value=httpx.Response(200, json=FOUND))
    item = talk.graph.get(ITEM).mock(return_value=httpx.Response(200, json=FOUND))
    first = looked(talk)
    assert (first.place, first.saved_by, first.saved_by_email) == (PLACE, "HR Skribent", "hr.skribent@kommune.example")
    assert first.saved_at == datetime(2027, 1, 4, 11, tzinfo=UTC)
    assert looked(talk, known=PLACE) == looked(talk, "drives/b!d/items/01I") == first
    assert "lastModifiedBy" in item.calls[0].request.url.params["$select"]
    assert len(talk.requests) == 3


def test_a_place_that_is_gone_is_looked_for_by_the_link_and_a_named_one_is_gone() -> None:
    """Another file may have taken its place; ids alone lead nowhere else."""
    talk = Talk()
    talk.graph.get(ITEM).mock(return_value=refusal(404, "itemNotFound"))
    moved_to = FOUND | {"id": "02J"}
    link = talk.graph.get(CONTENT.removesuffix("/content")).mock(return_value=httpx.Response(200, json=moved_to))
    assert looked(talk, known=PLACE).item == "02J"
    link.mock(return_value=refusal(404, "itemNotFound"))
    for where, known, code in (
        (LINK, PLACE, "graph_file_gone"),
        (LINK, None, "graph_link_gone"),
        ("drives/b!d/items/01I", None, "graph_file_gone"),
    ):
        with pytest.raises(InputError) as caught:
            looked(talk, where, known)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "code"), [(403, "graph_file_denied"), (423, "graph_file_locked"), (429, "graph_file_busy"), (503, "graph_file_busy")]
)
def test_each_refusal_has_its_words(status: int, code: str) -> None:
    """What an administrator grants, what HR closes, and what passes by itself."""
    talk = Talk()
    talk.graph.get(ITEM).mock(return_value=refusal(status, "x"))
    with pytest.raises(KursusbotError) as caught:
        looked(talk, known=PLACE)
    assert caught.value.code == code


def test_a_folder_is_no_plan_and_what_is_not_told_is_left_open() -> None:
    """Nothing is made up: no name, no address, no time."""
    talk = Talk()
    item = talk.graph.get(ITEM).mock(return_value=httpx.Response(200, json={"id": "01I", "file": {}, "lastModifiedDateTime": "soon"}))
    bare = looked(talk, known=PLACE)
    assert (bare.saved_by, bare.saved_by_email, bare.saved_at, bare.c_tag) == ("", "", None, "")
    item.mock(return_value=httpx.Response(200, json={"id": "01I", "folder": {}}))
    with pytest.raises(InputError) as caught:
        looked(talk, known=PLACE)
    assert caught.value.code == "graph_link_no_file"
