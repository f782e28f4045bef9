"""Events changed: which requests are made, whom they name, and what is done when their fate is unknown."""

from __future__ import annotations

import httpx
import pytest

from bot.domain.errors import GraphConflict, GraphRefused, RecipientsRejected
from bot.domain.events import (
    Attendee,
    DesiredEvent,
    EventField,
    ObservedAttendee,
)
from tests.unit.graph.calendar_talk import BLOCK, CONTENT, DESIRED, JOIN, KEY, ONE, content, observed, on, wall
from tests.unit.graph.talk import EVENTS, Talk, attendee_json, body_of, event_json, refusal


class TestChanging:
    def test_a_change_of_content_is_one_patch_of_just_that(self) -> None:
        """No GET before it where nothing has to be kept."""
        talk = Talk()
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=event_json(subject="Ny titel")))
        echo = on(talk, lambda calendar: calendar.update_content(observed(), content(subject="Ny titel"), {EventField.SUBJECT}))
        assert echo.content.subject == "Ny titel"
        assert talk.sent == [("PATCH", ONE)]
        assert body_of(talk.requests[0]) == {"subject": "Ny titel"}
        assert "if-match" not in talk.requests[0].headers

    def test_a_new_body_of_a_meeting_keeps_the_teams_block(self) -> None:
        """Losing it would disable the meeting."""
        talk = Talk()
        before = event_json(isOnlineMeeting=True, onlineMeeting=JOIN, body={"contentType": "html", "content": f"<p>Gammelt</p>{BLOCK}"})
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=before))
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=before))
        event = observed(isOnlineMeeting=True, onlineMeeting=JOIN)
        on(talk, lambda calendar: calendar.update_content(event, content(body="<p>Nyt</p>", online=True), {EventField.BODY}))
        assert talk.sent == [("GET", ONE), ("PATCH", ONE)]
        assert body_of(talk.requests[1]) == {"body": {"contentType": "html", "content": f"<p>Nyt</p><br>{BLOCK}"}}

    def test_a_new_body_is_written_only_while_the_event_is_as_the_teams_block_was_read_and_else_once_more(self) -> None:
        """A block that Teams adds in between is not lost."""
        talk = Talk()
        bare = event_json(isOnlineMeeting=True, **{"@odata.etag": 'W/"1"'})
        joined = event_json(
            isOnlineMeeting=True,
            onlineMeeting=JOIN,
            body={"contentType": "html", "content": f"<p>Gammelt</p>{BLOCK}"},
            **{"@odata.etag": 'W/"2"'},
        )
        talk.graph.get(ONE).side_effect = [httpx.Response(200, json=bare), httpx.Response(200, json=joined)]
        talk.graph.patch(ONE).side_effect = [refusal(412, "ErrorIrresolvableConflict"), httpx.Response(200, json=joined)]
        event = observed(isOnlineMeeting=True)
        on(talk, lambda calendar: calendar.update_content(event, content(body="<p>Nyt</p>", online=True), {EventField.BODY}))
        assert talk.sent == [("GET", ONE), ("PATCH", ONE)] * 2
        first, second = talk.requests[1], talk.requests[3]
        assert (first.headers["if-match"], second.headers["if-match"]) == ('W/"1"', 'W/"2"')
        assert BLOCK not in body_of(first)["body"]["content"]
        assert BLOCK in body_of(second)["body"]["content"]

    @pytest.mark.parametrize("status", [409, 412])
    def test_a_conflict_that_exchange_makes_of_itself_is_one_repetition_and_a_second_one_is_told(self, status: int) -> None:
        talk = Talk()
        conflict = refusal(status, "ErrorIrresolvableConflict")
        talk.graph.patch(ONE).side_effect = [conflict, httpx.Response(200, json=event_json(subject="Ny titel")), conflict, conflict]

        def change() -> str:
            echo = on(talk, lambda calendar: calendar.update_content(observed(), content(subject="Ny titel"), {EventField.SUBJECT}))
            return str(echo.content.subject)

        assert change() == "Ny titel"
        with pytest.raises(GraphConflict):
            change()
        assert len(talk.requests) == 4

    def test_an_all_day_flag_goes_along_only_when_it_changes(self) -> None:
        """Moving a session changes nothing but start and end."""
        talk = Talk()
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        moved = content(start=wall("2027-06-19T09:00"), end=wall("2027-06-19T15:30"))
        whole = content(start=wall("2027-06-19T00:00"), end=wall("2027-06-20T00:00"), all_day=True)
        on(talk, lambda calendar: calendar.update_content(observed(), moved, {EventField.START}))
        on(talk, lambda calendar: calendar.update_content(observed(), whole, {EventField.START, EventField.END}))
        first, second = (body_of(request) for request in talk.requests)
        assert (set(first), set(second)) == ({"start", "end"}, {"start", "end", "isAllDay", "reminderMinutesBeforeStart"})

    def test_taking_a_meeting_offline_makes_no_request(self) -> None:
        """Graph cannot."""
        talk = Talk()
        event = observed(isOnlineMeeting=True, onlineMeeting=JOIN)
        assert on(talk, lambda calendar: calendar.update_content(event, content(), {EventField.ONLINE})) is event
        assert talk.requests == []

    def test_a_change_that_happened_unseen_is_not_sent_again(self) -> None:
        """The event has another etag and shows what was wanted."""
        talk = Talk()
        talk.graph.patch(ONE).side_effect = [httpx.ReadTimeout("late")]
        done = event_json(subject="Ny titel", **{"@odata.etag": 'W/"2"'})
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=done))
        echo = on(talk, lambda calendar: calendar.update_content(observed(), content(subject="Ny titel"), {EventField.SUBJECT}))
        assert (echo.content.subject, echo.etag) == ("Ny titel", 'W/"2"')
        assert [method for method, _ in talk.sent] == ["PATCH", "GET"]

    def test_a_change_that_did_not_happen_is_sent_again(self) -> None:
        """The event has the etag from before."""
        talk = Talk()
        talk.graph.patch(ONE).side_effect = [refusal(504, "GatewayTimeout"), httpx.Response(200, json=event_json(subject="Ny titel"))]
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=event_json(subject="Ny titel")))
        on(talk, lambda calendar: calendar.update_content(observed(), content(subject="Ny titel"), {EventField.SUBJECT}))
        assert [method for method, _ in talk.sent] == ["PATCH", "GET", "GET", "PATCH"]

    def test_an_attendee_change_carries_nothing_else_and_the_etag(self) -> None:
        """So only those added or removed get a mail, and nobody's answer is overwritten."""
        talk = Talk()
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        event = observed()
        on(talk, lambda calendar: calendar.replace_attendees(event, [*event.attendees, ObservedAttendee(email="bo@kommune.example")]))
        assert talk.sent == [("PATCH", ONE)]
        assert set(body_of(talk.requests[0])) == {"attendees"}
        assert talk.requests[0].headers["if-match"] == 'W/"1"'

    def test_an_attendee_change_on_a_changed_event_is_a_conflict(self) -> None:
        """The caller reads again and merges."""
        talk = Talk()
        talk.graph.patch(ONE).mock(return_value=refusal(412, "ErrorIrresolvableConflict"))
        with pytest.raises(GraphConflict):
            on(talk, lambda calendar: calendar.replace_attendees(observed(), []))

    def test_an_attendee_change_that_happened_unseen_is_not_sent_again(self) -> None:
        """A removed person would get a second cancellation, an added one a second invitation."""
        talk = Talk()
        talk.graph.patch(ONE).side_effect = [httpx.RemoteProtocolError("cut")]
        done = event_json(attendees=[attendee_json("anna@kommune.example"), attendee_json("bo@kommune.example")])
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=done))
        wanted = [ObservedAttendee(email="anna@kommune.example"), ObservedAttendee(email="bo@kommune.example")]
        echo = on(talk, lambda calendar: calendar.replace_attendees(observed(), wanted))
        assert len(echo.attendees) == 2
        assert [method for method, _ in talk.sent] == ["PATCH", "GET"]

    def test_an_echo_without_attendees_is_read_again(self) -> None:
        """To believe it would be to think that everybody left."""
        talk = Talk()
        short = event_json()
        del short["attendees"]
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=short))
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        assert (
            len(
                on(
                    talk, lambda calendar: calendar.replace_attendees(observed(), [ObservedAttendee(email="anna@kommune.example")])
                ).attendees
            )
            == 1
        )


class TestRefusedAddresses:
    def test_everybody_but_the_refused_is_invited_and_nobody_twice(self) -> None:
        """One bad address refuses the whole list; the list is written by halves."""
        talk = Talk()
        names = [f"p{number}@kommune.example" for number in range(8)]
        bad = {"p5@kommune.example"}
        invited: list[str] = []

        def answer(request: httpx.Request) -> httpx.Response:
            listed = [one["emailAddress"]["address"] for one in body_of(request)["attendees"]]
            if bad & set(listed):
                return refusal(400, "ErrorInvalidRecipients")
            invited.extend(one for one in listed if one not in invited)
            event = event_json(attendees=[attendee_json(one) for one in listed])
            return httpx.Response(201 if request.method == "POST" else 200, json=event)

        talk.graph.post(EVENTS).mock(side_effect=answer)
        talk.graph.patch(ONE).mock(side_effect=answer)
        desired = DesiredEvent(
            key=KEY, course="c", content=CONTENT, attendees=tuple(Attendee(email=one) for one in (*names, "ingen adresse"))
        )
        with pytest.raises(RecipientsRejected) as caught:
            on(talk, lambda calendar: calendar.create_event(desired, transaction_id="u-1"))
        assert caught.value.addresses == ("ingen adresse", "p5@kommune.example")
        assert [one.email for one in caught.value.event.attendees] == [one for one in names if one not in bad]
        assert sum(request.method == "POST" for request in talk.requests) == 2
        assert all(set(body_of(request)) == {"attendees"} for request in talk.requests if request.method == "PATCH")
        assert "p…@kommune.example" in str(caught.value.params["names"])

    def test_a_refused_newcomer_does_not_keep_others_in_or_out(self) -> None:
        """Who is removed is removed, who can be added is added, in changes that mail only them."""
        talk = Talk()

        def answer(request: httpx.Request) -> httpx.Response:
            listed = [one["emailAddress"]["address"] for one in body_of(request)["attendees"]]
            if "bad@kommune.example" in listed:
                return refusal(400, "ErrorInvalidRecipients")
            return httpx.Response(
                200, json=event_json(attendees=[attendee_json(one) for one in listed], **{"@odata.etag": f'W/"{len(listed)}"'})
            )

        talk.graph.patch(ONE).mock(side_effect=answer)
        event = observed(attendees=[attendee_json("anna@kommune.example"), attendee_json("bo@kommune.example")])
        wanted = [ObservedAttendee(email=f"{name}@kommune.example") for name in ("anna", "bad", "carl")]
        with pytest.raises(RecipientsRejected) as caught:
            on(talk, lambda calendar: calendar.replace_attendees(event, wanted))
        assert caught.value.addresses == ("bad@kommune.example",)
        assert [one.email for one in caught.value.event.attendees] == ["anna@kommune.example", "carl@kommune.example"]

    def test_another_bad_request_is_not_taken_for_a_bad_address(self) -> None:
        """Halving would only repeat it."""
        talk = Talk()
        talk.graph.post(EVENTS).mock(return_value=refusal(400, "ErrorInvalidRequest"))
        with pytest.raises(GraphRefused):
            on(talk, lambda calendar: calendar.create_event(DESIRED, transaction_id="u-1"))
        assert len(talk.requests) == 1

    def test_more_than_exchange_takes_is_refused_before_anything_is_sent(self) -> None:
        """500, rooms included; the error is not Graph's to give."""
        talk = Talk()
        many = DesiredEvent(
            key=KEY, course="c", content=CONTENT, attendees=tuple(Attendee(email=f"p{n}@kommune.example") for n in range(501))
        )
        with pytest.raises(GraphRefused) as caught:
            on(talk, lambda calendar: calendar.create_event(many, transaction_id="u-1"))
        assert caught.value.code == "graph_too_many_attendees"
        assert talk.requests == []
