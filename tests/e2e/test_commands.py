"""What a user and a script see: exit codes, the shapes of JSON, streams, languages, the question on a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.e2e.driver import NOW, REPOSITORY, Ran, World, wait_until
from tests.e2e.plans import make_course, make_plan, make_session, some_courses
from tests.e2e.terminal import on_a_terminal

PAGE_KEYS = {"plan", "revision", "checksum", "mails", "changes"}
CHANGE_KEYS = {"action", "session", "course", "subject", "fields", "add", "remove", "mails", "reason"}
ROW_KEYS = {"course", "offering", "name", "email", "status", "since", "source", "position"}
COMMANDS = ("init", "check", "preview", "sync", "responses", "registrations", "run", "doctor", "demo", "sandbox", "erase", "db")


def test_a_plan_that_is_not_named_among_many_is_asked_for_by_name(world: World) -> None:
    """In both languages; an empty folder has none to name."""
    (world.folder / "plans").mkdir()
    assert world.run("--lang", "en", "preview", PLAN="", PLANS="plans").err.strip().endswith("or set KURSUSBOT_PLAN.")
    for name in ("nord.yaml", "syd.xlsx"):
        (world.folder / "plans" / name).touch()
    for language in ("da", "en"):
        ran = world.run("--lang", language, "preview", PLAN="", PLANS="plans")
        assert ran.code == 2
        assert ran.err.strip().endswith("KURSUSBOT_PLANS har: nord, syd." if language == "da" else "KURSUSBOT_PLANS has: nord, syd.")


def test_the_jobs_are_listed_by_a_process_of_its_own(world: World) -> None:
    """Started as a module, whose classes then exist twice."""
    world.write(make_plan(make_course()))
    listed = world.finish(world.start_from_nothing("--lang", "en", "jobs"))
    assert (listed.code, "Traceback" in listed.err) == (0, False)
    assert "sync_plan" in listed.out


def test_a_first_sync_invites_everybody_once_and_a_second_has_nothing_to_do(world: World) -> None:
    world.write(make_plan(make_course()))
    assert world.preview().json["mails"] == 23
    first = world.sync()
    assert first.json["mails"] == sum(first.people_mailed.values()) == 23
    assert set(first.people_mailed.values()) == {1}
    assert [(change["action"], change["outcome"]) for change in first.changes] == [("create", "applied")]
    second = world.sync()
    assert (second.json["changes"], second.json["mails"], second.writes, second.mails) == ([], 0, (), ())
    assert len(second.requests) <= 3


def test_a_preview_writes_nothing_anywhere(world: World) -> None:
    """Only GET to Graph, the same preview again, and no database where there was none."""
    world.write(make_plan(make_course()))
    first, second = world.preview(), world.preview()
    assert first.json == second.json
    assert {entry.method for ran in (first, second) for entry in ran.requests} == {"GET"}
    assert not world.database_file.exists()


def test_the_keys_of_preview_and_sync_are_always_there(world: World) -> None:
    courses = [make_course("a"), make_course("b", make_session(day="2025-06-19")), make_course("c", make_session(day="2025-06-20"))]
    world.write(make_plan(*courses))
    world.sync()
    leaver = min(world.invited("a/dag"))
    world.tenant.directory.change_user(leaver, enabled=False)
    world.tenant.people.edit(world.event("b/dag"), {"subject": "Rettet"})
    courses[0] |= {"title": "En anden titel", "status": "approved"}
    world.write(make_plan(courses[0], courses[1], courses[2] | {"status": "cancelled"}, make_course("d", make_session(day="2025-06-23"))))
    preview = world.preview().json
    synced = world.sync().json
    for page in (preview, synced):
        assert set(page) >= PAGE_KEYS
        assert all(set(change) >= CHANGE_KEYS for change in page["changes"])
        assert {change["action"] for change in page["changes"]} == {"update", "invite", "cancel", "create", "conflict"}
        assert page["plan"] == "demo"
        assert page["revision"].startswith("sha256:")
        assert page["mails"] == sum(change["mails"] for change in page["changes"])
    assert {change["outcome"] for change in synced["changes"]} == {"applied"}
    assert all("outcome" not in change for change in preview["changes"])
    assert synced["checksum"] == preview["checksum"]


@pytest.mark.parametrize("arguments", [["sync"], ["sync", "--format", "json"]])
def test_sync_without_a_yes_shows_the_preview_and_exits_3(world: World, arguments: list[str]) -> None:
    world.write(make_plan(make_course()))
    ran = world.run(*arguments)
    assert ran.code == 3
    assert ran.writes == ()
    checksum = world.preview().json["checksum"]
    assert checksum in ran.out
    assert "Lederdag" in ran.out
    assert f"sync --approve {checksum}" in ran.err


def test_sync_without_a_yes_exits_0_when_there_is_nothing_to_change(world: World) -> None:
    world.write(make_plan(make_course()))
    world.sync()
    assert world.run("sync").code == 0


def test_an_approved_checksum_is_applied_and_another_one_is_not(world: World) -> None:
    world.write(make_plan(make_course()))
    seen = world.preview().json["checksum"]
    world.write(make_plan(make_course(title="Noget andet")))
    refused = world.sync("--approve", seen, code=3)
    assert refused.writes == ()
    assert world.preview().json["checksum"] in refused.err
    world.write(make_plan(make_course()))
    assert world.sync("--approve", seen).wire == [("POST", "events")]
    assert world.sync("--approve", "0123456789abcdef", code=3).writes == ()


def test_a_checksum_holds_only_for_the_world_that_was_seen(world: World) -> None:
    """Somebody joins between the preview and the approval: look again."""
    world.write(make_plan(make_course()))
    seen = world.preview().json["checksum"]
    world.tenant.directory.add_person("Nye Prøve", "nye@norddjurs.example", "stab-ledere@norddjurs.example")
    assert world.sync("--approve", seen, code=3).writes == ()
    assert world.approve().people_mailed["invitation", "nye@norddjurs.example"] == 1


def test_on_a_terminal_sync_asks_and_a_no_changes_nothing(world: World) -> None:
    world.write(make_plan(make_course()))
    code, screen = on_a_terminal(world, "n\n", "sync")
    assert code == 3
    assert "Lederdag" in screen
    assert world.events == {}


def test_on_a_terminal_a_yes_applies_what_was_shown(world: World) -> None:
    world.write(make_plan(make_course()))
    code, screen = on_a_terminal(world, "y\n", "sync")
    assert code == 0
    assert "23" in screen
    assert len(world.invited("lederdag/dag")) == 23


@pytest.mark.parametrize(
    ("arguments", "danish", "english"),
    [
        (["preview"], "Nye invitationer", "New invitations"),
        (["preview", "--format", "markdown"], "## Nye invitationer", "## New invitations"),
        (["registrations"], "ingen", "no"),
    ],
)
def test_lang_rules_what_is_printed_and_the_plan_where_it_is_not_given(
    world: World, arguments: list[str], danish: str, english: str
) -> None:
    world.write(make_plan(make_course()))
    assert danish.lower() in world.run(*arguments).out.lower()
    assert english.lower() in world.run("--lang", "en", *arguments).out.lower()
    world.write(make_plan(make_course(), language="en"))
    assert english.lower() in world.run(*arguments).out.lower()


def test_data_goes_to_stdout_and_logs_to_stderr(world: World) -> None:
    """Of a script that reads stdout nothing is asked but to parse it; away from a terminal no colour, no progress."""
    world.write(make_plan(make_course()))
    for ran in (world.preview(), world.sync(), world.run("responses"), world.run("registrations", "--format", "json"), world.run("run")):
        assert "\x1b" not in ran.out + ran.err
        assert "\r" not in ran.out + ran.err
        assert "graph.answered" not in ran.out
        assert all(line.startswith("{") for line in ran.err.splitlines())
    assert any(line["event"] == "sync.changed" for line in world.ran[1].log)


def test_quiet_settings_leave_stderr_empty(world: World) -> None:
    world.write(make_plan(make_course()))
    assert world.sync(LOG__LEVEL="error").err == ""


def test_now_rules_what_is_past_from_the_option_and_from_the_environment(world: World) -> None:
    world.write(make_plan(make_course()))
    later = "2025-06-18T09:00:00+02:00"
    assert world.run("--now", later, "preview", "--format", "json").changes == []
    assert world.preview(NOW=later).changes == []
    assert world.preview(NOW="2025-06-18T06:59:59Z").changes != []
    assert world.run("--now", NOW.isoformat(), "preview", "--format", "json", NOW=later).changes != []


def test_registrations_have_the_contract_s_keys_and_values(world: World) -> None:
    world.write(make_plan(make_course()))
    world.sync()
    first, second, third, *_ = sorted(world.invited("lederdag/dag"))
    world.move_clock("2025-03-04T10:30:00+01:00")
    for person, response in ((first, "accept"), (second, "decline"), (third, "tentative")):
        world.answer("lederdag/dag", person, response)
    assert world.run("responses").code == 0
    rows = world.registrations()
    assert len(rows) == 23
    assert all(set(row) >= ROW_KEYS for row in rows.values())
    said = {email: row["status"] for (_, email), row in rows.items()}
    assert (said.pop(first), said.pop(second), said.pop(third)) == ("registered", "declined", "tentative")
    assert set(said.values()) == {"invited"}
    accepted = rows["lederdag", first]
    assert (accepted["since"], accepted["source"], accepted["position"], accepted["offering"]) == (
        "2025-03-04T09:30:00Z", "outlook", None, "main",
    )  # fmt: skip


def test_registrations_of_one_course_and_to_a_file(world: World) -> None:
    world.write(make_plan(make_course("a"), make_course("b", make_session(day="2025-06-19"))))
    world.sync()
    rows = world.run("registrations", "a", "--format", "json").json
    assert {row["course"] for row in rows} == {"a"}
    for form in ("csv", "json", "table", "xlsx"):
        ran = world.run("registrations", "a", "--format", form, "--out", f"out.{form}")
        assert (ran.code, ran.out) == (0, "")
        assert (world.folder / f"out.{form}").stat().st_size > 100
    assert json.loads((world.folder / "out.json").read_text(encoding="utf-8")) == rows
    assert (world.folder / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_run_is_a_sync_and_the_answers_in_one(world: World) -> None:
    world.write(make_plan(make_course()))
    first = world.run("run")
    assert first.code == 0
    assert len(first.people_mailed) == 23
    world.answer("lederdag/dag", min(world.invited("lederdag/dag")), "accept")
    second = world.run("run")
    assert (second.code, second.writes) == (0, ())
    assert sorted({row["status"] for row in world.registrations().values()}) == ["invited", "registered"]


def test_erase_leaves_no_trace_in_the_database_and_tells_who_is_still_invited(world: World) -> None:
    world.write(make_plan(make_course()))
    world.sync()
    person = min(world.invited("lederdag/dag"))
    world.answer("lederdag/dag", person, "accept")
    world.run("responses")
    everything = b"".join(file.read_bytes() for file in world.folder.glob("kursusbot.db*"))
    assert person.encode() in everything
    ran = world.run("erase", person.upper())
    assert ran.code == 0
    assert "1" in ran.out
    left = b"".join(file.read_bytes() for file in world.folder.glob("kursusbot.db*"))
    assert person.encode() not in left
    assert world.run("erase", "nobody@norddjurs.example").code == 0


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["db", "upgrade"]])
def test_every_command_has_help_with_an_example(desk: World, command: list[str]) -> None:
    ran = desk.run(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Example: kursusbot" in ran.out or command == ["db"]


def test_help_and_version_import_no_graph_library(desk: World) -> None:
    for option in ("--help", "--version"):
        code = (
            "import sys\nsys.argv = ['kursusbot', sys.argv[1]]\nfrom bot.cli.main import main\n"
            "try:\n    main()\nfinally:\n    heavy = {'msgraph', 'azure', 'httpx', 'sqlalchemy', 'pydantic'} & set(sys.modules)\n"
            "    print('imported:', sorted(heavy), file=sys.stderr)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, option],
            capture_output=True,
            text=True,
            check=True,
            env=desk.environment() | {"PYTHONPATH": str(REPOSITORY)},
        )
        assert "kursusbot" in done.stdout
        assert done.stderr == "imported: []\n"


@pytest.mark.parametrize("held", [{"method": "GET", "path": "/events"}, {"method": "POST", "path": "/events"}])
def test_ctrl_c_ends_a_command_without_a_traceback_and_the_next_run_finishes_it(world: World, held: dict[str, str]) -> None:
    world.write(make_plan(make_course()))
    rule = world.tenant.faults.add(**held, delay_ms=500)
    process = world.start("sync", "--yes")
    wait_until(lambda: rule.acted)
    process.send_signal(signal.SIGINT)
    ran = world.finish(process)
    assert (ran.code, ran.out) == (130, "")
    wait_until(lambda: all(entry.ended for entry in world.tenant.journal.entries))
    world.sync()
    assert len(world.tenant.mail_log.to_people()) == 23
    assert world.preview().json["changes"] == []


def test_a_reader_that_stops_reading_is_no_error(world: World) -> None:
    """`kursusbot preview | head -1`"""
    world.write(make_plan(*some_courses(12)))
    reader, writer = os.pipe()
    command = [sys.executable, "-m", "bot.cli.main", "preview", "--format", "json"]
    environment = world.environment(LOG__LEVEL="error") | {"PYTHONPATH": str(REPOSITORY)}
    os.close(reader)
    done = subprocess.run(command, cwd=world.folder, env=environment, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_terminal_without_danish_letters_gets_the_page_all_the_same(world: World) -> None:
    world.write(make_plan(make_course(title="Ændring på vej → ø")))
    environment = world.environment(LOG__LEVEL="error") | {"PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "bot.cli.main", "preview"]
    done = subprocess.run(command, cwd=world.folder, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"ndring p" in done.stdout


def test_a_whole_command_as_a_process_of_its_own(world: World) -> None:
    """What the other tests run in their own process is what a shell would run."""
    world.write(make_plan(make_course()))
    ran: Ran = world.finish(world.start_from_nothing("sync", "--yes", "--format", "json"))
    assert (ran.code, ran.json["mails"]) == (0, 23)
    assert all(line["plan"] == "demo" and line["run_id"] for line in ran.log)
