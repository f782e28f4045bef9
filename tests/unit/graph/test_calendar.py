"""The calendar read, written and cancelled: which requests are made, and what is done when their fate is unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.domain.errors import GraphConflict, GraphGone, GraphRefused, GraphUnclear, SyncStateLost
from bot.domain.events import (
    DesiredEvent,
)
from tests.unit.graph.calendar_talk import DESIRED, JOIN, KEY, ONE, PREFER, SINCE, ZONE, content, on, page
from tests.unit.graph.talk import BASE, EVENTS, ORGANISER, Talk, body_of, event_json, refusal


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
