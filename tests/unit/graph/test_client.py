"""The client: what every request carries, what is repeated, what is logged and what never is."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

import httpx
import pytest
from structlog.testing import capture_logs

from bot.domain.errors import (
    GraphConflict,
    GraphError,
    GraphRefused,
    GraphUnclear,
    InputError,
    PermissionMissing,
    SignInFailed,
    SyncStateLost,
)
from bot.graph.calls import Call, GraphAnswer, JsonObject
from bot.graph.client import FIRST_CONNECTION_SECONDS, GraphClient
from bot.graph.retry import FailureKind
from tests.unit.graph.talk import EVENTS, ORGANISER, Talk, client_settings, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

READ = Call(method="GET", gate=ORGANISER, path=EVENTS)
MAIL: JsonObject = {"message": {"subject": "Hej", "toRecipients": []}}
SEND = Call(method="POST", gate=ORGANISER, path=f"/users/{ORGANISER}/sendMail", kind=FailureKind.UNKEYED, body=MAIL)
CANCEL = Call(method="POST", gate=ORGANISER, path=f"{EVENTS}/id-1/cancel", kind=FailureKind.KEYED, body={"Comment": "Aflyst"})
EMPTY = httpx.Response(200, json={"value": []})


def send(call: Call) -> Callable[[GraphClient], Awaitable[JsonObject]]:
    async def scene(client: GraphClient) -> JsonObject:
        return (await client.send(call)).json()

    return scene


def test_every_attempt_has_its_own_client_request_id_and_asks_for_it_back() -> None:
    """Microsoft's support finds a request by it; a repeated one is another request."""
    talk = Talk()
    talk.graph.get(EVENTS).side_effect = [refusal(503, "ServiceUnavailable"), EMPTY]
    talk.run(send(READ))
    first, second = talk.requests
    assert first.headers["client-request-id"] != second.headers["client-request-id"]
    assert first.headers["return-client-request-id"] == "true"
    assert first.headers["authorization"] == "Bearer token-1"
    assert first.headers["accept"] == "application/json"


def test_a_query_is_encoded_once_and_stays_readable() -> None:
    """Graph wants spaces and braces encoded; a plus or an ampersand inside a value must not end it."""
    talk = Talk()
    talk.graph.get(EVENTS).mock(return_value=EMPTY)
    talk.run(send(Call(method="GET", gate=ORGANISER, path=EVENTS, query={"$filter": "subject eq 'a+b & {c} é'", "$top": "5"})))
    assert talk.requests[0].url.params["$filter"] == "subject eq 'a+b & {c} é'"
    assert b"%7Bc%7D" in talk.requests[0].url.raw_path


@pytest.mark.parametrize(("header", "slept"), [("3", 3.0), ("2.5", 2.5), ("Mon, 04 Jan 2027 12:00:09 GMT", 9.0), (None, 0.25)])
def test_a_throttled_call_waits_as_long_as_it_is_told(header: str | None, slept: float) -> None:
    """Also a POST that has no key: 429 means not processed."""
    talk = Talk()
    answer = refusal(429, "ApplicationThrottled", **({"retry-after": header} if header else {}))
    talk.graph.post(f"/users/{ORGANISER}/sendMail").side_effect = [answer, httpx.Response(202)]
    talk.run(send(SEND))
    assert len(talk.requests) == 2
    assert talk.clock.slept[0] == slept


def test_one_throttled_request_pauses_all_of_the_mailbox() -> None:
    """The others would only get 429 too, and rejected requests count."""
    talk = Talk(concurrency=1)
    sent: list[float] = []

    def answer(_request: httpx.Request) -> httpx.Response:
        sent.append(talk.clock.seconds)
        return refusal(429, "ApplicationThrottled", **{"retry-after": "20"}) if len(sent) == 1 else EMPTY

    talk.graph.get(EVENTS).mock(side_effect=answer)

    async def scene(client: GraphClient) -> None:
        await asyncio.gather(client.send(READ), client.send(READ), client.send(READ))

    talk.run(scene)
    assert sent[0] == 0
    assert len(sent) == 4
    assert min(sent[1:]) >= 20


OTHER = "andre@kommune.example"
IDS = {ORGANISER: "0f8fad5b-d9cb-469f-a165-70867728950e", OTHER: "7c9e6679-7425-40de-944b-e07fc1f90ae7"}


def most_at_once(gate: str, *mailboxes: str) -> int:
    """How many of ten reads in each mailbox were with Graph at the same time."""
    talk = Talk(gate=gate)
    talk.known = IDS
    inside: list[int] = []
    now = 0

    async def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal now
        now += 1
        inside.append(now)
        for _ in range(20):
            await asyncio.sleep(0)
        now -= 1
        return EMPTY

    talk.graph.get(url__regex=r".*/events").mock(side_effect=answer)

    async def scene(client: GraphClient) -> None:
        calls = [Call(method="GET", gate=one, path=f"/users/{one}/events") for one in mailboxes for _ in range(10)]
        await asyncio.gather(*map(client.send, calls))

    talk.run(scene)
    assert len(inside) == 10 * len(mailboxes)
    return max(inside)


def test_each_mailbox_has_four_places_or_all_of_outlook_has_as_the_settings_say() -> None:
    """Microsoft's documentation has said both."""
    assert most_at_once("mailbox", ORGANISER, OTHER) == 8
    assert most_at_once("app", ORGANISER, OTHER) == 4


@pytest.mark.parametrize("gate", ["mailbox", "app"])
def test_a_mailbox_has_its_four_places_once_by_whatever_name_it_is_called(gate: str) -> None:
    assert most_at_once(gate, ORGANISER, ORGANISER.upper(), IDS[ORGANISER]) == 4


@pytest.mark.parametrize(("gate", "other"), [("mailbox", 1), ("app", 0)])
def test_who_is_told_to_wait_holds_whoever_has_the_same_places(gate: str, other: int) -> None:
    """The mailbox alone or all of Outlook, never the directory."""
    talk = Talk(gate=gate, retry_budget_seconds=5)
    talk.known = IDS
    throttled = talk.graph.get(f"/users/{IDS[ORGANISER]}/events").mock(
        return_value=refusal(429, "ApplicationThrottled", **{"retry-after": "20"})
    )
    groups = talk.graph.get("/groups").mock(return_value=EMPTY)
    elsewhere = talk.graph.get(f"/users/{IDS[OTHER]}/events").mock(return_value=EMPTY)

    async def scene(client: GraphClient) -> None:
        for call in (
            READ,
            Call(method="GET", gate="directory", path="/groups"),
            Call(method="GET", gate=OTHER, path=f"/users/{OTHER}/events"),
        ):
            with contextlib.suppress(GraphRefused):
                await client.send(call)

    talk.run(scene)
    assert (throttled.call_count, groups.call_count, elsewhere.call_count) == (1, 1, other)


def test_a_call_gives_up_when_its_budget_would_be_passed() -> None:
    """A Retry-After beyond the budget is not waited for; the call did not happen."""
    talk = Talk(retry_budget_seconds=60)
    talk.graph.get(EVENTS).mock(return_value=refusal(429, "TooManyRequests", **{"retry-after": "61"}))
    with pytest.raises(GraphRefused) as caught:
        talk.run(send(READ))
    assert caught.value.code == "graph_throttled"
    assert talk.clock.slept == []


def test_a_server_that_stays_broken_is_given_up_within_the_budget() -> None:
    """Reads are repeated with growing waits until then."""
    talk = Talk(retry_budget_seconds=60)
    talk.graph.get(EVENTS).mock(return_value=refusal(502, "BadGateway"))
    with pytest.raises(GraphUnclear) as caught:
        talk.run(send(READ))
    assert caught.value.status == 502
    assert talk.clock.seconds <= 60
    assert len(talk.requests) > 4


@pytest.mark.parametrize("failure", [refusal(504, "GatewayTimeout"), httpx.ReadTimeout("late"), httpx.RemoteProtocolError("cut")])
def test_a_mail_of_unknown_fate_is_never_sent_again(failure: httpx.Response | Exception) -> None:
    """A 504 can hide a mail that was sent."""
    talk = Talk()
    talk.graph.post(f"/users/{ORGANISER}/sendMail").side_effect = [failure]
    with pytest.raises(GraphUnclear):
        talk.run(send(SEND))
    assert len(talk.requests) == 1


def test_what_never_left_the_machine_is_sent_again_whatever_it_is() -> None:
    """No connection, no mail."""
    talk = Talk()
    talk.graph.post(f"/users/{ORGANISER}/sendMail").side_effect = [httpx.ConnectError("refused"), httpx.Response(202)]
    talk.run(send(SEND))
    assert len(talk.requests) == 2


def test_who_has_never_reached_graph_is_told_soon() -> None:
    """A wrong address or a missing network is not tried for five minutes."""
    talk = Talk(retry_budget_seconds=300)
    talk.graph.get(EVENTS).mock(side_effect=httpx.ConnectError("refused"))
    with pytest.raises(GraphError) as caught:
        talk.run(send(READ))
    assert caught.value.code == "graph_unreachable"
    assert talk.clock.seconds <= FIRST_CONNECTION_SECONDS


def test_an_unclear_write_is_looked_up_twice_before_it_is_repeated() -> None:
    """Look, give it time, look again, and only then send again."""
    talk = Talk()
    talk.graph.post(f"{EVENTS}/id-1/cancel").side_effect = [refusal(500, "ErrorInternalServerError"), httpx.Response(202)]
    looked: list[float] = []

    async def look(_deadline: float) -> JsonObject | None:
        looked.append(talk.clock.seconds)
        return None

    async def scene(client: GraphClient) -> int:
        return (await client.send(CANCEL, look_up=look)).status

    assert talk.run(scene) == 202
    assert len(looked) == 2
    assert looked[1] >= looked[0] + 1
    assert len(talk.requests) == 2


def test_an_unclear_write_that_happened_is_not_repeated() -> None:
    """What the look-up found is the answer."""
    talk = Talk()
    talk.graph.post(f"{EVENTS}/id-1/cancel").side_effect = [httpx.ReadTimeout("late")]

    async def look(_deadline: float) -> JsonObject | None:
        return {"id": "found"}

    async def scene(client: GraphClient) -> JsonObject:
        return (await client.send(CANCEL, look_up=look)).json()

    assert talk.run(scene) == {"id": "found"}
    assert len(talk.requests) == 1


def test_an_unclear_write_that_cannot_be_looked_up_stays_unclear() -> None:
    """The look-up's own failure says nothing of the write."""
    talk = Talk()
    talk.graph.post(f"{EVENTS}/id-1/cancel").side_effect = [refusal(503, "ServiceUnavailable")]

    async def look(_deadline: float) -> JsonObject | None:
        raise GraphRefused("graph_refused", status=400)

    async def scene(client: GraphClient) -> None:
        await client.send(CANCEL, look_up=look)

    with pytest.raises(GraphUnclear) as caught:
        talk.run(scene)
    assert caught.value.status == 503
    assert len(talk.requests) == 1


def test_a_refused_token_is_renewed_once() -> None:
    """A token can be withdrawn before it expires."""
    talk = Talk()
    talk.graph.get(EVENTS).side_effect = [refusal(401, "InvalidAuthenticationToken"), EMPTY]
    talk.run(send(READ))
    assert [request.headers["authorization"] for request in talk.requests] == ["Bearer token-1", "Bearer token-2"]
    assert talk.sign.closed >= 1


def test_a_second_refusal_of_the_token_is_final() -> None:
    """Exit 4, and no endless loop against the sign-in service."""
    talk = Talk()
    talk.graph.get(EVENTS).mock(return_value=refusal(401, "InvalidAuthenticationToken"))
    with pytest.raises(SignInFailed) as caught:
        talk.run(send(READ))
    assert caught.value.exit_code == 4
    assert len(talk.requests) == 2


def test_a_refused_permission_says_which_and_for_which_call() -> None:
    """An administrator can act on it."""
    talk = Talk()
    talk.graph.get(EVENTS).mock(return_value=refusal(403, "Authorization_RequestDenied"))
    with pytest.raises(PermissionMissing) as caught:
        talk.run(send(READ))
    assert caught.value.params["permission"] == "Calendars.Read"
    assert caught.value.call == "GET /users/kurser@kommune.example/events"
    assert caught.value.request_id == "r-1"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (412, "ErrorIrresolvableConflict", GraphConflict),
        (409, "Conflict", GraphConflict),
        (410, "gone", SyncStateLost),
        (400, "x", GraphRefused),
    ],
)
def test_a_final_answer_is_not_repeated(status: int, code: str, kind: type[GraphError]) -> None:
    """The same request would get it again."""
    talk = Talk()
    talk.graph.get(EVENTS).mock(return_value=refusal(status, code))
    with pytest.raises(kind):
        talk.run(send(READ))
    assert len(talk.requests) == 1


def test_a_link_to_another_host_is_not_followed() -> None:
    """Our token would go with it."""
    talk = Talk()
    with pytest.raises(GraphRefused) as caught:
        talk.run(send(Call(method="GET", gate=ORGANISER, link="https://graph.microsoft.com.evil.example/v1.0/users")))
    assert caught.value.code == "graph_foreign_link"
    assert talk.requests == []
    assert talk.sign.asked == []


def test_an_answer_that_is_no_json_object_is_refused() -> None:
    """A proxy's page with status 200 is not an empty calendar."""
    talk = Talk()
    talk.graph.get(EVENTS).mock(return_value=httpx.Response(200, text="<html>Sign in to the guest network</html>"))
    with pytest.raises(GraphRefused) as caught:
        talk.run(send(READ))
    assert caught.value.code == "graph_unreadable"


@pytest.mark.parametrize("url", ["http://graph.microsoft.com/v1.0", "http://10.0.0.1/v1.0", "ftp://127.0.0.1/v1.0"])
def test_plain_http_is_refused_but_on_this_machine(url: str) -> None:
    """Settings refuse it too; the client does not depend on that."""
    settings = client_settings().model_copy(update={"base_url": url})
    with pytest.raises(InputError) as caught:
        GraphClient(settings)
    assert caught.value.code == "graph_plain_http"


def test_log_lines_have_both_request_ids_and_neither_addresses_nor_tokens() -> None:
    """Answered requests are debug, the others info."""
    talk = Talk()
    answer = httpx.Response(200, json={"value": []}, headers={"request-id": "r-9"})
    talk.graph.get(EVENTS).side_effect = [refusal(503, "ServiceUnavailable"), answer]
    with capture_logs() as lines:
        talk.run(send(Call(method="GET", gate=ORGANISER, path=EVENTS, query={"$filter": "subject eq 'hemmelig'"})))
    assert [(line["event"], line["log_level"], line["status"], line["request_id"]) for line in lines] == [
        ("graph.answered", "info", 503, "r-1"),
        ("graph.answered", "debug", 200, "r-9"),
    ]
    assert [line["client_request_id"] for line in lines] == [request.headers["client-request-id"] for request in talk.requests]
    text = repr(lines)
    assert "token-1" not in text
    assert ORGANISER not in text
    assert "hemmelig" not in text


def test_a_slow_answer_is_given_up_after_the_time_of_one_request() -> None:
    """Also one that drips byte by byte, which a read time-out alone would not end."""
    talk = Talk(timeout_seconds=0.01, retry_budget_seconds=0)

    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        return EMPTY

    talk.graph.get(EVENTS).mock(side_effect=never)
    with pytest.raises(GraphUnclear) as caught:
        talk.run(send(READ))
    assert caught.value.params["detail"] == "TimeoutError"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (b"", {}),
        (b'{"value": [1, 2.5, null, true, "\xc3\xa6\xf0\x9f\x98\x80"]}', {"value": [1, 2.5, None, True, "æ😀"]}),
        (b'{"subject": "\\ud83d halv"}', {"subject": "\ud83d halv"}),
        ('{"subject": "æ"}'.encode("utf-16"), {"subject": "æ"}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}", None),
    ],
    ids=["nothing", "usual", "half a pair", "another encoding", "twice", "deep"],
)
def test_an_answer_is_read_whatever_its_json_looks_like(content, body):
    """The quick reader gives over to the thorough one."""
    read = GraphAnswer(status=200, headers={}, content=content).json()
    assert read == (json.loads(content) if body is None else body)


@pytest.mark.parametrize("content", [b"<html>", b"[1]", b'"text"', b'{"a": 1'])
def test_what_is_no_object_is_refused(content):
    """Whichever reader looks at it."""
    with pytest.raises(GraphRefused):
        GraphAnswer(status=200, headers={}, content=content).json()
