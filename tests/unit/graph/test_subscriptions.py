"""Subscriptions: which requests are made, and what becomes of unclear answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from bot.domain.errors import GraphRefused, GraphUnclear, MailboxMissing, PermissionMissing
from bot.domain.notifications import ListedSubscription, Resource
from bot.graph.subscriptions import GraphSubscriptions
from tests.unit.graph.talk import BASE, ORGANISER, Talk, body_of, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

MAILBOX = "0f8fad5b-d9cb-469f-a165-70867728950e"
EVENTS, INBOX = f"users/{MAILBOX}/events", f"users/{MAILBOX}/mailfolders/inbox/messages"
LIBRARY = "drives/b!AbC-d/root"
ADDRESS, SECRET = "https://kurser.kommune.example", "s" * 43
UNTIL = datetime(2027, 1, 7, 10, tzinfo=UTC)
ONE = "/subscriptions/s-1"
BOTH = (Resource.EVENTS, Resource.INBOX)


def found(identity: str = "s-1", **changes: Any) -> dict[str, Any]:
    given = {"id": identity, "resource": f"/users/{MAILBOX}/events", "expirationDateTime": "2027-01-07T09:59:59.9356913Z"}
    return given | {"notificationUrl": f"{ADDRESS}/graph/notifications"} | changes


LISTED = ListedSubscription(id="s-1", path=EVENTS, expires_at=datetime(2027, 1, 7, 9, 59, 59, 935691, tzinfo=UTC))


def on(talk: Talk, act: Callable[[GraphSubscriptions], Awaitable[T]], organiser: str = ORGANISER) -> T:
    return talk.run(lambda client: act(GraphSubscriptions(client, organiser=organiser)))


def listing(*items: dict[str, Any], link: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"value": list(items)} | ({"@odata.nextLink": link} if link else {}))


def subscribe(talk: Talk, path: str = EVENTS, known: frozenset[str] = frozenset()) -> ListedSubscription:
    return on(talk, lambda mine: mine.subscribe(path, address=ADDRESS, secret=SECRET, expires_at=UNTIL, known=known))


class TestPaths:
    def test_the_mailbox_goes_by_its_object_id(self) -> None:
        talk = Talk()
        talk.known = {ORGANISER: MAILBOX.upper()}
        assert on(talk, lambda mine: mine.fetch_paths(BOTH)) == {Resource.EVENTS: EVENTS, Resource.INBOX: INBOX}
        assert talk.requests == []

    def test_an_organiser_that_is_an_id_already_costs_no_request(self) -> None:
        talk = Talk()
        assert on(talk, lambda mine: mine.fetch_paths(BOTH[:1]), MAILBOX) == {Resource.EVENTS: EVENTS}
        assert talk.requests == []

    def test_a_drive_keeps_the_capitals_of_its_id(self) -> None:
        """Two drives may differ in nothing else."""
        talk = Talk()
        talk.known = {ORGANISER: MAILBOX}
        paths = on(talk, lambda mine: mine.fetch_paths([*BOTH, Resource.LIBRARY], library="b!AbC-d"))
        assert paths == {Resource.EVENTS: EVENTS, Resource.INBOX: INBOX, Resource.LIBRARY: LIBRARY}

    def test_a_mailbox_that_the_directory_does_not_tell_cannot_be_watched(self) -> None:
        talk = Talk()
        with pytest.raises(MailboxMissing):
            on(talk, lambda mine: mine.fetch_paths(BOTH))

    def test_of_a_drive_its_root_is_asked_for_and_updates_alone(self) -> None:
        talk = Talk()
        made = found("s-1", resource="Drives('b!AbC-d')/root")
        talk.graph.post("/subscriptions").mock(return_value=httpx.Response(201, json=made))
        assert subscribe(talk, LIBRARY).path == LIBRARY
        sent = body_of(talk.requests[-1])
        assert (sent["resource"], sent["changeType"]) == ("/drives/b!AbC-d/root", "updated")


class TestListing:
    def test_only_those_that_call_our_address_are_ours(self) -> None:
        """In whatever spelling Graph gives the path back; every page is read."""
        talk = Talk()
        inbox = found("s-2", resource=f"Users('{MAILBOX.upper()}')/mailFolders('Inbox')/messages")
        other = found("s-3", notificationUrl="https://en.anden.example/graph/notifications")
        talk.graph.get("/subscriptions").side_effect = [listing(found(), other, link=f"{BASE}/subscriptions?$skip=2"), listing(inbox)]
        listed = on(talk, lambda mine: mine.fetch_listed(ADDRESS))
        assert {one.id: one.path for one in listed.values()} == {"s-1": EVENTS, "s-2": INBOX}
        assert listed["s-1"] == LISTED

    def test_a_list_without_end_is_left(self) -> None:
        talk = Talk()
        talk.graph.get("/subscriptions").mock(return_value=listing(found(), link=f"{BASE}/subscriptions?$skip=1"))
        on(talk, lambda mine: mine.fetch_listed(ADDRESS))
        assert len(talk.requests) == 20

    @pytest.mark.parametrize("broken", [{"expirationDateTime": "soon"}, {"id": None}])
    def test_what_cannot_be_read_is_told(self, broken: dict[str, Any]) -> None:
        talk = Talk()
        item = {name: value for name, value in (found() | broken).items() if value is not None}
        talk.graph.get("/subscriptions").mock(return_value=listing(item))
        with pytest.raises(GraphRefused) as caught:
            on(talk, lambda mine: mine.fetch_listed(ADDRESS))
        assert caught.value.code == "graph_unreadable"


class TestCreating:
    def test_the_request_names_both_addresses_and_the_secret(self) -> None:
        talk = Talk()
        talk.graph.post("/subscriptions").mock(return_value=httpx.Response(201, json=found()))
        assert subscribe(talk) == LISTED
        (request,) = talk.requests
        assert body_of(request) == {
            "changeType": "created,updated,deleted",
            "notificationUrl": f"{ADDRESS}/graph/notifications",
            "lifecycleNotificationUrl": f"{ADDRESS}/graph/lifecycle",
            "resource": f"/users/{MAILBOX}/events",
            "expirationDateTime": "2027-01-07T10:00:00Z",
            "clientState": SECRET,
            "latestSupportedTlsVersion": "v1_2",
        }
        assert request.headers["prefer"] == 'IdType="ImmutableId"'

    def test_of_the_inbox_only_what_comes_is_told(self) -> None:
        talk = Talk()
        talk.graph.post("/subscriptions").mock(return_value=httpx.Response(201, json=found(resource=INBOX)))
        subscribe(talk, INBOX)
        body = body_of(talk.requests[0])
        assert (body["changeType"], body["resource"]) == ("created", f"/users/{MAILBOX}/mailFolders/inbox/messages")

    @pytest.mark.parametrize("lost", [httpx.Response(503), httpx.ReadTimeout("slow")])
    def test_an_unclear_one_is_looked_up_and_not_made_twice(self, lost: httpx.Response | Exception) -> None:
        """One that was known before is not it."""
        talk = Talk()
        talk.graph.post("/subscriptions").side_effect = [lost]
        talk.graph.get("/subscriptions").mock(return_value=listing(found("s-0"), found("s-2", resource=INBOX), found()))
        assert subscribe(talk, known=frozenset({"s-0"})).id == "s-1"
        assert [method for method, _ in talk.sent] == ["POST", "GET"]

    def test_an_unclear_one_that_did_not_happen_is_made_again(self) -> None:
        talk = Talk()
        talk.graph.post("/subscriptions").side_effect = [httpx.Response(503), httpx.Response(201, json=found())]
        talk.graph.get("/subscriptions").mock(return_value=listing())
        assert subscribe(talk) == LISTED
        assert [method for method, _ in talk.sent] == ["POST", "GET", "GET", "POST"]

    @pytest.mark.parametrize(("status", "error"), [(400, GraphRefused), (403, PermissionMissing)])
    def test_a_refusal_is_told(self, status: int, error: type[Exception]) -> None:
        talk = Talk()
        talk.graph.post("/subscriptions").mock(return_value=refusal(status, "ValidationError"))
        with pytest.raises(error):
            subscribe(talk)


class TestRenewing:
    def renew(self, talk: Talk) -> datetime | None:
        return on(talk, lambda mine: mine.renew("s-1", expires_at=UNTIL))

    def test_what_graph_gives_counts(self) -> None:
        talk = Talk()
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=found()))
        assert self.renew(talk) == LISTED.expires_at
        assert body_of(talk.requests[0]) == {"expirationDateTime": "2027-01-07T10:00:00Z"}

    def test_one_that_is_gone_is_none(self) -> None:
        talk = Talk()
        talk.graph.patch(ONE).mock(return_value=refusal(404, "ResourceNotFound"))
        assert self.renew(talk) is None

    def test_an_unclear_one_is_read(self) -> None:
        talk = Talk()
        talk.graph.patch(ONE).side_effect = [httpx.Response(503)]
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=found(expirationDateTime="2027-01-07T10:00:00Z")))
        assert self.renew(talk) == UNTIL

    def test_an_unclear_one_that_did_not_happen_is_sent_again(self) -> None:
        talk = Talk()
        talk.graph.patch(ONE).side_effect = [httpx.Response(503), httpx.Response(200, json=found())]
        old = (UNTIL - timedelta(hours=30)).isoformat()
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=found(expirationDateTime=old)))
        assert self.renew(talk) == LISTED.expires_at
        assert [method for method, _ in talk.sent] == ["PATCH", "GET", "GET", "PATCH"]


class TestRemoving:
    def remove(self, talk: Talk) -> None:
        on(talk, lambda mine: mine.unsubscribe("s-1"))

    @pytest.mark.parametrize("answer", [httpx.Response(204), refusal(404, "ResourceNotFound")])
    def test_gone_is_gone(self, answer: httpx.Response) -> None:
        talk = Talk()
        talk.graph.delete(ONE).mock(return_value=answer)
        self.remove(talk)
        assert talk.sent == [("DELETE", ONE)]

    def test_an_unclear_one_is_looked_up(self) -> None:
        talk = Talk()
        talk.graph.delete(ONE).side_effect = [httpx.Response(503)]
        talk.graph.get(ONE).mock(return_value=refusal(404, "ResourceNotFound"))
        self.remove(talk)

    def test_one_that_stays_is_told(self) -> None:
        talk = Talk()
        talk.graph.delete(ONE).mock(return_value=httpx.Response(503))
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=found()))
        with pytest.raises(GraphUnclear):
            self.remove(talk)
