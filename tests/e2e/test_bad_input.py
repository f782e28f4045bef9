"""Exit code 2: whatever is wrong with the plan, the settings or the arguments is said in words, and nothing is asked of Graph."""

from __future__ import annotations

import re

import pytest

from tests.e2e.driver import World
from tests.e2e.plans import make_course, make_plan, make_session

THREE_MISTAKES = """\
version: 1
id: demo
organisation: Demokommunen
timezone: Europe/Copenhagen
language: da
organiser: lederudvikling@norddjurs.example
contact: hr@norddjurs.example
audiences:
  ledere: {groups: [alle-ledere@norddjurs.example]}
courses:
  - id: lederdag
    title: Lederdag
    status: approved
    audience: lederne
    sesions: []
    sessions:
      - {id: dag, start: 2025-06-18T12:00, end: 2025-06-18T09:00}
"""
CODES = {"reference.unknown", "key.unknown", "session.end_before_start"}


@pytest.mark.parametrize("command", [["preview"], ["sync", "--yes"], ["run"], ["responses"], ["registrations"]])
def test_a_plan_with_errors_stops_every_command_with_all_of_them(desk: World, command: list[str]) -> None:
    desk.plan_file.write_text(THREE_MISTAKES, encoding="utf-8")
    ran = desk.run(*command)
    assert (ran.code, ran.out) == (2, "")
    assert [f"linje {line}" in ran.err for line in (14, 15, 17)] == [True, True, True]
    assert "kursusbot check" in ran.err
    assert not desk.database_file.exists()


def test_check_reports_each_problem_with_its_place_and_line(desk: World) -> None:
    desk.plan_file.write_text(THREE_MISTAKES, encoding="utf-8")
    ran = desk.run("check", "--format", "json")
    assert ran.code == 2
    assert ran.json["ok"] is False
    assert {problem["code"] for problem in ran.json["problems"]} >= CODES
    assert all(set(problem) >= {"severity", "code", "place", "line", "message"} for problem in ran.json["problems"])
    places = {problem["code"]: (problem["place"], problem["line"]) for problem in ran.json["problems"]}
    assert places["session.end_before_start"] == ("courses[0].sessions[0].end", 17)
    assert "sessions" in next(problem["message"] for problem in ran.json["problems"] if problem["code"] == "key.unknown")


def test_check_takes_the_plan_as_its_argument_and_needs_no_tenant(desk: World) -> None:
    desk.write(make_plan(make_course()))
    ran = desk.run("check", str(desk.plan_file), PLAN="")
    assert ran.code == 0
    assert desk.run("check", "--format", "json").json == {"ok": True, "problems": []}


def test_a_warning_is_told_and_is_no_error(desk: World) -> None:
    desk.write(make_plan(make_course("lørdag".replace("ø", "oe"), make_session(day="2025-06-14"))))
    ran = desk.run("check", "--format", "json")
    assert ran.code == 0
    assert ran.json["ok"] is True
    assert [(problem["severity"], problem["code"]) for problem in ran.json["problems"]] == [("warning", "session.on_weekend")]


@pytest.mark.parametrize(("language", "word"), [("da", "linje 14"), ("en", "line 14")])
def test_problems_are_told_in_danish_and_in_english(desk: World, language: str, word: str) -> None:
    desk.plan_file.write_text(THREE_MISTAKES, encoding="utf-8")
    assert word in desk.run("--lang", language, "check").out.lower()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("nothing.yaml", b""),
        ("binary.yaml", bytes(range(256))),
        ("latin.yaml", "id: lønkursus".encode("latin-1")),
        ("list.yaml", b"- 1\n- 2\n"),
        ("tabs.yaml", b"a:\n\tb: 1\n"),
        ("bomb.yaml", b"a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n"),
        ("nulls.yaml", b"id: de\x00mo\n"),
        ("text.xlsx", b"this is no workbook"),
        ("empty.xlsx", b""),
    ],
)
def test_what_is_no_plan_is_refused_without_a_traceback(desk: World, name: str, content: bytes) -> None:
    file = desk.folder / name
    file.write_bytes(content)
    ran = desk.run("check", str(file), "--format", "json")
    assert ran.code == 2
    assert ran.json["problems"]
    assert desk.run("--plan", str(file), "preview").code == 2


@pytest.mark.parametrize(
    ("arguments", "settings", "names"),
    [
        (["preview"], {"PLAN": ""}, "KURSUSBOT_PLAN"),
        (["--plan", "nowhere.yaml", "preview"], {}, "nowhere.yaml"),
        (["--plan", ".", "preview"], {}, "."),
        (["preview"], {"SAFETY__MAX_MAIL": "10"}, "KURSUSBOT_SAFETY__MAX_MAILS"),
        (["preview"], {"SAFETY__MAX_MAILS": "many"}, "KURSUSBOT_SAFETY__MAX_MAILS"),
        (["preview"], {"DRIFT": "overwrite"}, "KURSUSBOT_DRIFT"),
        (["preview"], {"GRAPH__CONCURRENCY": "5"}, "KURSUSBOT_GRAPH__CONCURRENCY"),
        (["preview"], {"GRAPH__GATE": "tenant"}, "KURSUSBOT_GRAPH__GATE"),
        (["preview"], {"MAILBOX__MESSAGES_PER_MINUTE": "501"}, "KURSUSBOT_MAILBOX__MESSAGES_PER_MINUTE"),
        (["preview"], {"GRAPH__BASE_URL": "http://graph.example/v1.0"}, "https"),
        (["preview"], {"GRAPH__BASE_URL": "https://graph.microsoft.com/v1.0"}, "static_token"),
        (["preview"], {"GRAPH__CREDENTIAL": "client_secret"}, "KURSUSBOT_GRAPH__CLIENT_SECRET"),
        (["preview"], {"NOW": "yesterday"}, "KURSUSBOT_NOW"),
        (["--now", "2025-03-03T09:00", "preview"], {"NOW": ""}, "KURSUSBOT_NOW"),
        (["preview"], {"DATABASE_URL": "mysql://somewhere/else"}, "KURSUSBOT_DATABASE_URL"),
        (["preview"], {"DATABASE_URL": "sqlite:///no/such/folder/kursusbot.db"}, "no/such/folder"),
        (["--plan"], {}, "--plan"),
        (["preview", "--format", "pdf"], {}, "pdf"),
        (["sink"], {}, "sink"),
        (["--lang", "sv", "preview"], {}, "sv"),
        (["registrations", "madlavning"], {}, "lederdag"),
        (["registrations", "--format", "xlsx"], {}, "--out"),
        (["registrations", "--format", "csv", "--out", "no/such/folder/x.csv"], {}, "no/such/folder/x.csv"),
        (["init", "plan.docx"], {}, ".xlsx"),
        (["init", "no/such/folder/plan.yaml"], {}, "no/such/folder"),
    ],
)
def test_bad_settings_and_arguments_are_refused_by_name(desk: World, arguments: list[str], settings: dict[str, str], names: str) -> None:
    desk.write(make_plan(make_course()))
    ran = desk.run(*arguments, **settings)
    assert (ran.code, ran.out) == (2, "")
    assert names in ran.err


def test_a_clock_may_only_be_set_where_nothing_is_real(desk: World) -> None:
    desk.write(make_plan(make_course()))
    real = {"GRAPH__BASE_URL": "https://graph.microsoft.com/v1.0", "GRAPH__CREDENTIAL": "default", "NOW": ""}
    ran = desk.run("--now", "2025-03-03T09:00:00+01:00", "preview", **real)
    assert (ran.code, ran.out) == (2, "")
    assert "KURSUSBOT_GRAPH__BASE_URL" in ran.err


def test_a_secret_in_a_refused_setting_is_not_repeated(desk: World) -> None:
    ran = desk.run(
        "preview", GRAPH__CLIENT_SECRET="s3cr3t-value", GRAPH__CLIENT_SECRT="s3cr3t-typo", DATABASE_URL="postgresql://u:s3cr3t-pw@[bad/x"
    )
    assert ran.code == 2
    assert "s3cr3t" not in ran.err


def test_settings_are_read_from_both_files_and_the_environment_wins(desk: World) -> None:
    """Environment, then .env, then kursusbot.toml; what no file may hold is refused too."""
    desk.write(make_plan(make_course()))
    (desk.folder / "kursusbot.toml").write_text('plan = "from-toml.yaml"\n', encoding="utf-8")
    assert "from-toml.yaml" in desk.run("preview", PLAN="").err
    (desk.folder / ".env").write_text("KURSUSBOT_PLAN=from-env-file.yaml\nPOSTGRES_PASSWORD=another-program\n", encoding="utf-8")
    assert "from-env-file.yaml" in desk.run("preview", PLAN="").err
    assert "from-env.yaml" in desk.run("preview", PLAN="from-env.yaml").err
    assert "from-option.yaml" in desk.run("--plan", "from-option.yaml", "preview", PLAN="from-env.yaml").err
    (desk.folder / "kursusbot.toml").write_text("[safety]\nmax_mail = 3\n", encoding="utf-8")
    refused = desk.run("preview")
    assert refused.code == 2
    assert "MAX_MAIL" in refused.err


def test_a_file_that_is_no_database_is_refused_and_left_alone(desk: World) -> None:
    desk.write(make_plan(make_course()))
    desk.database_file.write_text("a diary, and not a short one\n" * 200, encoding="utf-8")
    ran = desk.run("registrations")
    assert (ran.code, ran.out) == (2, "")
    assert "kursusbot.db" in ran.err
    assert desk.database_file.read_text(encoding="utf-8").startswith("a diary")


@pytest.mark.parametrize("name", ["plan.yaml", "plan.xlsx"])
def test_init_writes_a_plan_that_checks_well_and_never_overwrites(desk: World, name: str) -> None:
    first = desk.run("init", name)
    assert first.code == 0
    assert name in first.out
    written = (desk.folder / name).read_bytes()
    assert desk.run("check", name, "--format", "json").json["ok"] is True
    again = desk.run("init", name)
    assert (again.code, again.out) == (2, "")
    assert (desk.folder / name).read_bytes() == written


def test_messages_come_in_the_language_asked_for(desk: World) -> None:
    danish, english = (desk.run("--lang", language, "--plan", "nowhere.yaml", "preview").err for language in ("da", "en"))
    assert re.search(r"\bplan\b", english)
    assert danish != english
    assert desk.run("--plan", "nowhere.yaml", "preview").err == danish
