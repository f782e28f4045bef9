"""What `check` says: each problem with its place and the next step, in both languages; and what it reads from disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.domain.wording import NoField
from bot.i18n.catalogue import error_text, load_area
from bot.plan import problem_text, problems_json, problems_report, read_plan_file
from bot.plan.parse import MOST_BYTES
from tests.builders.documents import parse, sessions, with_course, with_sessions, workbook

SOURCES = sorted((Path(__file__).parents[3] / "bot" / "plan").glob("*.py"))
WRONG = with_sessions("id: a, start: 2025-06-14T09:00, end: 2025-06-14T08:00", "id: b, start: 2025-06-14T09:00, end: 2025-06-14T10:00")


def test_the_report_has_place_line_and_text_in_the_order_of_the_file():
    """Errors are marked, and counted at the end."""
    problems = parse(WRONG).problems
    assert problems_report(problems, Language.EN).splitlines() == [
        "ERROR · line 17, courses[0].sessions[0].end · session.end_before_start",
        "    The end (2025-06-14 08:00) is not after the start (2025-06-14 09:00). Mend one of them.",
        "WARNING · line 18, courses[0].sessions[1].start · session.on_weekend",
        "    The session is on a weekend (2025-06-14). Mend the date if that is not intended.",
        "1 error, 1 warning.",
    ]
    assert problems_report(problems, Language.DA).startswith("FEJL · linje 17, courses[0].sessions[0].end")
    assert problems_report((), Language.DA) == "Planen er i orden."


def test_the_place_in_a_workbook_is_its_cell_and_at_the_root_only_the_line():
    """Nobody looks for line 2 of a sheet."""
    assert "FEJL · Sessioner!D2 · cell.invalid" in problems_report(parse(sessions(("kursus", None, "a", "x", "y"))).problems, Language.DA)
    assert "FEJL · linje 1 · plan.unreadable" in problems_report(parse("").problems, Language.DA)


def test_the_json_has_the_message_in_the_chosen_language_and_in_both():
    """The shape of `check --format json`."""
    document = problems_json(parse(WRONG).problems, Language.DA, ok=False)
    first = document["problems"][0]
    assert document["ok"] is False
    assert list(first) == ["severity", "code", "place", "line", "message", "messages"]
    assert (first["severity"], first["line"], first["message"]) == ("error", 17, first["messages"]["da"])
    assert first["messages"]["en"].startswith("The end")


def test_every_code_that_the_source_names_has_a_text_and_every_text_a_code():
    """The catalogue and the source hold each other."""
    source = "\n".join(path.read_text() for path in SOURCES)
    named = set(re.findall(r'"([a-z]+\.[a-z_0-9]+)",\s', source))
    words = set(re.findall(r'"([a-z_]+)"', source)) | {f"shape_{shape}" for shape in ("mapping", "list", "single")} | {*NoField}
    told = load_area(Language.DA, "problems")
    codes = {".".join(key.split(".")[:2]) for key in told}
    assert codes <= named
    reasons = {key.split(".")[2].removesuffix("_near") for key in told if key.count(".") > 1}
    assert reasons - words == set()


def test_what_is_said_in_other_words_to_who_sits_in_excel_is_said_of_yaml_too():
    """Each has its text among the problems, and none has a word of YAML."""
    told = load_area(Language.DA, "excel")
    assert told.keys() <= load_area(Language.DA, "problems").keys()
    assert [words for words in told.values() if re.search(r"\b(true|false|undecided|\d{4}-\d\d-\d\d)\b", words)] == []


def test_a_clash_in_a_workbook_names_what_it_is_with_as_the_sheets_do():
    """Titles and names, where YAML has ids."""
    simple = (
        ("Titel", "Status", "Målgruppe", "Dato", "Fra", "Til", "Lokale"),
        ("Økonomi", "godkendt", "Alle ledere", "18-06-2025", "9.00", "12.00", "sal@demo.example"),
        ("Ledelse", "godkendt", "Alle ledere", "18-06-2025", "11.00", "13.00", "sal@demo.example"),
    )
    audiences = (("Navn", "Grupper"), ("Alle ledere", "ledere@demo.example"))
    data = workbook(Målgrupper=audiences, Kurser=None, Sessioner=None, **{"Enkle kurser": simple})
    assert [problem_text(Language.DA, one) for one in parse(data).problems if not one.is_note] == [
        "Målgruppen »Alle ledere« er samtidig inviteret til »Økonomi«. Flyt den ene, hvis det ikke er meningen.",
        "Lokalet sal@demo.example er samtidig booket til »Økonomi«. Flyt den ene, eller vælg et andet lokale.",
    ]


@pytest.mark.parametrize("text", ["{value}", "{0}", "%s", "}{"])
def test_what_the_file_says_cannot_spoil_a_message(text):
    """A value is filled in, never formatted."""
    (problem,) = parse(with_course(f"online: '{text}'")).problems
    assert f"»{text}«" in problem_text(Language.DA, problem)


def test_a_value_is_shown_short_and_without_what_cannot_be_seen():
    """A message must not carry a page, nor escape sequences for the terminal."""
    (problem,) = parse(with_course('online: "\\u001b[31m' + "x" * 500 + '"')).problems
    said = problem_text(Language.EN, problem)
    assert "\x1b" not in said
    assert len(said) < 120


def test_a_plan_file_is_read_as_it_is(tmp_path):
    """Bytes, nothing more."""
    file = tmp_path / "plan.yaml"
    file.write_bytes(b"\xffabc")
    assert read_plan_file(file) == b"\xffabc"


def test_a_file_that_is_too_big_is_read_only_so_far_that_it_is_refused(tmp_path):
    """A file of 50 MB is somebody's film."""
    file = tmp_path / "plan.yaml"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)
    data = read_plan_file(str(file))
    assert len(data) == MOST_BYTES + 1
    assert [problem.code for problem in parse(data).problems] == ["plan.unreadable"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.yaml", "plan_file_missing"),
        ("", "plan_file_is_folder"),
        ("a\0b", "plan_file_unreadable"),
        ("plan.yaml/x", "plan_file_unreadable"),
    ],
)
def test_a_file_that_cannot_be_read_is_bad_input_with_a_text(tmp_path, name, code):
    """`InputError`, exit 2, in both languages."""
    (tmp_path / "plan.yaml").write_text("")
    with pytest.raises(InputError) as caught:
        read_plan_file(f"{tmp_path}/{name}")
    assert caught.value.code == code
    assert all(str(tmp_path)[-10:] in error_text(language, caught.value) for language in Language)
