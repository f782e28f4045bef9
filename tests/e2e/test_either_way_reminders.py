"""Reminders by mail and in Teams where Microsoft 365 is as documented, and where it is the other way: each once, whatever is late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.e2e.as_it_was import synced
from tests.e2e.plans import make_plan, people
from tests.e2e.readings import READINGS, read_as, sent
from tests.e2e.seats import ANNA, BO, CARL, DORTE, EVERYBODY, answer, choosing, subjects
from tests.e2e.teams import begin, feed, rule

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

FEED = r"/teamwork/sendActivityNotification"
POST = "^/webhooks/ledere$"
BY_MAIL = {"channels": ["mail"]}
RULES = [
    {"id": "svar", "before": "deadline", "days": 3, "at": "09:00", "to": "unanswered", "template": "please_answer", **BY_MAIL},
    {"id": "praktisk", "before": "start", "days": 7, "at": "09:00", "to": "registered", "template": "practical", **BY_MAIL},
]
SILENT_AT_FIRST = "2025-06-02T09:00:00+02:00"
A_WEEK_BEFORE = "2025-06-11T09:00:00+02:00"


@pytest.fixture(params=READINGS)
def world(world: World, request: pytest.FixtureRequest) -> World:
    return read_as(world, request.param)


def foretold(world: World) -> list[tuple[str, str]]:
    """Whom `reminders` says a mail is due to, by name and rule."""
    due = world.run("reminders", "--format", "json", "--due-before", (world.now + timedelta(minutes=1)).isoformat()).json
    return sorted((one["email"].partition("@")[0], one["rule"]) for one in due if one["channel"] == "mail")


def test_who_has_not_chosen_and_who_comes_are_each_reminded_once_and_as_foretold(world: World) -> None:
    """Answers that Outlook forgot since are still answers: nobody is asked for what they have said."""
    enrolment = {"capacity": 2, "deadline": "2025-06-05T12:00"}
    synced(world, make_plan(choosing(**enrolment), audiences=people(*EVERYBODY), reminders=RULES))
    answer(world, "kursus/hold-1/dag", ANNA, "accept")
    answer(world, "kursus/hold-2/dag", BO, "accept")
    assert world.run("run").code == 0
    world.move_clock(SILENT_AT_FIRST)
    asked = foretold(world)
    assert asked == [("carl", "svar"), ("dorte", "svar")]
    ran = world.run("send")
    assert [who for who, _ in subjects(ran)] == ["carl", "dorte"]
    assert (sent(ran), world.run("send").mails) == (2, ())
    answer(world, "kursus/hold-1/dag", CARL, "accept")
    answer(world, "kursus/hold-1/dag", DORTE, "decline")
    assert world.run("run").code == 0
    world.move_clock(A_WEEK_BEFORE)
    told_before = foretold(world)
    ran = world.run("send")
    assert (told_before, [who for who, _ in subjects(ran)]) == ([("anna", "praktisk"), ("carl", "praktisk")], ["anna", "carl"])
    assert world.run("send").mails == ()


def rows(ran: Ran) -> set[tuple[str, str, str]]:
    """What `send` lists: to whom, which way, and what became of it."""
    return {(one["email"].partition("@")[0], one["channel"], one["state"]) for one in ran.json}


def in_teams(world: World) -> None:
    """Ada and Bea have the app, Cia has none and Anna no account; there is one post for all. See `begin`."""
    settings = dict(world.settings)
    begin(world, rule("teams"), rule("channel", id="opslag", to="everyone"))
    world.settings |= settings


def told(world: World) -> tuple[list[str], list[str]]:
    """Who has seen it in Teams, and who has it as a mail."""
    mails = [mail for mail in world.tenant.mail_log.to_people() if mail.subject == "Praktisk om Kursus"]
    return sorted(who for who, _ in feed(world)), sorted(mail.to.partition("@")[0] for mail in mails)


def test_teams_where_it_reaches_mail_where_it_does_not_and_one_post(world: World) -> None:
    """Where the tenant has two apps of one id, no line comes through: then it is a mail to each."""
    in_teams(world)
    sent_ = world.run("send", "--format", "json")
    reached = [] if world.tenant.settings.feed_two_apps else ["ada", "bea"]
    by_mail = sorted({"ada", "anna", "bea", "cia"} - {*reached})
    assert (told(world), sent(sent_), len(world.tenant.teams.posts)) == ((reached, by_mail), len(by_mail), 1)
    assert {(who, channel) for who, channel, state in rows(sent_) if state == "sent"} == {
        *((who, "teams") for who in reached), *((who, "mail") for who in by_mail), ("", "channel"),
    }  # fmt: skip
    again = world.run("send", "--format", "json")
    assert (again.json, again.mails, told(world), len(world.tenant.teams.posts)) == ([], (), (reached, by_mail), 1)


@pytest.mark.crossed
@pytest.mark.parametrize("lost", [{"status": 503}, {"drop": True}, {"status": 504}], ids=str)
@pytest.mark.parametrize("path", ["/send$", FEED, POST])
def test_a_lost_answer_reminds_nobody_twice_and_everybody_once(world: World, path: str, lost: dict[str, object]) -> None:
    """Whichever way they are told; what was done and whose answer was lost is not done again."""
    in_teams(world)
    world.tenant.faults.add(method="POST", path=path, when="after", times=1, **lost)
    codes = [world.run("send").code for _ in range(3)]
    by_teams, by_mail = told(world)
    assert (sorted(by_teams + by_mail), len(world.tenant.teams.posts), codes[-1]) == (["ada", "anna", "bea", "cia"], 1, 0)
