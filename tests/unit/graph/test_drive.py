"""A plan behind a sharing link."""

from __future__ import annotations

import base64

import httpx
import pytest
from structlog.testing import capture_logs

from bot.errors import GraphError, InputError, PermissionMissing
from bot.graph.drive import fetch_shared_file, share_id
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
