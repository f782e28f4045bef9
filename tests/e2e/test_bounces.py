"""Mails that come back, from end to end: HR sees the address and the cause once, and nobody can forge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.municipality import DOMAIN, ORGANISER
from tests.e2e.as_it_was import played_once, synced
from tests.e2e.hr_report import HR, MONDAY, NEXT_MONDAY, WEEKLY, reports
from tests.e2e.nobody import NOBODY
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.reminders import RULES, course
from tests.e2e.seats import ANNA, BO, WEB, answer, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

KEY = "String {6d7f3a7e-2c54-4f0a-9c3b-6b1d7e1c9a10} Name kursusbot.message"


@played_once
def begin(world: World, *who: str, **changes: Any) -> None:
    world.write(make_plan(course(enrolment=None), **({"audiences": people(*who), "holidays": "DK", "reminders": RULES} | changes)))
    world.sync()


@played_once
def all_come(world: World, *who: str) -> None:
    """Everybody comes, and a week ahead each is to get the practical mail."""
    begin(world, *who)
    for person in who:
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T10:00:00+02:00")


def remind(world: World) -> Ran:
    return world.run("send", "--format", "json")


def accounts(world: World) -> dict[str, Any]:
    return {one["kind"]: one for one in world.run("messages", "--format", "json").json}


def inbox_reads(ran: Ran) -> int:
    return sum(entry.method == "GET" and "/mailFolders/inbox/" in entry.path for entry in ran.requests)


def returned(world: World, kind: str) -> list[tuple[str, str]]:
    return [(one["email"], one["reason"]) for one in accounts(world).get(kind, {"returned": []})["returned"]]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("5.1.10", "bounced_unknown_address"),
        ("5.2.2", "bounced_mailbox_full"),
        ("5.7.1", "bounced_refused"),
        ("4.4.7", "bounced_expired"),
        ("5.6.0", "bounced_other"),
    ],
)
def test_a_reminder_that_comes_back_is_failed_with_its_cause_and_not_sent_again(world: World, code: str, reason: str) -> None:
    all_come(world, ANNA, BO)
    world.tenant.calendars.transport.bouncing[ANNA] = code
    assert subjects(remind(world)) == [("anna", "Praktisk om Kursus"), ("bo", "Praktisk om Kursus")]
    found = world.run("send", "--format", "json")
    assert (found.code, subjects(found), inbox_reads(found)) == (0, [], 1)
    practical = accounts(world)["practical"]
    assert (practical["sent"], practical["failed"]) == (1, 1)
    assert [one for one in practical["reasons"] if one["state"] == "failed"] == [{"state": "failed", "reason": reason, "count": 1}]
    assert practical["returned"] == [{"email": ANNA, "course": "kursus", "session": "", "reason": reason}]
    again = world.run("send", "--format", "json")
    assert (again.code, subjects(again), inbox_reads(again)) == (0, [], 1)
    listed = [
        one
        for one in world.run("reminders", "--format", "json").json
        if (one["email"], one["rule"], one["channel"]) == (ANNA, "praktisk", "mail")
    ]
    assert [(one["state"], one["reason"]) for one in listed] == [("failed", reason)]
    told = world.run("messages").out
    assert f"    {ANNA}: " in told
    assert BO not in told


def test_the_cause_is_told_in_both_languages(world: World) -> None:
    all_come(world, ANNA)
    world.tenant.calendars.transport.bouncing[ANNA] = "5.1.10"
    remind(world)
    world.run("responses")
    assert f"{ANNA}: ingen har den adresse; ret den i kataloget eller planen (Praktisk" in world.run("messages").out
    assert f"{ANNA}: nobody has that address" in world.run("--lang", "en", "messages").out


def test_an_invitation_to_an_address_that_nobody_has_is_shown_until_it_is_corrected(world: World) -> None:
    """The report names everybody in the original's headers; only who was not reached is told."""
    begin(world, ANNA, NOBODY)
    ran = world.run("responses")
    assert (ran.code, inbox_reads(ran)) == (0, 1)
    assert accounts(world)["invitation"]["returned"] == [
        {"email": NOBODY, "course": "kursus", "session": "demo/kursus/main/dag", "reason": "bounced_unknown_address"}
    ]
    again = world.run("responses")
    assert (inbox_reads(again), [entry.path for entry in again.requests if entry.path.endswith("/messages")]) == (
        1, [f"{world.mailbox}/mailFolders/inbox/messages"],
    )  # fmt: skip
    assert returned(world, "invitation") == [(NOBODY, "bounced_unknown_address")]
    assert "invitation" not in {one["kind"] for one in world.run("--now", "2025-07-01T09:00:00+02:00", "messages", "--format", "json").json}
    world.write(make_plan(course(enrolment=None), audiences=people(ANNA, BO), holidays="DK", reminders=RULES))
    world.sync()
    assert returned(world, "invitation") == []


def test_the_inbox_is_read_only_while_something_that_was_sent_can_come_back(world: World) -> None:
    """Three days: Exchange Online gives up within one."""
    begin(world, ANNA)
    assert inbox_reads(world.run("responses")) == 1
    world.move_clock("2025-03-06T08:00:00+01:00")
    assert inbox_reads(world.run("send")) == 1
    world.move_clock("2025-03-06T10:00:00+01:00")
    assert [inbox_reads(world.run(command)) for command in ("send", "responses")] == [0, 0]


@pytest.mark.parametrize("names", ["nothing", "a stranger's mail", "our mail, no report"])
def test_a_forged_report_fails_nothing(world: World, names: str) -> None:
    """Whoever does not know a mail of ours cannot fail it; an answer that quotes it is no report."""
    all_come(world, ANNA, BO)
    remind(world)
    tenant = world.tenant
    ours = next(one for one in tenant.messages.messages.values() if KEY in one.extended and ANNA in one.everybody)
    theirs = tenant.messages.receive(
        tenant.mailbox(ORGANISER), sender=("x", "x@andre.example"), subject="Hej", body="", headers=[], message_class="IPM.Note"
    )
    original = {"nothing": "<gaet@andre.example>", "a stranger's mail": theirs.internet_id}.get(names, ours.internet_id)
    tenant.messages.receive(
        tenant.mailbox(ORGANISER),
        sender=("Microsoft Outlook", f"MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{DOMAIN}"),
        subject=f"Undeliverable: {ours.subject}",
        body=f"Your message to {ANNA} couldn't be delivered.\nStatus code: 550 5.1.10\nTo: {ANNA}, {BO}",
        headers=[{"name": "In-Reply-To", "value": original}],
        message_class="IPM.Note" if names == "our mail, no report" else "REPORT.IPM.Note.NDR",
    )
    assert world.run("send").code == 0
    assert (accounts(world)["practical"]["sent"], accounts(world)["practical"]["failed"]) == (2, 0)


def receive(world: World, body: str, *, attached: str = "", **headers: str) -> None:
    """A report of some other mail system."""
    world.tenant.messages.receive(
        world.tenant.mailbox(ORGANISER),
        sender=("Mail Delivery Subsystem", "postmaster@partner.example"),
        subject="Undeliverable",
        body=body,
        headers=[{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()],
        message_class="REPORT.IPM.Note.NDR",
        attached=attached,
    )


SHAPES = {
    "as Exchange writes it": ("Your message to {to} couldn't be delivered.\n550 5.1.1", {"In_Reply_To": "{id}"}),
    "the headers first": (
        "From: {from}\nTo: {to}\n\nDelivery failed permanently:\n\n  {to}\n\n550 5.1.1 User unknown", {"In_Reply_To": "{id}"},
    ),
    "another address, for it was forwarded": ("Your message to privat@web.example failed.\n550 5.1.1", {"In_Reply_To": "{id}"}),
    "only References": ("<{to}>: host mx said: 550 5.1.1 User unknown", {"References": "<other@x.example> {id}"}),
    "only a Message-ID in the text": ("<{to}>: 550 5.1.1 User unknown\n\nMessage-ID: {id}", {}),
    "only the original as an attachment": ("It was not delivered: 550 5.1.1", {"attached": "{id}"}),
    "no address at all": ("Delivery failed. 550 5.1.1", {"In_Reply_To": "{id}"}),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_report_that_refers_to_a_mail_of_ours_is_noticed_whatever_it_looks_like(world: World, shape: str) -> None:
    all_come(world, ANNA, BO)
    remind(world)
    ours = next(one for one in world.tenant.messages.messages.values() if KEY in one.extended and ANNA in one.everybody)
    body, said = SHAPES[shape]
    facts = {"to": ANNA, "id": ours.internet_id, "from": ORGANISER}
    receive(world, body.format(**facts), **{name: value.format(**facts) for name, value in said.items()})
    assert world.run("send").code == 0
    assert returned(world, "practical") == [(ANNA, "bounced_unknown_address")]
    assert world.run("send").code == 0
    assert (accounts(world)["practical"]["failed"], "unplaced" in accounts(world)) == (1, False)


def test_what_cannot_be_placed_is_told_to_hr_with_the_address_that_it_names(world: World) -> None:
    """In the accounts and once in the report; it fails nobody's mail, and a stranger's address is told to nobody."""
    all_come(world, ANNA, BO)
    remind(world)
    receive(world, f"Your message to {ANNA} could not be delivered. 550 5.2.2")
    receive(world, "Your message to spam@web.example could not be delivered. 550 5.2.2")
    assert world.run("send").code == 0
    assert returned(world, "unplaced") == [(ANNA, "bounced_mailbox_full")]
    assert (accounts(world)["practical"]["sent"], accounts(world)["practical"]["failed"]) == (2, 0)
    assert f"{ANNA}: modtagerens postkasse er fuld" in world.run("messages").out
    assert "Mail retur, som ikke kan placeres" in world.run("messages").out
    assert ANNA in reports(world, world.run("report", "--send", **WEEKLY))[HR]
    world.move_clock("2025-06-23T10:00:00+02:00")
    assert ANNA not in world.run("report", **WEEKLY).out


def test_a_service_that_refuses_class_and_date_together_is_asked_for_the_class(world: World) -> None:
    world.tenant.settings.stamp_filter_stands_alone = True
    begin(world, ANNA, NOBODY)
    ran = world.run("responses")
    assert (ran.code, inbox_reads(ran)) == (0, 2)
    assert returned(world, "invitation") == [(NOBODY, "bounced_unknown_address")]


def test_an_inbox_that_cannot_be_read_stops_nothing(world: World) -> None:
    all_come(world, ANNA)
    world.tenant.faults.add(method="GET", path="/mailFolders/inbox/", status=403, code="ErrorAccessDenied", times=None)
    ran = remind(world)
    assert (ran.code, subjects(ran)) == (0, [("anna", "Praktisk om Kursus")])


def test_what_is_over_the_day_comes_back_and_is_told_as_that(world: World) -> None:
    """The mailbox has reached as many as it may: the reminder is accepted, and nobody gets it."""
    all_come(world, ANNA, BO)
    world.tenant.settings.recipients_per_day = 1
    ran = remind(world)
    assert len(subjects(ran)) == 1
    world.run("send")
    practical = accounts(world)["practical"]
    assert (practical["sent"], practical["failed"]) == (1, 1)
    assert [one["reason"] for one in practical["reasons"] if one["state"] == "failed"] == ["bounced_day_is_full"]


def test_a_message_about_a_seat_that_comes_back_is_failed_too(world: World) -> None:
    world.write(make_plan(make_course("kursus", enrolment={"capacity": 1}), audiences=people(ANNA, BO)))
    world.sync(**WEB)
    world.tenant.calendars.transport.bouncing[BO] = "5.2.2"
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    ran = world.run("responses", **WEB)
    assert subjects(ran) == [("bo", "Du er på venteliste: Kursus")]
    assert subjects(world.run("responses", **WEB)) == []
    assert returned(world, "placed_in_line") == [(BO, "bounced_mailbox_full")]


def test_what_is_over_the_minute_is_delivered_a_minute_later(world: World) -> None:
    """Exchange accepts all of it at once, and so does the outbox."""
    all_come(world, ANNA, BO)
    world.tenant.settings.messages_per_minute = 1
    ran = remind(world)
    first, second = sorted(mail.time for mail in ran.mails if mail.kind.value == "message")
    assert (second - first).total_seconds() == 60
    assert accounts(world)["practical"]["sent"] == 2
    assert world.tenant.summary()["limits"][ORGANISER]["delayed"] == 1


def test_a_mail_that_comes_back_after_the_report_is_told_in_the_next_one_and_only_there(world: World) -> None:
    """Sent at 07.05, the report at 08.00, Exchange's report at 10.00: what is told is when we came to know."""
    early = [
        {"id": "praktisk", "before": "start", "days": 9, "at": "07:00", "to": "registered", "template": "practical", "channels": ["mail"]}
    ]
    synced(world, make_plan(make_course("kursus", make_session(day="2025-05-28")), audiences=people(ANNA, BO), reminders=early))
    for person in (ANNA, BO):
        answer(world, "kursus/dag", person, "accept")
    world.run("responses")
    world.tenant.calendars.transport.bouncing[ANNA] = "5.2.2"
    world.move_clock("2025-05-19T07:05:00+02:00")
    assert len(subjects(world.run("send"))) == 2
    inbox = world.tenant.messages.messages
    late = {one: mail for one, mail in inbox.items() if any("REPORT" in value for value in mail.extended.values())}
    assert len(late) == 1
    for one in late:
        del inbox[one]
    world.move_clock(MONDAY)
    assert ANNA not in reports(world, world.run("report", "--send", **WEEKLY))[HR]
    inbox.update(late)
    world.move_clock("2025-05-19T10:00:00+02:00")
    world.run("responses")
    world.move_clock(NEXT_MONDAY)
    told = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert f"Praktisk: Kursus Til {ANNA} Modtagerens postkasse er fuld; giv besked på en anden måde." in told
    assert ANNA not in world.run("report", **WEEKLY).out


def test_an_invitation_that_came_back_stands_in_the_report(world: World) -> None:
    begin(world, ANNA, NOBODY)
    world.run("responses")
    world.move_clock(MONDAY)
    told = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert f"Invitation i kalenderen: Kursus Til {NOBODY} Ingen har den adresse; ret den i kataloget eller planen." in told
    assert NOBODY not in world.run("report", **WEEKLY).out
