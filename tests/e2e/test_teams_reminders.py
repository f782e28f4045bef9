"""Reminders in Teams from end to end: the activity feed and the channel, each thing once, and mail where Teams does not reach."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from tests.e2e.driver import TOKEN, body_of, mail_of, wait_until
from tests.e2e.hr_report import HR, WEEKLY, reports
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.reminders import AT_ONCE
from tests.e2e.seats import ANNA, answer, subjects
from tests.e2e.service_driver import at_work, order, settings_for, until
from tests.e2e.teams import APP, AUDIENCES, begin, feed, rule

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

FEED = r"/teamwork/sendActivityNotification"
POST = "^/webhooks/ledere$"
SOON, LATER = "2025-06-16T08:00:00+02:00", "2025-06-23T08:00:00+02:00"


def rows(ran: Ran) -> set[tuple[str, str, str, str]]:
    return {(one["email"].partition("@")[0], one["channel"], one["state"], one.get("reason", "")) for one in ran.json}


def test_what_is_for_teams_alone_goes_there_and_by_mail_to_those_whom_teams_does_not_reach(world: World) -> None:
    """Anna is not in the directory, Cia has no app: one mail each, and one line each for the others."""
    begin(world, rule("teams"))
    sent = world.run("send", "--format", "json")
    assert sent.code == 0
    assert feed(world) == [("ada", "Praktisk om Kursus"), ("bea", "Praktisk om Kursus")]
    assert subjects(sent) == [("anna", "Praktisk om Kursus"), ("cia", "Praktisk om Kursus")]
    assert rows(sent) == {
        ("ada", "teams", "sent", ""),
        ("bea", "teams", "sent", ""),
        ("anna", "mail", "sent", ""),
        ("cia", "mail", "sent", ""),
    }
    again = world.run("send", "--format", "json")
    assert (again.json, again.mails, len(feed(world))) == ([], (), 2)
    (line,) = [item for item in world.tenant.teams.all_items() if item.to == mail_of("ada")]
    assert (line.preview, line.activity_type, line.to_many) == (
        "onsdag den 18. juni 2025 kl. 09.00–12.00", "practicalInformation", False,
    )  # fmt: skip
    accounts = {one["kind"]: one for one in world.run("messages", "--format", "json").json}["practical"]
    assert (accounts["expected"], accounts["sent"], accounts["skipped"]) == (5, 4, 1)


def test_what_is_for_both_goes_both_ways_and_teams_is_skipped_where_it_does_not_reach(world: World) -> None:
    begin(world, rule("mail", "teams"))
    sent = world.run("send", "--format", "json")
    assert {who for who, _ in subjects(sent)} == {"ada", "bea", "cia", "anna"}
    assert {who for who, _ in feed(world)} == {"ada", "bea"}
    skipped = {(who, "teams", "skipped", "not_in_teams") for who in ("cia", "anna")}
    assert {one for one in rows(sent) if one[1] == "teams"} == skipped | {(who, "teams", "sent", "") for who in ("ada", "bea")}
    assert rows(world.run("send", "--format", "json")) == set()


def test_without_an_app_teams_is_mail_and_without_a_webhook_a_post_is_told_and_skipped(world: World) -> None:
    begin(world, rule("teams", "channel"))
    world.settings = {}
    sent = world.run("send", "--format", "json")
    assert len(subjects(sent)) == 4
    assert ("", "channel", "skipped", "channel_not_set_up") in rows(sent)
    world.settings = {"TEAMS__APP_ID": APP}
    assert (world.run("send").mails, feed(world)) == ((), [])


def test_several_on_one_day_are_one_line(world: World) -> None:
    other = make_course("andet", make_session(day="2025-06-18", start="13:00", end="15:00"))
    begin(world, rule("teams"), rule("teams", id="igen", days=7, at="12:00"), courses=(make_course("kursus"), other))
    assert world.run("send").code == 0
    assert feed(world) == [("ada", "Husk dine kurser: Andet, Kursus"), ("bea", "Husk dine kurser: Andet, Kursus")]
    assert world.tenant.teams.all_items()[0].preview.startswith("Andet: onsdag den 18. juni 2025 kl. 13.00–15.00; Kursus: onsdag")


def test_those_known_to_have_the_app_are_told_together_and_it_is_told_that_nobody_knows(world: World) -> None:
    begin(world, rule("teams"), rule("teams", id="i-morgen", days=1, at="12:00", template="tomorrow"))
    world.run("send")
    world.move_clock("2025-06-17T12:00:00+02:00")
    sent = world.run("send", "--format", "json")
    assert {(item.to.partition("@")[0], item.to_many) for item in world.tenant.teams.all_items() if "morgen" in item.text} == {
        ("ada", True), ("bea", True),
    }  # fmt: skip
    assert {one for one in rows(sent) if one[1] == "teams"} == {
        ("ada", "teams", "sent", "submitted"),
        ("bea", "teams", "sent", "submitted"),
    }
    assert len([one for one in sent.requests if one.path == "/teamwork/sendActivityNotificationToRecipients"]) == 1
    assert "I morgen: 5 (sendt 4, sprunget over 1)" in world.run("messages").out
    assert "Teams har taget imod" in world.run("messages").out


def test_a_token_that_is_too_old_for_many_is_no_reason_to_tell_nobody(world: World) -> None:
    begin(world, rule("teams"), rule("teams", id="i-morgen", days=1, at="12:00", template="tomorrow"))
    world.run("send")
    world.tenant.settings.old_tokens = {TOKEN}
    world.move_clock("2025-06-17T12:00:00+02:00")
    sent = world.run("send")
    assert len([one for one in sent.requests if one.path.endswith("ToRecipients") and one.status == 412]) == 2
    assert sorted(who for who, words in feed(world) if "morgen" in words) == ["ada", "bea"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_makes_no_second_line(world: World, when: str) -> None:
    begin(world, rule("teams"))
    world.tenant.faults.add(method="POST", path=FEED, drop=True, when=when)
    first = world.run("send")
    again = world.run("send")
    assert (first.code, again.code, sorted(who for who, _ in feed(world))) == (0, 0, ["ada", "bea"])
    assert sum(item.replaced for item in world.tenant.teams.all_items()) == (1 if when == "after" else 0)


def test_a_service_that_stays_away_leaves_it_uncertain_and_the_next_round_replaces_it(world: World) -> None:
    begin(world, rule("teams"))
    world.tenant.faults.add(method="POST", path=FEED, status=503, retry_after="0", times=None, when="after")
    first = world.run("send", "--format", "json", **AT_ONCE)
    assert (first.code, sorted(one for one in rows(first) if one[2] == "uncertain")) == (
        6, [(who, "teams", "uncertain", "graph_unclear") for who in ("ada", "bea")],
    )  # fmt: skip
    world.tenant.faults.clear()
    again = world.run("send")
    assert (again.code, sorted(who for who, _ in feed(world))) == (0, ["ada", "bea"])
    assert sorted(who for ran in (first, again) for who, _ in subjects(ran)) == ["anna", "cia"]


def test_who_is_refused_as_a_conflict_is_not_reached_and_gets_mail(world: World) -> None:
    """409: more than one app could have sent it to this person, and trying again changes nothing."""
    begin(world, rule("teams"))
    ada = world.tenant.directory.find_user(mail_of("ada"))
    assert ada is not None
    world.tenant.faults.add(path=f"{ada.id}/teamwork", status=409, times=None)
    first = world.run("send", **AT_ONCE)
    assert (first.code, feed(world)) == (0, [("bea", "Praktisk om Kursus")])
    assert sorted(who for who, _ in subjects(first)) == ["ada", "anna", "cia"]
    again = world.run("send", **AT_ONCE)
    assert (again.code, again.mails) == (0, ())


@pytest.mark.parametrize("status", [424, 500])
def test_one_line_that_never_succeeds_keeps_nobody_else_waiting(world: World, status: int) -> None:
    begin(world, rule("teams"))
    ada = world.tenant.directory.find_user(mail_of("ada"))
    assert ada is not None
    world.tenant.faults.add(path=f"{ada.id}/teamwork", status=status, times=None)
    first = world.run("send", **AT_ONCE)
    assert (first.code, feed(world)) == (6, [("bea", "Praktisk om Kursus")])
    assert sorted(who for who, _ in subjects(first)) == ["anna", "cia"]
    again = world.run("send", **AT_ONCE)
    assert (again.code, again.mails, len([one for one in again.requests if FEED in one.path])) == (4, (), 1)
    world.tenant.faults.clear()
    assert (world.run("send").code, sorted(who for who, _ in feed(world))) == (0, ["ada", "bea"])


@pytest.mark.parametrize(("channels", "mails"), [(["teams"], 4), (["mail", "teams"], 4)])
def test_a_line_that_teams_refuses_for_what_it_is_becomes_one_mail(world: World, channels: list[str], mails: int) -> None:
    begin(world, rule(*channels))
    world.tenant.faults.add(path=FEED, status=400, times=None)
    sent = world.run("send", "--format", "json")
    assert (sent.code, len(subjects(sent)), feed(world)) == (0, mails, [])
    again = world.run("send")
    assert (again.code, again.mails) == (0, ())
    assert "Teams tog ikke imod beskeden" in world.run("messages").out


def test_a_rule_that_is_changed_to_mail_does_not_go_again_to_those_who_had_it_in_teams(world: World) -> None:
    begin(world, rule("teams"))
    world.run("send")
    world.write(make_plan(make_course("kursus", teams_channel="ledere"), audiences=AUDIENCES, reminders=[rule("mail")]))
    again = world.run("send")
    assert (again.code, again.mails, len(feed(world))) == (0, (), 2)


def test_a_line_that_may_have_arrived_is_not_sent_again_when_it_is_no_longer_true(world: World) -> None:
    begin(world, rule("teams"))
    world.tenant.faults.add(method="POST", path=FEED, status=503, retry_after="0", times=None)
    world.run("send", **AT_ONCE)
    world.tenant.faults.clear()
    answer(world, "kursus/dag", mail_of("ada"), "decline")
    assert world.run("send").code == 0
    assert [who for who, _ in feed(world)] == ["bea"]
    assert {one["kind"]: one["uncertain"] for one in world.run("messages", "--format", "json").json} == {"practical": 1}


def test_a_channel_gets_one_post_with_a_card(world: World) -> None:
    begin(world, rule("channel", to="everyone"))
    sent = world.run("send", "--format", "json")
    assert rows(sent) == {("", "channel", "sent", "submitted")}
    (post,) = world.tenant.teams.posts
    assert (post.channel, post.card["version"]) == ("ledere", "1.5")
    assert post.card["fallbackText"].startswith("Praktisk om Kursus. Hvornår: onsdag den 18. juni 2025 kl. 09.00–12.00.")
    assert (world.run("send", "--format", "json").json, len(world.tenant.teams.posts), sent.mails) == ([], 1, ())


@pytest.mark.parametrize("lost", [{"drop": True}, {"delay_ms": 600}, {"status": 502}])
def test_a_webhook_that_does_not_answer_in_time_is_uncertain_and_never_repeated(world: World, lost: dict[str, Any]) -> None:
    begin(world, rule("channel"))
    world.tenant.faults.add(method="POST", path=POST, when="after", **lost)
    first = world.run("send", "--format", "json", GRAPH__TIMEOUT_SECONDS="0.3")
    assert (first.code, rows(first)) == (6, {("", "channel", "uncertain", "post_unclear")})
    again = world.run("send", "--format", "json")
    assert (again.code, again.json, len(world.tenant.teams.posts)) == (0, [], 1)
    assert "Teams svarede ikke, så opslaget er måske kommet" in world.run("messages").out


@pytest.mark.parametrize("form", ["status", "body"])
def test_a_throttled_post_waits_for_its_turn(world: World, form: str) -> None:
    begin(world, rule("channel"))
    fault = (
        {"status": 429, "retry_after": "0"} if form == "status" else {"status": 200, "message": "returned HTTP error 429 with ContextId"}
    )
    world.tenant.faults.add(method="POST", path=POST, **fault)
    assert (world.run("send").code, len(world.tenant.teams.posts)) == (0, 1)
    world.tenant.teams.clear()


def test_a_webhook_out_of_reach_is_tried_again_and_a_dead_one_is_told(world: World) -> None:
    begin(world, rule("channel"))
    away = world.run("send", "--format", "json", TEAMS__CHANNELS='{"ledere": "http://127.0.0.1:9/hemmeligt"}', **AT_ONCE)
    assert (away.code, rows(away)) == (6, {("", "channel", "due", "post_later")})
    world.tenant.faults.add(method="POST", path=POST, status=404)
    dead = world.run("send", "--format", "json")
    assert (dead.code, rows(dead)) == (6, {("", "channel", "failed", "post_refused")})
    assert "hemmeligt" not in "".join(ran.out + ran.err for ran in world.ran)


def dead_webhook(world: World, *rules: dict[str, Any]) -> None:
    """Three courses on one day, and a channel that nobody answers for."""
    courses = [
        make_course(f"kursus-{n}", make_session(day="2025-06-18", start=f"{9 + n:02}:00", end=f"{10 + n:02}:00"), teams_channel="ledere")
        for n in range(3)
    ]
    begin(world, *rules, courses=tuple(courses))
    world.settings["TEAMS__CHANNELS"] = '{"ledere": "http://127.0.0.1:9/hemmeligt"}'


def answered(ran: Ran) -> int:
    return ran.err.count("webhook.answered")


def test_nobody_waits_for_a_dead_webhook_and_it_is_tried_for_one_post_in_a_round(world: World) -> None:
    dead_webhook(world, rule("channel"), rule("mail", id="mail"))
    ran = world.run("send", "--format", "json", **AT_ONCE)
    assert (ran.code, len(subjects(ran)), answered(ran)) == (6, 4, 1)
    assert {one for one in rows(ran) if one[1] == "channel"} == {("", "channel", "due", "post_later")}
    mailed, tried = ran.err.index('"kind": "digest"'), ran.err.index("webhook.answered")
    assert mailed < tried


def test_rounds_that_follow_each_other_by_the_minute_do_not_try_a_dead_webhook_again(world: World) -> None:
    """What the clock does: a new round with a new tenant, in the same process."""
    dead_webhook(world, rule("channel"))
    settings = settings_for(world, teams={"app_id": APP, "channels": {"ledere": "http://127.0.0.1:9/hemmeligt"}})
    settings = settings.model_copy(update={"graph": settings.graph.model_copy(update={"retry_budget_seconds": 0.0})})

    async def scene() -> tuple[list[str], int]:
        async with at_work(settings) as service:
            with capture_logs() as lines:
                for slot in range(2):
                    await service.queue.put(order("send_reminders", slot=slot))
                    await until(lambda slot=slot: len(service.stores.job_runs.load_latest(8).get(("demo", "send_reminders"), ())) > slot)
            runs = service.stores.job_runs.load_latest(8)["demo", "send_reminders"]
            return [run.outcome.value for run in runs], sum(line["event"] == "webhook.answered" for line in lines)

    outcomes, tries = asyncio.run(scene())
    assert (outcomes, tries) == (["partly", "partly"], 1)


@pytest.mark.parametrize("path", [FEED, POST])
def test_a_run_that_is_killed_between_requests_leaves_nothing_twice(world: World, path: str) -> None:
    begin(world, rule("teams", "channel"))
    world.tenant.faults.add(method="POST", path=path, when="after", delay_ms=600)
    process = world.start("send")
    wait_until(lambda: feed(world) if path == FEED else world.tenant.teams.posts)  # and its answer waits
    process.kill()
    world.finish(process)
    world.tenant.faults.clear()
    world.run("send")
    assert (sorted(who for who, _ in feed(world)), len(world.tenant.teams.posts)) == (["ada", "bea"], 1)
    mailed = [mail for mail in world.tenant.mail_log.mails if mail.subject == "Praktisk om Kursus"]
    assert sorted(mail.to.partition("@")[0] for mail in mailed) == ["anna", "cia"]
    assert world.run("send").writes == ()


def test_the_limit_of_mails_holds_for_those_whom_teams_does_not_reach(world: World) -> None:
    """Anna's mail is within it; with Cia's, who turned out to have no app, it is too many."""
    begin(world, rule("teams"))
    held = world.run("send", SAFETY__MAX_MAILS="1")
    assert (held.code, subjects(held), len(feed(world))) == (3, [], 2)
    assert sorted(who for who, _ in subjects(world.run("send"))) == ["anna", "cia"]


def test_the_requests_say_what_the_manifest_declares(world: World) -> None:
    begin(world, rule("teams"))
    sent = world.run("send")
    bodies = [body_of(one) for one in sent.requests if FEED in one.path]
    assert {body["activityType"] for body in bodies} <= world.tenant.teams.activity_types.keys()
    assert {body["topic"]["webUrl"].partition("?")[0] for body in bodies} == {f"https://teams.microsoft.com/l/entity/{APP}/about"}
    assert len({body["chainId"] for body in bodies}) == 1


def test_people_by_address_alone_are_mailed(world: World) -> None:
    """Nobody of them is in the directory: nothing is asked of Teams."""
    world.settings = {"TEAMS__APP_ID": APP}
    world.write(make_plan(make_course("kursus"), audiences=people(ANNA), reminders=[rule("teams")]))
    world.sync()
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    sent = world.run("send")
    assert ([one for one in sent.requests if FEED in one.path], [who for who, _ in subjects(sent)]) == ([], ["anna"])


def test_a_post_that_may_have_arrived_is_told_in_one_report(world: World) -> None:
    begin(world, rule("channel"))
    world.tenant.faults.add(path=POST, status=504, times=None)
    assert world.run("send").code == 6
    world.move_clock(SOON)
    first = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert "Praktisk: Kursus Til kursets Teams-kanal Teams svarede ikke, så opslaget er måske kommet." in first
    assert "kursusbot undersøger det" not in first
    assert "Teams-kanal" not in world.run("report", **WEEKLY).out


def test_a_line_whose_time_is_over_ends_as_uncertain_and_is_told_in_one_report(world: World) -> None:
    begin(world, rule("teams"))
    world.tenant.faults.add(path=FEED, status=503, times=None)
    assert world.run("send", **AT_ONCE).code == 6
    world.tenant.faults.clear()
    world.move_clock("2025-06-18T10:00:00+02:00")
    assert subjects(world.run("send")) == []
    assert feed(world) == []
    assert {one for one in rows(world.run("send", "--format", "json")) if one[2] == "uncertain"} == set()
    world.move_clock(LATER)
    first = reports(world, world.run("report", "--send", **WEEKLY))[HR]
    assert f"Praktisk: Kursus Til {mail_of('ada')} Teams svarede ikke, så den er måske nået frem." in first
    assert mail_of("ada") not in world.run("report", **WEEKLY).out
