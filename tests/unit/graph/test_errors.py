"""Graph's refusals as our errors, and the texts that people get."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot import graph
from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, MailboxMissing, PermissionMissing, SyncStateLost
from bot.domain.people import Language
from bot.graph.errors import error_codes, look_for, permission_for, refused, unanswered
from bot.graph.retry import NO_ANSWER, NO_CONNECTION
from bot.i18n.catalogue import error_text, load_area

MAILBOX = "/users/kurser@kommune.example/events"


def answer(status: int, *codes: str, path: str = MAILBOX, inner: str = "innerError") -> GraphError:
    error: dict[str, object] = {}
    for code in reversed(codes):
        error = {"code": code, "message": "Tal med anna@kommune.example", **({inner: error} if error else {})}
    content = json.dumps({"error": error}).encode()
    return refused("GET", path, status, {"request-id": "r-1"}, content, call="GET /users/k…@kommune.example/events")


@pytest.mark.parametrize("inner", ["innerError", "innererror"])
def test_the_innermost_code_counts_and_every_code_is_seen(inner: str) -> None:
    """Codes nest, under two spellings."""
    error = answer(400, "BadRequest", "ErrorInvalidRecipients", inner=inner)
    assert isinstance(error, GraphRefused)
    assert error.graph_code == "ErrorInvalidRecipients"
    assert answer(429, "TooManyRequests", "429", inner=inner).graph_code == "TooManyRequests"


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"3", b'{"error": "text"}', b'{"error": {"code": 5}}', b"\xff"])
def test_an_answer_without_codes_is_no_trouble(content: bytes) -> None:
    """Gateways answer in their own way."""
    assert error_codes(content) == ()


@pytest.mark.parametrize(
    ("status", "codes"),
    [(410, ("Gone",)), (400, ("SyncStateNotFound",)), (404, ("x", "syncstatenotfound")), (409, ("ResyncRequired",)), (410, ())],
)
def test_a_lost_delta_token_is_known_by_status_or_code_in_any_case(status: int, codes: tuple[str, ...]) -> None:
    """The documents say a 40X; what was seen is 410."""
    assert isinstance(answer(status, *codes), SyncStateLost)


def test_access_denied_in_a_mailbox_speaks_of_its_scope() -> None:
    """RBAC for Applications can leave a mailbox out although the permission is there."""
    error = answer(403, "ErrorAccessDenied")
    assert isinstance(error, PermissionMissing)
    assert error.code == "graph_mailbox_denied"
    assert answer(403, "ErrorAccessDenied", path="/groups").code == "graph_permission_missing"


ITEM, DRAFT = f"{MAILBOX}/AAMk1", "/users/kurser@kommune.example/messages/AAMk1/send"


@pytest.mark.parametrize("path", [MAILBOX, ITEM, DRAFT])
@pytest.mark.parametrize(
    "codes",
    [
        ("ErrorInvalidUser",),
        ("MailboxNotEnabledForRESTAPI",),
        ("ResourceNotFound",),
        ("NotFound", "errorinvaliduser"),
        ("ErrorItemNotFound", "ErrorNonExistentMailbox"),
    ],
)
def test_a_mailbox_that_is_not_there_is_told_from_what_is_gone_in_it(path: str, codes: tuple[str, ...]) -> None:
    """Repeating or recreating would not help, and nothing in it is gone."""
    error = answer(404, *codes, path=path)
    assert type(error) is MailboxMissing
    assert error.code == "graph_no_mailbox"


@pytest.mark.parametrize(("path", "where"), [(ITEM, "/calendar"), (DRAFT, "/mailFolders/inbox/messages")])
@pytest.mark.parametrize("codes", [(), ("NotFound",), ("UnknownError",)])
def test_a_404_that_does_not_say_what_is_gone_asks_for_a_look_into_the_mailbox(path: str, where: str, codes: tuple[str, ...]) -> None:
    error = answer(404, *codes, path=path)
    assert type(error) is GraphGone
    assert look_for(path, error.graph_code) == f"/users/kurser@kommune.example{where}"
    assert type(answer(404, *codes)) is MailboxMissing


@pytest.mark.parametrize("path", [ITEM, DRAFT, "/subscriptions/s-1", "/users/1/teamwork/sendActivityNotification", "/groups/1"])
def test_an_item_that_is_not_in_the_store_is_gone(path: str) -> None:
    error = answer(404, "ErrorItemNotFound", path=path)
    assert type(error) is GraphGone
    assert look_for(path, error.graph_code) is None


@pytest.mark.parametrize("path", ["/subscriptions/s-1", "/groups/1", "/users/1/teamwork/sendActivityNotification"])
@pytest.mark.parametrize("codes", [(), ("ResourceNotFound",), ("Request_ResourceNotFound",)])
def test_outside_of_mailboxes_a_404_is_the_thing_itself(path: str, codes: tuple[str, ...]) -> None:
    error = answer(404, *codes, path=path)
    assert type(error) is GraphGone
    assert look_for(path, error.graph_code) is None


@pytest.mark.parametrize(("status", "kind"), [(500, GraphUnclear), (599, GraphUnclear), (418, GraphRefused), (300, GraphRefused)])
def test_an_unknown_5xx_is_unclear_and_an_unknown_4xx_is_final(status: int, kind: type[GraphError]) -> None:
    """Rule 12 of the client layer."""
    assert type(answer(status)) is kind


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/users/a/events/1", "Calendars.Read"),
        ("GET", "/users/a/calendarView/delta", "Calendars.Read"),
        ("POST", "/users/a/events", "Calendars.ReadWrite"),
        ("PATCH", "/users/a/events/1", "Calendars.ReadWrite"),
        ("POST", "/users/a/events/1/cancel", "Calendars.ReadWrite"),
        ("GET", "/users/a/mailboxSettings", "MailboxSettings.Read"),
        ("POST", "/users/a/sendMail", "Mail.Send"),
        ("POST", "/users/a/messages/1/send", "Mail.Send"),
        ("POST", "/users/a/messages", "Mail.ReadWrite"),
        ("GET", "/users/a/messages/1", "Mail.Read"),
        ("GET", "/users/a/mailFolders/inbox/messages", "Mail.Read"),
        ("GET", "/groups/1/transitiveMembers/microsoft.graph.user", "GroupMember.Read.All"),
        ("GET", "/users", "User.Read.All"),
        ("GET", "/places/microsoft.graph.room", "Place.Read.All"),
        ("GET", "/shares/u!x/driveItem/content", "Files.Read.All"),
        ("POST", "/users/a/calendar/getSchedule", "Calendars.ReadBasic"),
        ("GET", "/elsewhere", ""),
    ],
)
def test_each_call_has_the_least_permission_that_it_needs(method: str, path: str, permission: str) -> None:
    """The table of graph-facts section 12."""
    assert permission_for(method, path) == permission


def every_code() -> list[str]:
    sources = Path(graph.__file__).parent.glob("*.py")
    return sorted({code for source in sources for code in re.findall(r'"(graph_[a-z_]+)"', source.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("language", Language)
def test_every_error_of_the_adapter_has_a_text(language: Language) -> None:
    """In both languages."""
    assert set(every_code()) <= set(load_area(language, "errors"))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("status", "code"), [(s, c) for s in (400, 401, 403, 404, 409, 410, 412, 429, 500) for c in ("ErrorAccessDenied", "x")]
)
def test_a_refusal_can_be_told_to_a_person_without_addresses_and_messages(language: Language, status: int, code: str) -> None:
    """Graph's own message is not shown: it can hold addresses, and it is English."""
    text = error_text(language, answer(status, code))
    assert "anna" not in text
    assert "{" not in text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("status", [NO_ANSWER, NO_CONNECTION])
def test_a_missing_answer_can_be_told_to_a_person(language: Language, status: int) -> None:
    """And whether it may have happened is a matter of the class."""
    error = unanswered(status, call="GET /users", detail="ConnectError")
    assert "ConnectError" in error_text(language, error)
    assert isinstance(error, GraphUnclear) == (status == NO_ANSWER)
