"""Which change of an event mails whom (graph-facts sections 1 and 14)."""

from __future__ import annotations

import pytest

from tests.builders.graph_talk import EVENTS, IMMUTABLE, person, stamped, when

VISIBLE = [
    {"subject": "Nyt navn"},
    {"body": {"contentType": "html", "content": "<p>Nyt</p>"}},
    {"start": when("2025-06-18T10:00:00")},
    {"end": when("2025-06-18T16:00:00")},
    {"location": {"displayName": "Et andet sted"}},
    {"locations": [{"displayName": "Et andet sted"}]},
    {"start": when("2025-06-18T00:00:00"), "end": when("2025-06-19T00:00:00"), "isAllDay": True},
    {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"},
    {"showAs": "tentative"},
    {"responseRequested": False},
    {"hideAttendees": True},
    {"importance": "high"},
]
SILENT = [
    {"categories": ["Kursus"]},
    {"singleValueExtendedProperties": stamped("x")},
    {"isReminderOn": False},
    {"reminderMinutesBeforeStart": 30},
]


def test_creating_an_event_invites_every_attendee_once(talk):
    talk.create("anna", "bo", "anna")
    assert talk.mails() == {"invitation": ["anna", "bo"]}


def test_an_event_without_attendees_mails_nobody_ever(talk):
    event = talk.create()
    talk.patch(event, subject="Nyt")
    assert talk.ask("DELETE", f"{EVENTS}/{event['id']}", **IMMUTABLE).status_code == 204
    assert talk.mails() == {}


@pytest.mark.parametrize("changes", VISIBLE, ids=lambda c: next(iter(c)))
def test_a_change_that_attendees_see_mails_every_attendee(talk, changes):
    event = talk.create("anna", "bo")
    talk.mails()
    talk.patch(event, **changes)
    assert talk.mails() == {"update": ["anna", "bo"]}


@pytest.mark.parametrize("changes", SILENT, ids=lambda c: next(iter(c)))
def test_a_change_of_the_organisers_own_marks_mails_nobody(talk, changes):
    event = talk.create("anna", "bo")
    talk.mails()
    after = talk.patch(event, **changes)
    assert talk.mails() == {}
    assert after["changeKey"] != event["changeKey"]


def test_a_patch_of_attendees_only_mails_the_added_and_the_removed_only(talk):
    event = talk.create("anna", "bo")
    talk.mails()
    talk.patch(event, attendees=[person("anna"), person("carl")])
    assert talk.mails() == {"invitation": ["carl"], "cancellation": ["bo"]}


def test_sending_the_same_attendees_again_mails_nobody(talk):
    event = talk.create("anna", "bo")
    talk.mails()
    talk.patch(event, attendees=[person("bo"), person("anna")])
    assert talk.mails() == {}


def test_an_attendee_who_becomes_optional_gets_an_update_alone(talk):
    event = talk.create("anna", "bo")
    talk.mails()
    talk.patch(event, attendees=[person("anna"), person("bo", "optional")])
    assert talk.mails() == {"update": ["bo"]}


def test_mixing_attendees_with_another_property_mails_everybody(talk):
    event = talk.create("anna", "bo")
    talk.mails()
    talk.patch(event, attendees=[person("anna"), person("carl")], subject="Nyt")
    assert talk.mails() == {"invitation": ["carl"], "cancellation": ["bo"], "update": ["anna"]}


def test_the_tenant_can_be_set_to_mail_everybody_for_a_patch_of_attendees(talk, tenant):
    """The documentation and users disagree; both can be had."""
    tenant.settings.attendee_patch_mails_everyone = True
    event = talk.create("anna", "bo")
    talk.mails()
    talk.patch(event, attendees=[person("anna"), person("bo"), person("carl")])
    assert talk.mails() == {"invitation": ["carl"], "update": ["anna", "bo"]}


def test_removing_a_member_of_an_invited_list_sends_an_update_to_everybody(talk):
    event = talk.create("ledere", "anna", "ekstra")
    talk.mails()
    talk.patch(event, attendees=[person("ledere"), person("ekstra")])
    assert talk.mails() == {"cancellation": ["anna"], "update": ["anna", "bo", "carl", "dorte", "ekstra"]}


def test_an_invited_list_reaches_each_of_its_members(talk):
    talk.create("ledere")
    assert talk.mails() == {"invitation": ["anna", "bo", "carl", "dorte"]}


def test_cancelling_mails_every_attendee_with_the_comment(talk, tenant):
    event = talk.create("anna", "bo")
    tenant.mail_log.clear()
    assert talk.ask("POST", f"{EVENTS}/{event['id']}/cancel", {"Comment": "Oplægsholderen er syg"}, **IMMUTABLE).status_code == 202
    assert {m.comment for m in tenant.mail_log.mails} == {"Oplægsholderen er syg"}
    assert talk.mails() == {"cancellation": ["anna", "bo"]}


def test_deleting_the_organisers_copy_cancels_the_meeting(talk):
    event = talk.create("anna", "bo")
    talk.mails()
    assert talk.ask("DELETE", f"{EVENTS}/{event['id']}", **IMMUTABLE).status_code == 204
    assert talk.mails() == {"cancellation": ["anna", "bo"]}


def test_the_organiser_among_the_attendees_gets_no_mail(talk):
    talk.create("anna", "kurser")
    assert talk.mails() == {"invitation": ["anna"]}


def test_the_log_tells_people_rooms_strangers_and_dead_addresses_apart(talk, tenant):
    outside = {"emailAddress": {"address": "gaest@partner.example"}}
    talk.create(attendees=[person("anna"), person("salen", "resource"), person("ingen"), outside])
    assert {m.to.split("@")[0]: str(m.recipient) for m in tenant.mail_log.mails} == {
        "anna": "person",
        "salen": "room",
        "ingen": "unknown",
        "gaest": "external",
    }
    assert len(tenant.mail_log.to_people()) == 3


def test_every_mail_counts_against_the_mailboxs_day(talk, tenant):
    event = talk.create("anna", "bo", "salen")
    talk.patch(event, subject="Nyt")
    assert talk.control("GET", "state")["limits"]["kurser@kommune.example"]["recipients_24h"] == 6


def test_a_refused_change_mails_nobody_and_changes_nothing(talk):
    event = talk.create("anna")
    talk.mails()
    wrong = {"subject": "Nyt", "attendees": [person("anna"), {"emailAddress": {"address": "ikke en adresse"}}]}
    assert talk.refused("PATCH", f"{EVENTS}/{event['id']}", wrong, **IMMUTABLE) == (400, "ErrorInvalidRecipients")
    assert talk.mails() == {}
    assert talk.read(event) == event
