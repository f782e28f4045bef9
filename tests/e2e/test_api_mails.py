"""Single mails, for programs: a reminder is skipped, sent or left to the plan, and a mail goes once more, as HR does it at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.e2e import reminders
from tests.e2e.api_driver import asking, die_before_the_answer
from tests.e2e.choosing import COURSE
from tests.e2e.desk_driver import HR, READER, at_the_desk
from tests.e2e.seats import ANNA, BO, CARL, WEB, answer, begin
from tests.e2e.service_driver import run_job

if TYPE_CHECKING:
    from tests.e2e.driver import World

PLAN = "/api/v1/plans/demo"
EARLIER = "Husk: Kursus"
"""What tomorrow's reminder is called where it goes before its time."""


def test_programs_see_which_reminders_come_and_say_what_hr_says(world: World) -> None:
    """HR's token alone; what cannot be said is 409 with the page's refusal; each goes once, and who said it stands in the log."""
    reminders.begin(world, reminders.course())
    for who in (ANNA, BO, CARL):
        answer(world, "kursus/dag", who, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T10:00:00+02:00")
    world.run("send")
    world.move_clock("2025-06-12T12:00:00+02:00")
    before = len(world.tenant.mail_log.mails)

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        await asking(service, person, READER).get(f"{PLAN}/reminders", 403)
        rows = (await hr.get(f"{PLAN}/reminders", course="kursus"))["items"]
        assert {ANNA, BO, CARL} == {row["email"] for row in rows if row["rule"] == "i-morgen"}
        first = await hr.get(f"{PLAN}/reminders", limit=1)
        assert (first["items"], (await hr.get(f"{PLAN}/reminders", cursor=first["next"]))["items"]) == (rows[:1], rows[1:])
        said = {"course": "kursus", "rule": "i-morgen"}
        bo = said | {"action": "skip", "email": BO.upper(), "reason": "Barsel"}
        for action, state in (("skip", "skipped"), ("undo", "scheduled"), ("skip", "skipped"), ("skip", "skipped")):
            heard = await hr.post(f"{PLAN}/reminders", **(bo | {"action": action}))
            assert {(row["email"], row["state"]) for row in heard["reminders"]} == {(BO, state)}
        for code, wrong in (
            ("reminder_not_coming", {"action": "send", "email": "ukendt@partner.example"}),
            ("reminder_nothing_said", {"action": "undo", "email": CARL}),
            ("reminder_gone", {"action": "skip", "rule": "x"}),
        ):
            assert (await hr.post(f"{PLAN}/reminders", 409, **(said | wrong)))["code"] == code
        assert (await hr.post(f"{PLAN}/reminders", 404, action="skip", rule="i-morgen", course="x"))["code"] == "no_course"
        await hr.post(f"{PLAN}/reminders", **(said | {"action": "send"}))
        await run_job(service, "send_reminders")
        lines = [one for one in service.stores.actions.load_actions("demo") if one.command.startswith("reminder_")]
        deeds = [("reminder_send", "2"), *[("reminder_skip", BO)] * 2, ("reminder_undo", BO)]
        assert sorted((one.command, one.subject) for one in lines) == deeds
        assert {(one.door, one.by) for one in lines} == {("api", HR.address)}

    at_the_desk(world, story)
    assert sorted(mail.to for mail in world.tenant.mail_log.mails[before:] if mail.subject == EARLIER) == [ANNA, CARL]


def test_a_word_whose_answer_was_lost_is_not_said_again(world: World) -> None:
    """Asked again under its key it is answered as things stand, whatever was said since."""
    reminders.begin(world, reminders.course())
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-12T12:00:00+02:00")

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        said = {"course": "kursus", "rule": "i-morgen", "email": ANNA}
        under_a_key = {"json": said | {"action": "skip"}, "headers": {"Idempotency-Key": "k"}}
        first = await hr.ask("POST", f"{PLAN}/reminders", **under_a_key)
        await hr.post(f"{PLAN}/reminders", **(said | {"action": "undo"}))
        assert await hr.ask("POST", f"{PLAN}/reminders", **under_a_key) == first
        die_before_the_answer(service)
        again = await hr.ask("POST", f"{PLAN}/reminders", **under_a_key)
        assert {row["state"] for row in again["reminders"]} == {"scheduled"}
        lines = [one.command for one in service.stores.actions.load_actions("demo") if one.command.startswith("reminder_")]
        assert sorted(lines) == ["reminder_skip", "reminder_undo"]

    at_the_desk(world, story)


def test_a_mail_goes_once_more_to_whoever_asks_twice(world: World) -> None:
    """As things stand now; what there is not is 409 with the page's refusal."""
    world.settings |= WEB
    begin(world, COURSE)
    world.run("enrol", "kursus/hold-1", ANNA, "--by", "hr")
    world.run("enrol", "kursus/hold-1", BO, "--queue", "--by", "hr")
    world.move_clock("2025-03-05T10:00:00+01:00")
    before = len(world.tenant.mail_log.mails)

    async def story(service: Any, person: Any) -> None:
        hr = asking(service, person)
        said = {"course": "kursus", "email": BO, "what": "answer"}
        await asking(service, person, READER).post(f"{PLAN}/messages", 403, **said)
        again = await hr.post(f"{PLAN}/messages", **said)
        assert again == {"kind": "placed_in_line", "offering": "hold-1", "email": BO}
        assert await hr.post(f"{PLAN}/messages", **said) == again
        assert (await hr.post(f"{PLAN}/messages", 409, **(said | {"what": "sign_up"})))["code"] == "again_nothing"
        assert (await hr.post(f"{PLAN}/messages", **(said | {"what": "sign_up", "email": CARL})))["kind"] == "announcement"
        await run_job(service, "follow_decisions")
        lines = [one for one in service.stores.actions.load_actions("demo") if one.command == "send_again"]
        assert sorted((one.subject, one.door) for one in lines) == [(BO, "api"), (CARL, "api")]

    at_the_desk(world, story)
    mails = [(mail.to, mail.subject.partition(":")[0]) for mail in world.tenant.mail_log.mails[before:] if mail.kind.value == "message"]
    assert sorted(mails) == [(BO, "Du er på venteliste"), (CARL, "Tilmeldingen er åben")]
