"""Mail written and sent: which requests are made, and what is done when their fate is unknown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from bot.domain.errors import GraphGone, GraphRefused, GraphUnclear, PermissionMissing
from bot.domain.messages import Letter
from bot.graph.mail import KEY_PROPERTY, SEND_ATTEMPTS, GraphMailbox
from tests.unit.graph.talk import ORGANISER, Talk, body_of, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

T = TypeVar("T")

MESSAGES = f"/users/{ORGANISER}/messages"
DRAFT = f"{MESSAGES}/id-1"
KEY = "seat_offered/lederdag/hold-1/o'æ&å@kommune.example/20270104T120000.000000Z"
MAIL = Letter(to=(("anna@kommune.example", "Anna Prøve"),), reply_to="hr@kommune.example", subject="Der er en plads", html="<p>Hej æøå</p>")
SENT, UNSENT = ({"id": "id-1", "isDraft": is_draft} for is_draft in (False, True))


def on(talk: Talk, act: Callable[[GraphMailbox], Awaitable[T]]) -> T:
    return talk.run(lambda client: act(GraphMailbox(client, organiser=ORGANISER)))


def create(mailbox: GraphMailbox) -> Awaitable[str]:
    return mailbox.create_draft(KEY, MAIL)


def found(*messages: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"value": list(messages)})


def message(which: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json=which)


def made() -> httpx.Response:
    return httpx.Response(201, json={"id": "id-1", "isDraft": True})


def prefers(talk: Talk) -> set[str]:
    return {request.headers["prefer"] for request in talk.requests}


class TestDraft:
    def test_a_draft_carries_the_key_one_recipient_and_where_to_answer(self) -> None:
        """One POST; the answer is the id that stays when the message is sent."""
        talk = Talk()
        talk.graph.post(MESSAGES).mock(return_value=made())
        assert on(talk, create) == "id-1"
        (request,) = talk.requests
        assert body_of(request) == {
            "subject": "Der er en plads",
            "body": {"contentType": "html", "content": "<p>Hej æøå</p>"},
            "toRecipients": [{"emailAddress": {"address": "anna@kommune.example", "name": "Anna Prøve"}}],
            "replyTo": [{"emailAddress": {"address": "hr@kommune.example"}}],
            "internetMessageHeaders": [{"name": "X-Auto-Response-Suppress", "value": "OOF, AutoReply"}],
            "singleValueExtendedProperties": [{"id": "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.message", "value": KEY}],
        }
        assert prefers(talk) == {'IdType="ImmutableId"'}

    def test_somebody_without_a_name_is_called_by_the_address(self) -> None:
        """An empty name is shown as nothing at all."""
        talk = Talk()
        talk.graph.post(MESSAGES).mock(return_value=made())
        on(talk, lambda mailbox: mailbox.create_draft(KEY, replace(MAIL, to=(("a@b.example", ""),))))
        assert body_of(talk.requests[0])["toRecipients"] == [{"emailAddress": {"address": "a@b.example", "name": "a@b.example"}}]

    def test_many_get_one_mail_and_do_not_see_each_other(self) -> None:
        """Nobody stands in To, everybody in Bcc."""
        talk = Talk()
        talk.graph.post(MESSAGES).mock(return_value=made())
        on(talk, lambda mailbox: mailbox.create_draft(KEY, replace(MAIL, to=(), hidden=("a@b.example", "c@b.example"))))
        body = body_of(talk.requests[0])
        assert (body["toRecipients"], body["bccRecipients"]) == (
            [],
            [{"emailAddress": {"address": "a@b.example"}}, {"emailAddress": {"address": "c@b.example"}}],
        )

    @pytest.mark.parametrize("failure", [refusal(504, "GatewayTimeout"), httpx.ReadTimeout("no answer")])
    def test_an_unclear_draft_is_looked_up_by_its_key_and_not_made_twice(self, failure: Any) -> None:
        """The key is quoted for OData, in whatever folder the message is."""
        talk = Talk()
        talk.graph.post(MESSAGES).side_effect = [failure]
        talk.graph.get(MESSAGES).mock(return_value=found(UNSENT))
        assert on(talk, create) == "id-1"
        assert talk.sent == [("POST", MESSAGES), ("GET", MESSAGES)]
        quoted = KEY.replace("'", "''")
        asked = talk.requests[1].url.params
        assert asked["$filter"] == f"singleValueExtendedProperties/Any(ep: ep/id eq '{KEY_PROPERTY}' and ep/value eq '{quoted}')"
        assert asked["$select"] == "id,isDraft"
        assert prefers(talk) == {'IdType="ImmutableId"'}

    def test_a_draft_that_is_not_there_after_two_looks_is_made_again(self) -> None:
        talk = Talk()
        talk.graph.post(MESSAGES).side_effect = [refusal(503, "ServiceUnavailable"), made()]
        talk.graph.get(MESSAGES).mock(return_value=found())
        assert on(talk, create) == "id-1"
        assert [method for method, _ in talk.sent] == ["POST", "GET", "GET", "POST"]

    def test_a_throttled_draft_is_made_again_without_a_look(self) -> None:
        """429 says that nothing was done."""
        talk = Talk()
        talk.graph.post(MESSAGES).side_effect = [refusal(429, "ApplicationThrottled", **{"retry-after": "7"}), made()]
        assert on(talk, create) == "id-1"
        assert [method for method, _ in talk.sent] == ["POST", "POST"]
        assert talk.clock.slept == [7.0]

    @pytest.mark.parametrize(
        ("status", "code", "error"),
        [
            (400, "ErrorInvalidRecipients", GraphRefused),
            (403, "ErrorAccessDenied", PermissionMissing),
            (404, "ErrorItemNotFound", GraphGone),
        ],
    )
    def test_a_refusal_is_told_at_once(self, status: int, code: str, error: type[Exception]) -> None:
        talk = Talk()
        talk.graph.post(MESSAGES).mock(return_value=refusal(status, code))
        with pytest.raises(error):
            on(talk, create)
        assert len(talk.requests) == 1

    def test_the_permission_that_is_missing_is_named(self) -> None:
        """Writing a draft and sending it are two permissions."""
        talk = Talk()
        talk.graph.post(MESSAGES).mock(return_value=refusal(403, "ErrorAccessDenied"))
        talk.graph.post(f"{DRAFT}/send").mock(return_value=refusal(403, "ErrorAccessDenied"))
        with pytest.raises(PermissionMissing) as drafting:
            on(talk, create)
        with pytest.raises(PermissionMissing) as sending:
            on(talk, lambda mailbox: mailbox.send_draft("id-1"))
        assert [told.value.params["permission"] for told in (drafting, sending)] == ["Mail.ReadWrite", "Mail.Send"]


class TestFinding:
    @pytest.mark.parametrize(
        ("there", "told"),
        [
            ((), None),
            ((UNSENT,), ("id-1", False)),
            ((SENT,), ("id-1", True)),
            (({"id": "copy", "isDraft": True}, SENT), ("id-1", True)),
            (({"id": "id-2"},), ("id-2", False)),
        ],
    )
    def test_the_message_of_a_key_is_found_and_a_sent_one_counts_first(self, there: Any, told: Any) -> None:
        """A draft that a person copied must not be sent beside the one that went out."""
        talk = Talk()
        talk.graph.get(MESSAGES).mock(return_value=found(*there))
        assert on(talk, lambda mailbox: mailbox.find_draft(KEY)) == told

    @pytest.mark.parametrize(
        ("answer", "told"), [(message(SENT), True), (message(UNSENT), False), (refusal(404, "ErrorItemNotFound"), None)]
    )
    def test_an_id_tells_whether_the_message_was_sent(self, answer: httpx.Response, told: bool | None) -> None:
        """The immutable id finds the copy in Sent Items, too."""
        talk = Talk()
        talk.graph.get(DRAFT).mock(return_value=answer)
        assert on(talk, lambda mailbox: mailbox.is_sent("id-1")) is told
        assert talk.requests[0].url.params["$select"] == "id,isDraft"
        assert prefers(talk) == {'IdType="ImmutableId"'}

    def test_an_id_with_odd_characters_is_one_part_of_the_path(self) -> None:
        """Graph's ids hold `=`, `-`, `_` and in old forms `/` and `+`."""
        talk = Talk()
        talk.graph.get(url__startswith=f"https://graph.microsoft.com/v1.0{MESSAGES}/").mock(return_value=message(SENT))
        on(talk, lambda mailbox: mailbox.is_sent("a/b+c="))
        assert talk.requests[0].url.raw_path.decode().partition("?")[0].endswith("/messages/a%2Fb%2Bc%3D")


def send(talk: Talk) -> None:
    on(talk, lambda mailbox: mailbox.send_draft("id-1"))


class TestSending:
    def test_a_draft_is_sent_with_one_request_without_a_body(self) -> None:
        """202 is all there is to know."""
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").mock(return_value=httpx.Response(202))
        send(talk)
        assert talk.sent == [("POST", f"{DRAFT}/send")]
        assert talk.requests[0].content == b""
        assert prefers(talk) == {'IdType="ImmutableId"'}

    @pytest.mark.parametrize("failure", [refusal(504, "GatewayTimeout"), httpx.RemoteProtocolError("cut off")])
    def test_an_unclear_sending_that_went_out_is_not_repeated(self, failure: Any) -> None:
        """Four retries after a 504 made four mails."""
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").side_effect = [failure]
        talk.graph.get(DRAFT).mock(return_value=message(SENT))
        send(talk)
        assert talk.sent == [("POST", f"{DRAFT}/send"), ("GET", DRAFT)]

    def test_an_unclear_sending_is_repeated_when_two_looks_find_a_draft(self) -> None:
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").side_effect = [refusal(500, "ErrorInternalServerError"), httpx.Response(202)]
        talk.graph.get(DRAFT).mock(return_value=message(UNSENT))
        send(talk)
        assert [method for method, _ in talk.sent] == ["POST", "GET", "GET", "POST"]

    def test_a_sending_that_stays_unclear_is_told_as_that(self) -> None:
        """The message is looked up by the next run."""
        talk = Talk(retry_budget_seconds=20)
        talk.graph.post(f"{DRAFT}/send").mock(return_value=refusal(503, "ServiceUnavailable"))
        talk.graph.get(DRAFT).mock(return_value=message(UNSENT))
        with pytest.raises(GraphUnclear):
            send(talk)

    def test_a_draft_that_was_sent_already_is_done(self) -> None:
        """It has left Drafts, so Exchange does not find it there."""
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").mock(return_value=refusal(404, "ErrorItemNotFound"))
        talk.graph.get(DRAFT).mock(return_value=message(SENT))
        send(talk)
        assert talk.sent == [("POST", f"{DRAFT}/send"), ("GET", DRAFT)]

    def test_a_copy_that_takes_a_while_to_show_is_waited_for(self) -> None:
        """After a lost answer the message is in no folder for a moment: that is not a reason to make another."""
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").side_effect = [httpx.ReadTimeout("no answer"), *[refusal(404, "ErrorItemNotFound")] * 2]
        talk.graph.get(DRAFT).side_effect = [*[refusal(404, "ErrorItemNotFound")] * 3, message(SENT)]
        send(talk)
        assert talk.clock.seconds > 0

    def test_a_draft_that_exchange_does_not_know_yet_is_sent_a_moment_later(self) -> None:
        """Just after its creation a 404 may only mean too early; nothing was done then."""
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").side_effect = [refusal(404, "ErrorItemNotFound"), httpx.Response(202)]
        talk.graph.get(DRAFT).mock(return_value=message(UNSENT))
        send(talk)
        assert [method for method, _ in talk.sent] == ["POST", "GET", "POST"]

    def test_a_draft_that_is_nowhere_is_told_as_gone(self) -> None:
        """After a few seconds; what that means is for the caller to say."""
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").mock(return_value=refusal(404, "ErrorItemNotFound"))
        talk.graph.get(DRAFT).mock(return_value=refusal(404, "ErrorItemNotFound"))
        with pytest.raises(GraphGone):
            send(talk)
        assert talk.sent.count(("POST", f"{DRAFT}/send")) == SEND_ATTEMPTS
        assert talk.clock.seconds < 10

    def test_a_refused_recipient_is_told_at_once(self) -> None:
        talk = Talk()
        talk.graph.post(f"{DRAFT}/send").mock(return_value=refusal(400, "ErrorInvalidRecipients"))
        with pytest.raises(GraphRefused):
            send(talk)
        assert len(talk.requests) == 1


class TestWithoutDrafts:
    def hand_over(self, talk: Talk) -> None:
        on(talk, lambda mailbox: mailbox.send_mail(MAIL))

    def test_the_whole_message_goes_with_one_request(self) -> None:
        """Mail.Send alone: no key, because nothing could be looked up by it."""
        talk = Talk()
        talk.graph.post(f"/users/{ORGANISER}/sendMail").mock(return_value=httpx.Response(202))
        self.hand_over(talk)
        (request,) = talk.requests
        body = body_of(request)
        assert body["saveToSentItems"] is True
        assert body["message"]["toRecipients"] == [{"emailAddress": {"address": "anna@kommune.example", "name": "Anna Prøve"}}]
        assert "singleValueExtendedProperties" not in body["message"]

    @pytest.mark.parametrize("failure", [refusal(504, "GatewayTimeout"), httpx.ReadTimeout("no answer")])
    def test_an_unclear_answer_is_never_followed_by_another_request(self, failure: Any) -> None:
        """Four retries after a 504 made four mails."""
        talk = Talk()
        talk.graph.post(f"/users/{ORGANISER}/sendMail").side_effect = [failure]
        with pytest.raises(GraphUnclear):
            self.hand_over(talk)
        assert len(talk.requests) == 1

    def test_a_throttled_one_was_not_sent_and_is_repeated(self) -> None:
        talk = Talk()
        talk.graph.post(f"/users/{ORGANISER}/sendMail").side_effect = [refusal(429, "ApplicationThrottled"), httpx.Response(202)]
        self.hand_over(talk)
        assert len(talk.requests) == 2
