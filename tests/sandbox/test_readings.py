"""Where sources about Graph disagree the sandbox can do either, and it is no kinder than Graph was seen (graph-facts-checked section 3)."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from bot.sandbox.settings import CHOICES, STRICT, Settings
from bot.sandbox.wire import RefusedError
from tests.builders.graph_talk import EVENTS, IMMUTABLE, ORGANISER, STAMP, Talk, course, found, person, stamped, statuses, when
from tests.builders.sandbox_subscriptions import listening, wanted
from tests.sandbox.messages import MESSAGES, reminder
from tests.sandbox.schedules import ask
from tests.sandbox.teams import CARD, MANY, line, one, recipients

ONLINE = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
NAMED = "string {6D7F3A7E-2C54-4F0A-9C3B-6B1D7E1C9A10} Name kursusbot.session".replace("string", "String")


def answered(talk: Talk, event: dict[str, Any], who: str = "anna") -> None:
    talk.tenant.people.answer(talk.tenant.calendars.find(event["id"]), f"{who}@kommune.example", "accept")


def refuses(talk: Talk, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, str] | None:
    """Status and code of a refusal, None where it was done; not held against the description, which marks `isDraft` read-only by hand."""
    answer = talk.runner.run(talk.client.request(method, path, json=body, headers=headers))
    return None if answer.status_code < 400 else (answer.status_code, answer.json()["error"]["code"])


def test_every_setting_with_readings_has_a_default_among_them_and_the_other_way_is_another() -> None:
    plain = Settings()
    assert CHOICES.keys() <= {one.name for one in fields(Settings)}
    assert all(getattr(plain, name) in readings for name, readings in CHOICES.items())
    turned = Settings()
    turned.change(STRICT)
    assert all(getattr(turned, name) != getattr(plain, name) for name in STRICT)


@pytest.mark.parametrize(("form", "told"), [("normalised", "String 0x1a"), ("as_asked", "String 0x001A")])
def test_the_id_of_a_property_comes_back_normalised_or_as_it_was_asked_for(talk, tenant, form, told):
    tenant.settings.change({"property_ids": form})
    draft = talk.ask("POST", MESSAGES, reminder("anna")).json()
    got = talk.get(f"{MESSAGES}/{draft['id']}?$expand=singleValueExtendedProperties($filter=id eq 'String 0x001A')")
    assert got["singleValueExtendedProperties"] == [{"id": told, "value": "IPM.Note"}]
    event = talk.create(singleValueExtendedProperties=stamped("n1"))
    read = talk.get(f"{EVENTS}/{event['id']}?$expand=singleValueExtendedProperties($filter=id eq '{NAMED}')", **IMMUTABLE)
    assert read["singleValueExtendedProperties"] == [{"id": STAMP if form == "normalised" else NAMED, "value": "n1"}]


@pytest.mark.parametrize(("reading", "second"), [("refused", (409, "ObjectIdentifierInUse")), ("allowed", None)])
def test_a_second_subscription_to_the_same_is_a_conflict_or_is_made(talk, tenant, reading, second):
    tenant.settings.change({"duplicate_subscription": reading})
    with listening() as listener:
        bodies = [wanted(tenant, listener), wanted(tenant, listener), wanted(tenant, listener, changeType="updated")]
        assert [refuses(talk, "POST", "/subscriptions", body) for body in bodies] == [None, second, None]


@pytest.mark.parametrize(
    ("reading", "roles", "refused"),
    [
        ("read_needed", {"Calendars.ReadWrite"}, (403, "ExtensionError")),
        ("read_needed", {"Calendars.ReadWrite", "Calendars.Read"}, None),
        ("write_is_enough", {"Calendars.ReadWrite"}, None),
        ("write_is_enough", {"Mail.ReadWrite"}, (403, "ExtensionError")),
    ],
)
def test_a_right_to_write_does_or_does_not_let_an_app_subscribe(talk, tenant, reading, roles, refused):
    tenant.settings.change({"subscription_rights": reading, "roles": roles})
    with listening() as listener:
        assert refuses(talk, "POST", "/subscriptions", wanted(tenant, listener)) == refused


@pytest.mark.parametrize("reading", ["same", "differs"])
def test_a_path_takes_an_id_or_a_principal_name_and_never_an_address(talk, tenant, reading):
    tenant.settings.change({"upn": reading})
    box = tenant.directory.find_user(ORGANISER)
    (told,) = talk.get(f"/users?$filter=mail eq '{ORGANISER}'&$select=id,mail,userPrincipalName")["value"]
    assert (told["id"], told["mail"]) == (box.id, ORGANISER)
    assert (told["userPrincipalName"] == ORGANISER) == (reading == "same")
    for name in (box.id, told["userPrincipalName"]):
        assert refuses(talk, "GET", f"/users/{name}/events") is None
    by_address = refuses(talk, "GET", f"/users/{ORGANISER}/events")
    assert by_address == (None if reading == "same" else (404, "ErrorInvalidUser"))
    alias = tenant.directory.add_user("Dora", "dora@kommune.example", aliases=("d.prove@kommune.example",)).addresses[-1]
    assert refuses(talk, "GET", f"/users/{alias}/events") == (404, "ErrorInvalidUser")


@pytest.mark.parametrize("code", ["ErrorInvalidUser", "MailboxNotEnabledForRESTAPI", "ResourceNotFound", "ErrorItemNotFound"])
def test_what_is_not_found_has_one_of_several_codes(talk, tenant, code):
    event = talk.create("anna")
    tenant.faults.add(method="GET", path="/events/", status=404, code=code)
    assert refuses(talk, "GET", f"{EVENTS}/{event['id']}") == (404, code)


def test_a_meeting_can_be_made_as_a_draft_and_is_sent_when_it_is_none_any_more(talk, tenant):
    assert refuses(talk, "POST", EVENTS, course("anna", "salen", isDraft=True), **IMMUTABLE) is None
    (event,) = talk.get(EVENTS, **IMMUTABLE)["value"]
    assert (event["isDraft"], talk.mails(), statuses(event)["salen"]) == (True, {}, "none")
    talk.patch(event, attendees=[person("anna"), person("bo"), person("salen", "resource")], subject="Andet")
    assert talk.mails() == {}
    assert refuses(talk, "PATCH", f"{EVENTS}/{event['id']}", {"isDraft": False}, **IMMUTABLE) is None
    assert (talk.mails()["invitation"], talk.read(event)["isDraft"]) == (["anna", "bo", "salen"], False)


@pytest.mark.parametrize(("reading", "refusal", "mails"), [("sent", None, ["anna"]), ("refused", (400, "ErrorInvalidPropertySet"), [])])
def test_or_the_word_is_passed_over_or_it_is_refused(talk, tenant, reading, refusal, mails):
    tenant.settings.change({"draft_meeting": reading})
    made = refuses(talk, "POST", EVENTS, course("anna", isDraft=True), **IMMUTABLE)
    assert (made, talk.mails().get("invitation", [])) == (refusal, mails)


@pytest.mark.parametrize(
    ("reading", "same", "other"),
    [("same", 1, 1), ("new_event_for_other_content", 1, 2), ("conflict", (409, "ErrorDuplicateTransactionId"), None)],
)
def test_a_repeated_transaction_goes_by_its_id_or_its_content_or_is_refused(talk, tenant, reading, same, other):
    tenant.settings.change({"duplicate_transaction": reading})
    first = course("anna", transactionId="a1")
    refuses(talk, "POST", EVENTS, first)
    again = refuses(talk, "POST", EVENTS, first)
    assert (again or len(talk.get(EVENTS)["value"])) == same
    if other is not None:
        assert refuses(talk, "POST", EVENTS, first | {"subject": "Andet"}) is None
        assert len(talk.get(EVENTS)["value"]) == other


@pytest.mark.parametrize(("reading", "events"), [("forgotten", 1), ("remembered", 0)])
def test_the_transaction_of_a_cancelled_event_leads_to_it_or_is_forgotten(talk, tenant, reading, events):
    tenant.settings.change({"cancelled_transaction": reading})
    event = talk.create("anna", transactionId="a1")
    assert talk.ask("POST", f"{EVENTS}/{event['id']}/cancel", {"comment": ""}).status_code == 202
    again = talk.create("anna", transactionId="a1")
    assert ((again["id"] == event["id"]), len(talk.get(EVENTS)["value"])) == (reading == "remembered", events)


@pytest.mark.parametrize(("reading", "response"), [("kept", "accepted"), ("forgotten", "none")])
def test_answers_are_kept_or_forgotten_when_the_list_is_sent_again(talk, tenant, reading, response):
    tenant.settings.change({"attendees_patch_answers": reading})
    event = talk.create("anna")
    answered(talk, event)
    after = talk.patch(event, attendees=[person("anna"), person("bo")])
    assert statuses(after) == {"anna": response, "bo": "none"}
    own = talk.get("/users/anna@kommune.example/events")["value"][0]
    assert own["responseStatus"]["response"] == "accepted"


@pytest.mark.parametrize(("everyone", "mails"), [(False, {"invitation": ["bo"]}), (True, {"invitation": ["bo"], "update": ["anna"]})])
def test_a_changed_list_mails_those_who_changed_or_everybody(talk, tenant, everyone, mails):
    tenant.settings.change({"attendee_patch_mails_everyone": everyone})
    event = talk.create("anna")
    talk.mails()
    talk.patch(event, attendees=[person("anna"), person("bo")])
    assert talk.mails() == mails


def test_the_copy_of_what_was_sent_can_come_late(talk, tenant):
    tenant.settings.change({"sent_copy_delay": 3600})
    draft = talk.ask("POST", MESSAGES, reminder("anna"), **IMMUTABLE).json()
    talk.ask("POST", f"{MESSAGES}/{draft['id']}/send")
    assert talk.refused("GET", f"{MESSAGES}/{draft['id']}", **IMMUTABLE) == (404, "ErrorItemNotFound")
    assert talk.mails() == {"message": ["anna"]}
    next(iter(tenant.messages.messages.values())).found_from = 0
    assert talk.get(f"{MESSAGES}/{draft['id']}", **IMMUTABLE)["isDraft"] is False


def test_lists_and_filters_can_be_late_while_the_id_finds_what_was_written(talk, tenant):
    tenant.settings.change({"index_delay": 3600})
    by_stamp = f"{EVENTS}?$filter=singleValueExtendedProperties/any(ep: ep/id eq '{STAMP}' and ep/value eq 'n1')"
    event = talk.create(singleValueExtendedProperties=stamped("n1"))
    draft = talk.ask("POST", MESSAGES, reminder("anna")).json()
    assert talk.read(event)["id"] == event["id"]
    assert talk.get(f"{MESSAGES}/{draft['id']}")["isDraft"] is True
    assert [talk.get(path)["value"] for path in (EVENTS, by_stamp, MESSAGES)] == [[], [], []]
    tenant.calendars.events[next(iter(tenant.calendars.events))].listed_from = 0
    assert found(talk.get(by_stamp)) == ["Lederdag"]
    talk.patch(event, singleValueExtendedProperties=stamped("n2"))
    assert found(talk.get(by_stamp)) == ["Lederdag"]


def test_free_and_busy_times_are_told_as_they_were_seen_or_as_they_are_documented(talk, tenant):
    talk.create("anna")
    seen, (stranger,) = ask(talk, "anna")[0], ask(talk, "ingen")
    assert (seen["scheduleItems"][0].keys(), stranger["error"]["responseCode"]) == ({"status", "start", "end"}, "5016")
    assert stranger["scheduleItems"] is None
    tenant.settings.change({"schedule": "documented"})
    told, (stranger,) = ask(talk, "anna")[0], ask(talk, "ingen")
    assert (told["scheduleItems"][0]["subject"], stranger["error"]["responseCode"]) == ("Lederdag", "ErrorMailRecipientNotFound")
    assert "scheduleItems" not in stranger


@pytest.mark.parametrize(("end", "refusal"), [("2029-12-31", None), ("2030-01-01", (400, "ErrorInvalidRequest"))])
@pytest.mark.parametrize("path", ["calendarView", "calendarView/delta"])
def test_a_window_is_at_most_1825_days(talk, path, end, refusal):
    window = f"startDateTime=2025-01-01T00:00:00Z&endDateTime={end}T00:00:00Z"
    assert refuses(talk, "GET", f"/users/{ORGANISER}/{path}?{window}", **IMMUTABLE) == refusal


def test_a_flow_posts_25_cards_in_five_minutes_and_says_202_to_the_rest(talk, tenant):
    tenant.settings.change({"posts_per_5_minutes": 3})
    body = {"type": "message", "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}]}
    answers = [talk.runner.run(talk.client.post("http://sandbox.example/webhooks/ledere", json=body)) for _ in range(4)]
    assert ([one.status_code for one in answers], len(tenant.teams.posts)) == ([202] * 4, 3)
    assert Settings().posts_per_5_minutes == 25


@pytest.mark.parametrize(
    ("reading", "time"),
    [
        ("always", "2025-05-01T08:00:00.0000000Z"),
        ("year_1", "0001-01-01T00:00:00Z"),
        ("year_4501", "4501-01-01T00:00:00.0000000Z"),
        ("missing", None),
    ],
)
def test_an_answer_has_its_time_or_a_word_for_never_or_none(talk, tenant, reading, time):
    tenant.settings.change({"answer_time": reading})
    event = talk.create("anna")
    answered(talk, event)
    (anna,) = talk.read(event)["attendees"]
    assert (anna["status"]["response"], anna["status"].get("time")) == ("accepted", time)


@pytest.mark.parametrize("two", [False, True])
def test_a_line_from_one_of_two_apps_of_the_same_id_has_to_name_its_app(talk, tenant, ids, two):
    tenant.settings.change({"feed_two_apps": two})
    many = line() | {"recipients": recipients(ids["anna"])}
    asked = [refuses(talk, "POST", one(ids["anna"]), line()), refuses(talk, "POST", MANY, many)]
    named = [refuses(talk, "POST", one(ids["anna"]), line(teamsAppId="a")), refuses(talk, "POST", MANY, many | {"teamsAppId": "a"})]
    assert (asked, named) == ([(409, "Conflict") if two else None] * 2, [None, None])


@pytest.mark.parametrize(("later", "kinds"), [(0, ["created"]), (2, ["created", "updated", "updated"])])
def test_one_act_is_one_call_or_several(talk, tenant, later, kinds):
    tenant.settings.change({"notification_updates": later})
    with listening() as listener:
        assert refuses(talk, "POST", "/subscriptions", wanted(tenant, listener, changeType="created,updated")) is None
        talk.create("anna")
        while len(listener.wait()) < len(kinds):
            pass
        assert sorted(item["changeType"] for body in listener.got for item in body["value"]) == kinds


@pytest.mark.parametrize(("reading", "seen"), [("at_once", [True, True]), ("late", [False, True]), ("never", [False, False])])
def test_the_link_of_a_meeting_is_there_at_once_or_when_it_is_read_again_or_never(talk, tenant, reading, seen):
    tenant.settings.change({"online_meeting_link": reading})
    made = talk.create("anna", **ONLINE)
    read = talk.read(made)
    assert [bool(one["onlineMeeting"]) for one in (made, read)] == seen
    assert (made["isOnlineMeeting"], read["isOnlineMeeting"]) == (True, True)
    assert (made["@odata.etag"] == read["@odata.etag"]) == (reading != "late")


@pytest.mark.parametrize(("reading", "refusal"), [("iana_and_windows", None), ("windows_only", (400, "TimeZoneNotSupportedException"))])
def test_zones_go_by_both_kinds_of_names_or_by_those_of_windows(talk, tenant, reading, refusal):
    tenant.settings.change({"zone_names": reading})
    windows = {side: when("2025-06-18T09:00:00", "Romance Standard Time") for side in ("start", "end")}
    assert refuses(talk, "POST", EVENTS, course()) == refusal
    assert refuses(talk, "POST", EVENTS, course(**windows)) is None
    preferred = [refuses(talk, "GET", EVENTS, prefer=f'outlook.timezone="{zone}"') for zone in ("Europe/Copenhagen", "UTC")]
    assert preferred == [refusal, None]


@pytest.mark.parametrize(("reading", "refused"), [("mailbox", False), ("app", True)])
def test_four_requests_at_once_are_each_mailboxes_or_the_apps(talk, tenant, reading, refused):
    tenant.settings.change({"concurrency_scope": reading})
    boxes = [tenant.directory.find_user(who).id for who in (ORGANISER, "anna@kommune.example")]
    assert [tenant.traffic.enter(box, 0.0) <= 4 for box in boxes * 2] == [True] * 4
    if not refused:
        assert [tenant.traffic.enter(box, 0.0) <= 4 for box in boxes * 2] == [True] * 4
    for box in boxes:
        with pytest.raises(RefusedError) as refusal:
            tenant.traffic.enter(box, 0.0)
        assert refusal.value.status == 429
