"""`doctor` against a tenant in order and out of order: what it finds, what it leaves alone, how it exits."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import ALL_LEADERS, DOMAIN
from tests.e2e.as_it_was import synced
from tests.e2e.examined import examined
from tests.e2e.plans import make_course, make_plan, people, some_courses

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

pytestmark = pytest.mark.e2e

SIX = tuple(f"leder-{number}@{DOMAIN}" for number in range(6))
EVERY_PERMISSION = {"Calendars.ReadWrite", "User.Read.All", "GroupMember.Read.All", "MailboxSettings.Read"}
OWN = ["settings", "database", "plan", "approval"]
ABOUT_GRAPH = ["token", "write", "mail", "users", "group", "mailbox", "calendar", "zone", "teams", "inbox", "schedules", "rooms"]


def states(found: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Of everything but notifications, whose states are in `test_notifications`."""
    return {check: state for check, (state, _) in found.items() if check != "notifications"}


def test_everything_in_order_exits_0_and_changes_nothing(world: World) -> None:
    """A database that is not there yet is not made by looking."""
    world.write(make_plan(make_course()))
    found = examined(world, code=0)
    # Whether it may write and send cannot be seen in a token that is no JWT, and is not tried out.
    assert states(found) == dict.fromkeys([*OWN, *ABOUT_GRAPH], "ok") | {
        "write": "unknown",
        "mail": "unknown",
    }
    assert "KURSUSBOT_GRAPH__BASE_URL" in found["settings"][1]
    assert not world.database_file.exists()


def test_settings_that_lie_beside_the_plan_are_told_by_name(world: World) -> None:
    """Whoever may write in the folder of the plans sets limits by such a file, so nobody has to guess that it is there."""
    world.write(make_plan(make_course()))
    world.folder.joinpath("plan.toml").write_text("[safety]\nmax_cancel_share = 1.0\n")
    assert "plan.toml (safety.max_cancel_share)" in examined(world, code=0)["settings"][1]


def test_the_table_tells_the_same_in_danish_and_english(world: World) -> None:
    world.write(make_plan(make_course()))
    danish, english = world.run("doctor"), world.run("--lang", "en", "doctor")
    assert (danish.code, english.code) == (0, 0)
    assert f"Gruppe {ALL_LEADERS}" in danish.out
    assert danish.out.rstrip().endswith("Intet skal rettes.")
    assert f"Group {ALL_LEADERS}" in english.out
    assert english.out.rstrip().endswith("Nothing has to be mended.")


def test_it_tells_which_approval_is_in_force_and_what_waits_since_when(world: World) -> None:
    """The oldest: a course that was written anew waits since then."""
    world.write(make_plan(make_course(), audiences=people(*SIX)))
    assert "KURSUSBOT_APPROVAL=plan" in examined(world, code=0, APPROVAL="plan")["approval"][1]
    assert world.run("run", APPROVAL="plan").code == 3
    world.move_clock("2025-03-05T09:00:00+01:00")
    world.write(make_plan(make_course(), make_course("andet"), audiences=people(*SIX)))
    assert world.run("run", APPROVAL="plan").code == 3
    found = examined(world, code=0, APPROVAL="plan")
    assert found["waiting"] == ("ok", "Kurser, der venter: 2, det ældste siden 03-03-2025 kl. 09.00. »kursusbot approvals« viser dem.")
    assert world.run("run", APPROVAL="limits").code == 0
    found = examined(world, code=0, APPROVAL="limits")
    assert "KURSUSBOT_APPROVAL=limits" in found["approval"][1]
    assert found["waiting"] == ("ok", "Intet venter.")


def test_books_without_an_approved_version_say_that_the_first_change_of_each_course_waits(world: World) -> None:
    """As after an upgrade from a program that knew no approval."""
    synced(world, make_plan(*some_courses(2), audiences=people(*SIX)))
    with sqlite3.connect(world.database_file) as books:
        books.execute("DELETE FROM course_versions")
    state, message = examined(world, code=0, APPROVAL="plan")["waiting"]
    assert (state, "hvad der er godkendt: 2 " in message) == ("ok", True)
    assert examined(world, code=0, APPROVAL="limits")["waiting"] == ("ok", "Intet venter.")
    assert world.run("run", APPROVAL="plan").code == 0
    assert examined(world, code=0, APPROVAL="plan")["waiting"] == ("ok", "Intet venter.")


def test_what_is_not_in_order_has_a_page_to_read_on(world: World) -> None:
    """In JSON and in the table; what is well has none."""
    world.write(make_plan(make_course()))
    ran = world.run("doctor", "--format", "json", GRAPH__STATIC_TOKEN="another-secret-5512")
    told = {row["check"]: row["docs"] for row in ran.json["checks"]}
    assert told["token"] == "docs/settings.md#credentials"
    assert {docs for check, docs in told.items() if check != "token"} == {""}
    table = world.run("--lang", "en", "doctor", GRAPH__STATIC_TOKEN="another-secret-5512").out
    assert table.count("Read on: docs/settings.md#credentials") == table.count("Read on:") == 1


def test_a_rejected_token_is_told_once_and_what_needs_it_is_skipped(world: World) -> None:
    """Settings, database and plan are looked at all the same."""
    world.write(make_plan(make_course()))
    found = examined(world, code=4, GRAPH__STATIC_TOKEN="another-secret-5512")
    assert states(found) == {"settings": "ok", "database": "ok", "plan": "ok", "approval": "ok", "token": "failed"} | dict.fromkeys(
        ABOUT_GRAPH[1:], "skipped"
    )
    assert all("another-secret-5512" not in ran.out + ran.err for ran in world.ran)


@pytest.mark.parametrize(
    ("missing", "check"),
    [("User.Read.All", "users"), ("GroupMember.Read.All", "group"), ("MailboxSettings.Read", "zone"), ("Calendars.ReadWrite", "calendar")],
)
def test_a_missing_permission_fails_its_check_and_says_what_to_grant(world: World, missing: str, check: str) -> None:
    """The others go on."""
    world.write(make_plan(make_course()))
    world.tenant.settings.roles = EVERY_PERMISSION - {missing}
    found = examined(world, code=4)
    state, message = found[check]
    assert state == "failed"
    assert missing.replace("ReadWrite", "Read") in message
    assert found["token"][0] == "ok"
    assert "ok" in {found["users"][0], found["calendar"][0]}


def test_a_mailbox_outside_the_scope_is_told_apart_from_the_rest(world: World) -> None:
    """RBAC for Applications limits the app to some mailboxes."""
    world.write(make_plan(make_course()))
    world.tenant.settings.mailbox_scope = {f"hr@{DOMAIN}"}
    found = examined(world, code=4)
    assert states(found) | {"write": "", "mail": ""} == dict.fromkeys([*OWN, "token", "users", "group", "rooms"], "ok") | {
        "write": "",
        "mail": "",
        "mailbox": "ok",
        "calendar": "failed",
        "zone": "failed",
        "teams": "failed",
        "inbox": "unknown",
        "schedules": "unknown",
    }


def test_an_inbox_that_cannot_be_read_is_told_and_no_failure(world: World) -> None:
    """Mails that come back go unnoticed; everything else works."""
    world.write(make_plan(make_course()))
    world.tenant.settings.roles = EVERY_PERMISSION
    state, message = examined(world, code=0)["inbox"]
    assert state == "unknown"
    assert "Mail.Read." in message


def test_a_group_that_is_not_there_fails_alone(world: World) -> None:
    groups = {"ledere": {"groups": [ALL_LEADERS]}, "andre": {"groups": [f"findes-ikke@{DOMAIN}"]}}
    world.write(make_plan(make_course(), audiences=groups))
    rows = {row["subject"]: row["state"] for row in world.run("doctor", "--format", "json").json["checks"] if row["check"] == "group"}
    assert rows == {ALL_LEADERS: "ok", f"findes-ikke@{DOMAIN}": "failed"}
    assert world.ran[-1].code == 4


def test_a_group_to_leave_out_may_be_empty_and_may_be_a_person(world: World) -> None:
    """Nobody is on leave just now, and one leader asked to be left alone."""
    world.tenant.directory.add_group("Orlov", f"orlov@{DOMAIN}")
    ledere = {"groups": [ALL_LEADERS], "exclude": [f"orlov@{DOMAIN}", "en.person@partner.example"]}
    world.write(make_plan(make_course(), audiences={"ledere": ledere}))
    rows = {row["subject"]: row["state"] for row in world.run("doctor", "--format", "json").json["checks"] if row["check"] == "group"}
    assert rows == {ALL_LEADERS: "ok", f"orlov@{DOMAIN}": "ok", "en.person@partner.example": "unknown"}
    assert world.ran[-1].code == 0


def test_a_database_without_a_folder_exits_2_and_graph_is_checked_all_the_same(world: World) -> None:
    world.write(make_plan(make_course()))
    found = examined(world, code=2, DATABASE_URL=f"sqlite:///{world.folder}/ingen/kursusbot.db")
    assert found["database"][0] == "failed"
    assert "KURSUSBOT_DATABASE_URL" in found["database"][1]
    assert found["teams"][0] == "ok"
    assert not (world.folder / "ingen").exists()


def test_a_file_that_is_no_database_exits_2_and_stays_as_it_is(world: World) -> None:
    world.write(make_plan(make_course()))
    world.database_file.write_text("indkøbsliste: mælk, brød og smør\n" * 200, encoding="utf-8")
    before = world.database_file.read_bytes()
    assert examined(world, code=2)["database"][0] == "failed"
    assert world.database_file.read_bytes() == before


def test_a_database_in_use_is_told_with_its_schema(world: World) -> None:
    world.write(make_plan(make_course()))
    assert world.run("db", "upgrade").code == 0
    state, message = examined(world, code=0)["database"]
    assert state == "ok"
    assert str(world.database_file) in message


def test_a_broken_plan_exits_2_and_what_it_names_is_skipped(world: World) -> None:
    """The sign-in and the people of the tenant do not depend on the plan."""
    world.write(make_plan(make_course(status="godkendt"), organiser=None))
    found = examined(world, code=2)
    assert states(found) == {
        **dict.fromkeys(["settings", "database", "approval", "token", "users"], "ok"),
        **dict.fromkeys(["write", "mail"], "unknown"),
        **dict.fromkeys(["group", "mailbox", "calendar", "zone", "teams", "inbox", "schedules", "rooms"], "skipped"),
        "plan": "failed",
    }


def test_without_a_plan_it_says_so_and_checks_the_rest(world: World) -> None:
    found = examined(world, code=0, PLAN="")
    assert found["plan"][0] == "skipped"
    assert "--plan" in found["plan"][1]
    assert found["users"][0] == "ok"
    assert found["calendar"][0] == "skipped"


def test_among_many_plans_it_says_which_there_are_and_what_was_not_checked(world: World) -> None:
    """Else somebody believes that their plan was looked at."""
    world.write(make_plan(make_course()))
    (world.folder / "plans").mkdir()
    for name in ("nord.yaml", "syd.yaml"):
        (world.folder / "plans" / name).write_text(world.plan_file.read_text(encoding="utf-8"), encoding="utf-8")
    found = examined(world, code=0, PLAN="", PLANS="plans")
    assert found["plan"][0] == "skipped"
    assert "nord, syd" in found["plan"][1]
    told = world.run("--lang", "en", "doctor", PLAN="", PLANS="plans").out.splitlines()[-1]
    assert told.startswith("Nothing wrong was found, but this was not checked: Plan, ")
    assert "Nothing has to be mended" not in told
    assert "undersøgt: Plan, " in world.run("doctor", PLAN="", PLANS="plans").out.splitlines()[-1]
    assert world.run("--plan", "syd", "--lang", "en", "doctor", PLAN="", PLANS="plans").out.rstrip().endswith("Nothing has to be mended.")
    assert examined(world, code=2, PLAN="", PLANS="nowhere")["plan"][0] == "failed"


def test_broken_settings_exit_2_and_nothing_else_is_looked_at(world: World) -> None:
    """What is wrong is named; no value is shown."""
    found = examined(world, code=2, DRIFT="hemmeligt-4711")
    assert states(found) == {"settings": "failed"} | dict.fromkeys(["database", "plan", "approval", *ABOUT_GRAPH], "skipped")
    assert "KURSUSBOT_DRIFT" in found["settings"][1]
    assert "4711" not in world.ran[-1].out + world.ran[-1].err
    assert world.ran[-1].requests == ()


def test_what_is_wrong_here_goes_before_what_is_wrong_there(world: World) -> None:
    """2 before 4: without database and plan nothing runs, whatever Graph says."""
    world.write(make_plan(make_course()))
    examined(world, code=2, DATABASE_URL="mysql://x", GRAPH__STATIC_TOKEN="wrong")


def test_a_graph_out_of_reach_is_told_after_one_attempt_to_reach_it(desk: World) -> None:
    desk.write(make_plan(make_course()))
    found = examined(desk, code=4, GRAPH__RETRY_BUDGET_SECONDS="0")
    assert states(found) | {"write": "", "mail": "", "token": ""} == {
        **dict.fromkeys(OWN, "ok"),
        **dict.fromkeys(["write", "mail", "token"], ""),
        "users": "failed",
        **dict.fromkeys(["group", "mailbox", "calendar", "zone", "teams", "inbox", "schedules", "rooms"], "skipped"),
    }
    assert "KURSUSBOT_GRAPH__BASE_URL" in found["users"][1]


def test_no_secret_is_shown_whatever_is_set(world: World) -> None:
    world.write(make_plan(make_course()))
    secret = "hemmelig-og-lang-nok-til-at-underskrive-links"
    shown: list[Ran] = [world.run("doctor", GRAPH__CLIENT_SECRET=secret), world.run("doctor", "--format", "json", WEB__SECRET_KEY=secret)]
    assert [ran.code for ran in shown] == [0, 0]
    assert all(secret not in ran.out + ran.err for ran in shown)


def test_free_busy_that_cannot_be_seen_and_rooms_without_the_right_are_told_and_no_failure(world: World) -> None:
    """Only finding a date needs them."""
    world.write(make_plan(make_course()))
    assert examined(world, code=0)["rooms"] == ("ok", "2 lokaler kan ses og foreslås.")
    world.tenant.free_busy.errors[f"hr@{DOMAIN}"] = "5009"
    world.tenant.settings.roles = {"Calendars.ReadWrite", "Mail.ReadWrite", "Mail.Send", "GroupMember.Read.All", "User.Read.All"}
    world.tenant.settings.roles |= {"MailboxSettings.Read"}
    found = examined(world, code=0)
    assert (found["schedules"][0], found["rooms"][0]) == ("unknown", "unknown")
    assert f"hr@{DOMAIN}" in found["schedules"][1]
    assert "Place.Read.All" in found["rooms"][1]
