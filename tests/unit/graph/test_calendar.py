"""The calendar: which requests are made, and what is done when their fate is unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.domain.events import (
    Attendee,
    DesiredEvent,
    EventContent,
    EventField,
    Location,
    ObservedAttendee,
    ObservedEvent,
    SessionKey,
)
from bot.errors import GraphConflict, GraphGone, GraphRefused, GraphUnclear, RecipientsRejected, SyncStateLost
from bot.graph.calendar import GraphCalendar
from bot.graph.wire import observed_event
from tests.unit.graph.talk import BASE, EVENTS, ORGANISER, Talk, attendee_json, body_of, event_json, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

ZONE = "Europe/Copenhagen"
wall = datetime.fromisoformat
KEY = SessionKey(plan="norddjurs", course="lederdag", offering="main", session="dag")
SINCE = datetime(2027, 1, 4, 12, tzinfo=UTC)
CONTENT = EventContent(
    subject="Lederdag",
    body="<p>Velkommen</p>",
    start=wall("2027-06-18T09:00"),
    end=wall("2027-06-18T15:30"),
    timezone=ZONE,
    location=Location(name="Sal 1"),
)
DESIRED = DesiredEvent(key=KEY, course="lederdag", content=CONTENT, attendees=(Attendee(email="anna@kommune.example"),))
ONE = f"{EVENTS}/id-1"
PREFER = f'IdType="ImmutableId", outlook.timezone="{ZONE}"'
JOIN = {"joinUrl": "https://teams.microsoft.com/l/meetup-join/x"}
BLOCK = '<div class="me-email-text"><a href="https://teams.microsoft.com/l/meetup-join/x">Deltag</a></div>'


def on(talk: Talk, act: Callable[[GraphCalendar], Awaitable[Any]]) -> Any:
    return talk.run(lambda client: act(GraphCalendar(client, organiser=ORGANISER, zone=ZONE)))


def observed(**changes: Any) -> ObservedEvent:
    found = observed_event(event_json(**changes), KEY, ZONE)
    assert found is not None
    return found


def content(**changes: Any) -> EventContent:
    fields = {name: getattr(CONTENT, name) for name in EventContent.__dataclass_fields__}
    return EventContent(**{**fields, **changes})


def page(*events: dict[str, Any], **links: str) -> httpx.Response:
    return httpx.Response(200, json={"value": list(events), **{f"@odata.{name}": link for name, link in links.items()}})


class TestReading:
    def test_events_are_listed_by_stamp_from_a_day_before_in_pages_of_a_hundred(self) -> None:
        """One request for each 100 events; links are followed as they are, with the same headers."""
        talk = Talk()
        following = f"{BASE}{EVENTS}?$skip=100&$skiptoken=a%2Bb"
        first = event_json("id-1", stamp="norddjurs/lederdag/main/dag")
        second = event_json("id-2", stamp="norddjurs/lederdag/main/dag#2")
        talk.graph.get(EVENTS).side_effect = [page(first, nextLink=following), page(second)]
        events = on(talk, lambda calendar: calendar.fetch_events(plan="norddjurs", since=SINCE))
        assert [(event.event_id, str(event.key)) for event in events] == [("id-1", str(KEY)), ("id-2", f"{KEY}#2")]
        ask, follow = talk.requests
        stamp = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.session"
        assert ask.url.params["$filter"] == (
            f"singleValueExtendedProperties/Any(ep: ep/id eq '{stamp}' and startswith(ep/value,'norddjurs/'))"
            " and end/dateTime ge '2027-01-03T12:00:00Z'"
        )
        assert ask.url.params["$expand"] == f"singleValueExtendedProperties($filter=id eq '{stamp}')"
        assert ask.url.params["$top"] == "100"
        assert str(follow.url) == following
        assert {request.headers["prefer"] for request in talk.requests} == {PREFER}

    def test_past_cancelled_foreign_and_unstamped_events_are_left_out(self) -> None:
        """Also when the service answers more than was asked for; an event on two pages counts once."""
        talk = Talk()
        stamp = str(KEY)
        past = {"dateTime": "2027-01-04T12:30:00", "timeZone": ZONE}
        talk.graph.get(EVENTS).mock(
            return_value=page(
                event_json("past", stamp=stamp, start=past, end=past),
                event_json("gone", stamp=stamp, isCancelled=True),
                event_json("foreign", stamp="other/a/b/c"),
                event_json("plain"),
                event_json("ours", stamp=stamp),
                event_json("ours", stamp=stamp),
            )
        )
        events = on(talk, lambda calendar: calendar.fetch_events(plan="norddjurs", since=SINCE))
        assert [event.event_id for event in events] == ["ours"]

    def test_a_service_that_refuses_the_date_in_the_filter_is_asked_by_stamp_alone(self) -> None:
        """The combination is not documented word for word."""
        talk = Talk()
        talk.graph.get(EVENTS).side_effect = [refusal(400, "ErrorInvalidUrlQueryFilter"), page(event_json(stamp=str(KEY)))]
        assert len(on(talk, lambda calendar: calendar.fetch_events(plan="norddjurs", since=SINCE))) == 1
        assert "dateTime" not in talk.requests[1].url.params["$filter"]

    def test_any_other_refusal_of_the_list_is_an_error(self) -> None:
        """An empty calendar would make the plan be created again."""
        talk = Talk()
        talk.graph.get(EVENTS).mock(return_value=refusal(404, "ErrorItemNotFound"))
        with pytest.raises(GraphGone):
            on(talk, lambda calendar: calendar.fetch_events(plan="norddjurs", since=SINCE))

    @pytest.mark.parametrize("answer", [refusal(404, "ErrorItemNotFound"), httpx.Response(200, json=event_json(isCancelled=True))])
    def test_an_event_that_is_gone_or_cancelled_is_none(self, answer: httpx.Response) -> None:
        """A cancelled one may still be found in Deleted Items."""
        talk = Talk()
        talk.graph.get(ONE).mock(return_value=answer)
        assert on(talk, lambda calendar: calendar.fetch_event("id-1", KEY)) is None

    def test_ids_are_one_segment_of_the_path(self) -> None:
        """They are base64, with slashes in them."""
        talk = Talk()
        talk.graph.get(url__regex=r".*").mock(return_value=httpx.Response(200, json=event_json("AAk/x+y=")))
        found = on(talk, lambda calendar: calendar.fetch_event("AAk/x+y=", KEY))
        assert found.event_id == "AAk/x+y="
        assert talk.requests[0].url.raw_path.startswith(b"/v1.0/users/kurser@kommune.example/events/AAk%2Fx%2By%3D?")

    def test_a_stamp_is_found_exactly_without_regard_to_case(self) -> None:
        """`#2` of the same session is another event."""
        talk = Talk()
        late = event_json("late", stamp=str(KEY), createdDateTime="2027-01-02T12:00:00Z")
        early = event_json("early", stamp=str(KEY).upper(), createdDateTime="2027-01-01T12:00:00Z")
        talk.graph.get(EVENTS).mock(
            return_value=page(late, early, event_json("part", stamp=f"{KEY}#2"), event_json("no", isCancelled=True, stamp=str(KEY)))
        )
        assert [event.event_id for event in on(talk, lambda calendar: calendar.find_events(KEY))] == ["early", "late"]
        assert "ep/value eq 'norddjurs/lederdag/main/dag'" in talk.requests[0].url.params["$filter"]


class TestCreating:
    def test_an_event_is_created_by_one_request(self) -> None:
        """And its echo comes back with our key, which Graph does not echo."""
        talk = Talk()
        talk.graph.post(EVENTS).mock(return_value=httpx.Response(201, json=event_json()))
        echo = on(talk, lambda calendar: calendar.create_event(DESIRED, transaction_id="u-1"))
        assert (echo.key, echo.event_id) == (KEY, "id-1")
        assert talk.sent == [("POST", EVENTS)]
        assert talk.requests[0].headers["prefer"] == PREFER
        assert body_of(talk.requests[0])["transactionId"] == "u-1"

    @pytest.mark.parametrize(
        "failure", [refusal(500, "ErrorInternalServerTransientError"), refusal(503, "ConcurrentItemSave"), httpx.ReadTimeout("late")]
    )
    def test_a_creation_of_unknown_fate_is_looked_up_by_its_stamp(self, failure: httpx.Response | Exception) -> None:
        """A timeout on POST can leave a real event; a second one would mail everybody twice."""
        talk = Talk()
        talk.graph.post(EVENTS).side_effect = [failure]
        talk.graph.get(EVENTS).mock(return_value=page(event_json("found", stamp=str(KEY))))
        echo = on(talk, lambda calendar: calendar.create_event(DESIRED, transaction_id="u-1"))
        assert echo.event_id == "found"
        assert talk.sent == [("POST", EVENTS), ("GET", EVENTS)]

    def test_an_event_that_shows_late_is_found_by_the_second_look(self) -> None:
        """What was lost on the way may still be under way in Exchange."""
        talk = Talk()
        talk.graph.post(EVENTS).side_effect = [httpx.ReadTimeout("late")]
        talk.graph.get(EVENTS).side_effect = [page(), page(event_json("found", stamp=str(KEY)))]
        assert on(talk, lambda calendar: calendar.create_event(DESIRED, transaction_id="u-1")).event_id == "found"
        assert talk.clock.seconds >= 1

    def test_a_creation_that_did_not_happen_is_repeated_with_the_same_transaction_id(self) -> None:
        """After two looks."""
        talk = Talk()
        talk.graph.post(EVENTS).side_effect = [refusal(502, "BadGateway"), httpx.Response(201, json=event_json())]
        talk.graph.get(EVENTS).mock(return_value=page())
        on(talk, lambda calendar: calendar.create_event(DESIRED, transaction_id="u-1"))
        assert [method for method, _ in talk.sent] == ["POST", "GET", "GET", "POST"]
        assert talk.requests[0].content == talk.requests[3].content

    def test_a_transaction_id_that_exchange_knows_is_looked_up(self) -> None:
        """Whether a repeated one answers 201 or 409 is documented nowhere."""
        talk = Talk()
        talk.graph.post(EVENTS).mock(return_value=refusal(409, "ErrorDuplicateTransactionId"))
        talk.graph.get(EVENTS).mock(return_value=page(event_json("found", stamp=str(KEY))))
        assert on(talk, lambda calendar: calendar.create_event(DESIRED, transaction_id="u-1")).event_id == "found"

    def test_a_conflict_without_an_event_is_an_error(self) -> None:
        """Nothing is invented."""
        talk = Talk()
        talk.graph.post(EVENTS).mock(return_value=refusal(409, "Conflict"))
        talk.graph.get(EVENTS).mock(return_value=page())
        with pytest.raises(GraphConflict):
            on(talk, lambda calendar: calendar.create_event(DESIRED, transaction_id="u-1"))

    def test_a_meeting_without_its_link_is_read_again(self) -> None:
        """And not written again while Teams is on."""
        talk = Talk()
        desired = DesiredEvent(key=KEY, course="c", content=content(online=True))
        talk.graph.post(EVENTS).mock(return_value=httpx.Response(201, json=event_json(isOnlineMeeting=True)))
        talk.graph.get(ONE).side_effect = [
            refusal(404, "ErrorItemNotFound"),
            httpx.Response(200, json=event_json(isOnlineMeeting=True, onlineMeeting=JOIN)),
        ]
        assert on(talk, lambda calendar: calendar.create_event(desired, transaction_id="u")).join_url == JOIN["joinUrl"]
        assert [method for method, _ in talk.sent] == ["POST", "GET", "GET"]

    def test_a_meeting_that_stayed_off_is_switched_on_once(self) -> None:
        """A 201 can come back without Teams; more than one PATCH would mail people again."""
        talk = Talk()
        desired = DesiredEvent(key=KEY, course="c", content=content(online=True))
        talk.graph.post(EVENTS).mock(return_value=httpx.Response(201, json=event_json()))
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        assert on(talk, lambda calendar: calendar.create_event(desired, transaction_id="u")).join_url is None
        patches = [request for request in talk.requests if request.method == "PATCH"]
        assert [body_of(request) for request in patches] == [{"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}]


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

    def test_an_all_day_flag_goes_along_only_when_it_changes(self) -> None:
        """Moving a session changes nothing but start and end."""
        talk = Talk()
        talk.graph.patch(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        moved = content(start=wall("2027-06-19T09:00"), end=wall("2027-06-19T15:30"))
        whole = content(start=wall("2027-06-19T00:00"), end=wall("2027-06-20T00:00"), all_day=True)
        on(talk, lambda calendar: calendar.update_content(observed(), moved, {EventField.START}))
        on(talk, lambda calendar: calendar.update_content(observed(), whole, {EventField.START, EventField.END}))
        assert [set(body_of(request)) for request in talk.requests] == [{"start", "end"}, {"start", "end", "isAllDay"}]

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


class TestCancelling:
    def test_a_cancellation_tells_why(self) -> None:
        """By Graph's own action, which mails the attendees."""
        talk = Talk()
        talk.graph.post(f"{ONE}/cancel").mock(return_value=httpx.Response(202))
        on(talk, lambda calendar: calendar.cancel_event("id-1", comment="Aflyst"))
        assert body_of(talk.requests[0]) == {"Comment": "Aflyst"}

    def test_an_event_that_is_gone_is_cancelled(self) -> None:
        """The wish is fulfilled."""
        talk = Talk()
        talk.graph.post(f"{ONE}/cancel").mock(return_value=refusal(404, "ErrorItemNotFound"))
        on(talk, lambda calendar: calendar.cancel_event("id-1", comment=""))
        assert len(talk.requests) == 1

    @pytest.mark.parametrize("after", [refusal(404, "ErrorItemNotFound"), httpx.Response(200, json=event_json(isCancelled=True))])
    @pytest.mark.parametrize("failure", [refusal(503, "x"), httpx.ReadTimeout("late"), refusal(400, "ErrorInvalidRequest")])
    def test_a_cancellation_of_unknown_fate_is_done_when_the_event_is_gone_or_cancelled(
        self, failure: httpx.Response | Exception, after: httpx.Response
    ) -> None:
        """A second one would mail everybody again."""
        talk = Talk()
        talk.graph.post(f"{ONE}/cancel").side_effect = [failure]
        talk.graph.get(ONE).mock(return_value=after)
        on(talk, lambda calendar: calendar.cancel_event("id-1", comment=""))
        assert [method for method, _ in talk.sent] == ["POST", "GET"]

    def test_an_event_without_attendees_is_deleted(self) -> None:
        """There is nobody to tell, and Graph cancels meetings only."""
        talk = Talk()
        talk.graph.post(f"{ONE}/cancel").mock(return_value=refusal(400, "ErrorInvalidRequest"))
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=event_json(attendees=[])))
        talk.graph.delete(ONE).mock(return_value=httpx.Response(204))
        on(talk, lambda calendar: calendar.cancel_event("id-1", comment=""))
        assert [method for method, _ in talk.sent] == ["POST", "GET", "DELETE"]

    def test_a_refused_cancellation_of_a_meeting_is_an_error(self) -> None:
        """It still stands."""
        talk = Talk()
        talk.graph.post(f"{ONE}/cancel").mock(return_value=refusal(400, "ErrorInvalidRequest"))
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        with pytest.raises(GraphRefused):
            on(talk, lambda calendar: calendar.cancel_event("id-1", comment=""))

    def test_an_unreachable_cancellation_stays_unclear(self) -> None:
        """When the event still stands and the budget is used up."""
        talk = Talk(retry_budget_seconds=5)
        talk.graph.post(f"{ONE}/cancel").mock(return_value=refusal(500, "x"))
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        with pytest.raises(GraphUnclear):
            on(talk, lambda calendar: calendar.cancel_event("id-1", comment=""))


class TestDelta:
    START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
    PATH = f"/users/{ORGANISER}/calendarView/delta"
    LINK = f"{BASE}{PATH}?$deltatoken=d-1"

    def delta(self, talk: Talk, link: str | None = None) -> Any:
        return on(talk, lambda calendar: calendar.fetch_delta(link=link, start=self.START, end=self.END, keys={"id-1": KEY, "id-2": KEY}))

    def test_the_first_round_asks_for_the_window_and_nothing_else(self) -> None:
        """A delta takes no $select, $expand or $filter; the page size is a preference."""
        talk = Talk()
        following = f"{BASE}{self.PATH}?$skiptoken=s-1"
        talk.graph.get(self.PATH).side_effect = [
            page(event_json("id-1"), event_json("unknown"), nextLink=following),
            page({"id": "gone", "@removed": {"reason": "deleted"}}, event_json("id-1", subject="Ny"), deltaLink=self.LINK),
        ]
        found = self.delta(talk)
        assert [(event.event_id, event.content.subject) for event in found.events] == [("id-1", "Ny")]
        assert (found.removed, found.link) == (("gone",), self.LINK)
        assert dict(talk.requests[0].url.params) == {"startDateTime": "2027-01-01T00:00:00Z", "endDateTime": "2028-01-01T00:00:00Z"}
        assert {request.headers["prefer"] for request in talk.requests} == {f"{PREFER}, odata.maxpagesize=100"}

    def test_the_next_round_follows_the_link_as_it_is(self) -> None:
        """It is never rebuilt."""
        talk = Talk()
        talk.graph.get(self.PATH).mock(return_value=page(deltaLink=self.LINK))
        assert self.delta(talk, self.LINK).events == ()
        assert str(talk.requests[0].url) == self.LINK

    def test_an_item_that_lacks_what_is_read_is_read_itself(self) -> None:
        """Without attendees in it nobody has declined."""
        talk = Talk()
        short = {"id": "id-1", "start": event_json()["start"], "end": event_json()["end"]}
        talk.graph.get(self.PATH).mock(return_value=page(short, {"id": "id-2"}, deltaLink=self.LINK))
        talk.graph.get(ONE).mock(return_value=httpx.Response(200, json=event_json()))
        talk.graph.get(f"{EVENTS}/id-2").mock(return_value=refusal(404, "ErrorItemNotFound"))
        found = self.delta(talk)
        assert len(found.events[0].attendees) == 1
        assert found.removed == ("id-2",)

    @pytest.mark.parametrize("answer", [refusal(410, "SyncStateNotFound"), refusal(400, "syncStateNotFound"), page()])
    def test_a_lost_token_is_told_as_such(self, answer: httpx.Response) -> None:
        """The caller reads everything anew."""
        talk = Talk()
        talk.graph.get(self.PATH).mock(return_value=answer)
        with pytest.raises(SyncStateLost):
            self.delta(talk, self.LINK)

    def test_a_link_of_another_graph_is_lost_too(self) -> None:
        """The settings were moved to another cloud or sandbox; our token stays here."""
        talk = Talk()
        with pytest.raises(SyncStateLost):
            self.delta(talk, "https://graph.microsoft.us/v1.0/users/x/calendarView/delta?$deltatoken=d")
        assert talk.requests == []
