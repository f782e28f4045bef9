"""The first hour in a tenant: `probe` finds exactly what the tenant does, mails nobody else, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.domain.app_installs import AppInstall, InstallState
from bot.domain.probing import ASSUMPTIONS
from bot.graph.experiments.lab import PROPERTY, WORD
from bot.opening.stores import open_stores
from bot.sandbox.behaviour import read_behaviour
from bot.sandbox.chats import CATALOGUE_ID, MANIFEST_ID
from bot.sandbox.municipality import DOMAIN
from config.settings import Settings
from tests.e2e.driver import wait_until
from tests.e2e.plans import make_course, make_plan
from tests.e2e.terminal import terminal

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

MAILBOX = f"proeve@{DOMAIN}"
FIRST, SECOND = f"prove.en@{DOMAIN}", f"prove.to@{DOMAIN}"
THREE = ("--mailbox", MAILBOX, "--to", FIRST, "--to", SECOND)
QUICK = ("--patience", "0.4", "--answer-within", "4")
HOW_MANY = re.compile(r"Hvor mange mails med »([^«]+)« i emnet har (\S+) fået i alt\?[^:]*: ")
KNOWN_OTHERWISE = dict.fromkeys(
    (
        "subscription", "duplicate_subscription", "catalogue_filter", "repeated_install", "install_forbidden",
        "missing_policy", "report_time",
    ),
    "unknown",
)  # fmt: skip
"""Graph has to call back, and there is no address; there is no app, the policy is there, and nobody joins a meeting."""


def prepared(world: World, **settings: Any) -> None:
    for address in (MAILBOX, FIRST, SECOND):
        world.tenant.directory.add_user(address.partition("@")[0].replace(".", " ").title(), mail=address)
    world.tenant.settings.change(settings)
    script = {"response": "accept", "subject": "answer", "kind": "invitation", "after_seconds": 0}
    read_behaviour(world.tenant, {"scripts": [script]})


def probed(world: World, *more: str) -> Ran:
    return world.run("probe", *THREE, "--yes", "--format", "json", *(more or QUICK))


def readings(ran: Ran) -> dict[str, str]:
    return {one["assumption"]: one["reading"] for one in ran.json["findings"]}


def left_behind(world: World) -> tuple[int, int]:
    """Events and messages of a probe that are still there in the test mailbox."""
    box = world.tenant.directory.find_user(MAILBOX)
    assert box is not None
    events = sum(PROPERTY in event.extended and event.in_calendar for event in world.tenant.calendars.events.values())
    return events, sum(WORD in message.subject for message in world.tenant.messages.of(box))


def test_a_tenant_as_it_is_documented_is_as_kursusbot_takes_for_granted(world: World) -> None:
    prepared(world)
    ran = probed(world, *QUICK, "--out", str(world.folder / "fund.json"))
    assert ran.code == 0
    taken = {name: KNOWN_OTHERWISE.get(name, options[0]) for name, options in ASSUMPTIONS.items()}
    assert readings(ran) == taken
    assert left_behind(world) == (0, 0)
    reached = Counter(mail.to for mail in ran.mails if mail.kind.value != "response")
    assert {address for address in reached if "findes-ikke" not in address} == {FIRST, SECOND}
    shared = (world.folder / "fund.json").read_text(encoding="utf-8")
    assert f"@{DOMAIN}" not in shared
    assert json.loads(shared)["findings"] == ran.json["findings"]


def test_nobody_is_probed_who_has_not_said_that_the_addresses_are_their_own(world: World) -> None:
    prepared(world)
    world.write(make_plan(make_course()))
    group = next(iter(world.tenant.directory.groups.values())).mail
    refused = [
        world.run("probe", *THREE),
        world.run("probe", "--mailbox", MAILBOX, "--to", FIRST, "--yes"),
        world.run("probe", "--mailbox", MAILBOX, "--to", FIRST, "--to", MAILBOX, "--yes"),
        world.run("probe", "--mailbox", MAILBOX, "--to", FIRST, "--to", str(group), "--yes"),
    ]
    assert [ran.code for ran in refused] == [3, 2, 2, 2]
    assert all(not ran.writes for ran in refused)
    assert "adresserne er deres egne" in refused[0].err


def test_for_whom_the_app_is_tried_stands_in_the_books_before_it_is_taken_away_again(world: World) -> None:
    """So a bot that is served meanwhile takes it for nobody's own; who has the app keeps it, and what is known of them."""
    prepared(world)
    world.settings |= {"TEAMS__APP_ID": MANIFEST_ID, "BOT__CATALOGUE_ID": CATALOGUE_ID}
    first, second = (world.tenant.directory.find_user(one) for one in (FIRST, SECOND))
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        stores.app_installs.note(AppInstall(subject=second.id, email=SECOND, state=InstallState.THERE, at=world.now))
        world.tenant.teams.installed = {second.id}
        assert readings(probed(world))["repeated_install"] == "conflict"
        found = stores.app_installs.load({first.id, second.id})
    assert {one.email: one.state for one in found.values()} == {FIRST: InstallState.TRIED, SECOND: InstallState.THERE}
    assert world.tenant.teams.installed == {second.id}


def test_a_mailbox_that_a_plan_invites_from_is_not_probed(world: World) -> None:
    prepared(world)
    world.write(make_plan(make_course()))
    assert world.run("sync", "--yes").code == 0
    organiser = make_plan(make_course())["organiser"]
    ran = world.run("probe", "--mailbox", organiser, "--to", FIRST, "--to", SECOND, "--yes")
    assert (ran.code, ran.writes, ran.mails) == (2, (), ())
    assert "en plans møder" in ran.err


def test_where_the_two_mailboxes_cannot_be_read_and_nobody_sits_there_it_says_so(world: World) -> None:
    prepared(world, mailbox_scope=[MAILBOX])
    found = {one["assumption"]: one for one in probed(world).json["findings"]}
    unread = ("attendees_patch_mails", "content_patch_mails")
    assert [(found[name]["reading"], found[name]["why"]) for name in unread] == [("unknown", "not_said")] * 2
    assert (found["concurrency"]["reading"], found["old_etag"]["reading"]) == ("unknown", "refused")


def test_what_a_killed_probe_has_left_the_next_one_removes(world: World) -> None:
    prepared(world, latency_ms=20)
    started = world.start("probe", *THREE, "--yes", "--patience", "20")
    wait_until(lambda: left_behind(world)[0] >= 4)
    started.send_signal(signal.SIGKILL)
    started.communicate()
    assert left_behind(world)[0] >= 4
    world.tenant.settings.change({"latency_ms": 0})
    assert probed(world).code == 0
    assert left_behind(world) == (0, 0)


def test_whoever_interrupts_a_probe_leaves_nothing(world: World) -> None:
    prepared(world, latency_ms=20)
    started = world.start("probe", *THREE, "--yes", "--patience", "20")
    wait_until(lambda: left_behind(world)[0] >= 4)
    started.send_signal(signal.SIGINT)
    assert world.finish(started).code == 130
    assert left_behind(world) == (0, 0)


def test_where_the_two_mailboxes_cannot_be_read_the_person_at_the_terminal_is_asked(world: World) -> None:
    """Somebody who looks into both mailboxes and says how many mails came; and an answer that is no number is asked for again."""
    prepared(world, mailbox_scope=[MAILBOX], attendee_patch_mails_everyone=True)
    asks = ("probe", *THREE, *QUICK, "--format", "json", "--out", "fund.json")
    with terminal(world, *asks, BY="Bente Hansen") as (asked, ours):
        said, questions = "", 0
        os.write(ours, b"ja\nved ikke\n")
        with contextlib.suppress(OSError):
            while heard := os.read(ours, 65536).decode(errors="replace"):
                said += heard
                while question := HOW_MANY.search(said):
                    said, questions = said[question.end() :], questions + 1
                    if questions == 1:
                        # The words above were the answer to this one; it is asked again.
                        continue
                    came = sum(mail.to == question[2] and question[1] in mail.subject for mail in world.tenant.mail_log.mails)
                    os.write(ours, f"{came}\n".encode())
    found = {one["assumption"]: one["reading"] for one in json.loads((world.folder / "fund.json").read_text(encoding="utf-8"))["findings"]}
    assert (asked.returncode, found["attendees_patch_mails"], found["content_patch_mails"]) == (0, "everybody", "one_each")
