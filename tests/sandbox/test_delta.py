"""calendarView/delta (graph-facts section 3)."""

from __future__ import annotations

import pytest

from tests.builders.graph_talk import BASE, EVENTS, IMMUTABLE, ORGANISER, pages, when

WINDOW = "startDateTime=2025-06-01T00:00:00Z&endDateTime=2025-07-01T00:00:00Z"
DELTA = f"/users/{ORGANISER}/calendarView/delta?{WINDOW}"


def first(talk):
    return pages(talk, DELTA, **IMMUTABLE)[-1]["@odata.deltaLink"]


def later(talk, link, **headers):
    return talk.get(link, **(headers or IMMUTABLE))


def test_the_first_round_has_every_event_in_the_window_and_ends_with_a_delta_link(talk):
    inside = talk.create("anna")
    talk.create(start=when("2025-08-01T09:00:00"), end=when("2025-08-01T10:00:00"))
    got = talk.get(DELTA, **IMMUTABLE)
    assert [i["id"] for i in got["value"]] == [inside["id"]]
    assert got["value"][0]["attendees"][0]["status"]["response"] == "none"
    assert got["@odata.deltaLink"].startswith(BASE)


def test_nothing_changed_is_an_empty_round(talk):
    talk.create("anna")
    link = first(talk)
    assert later(talk, link)["value"] == []


def test_an_empty_calendar_tells_its_first_event_later(talk):
    link = first(talk)
    event = talk.create()
    assert [i["id"] for i in later(talk, link)["value"]] == [event["id"]]


def test_an_answer_is_a_change(talk):
    event = talk.create("anna")
    link = first(talk)
    talk.control("POST", "answer", {"event": event["id"], "person": "anna@kommune.example", "response": "accept"})
    got = later(talk, link)
    assert got["value"][0]["attendees"][0]["status"]["response"] == "accepted"
    assert later(talk, got["@odata.deltaLink"])["value"] == []


def test_a_cancelled_event_is_removed(talk):
    event = talk.create("anna")
    link = first(talk)
    talk.ask("POST", f"{EVENTS}/{event['id']}/cancel", {})
    assert later(talk, link)["value"] == [{"@odata.type": "#microsoft.graph.event", "id": event["id"], "@removed": {"reason": "deleted"}}]


def test_a_removed_event_keeps_the_ordinary_id_it_was_known_by(talk):
    event = talk.create("anna")
    ordinary = talk.get(DELTA)
    talk.ask("DELETE", f"{EVENTS}/{event['id']}")
    got = later(talk, ordinary["@odata.deltaLink"], accept="application/json")
    assert [i["id"] for i in got["value"]] == [ordinary["value"][0]["id"]]


def test_an_event_outside_the_window_that_changed_is_told_as_removed(talk):
    outside = talk.create(start=when("2025-08-01T09:00:00"), end=when("2025-08-01T10:00:00"))
    link = first(talk)
    talk.patch(outside, subject="Nyt")
    assert [(i["id"], "@removed" in i) for i in later(talk, link)["value"]] == [(outside["id"], True)]


def test_the_page_size_is_a_preference_and_pages_are_linked(talk):
    for _ in range(5):
        talk.create()
    got = pages(talk, DELTA, prefer='IdType="ImmutableId", odata.maxpagesize=2')
    assert [len(p["value"]) for p in got] == [2, 2, 1]
    assert all("@odata.deltaLink" not in p for p in got[:-1])


def test_an_item_may_come_twice_in_one_round(talk, tenant):
    tenant.settings.delta_repeats = True
    for _ in range(3):
        talk.create()
    got = pages(talk, DELTA, prefer="odata.maxpagesize=2")
    assert got[0]["value"][-1] == got[1]["value"][0]


@pytest.mark.parametrize("option", ["$select=subject", "$expand=attachments", "$filter=subject eq 'x'", "$orderby=subject", "$search=x"])
def test_delta_takes_no_options_that_shape_the_answer(talk, option):
    assert talk.refused("GET", f"{DELTA}&{option}") == (400, "ErrorInvalidUrlQuery")


def test_an_expired_token_is_410(talk, tenant):
    link = first(talk)
    talk.control("POST", "delta/expire")
    assert talk.refused("GET", link.removeprefix(BASE)) == (410, "SyncStateNotFound")
    tenant.settings.delta_token_seconds = 60.0
    link = first(talk)
    talk.control("POST", "clock", {"advance_seconds": 61})
    assert talk.refused("GET", link.removeprefix(BASE)) == (410, "SyncStateNotFound")


def test_the_oldest_tokens_fall_out_of_the_cache(talk, tenant):
    tenant.settings.delta_token_cache = 2
    link = first(talk)
    first(talk)
    first(talk)
    assert talk.refused("GET", link.removeprefix(BASE))[0] == 410


def test_a_token_of_one_mailbox_is_no_good_in_another(talk):
    link = first(talk).replace(ORGANISER, "anna@kommune.example")
    assert talk.refused("GET", link.removeprefix(BASE))[0] == 410
