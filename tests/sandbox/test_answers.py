"""Answers of people, and what they do in Outlook (graph-facts section 3)."""

from __future__ import annotations

import pytest

from tests.builders.graph_talk import EVENTS, IMMUTABLE, person, stamped, statuses, when

NEVER = "0001-01-01T00:00:00Z"


def answer(talk, event, name, response, **more):
    talk.control("POST", "answer", {"event": event["id"], "person": f"{name}@kommune.example", "response": response, **more})


@pytest.mark.parametrize(("word", "status"), [("accept", "accepted"), ("decline", "declined"), ("tentative", "tentativelyAccepted")])
def test_an_answer_shows_on_the_organisers_copy_with_its_time(talk, word, status):
    event = talk.create("anna", "bo")
    assert event["attendees"][0]["status"] == {"response": "none", "time": NEVER}
    answer(talk, event, "anna", word)
    after = talk.read(event)
    assert after["attendees"][0]["status"] == {"response": status, "time": "2025-05-01T08:00:00.0000000Z"}
    assert after["attendees"][1]["status"]["response"] == "none"
    assert after["changeKey"] != event["changeKey"]
    assert talk.mails() == {"invitation": ["anna", "bo"], "response": ["kurser"]}


def test_an_answer_without_a_response_never_reaches_the_organiser(talk):
    event = talk.create("anna")
    answer(talk, event, "anna", "accept", send_response=False)
    assert talk.read(event) == event


def test_an_event_that_asks_for_no_responses_gets_none(talk):
    event = talk.create("anna", responseRequested=False)
    answer(talk, event, "anna", "accept")
    assert statuses(talk.read(event)) == {"anna": "none"}


def test_sending_the_list_again_keeps_the_answers(talk):
    event = talk.create("anna", "bo")
    answer(talk, event, "anna", "accept")
    after = talk.patch(event, attendees=[person("carl"), person("anna")])
    assert statuses(after) == {"carl": "none", "anna": "accepted"}


def test_a_change_of_time_resets_every_answer(talk):
    event = talk.create("anna", "bo")
    answer(talk, event, "anna", "accept")
    answer(talk, event, "bo", "decline")
    after = talk.patch(event, start=when("2025-06-18T10:00:00"), end=when("2025-06-18T15:30:00"))
    assert [a["status"] for a in after["attendees"]] == [{"response": "none", "time": NEVER}] * 2


@pytest.mark.parametrize("changes", [{"location": {"displayName": "B"}}, {"subject": "Nyt"}, {"start": when("2025-06-18T09:00:00")}])
def test_a_change_that_moves_nothing_keeps_the_answers(talk, changes):
    event = talk.create("anna")
    answer(talk, event, "anna", "accept")
    assert statuses(talk.patch(event, **changes)) == {"anna": "accepted"}


def test_a_member_of_an_invited_list_who_answers_becomes_an_attendee(talk):
    event = talk.create("ledere")
    answer(talk, event, "anna", "accept")
    assert statuses(talk.read(event)) == {"ledere": "none", "anna": "accepted"}


def test_an_answer_from_an_alias_comes_as_another_attendee(talk, tenant):
    tenant.directory.change_user("anna@kommune.example", mail="anna.ny@kommune.example")
    event = talk.create("anna.ny")
    answer(talk, event, "anna", "accept")
    assert statuses(talk.read(event)) == {"anna.ny": "none", "anna": "accepted"}


def test_a_forwarded_invitation_adds_an_attendee_whom_the_organiser_never_invited(talk):
    event = talk.create("anna")
    talk.mails()
    talk.control("POST", "forward", {"event": event["id"], "to": "carl@kommune.example"})
    assert statuses(talk.read(event)) == {"anna": "none", "carl": "none"}
    assert talk.mails() == {"invitation": ["carl"]}


def test_a_person_can_edit_the_event_in_outlook(talk):
    event = talk.create("anna", singleValueExtendedProperties=stamped("p/k/h/s"))
    talk.mails()
    talk.control("POST", "edit", {"event": "p/k/h/s", "changes": {"subject": "Rettet i Outlook"}})
    assert talk.read(event)["subject"] == "Rettet i Outlook"
    assert talk.mails() == {"update": ["anna"]}


@pytest.mark.parametrize(("send", "mails"), [(True, {"cancellation": ["anna"]}), (False, {})])
def test_a_person_can_delete_the_event_with_or_without_telling(talk, send, mails):
    event = talk.create("anna")
    talk.mails()
    talk.control("POST", "delete", {"event": event["id"], "send_cancellations": send})
    assert talk.refused("GET", f"{EVENTS}/{event['id']}", **IMMUTABLE)[0] == 404
    assert talk.mails() == mails


def test_nobody_answers_a_cancelled_event_or_with_an_unknown_word(talk, tenant):
    event = tenant.calendars.find(talk.create("anna")["id"])
    with pytest.raises(ValueError, match="none of accept"):
        tenant.people.answer(event, "anna@kommune.example", "måske")
    tenant.calendars.cancel(event)
    with pytest.raises(ValueError, match="no longer"):
        tenant.people.answer(event, "anna@kommune.example", "accept")
