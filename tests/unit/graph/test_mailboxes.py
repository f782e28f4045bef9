"""Mailboxes by their object id: what an address stands for, how long that holds, and what every path becomes of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.domain.errors import GraphError, GraphGone, GraphRefused, MailboxMissing
from bot.graph.calendar import GraphCalendar
from bot.graph.calls import Call
from bot.graph.client import GraphClient
from bot.graph.mailboxes import LASTS_SECONDS, UNTOLD_LASTS_SECONDS, MailboxAccount, find_account
from bot.graph.retry import FailureKind
from tests.unit.graph.calendar_talk import KEY, ZONE
from tests.unit.graph.talk import ORGANISER, Talk, event_json, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ID, OTHER_ID = "0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"
EVENT, BY_ADDRESS = f"/users/{ID}/events/id-1", f"/users/{ORGANISER}/events/id-1"


SIGNS_IN = "kurser@norddjurs.onmicrosoft.example"


def user(identity: str = ID, mail: str | None = ORGANISER, upn: str = SIGNS_IN, **more: Any) -> dict[str, Any]:
    return {"id": identity, "mail": mail, "userPrincipalName": upn, "userType": "Member"} | more


def users(*found: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"value": list(found)})


def new_talk(*found: httpx.Response) -> Talk:
    talk = Talk()
    talk.known = {}
    talk.graph.get("/users").side_effect = list(found)
    talk.graph.get(EVENT).mock(return_value=httpx.Response(200, json=event_json()))
    return talk


def read(client: GraphClient, times: int = 1) -> Awaitable[Any]:
    async def scene() -> Any:
        for _ in range(times):
            found = await GraphCalendar(client, organiser=ORGANISER, zone=ZONE).fetch_event("id-1", KEY)
        return found

    return scene()


def looked(talk: Talk) -> list[str]:
    return [request.url.params["$filter"] for request in talk.requests if request.url.path.endswith("/users")]


MAIL, UPN = {"upn": "x@anden.example"}, {"mail": "x@anden.example", "upn": ORGANISER}


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ([user(**MAIL)], None, ID),
        ([user(**UPN)], None, ID),
        ([user(mail=None, upn=ORGANISER.upper())], None, ID),
        ([user(OTHER_ID, **UPN), user(**MAIL)], None, ID),
        ([user(), user(OTHER_ID, upn=ORGANISER)], None, OTHER_ID),
        ([user(), user(OTHER_ID)], None, None),
        ([user(), user(OTHER_ID, userType="Guest")], None, ID),
        ([], [user(mail="ny@kommune.example")], ID),
        ([], [user(), user(OTHER_ID)], None),
        ([], [], None),
        ([user("no id"), {}], [], None),
    ],
)
def test_an_address_is_the_account_with_that_mail_before_one_that_signs_in_with_it(
    first: list[dict[str, Any]], second: list[dict[str, Any]] | None, found: str | None
) -> None:
    pages = [one for one in (first, second) if one is not None]
    asked: list[str] = []

    async def ask(condition: str, _select: str) -> dict[str, Any]:
        asked.append(condition)
        return {"value": pages[len(asked) - 1]}

    account = asyncio.run(find_account(ORGANISER.title(), ask))
    assert (account.id if account else None) == found
    assert len(asked) == len(pages)


def test_an_apostrophe_is_doubled_and_all_is_told_of_an_account() -> None:
    async def ask(condition: str, _select: str) -> dict[str, Any]:
        assert "'o''hr@kommune.example'" in condition
        return {"value": [user(mail="O'HR@kommune.example", upn="ohr@kommune.example")]}

    assert asyncio.run(find_account("o'hr@kommune.example", ask)) == MailboxAccount(
        id=ID, mail="o'hr@kommune.example", upn="ohr@kommune.example"
    )


def test_a_mailbox_is_looked_up_once_and_goes_by_its_id_in_every_path() -> None:
    talk = new_talk(users(user()))
    assert talk.run(lambda client: read(client, 3)) is not None
    assert talk.sent == [("GET", "/users"), *[("GET", EVENT)] * 3]


def test_many_at_once_ask_once() -> None:
    talk = new_talk(users(user()))

    async def scene(client: GraphClient) -> None:
        await asyncio.gather(*(read(client) for _ in range(10)))

    talk.run(scene)
    assert len(looked(talk)) == 1


def test_what_was_found_before_costs_no_request() -> None:
    talk = new_talk()
    talk.known = {ORGANISER.upper(): ID}
    talk.run(read)
    assert talk.sent == [("GET", EVENT)]


def test_an_id_in_the_plan_is_not_looked_up() -> None:
    talk = new_talk()
    talk.run(lambda client: GraphCalendar(client, organiser=ID, zone=ZONE).fetch_event("id-1", KEY))
    assert talk.sent == [("GET", EVENT)]


def test_a_day_later_it_is_looked_up_again() -> None:
    talk = new_talk(users(user()), users(user()))

    async def scene(client: GraphClient) -> None:
        for seconds in (0.0, LASTS_SECONDS - 60, 120.0):
            talk.clock.seconds += seconds
            await read(client)

    talk.run(scene)
    assert len(looked(talk)) == 2


@pytest.mark.parametrize(
    "answer", [users(), refusal(403, "Authorization_RequestDenied"), refusal(400, "BadRequest"), refusal(404, "Request_ResourceNotFound")]
)
def test_where_the_directory_does_not_tell_the_address_itself_is_tried_and_asked_for_again_later(answer: httpx.Response) -> None:
    """Without User.Read.All everything works as long as the address is what the account signs in with."""
    talk = Talk()
    talk.known = {}
    talk.graph.get("/users").mock(return_value=answer)
    talk.graph.get(BY_ADDRESS).mock(return_value=httpx.Response(200, json=event_json()))

    async def scene(client: GraphClient) -> int:
        await read(client, 2)
        before = len(looked(talk))
        talk.clock.seconds += UNTOLD_LASTS_SECONDS + 1
        await read(client)
        assert client.mailboxes.looked_up == {}
        return before

    before = talk.run(scene)
    assert 2 * before == len(looked(talk))


def test_where_the_directory_is_away_what_was_found_before_stays() -> None:
    talk = new_talk(users(user()), *[refusal(503, "ServiceUnavailable", **{"retry-after": "20"})] * 3)

    async def scene(client: GraphClient) -> None:
        await read(client)
        talk.clock.seconds += LASTS_SECONDS + 1
        await read(client)

    talk.run(scene)
    assert talk.sent[-1] == ("GET", EVENT)


@pytest.mark.parametrize("code", ["ErrorInvalidUser", "ResourceNotFound", "MailboxNotEnabledForRESTAPI"])
def test_a_mailbox_that_was_made_anew_is_looked_up_again_and_the_call_goes_there(code: str) -> None:
    talk = new_talk(users(user(OTHER_ID)))
    talk.known = {ORGANISER: ID}
    talk.graph.get(EVENT).mock(return_value=refusal(404, code))
    talk.graph.get(f"/users/{OTHER_ID}/events/id-1").mock(return_value=httpx.Response(200, json=event_json()))

    async def scene(client: GraphClient) -> dict[str, str]:
        assert await read(client) is not None
        return dict(client.mailboxes.looked_up)

    assert talk.run(scene) == {ORGANISER: OTHER_ID}


def test_a_mailbox_that_is_not_there_is_told_after_one_more_look() -> None:
    talk = new_talk(users(user()))
    talk.known = {ORGANISER: ID}
    talk.graph.get(EVENT).mock(return_value=refusal(404, "ErrorInvalidUser"))
    with pytest.raises(MailboxMissing):
        talk.run(read)
    assert talk.sent == [("GET", EVENT), ("GET", "/users")]


def test_what_was_looked_up_just_now_is_not_looked_up_again() -> None:
    talk = new_talk(users(user()))
    talk.graph.get(EVENT).mock(return_value=refusal(404, "ErrorInvalidUser"))
    with pytest.raises(MailboxMissing):
        talk.run(read)
    assert len(looked(talk)) == 1


def test_the_id_of_a_mailbox_that_nobody_tells_is_no_id() -> None:
    talk = new_talk(users(), users())
    with pytest.raises(MailboxMissing):
        talk.run(lambda client: client.mailbox_id(ORGANISER))
    assert new_talk(users(user())).run(lambda client: client.mailbox_id(ORGANISER)) == ID


def test_errors_and_log_lines_keep_the_address_that_people_know() -> None:
    talk = new_talk(users(user()))
    talk.graph.get(EVENT).mock(return_value=refusal(418, "Teapot"))
    with pytest.raises(GraphRefused) as caught:
        talk.run(read)
    assert caught.value.call == "GET /users/k…@kommune.example/events/id-1".replace("k…", ORGANISER.partition("@")[0])


class TestA404ThatDoesNotSayWhatIsGone:
    """Of a call for an item, with no code that is known: one look into the mailbox tells."""

    @pytest.mark.parametrize(("path", "look"), [("events/id-1", "calendar"), ("messages/id-1/send", "mailFolders/inbox/messages")])
    @pytest.mark.parametrize("kind", FailureKind)
    def test_it_is_the_items_where_the_mailbox_is_there(self, path: str, look: str, kind: FailureKind) -> None:
        error = self.ask(path, look, httpx.Response(200, json={}), kind=kind)
        assert type(error) is GraphGone

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (refusal(404, "ErrorInvalidUser"), MailboxMissing),
            (refusal(404, "NotFound"), MailboxMissing),
            (refusal(404, ""), MailboxMissing),
            (refusal(403, "ErrorAccessDenied"), GraphError),
            (refusal(400, "BadRequest"), GraphRefused),
        ],
    )
    def test_otherwise_it_is_what_the_look_says(self, answer: httpx.Response, said: type[GraphError]) -> None:
        error = self.ask("events/id-1", "calendar", answer)
        assert isinstance(error, said)
        assert not isinstance(error, GraphGone)

    def ask(self, path: str, look: str, answer: httpx.Response, *, kind: FailureKind = FailureKind.SAFE) -> GraphError:
        talk = Talk()
        talk.graph.post(f"/users/{ORGANISER}/{path}").mock(return_value=refusal(404, "SomethingNew"))
        talk.graph.get(f"/users/{ORGANISER}/{look}").mock(return_value=answer)
        talk.graph.get("/users").mock(return_value=users())
        call = Call(method="POST", gate=ORGANISER, path=f"/users/{ORGANISER}/{path}", kind=kind)
        with pytest.raises(GraphError) as caught:
            self.run(talk, lambda client: client.send(call))
        return caught.value

    def run(self, talk: Talk, scene: Callable[[GraphClient], Awaitable[Any]]) -> Any:
        try:
            return talk.run(scene)
        finally:
            talk.failures.clear()
