"""A course's questions as HR writes them: in YAML, in a workbook, and what is said where they cannot be used."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import openpyxl
import pytest

from bot.domain.people import Language
from bot.domain.questions import READY_MADE, Question, QuestionKind, SeenBy
from bot.plan import parse_plan, problem_text, render_workbook
from bot.plan.document import plan_document
from tests.builders.documents import COURSE_ROWS, parse, workbook
from tests.unit.plan.plan_format import FORMAT

NOW = datetime(2024, 1, 1, tzinfo=UTC)
WRITTEN = FORMAT[FORMAT.index("    questions:") : FORMAT.index("    evaluation:")]


def parsed(questions):
    text = FORMAT.replace(WRITTEN, f"    questions: {questions}\n")
    return parse_plan(text.encode(), name="plan.yaml", now=NOW)


def asked(questions):
    found = parsed(questions)
    assert found.plan is not None, found.problems
    return found.plan.courses[0].questions


def test_one_word_is_a_whole_question_and_is_written_back_as_one():
    assert asked("[allergies]") == asked("[allergier]") == asked("[{text: Allergier}]") == (READY_MADE["allergies"],)
    found = parsed("[Allergies]").plan
    assert plan_document(found)["courses"][0]["questions"] == ["allergies"]


def test_a_ready_made_question_may_say_more():
    (found,) = asked("[{text: allergies, required: true, keep_days: 5}]")
    assert (found.id, found.required, found.keep_days, found.seen_by) == ("allergies", True, 5, SeenBy.HR)


def test_options_make_a_choice_and_nothing_makes_a_text():
    food, other = asked("[{id: mad, text: Mad?, options: [Kød, Fisk]}, {id: andet, text: Andet?}]")
    assert food == Question(id="mad", text="Mad?", kind=QuestionKind.CHOICE, options=("Kød", "Fisk"))
    assert other == Question(id="andet", text="Andet?")


@pytest.mark.parametrize(
    ("questions", "code", "words"),
    [
        ("[alergies]", "value.invalid", "Mente du »allergies«?"),
        ("[{id: a}]", "key.missing", "»text« mangler"),
        ("[{text: Bus?}]", "key.missing", "»id« mangler"),
        ("[{id: a, text: Bus?, kind: choice}]", "key.missing", "»options« mangler"),
        ("[{id: a, text: Bus?, options: [Ja]}]", "value.invalid", "mindst 2 forskellige svarmuligheder"),
        ("[{id: a, text: Bus?, options: [Ja, 'Nej, tak']}]", "value.invalid", "hverken komma eller semikolon"),
        ("[{id: a, text: Bus?, kind: yes_no, options: [Ja, Nej]}]", "value.invalid", "»options« modsiger »kind«"),
        ("[{id: a, text: Bus?, kind: ja}]", "value.invalid", "yes_no"),
        ("[{id: a, text: Bus?, seen_by: alle}]", "value.invalid", "participants"),
        ("[{id: a, text: Bus?, keep_days: 0}]", "value.invalid", "fra 1 til 3650"),
        ("[{id: a, text: Bus?}, {id: a, text: Tog?}]", "id.duplicate", "»a«"),
        ("[allergies, {text: allergier}]", "id.duplicate", "»allergies«"),
        ("[allergies, allergies]", "id.duplicate", "»allergies«"),
        ("[{id: a, text: Bus?, need: true}]", "key.unknown", "»need«"),
        ("[[a]]", "value.invalid", "nøgler med værdier"),
        ("allergies", "value.invalid", "en liste"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_line(questions, code, words):
    found = parsed(questions)
    errors = [problem for problem in found.problems if problem.severity.value == "error"]
    line = FORMAT[: FORMAT.index(WRITTEN)].count("\n") + 1
    assert [(problem.code, problem.line) for problem in errors[:1]] == [(code, line)]
    assert words in problem_text(Language.DA, errors[0])


HEADINGS = ("Kursus", "Spørgsmål", "Svarform", "Svarmuligheder", "Skal besvares", "Hvem ser svaret", "Slettes efter dage")
COURSE = COURSE_ROWS[1][COURSE_ROWS[0].index("Titel")]


def sheet(*rows, headings=HEADINGS):
    return parse(workbook(Spørgsmål=(headings, *rows)))


def test_a_row_is_read_as_it_is_typed_and_its_id_is_its_words():
    found = sheet(
        (COURSE, "Allergier"),
        (COURSE, "Tager du bussen fra rådhuset?", "ja-nej", None, "x", "HR og ansvarlige", 14),
        (COURSE, "Hvad vil du spise?", None, "Kød; Fisk", "nej"),
        (COURSE, "Noget andet?", "Tekst", None, None, "alle deltagere"),
    )
    assert found.plan is not None, found.problems
    allergies, bus, food, other = found.plan.courses[0].questions
    assert allergies == READY_MADE["allergies"]
    assert bus == Question(
        id="tager-du-bussen-fra-raadhuset", text="Tager du bussen fra rådhuset?", kind=QuestionKind.YES_NO, required=True,
        seen_by=SeenBy.RESPONSIBLE, keep_days=14,
    )  # fmt: skip
    assert (food.kind, food.options, food.required) == (QuestionKind.CHOICE, ("Kød", "Fisk"), False)
    assert (other.kind, other.seen_by) == (QuestionKind.TEXT, SeenBy.PARTICIPANTS)
    assert "hvad-vil-du-spise" not in " ".join(problem_text(Language.DA, one) for one in found.problems), "nobody sees the ids"


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        ((COURSE, "Mad?", "valg"), "Spørgsmål!A2", "»Svarmuligheder« mangler"),
        ((COURSE, "Mad?", "tekst", "Kød, Fisk"), "Spørgsmål!D2", "»Svarmuligheder« modsiger »Svarform«"),
        ((COURSE, "Mad?", None, "Kød"), "Spørgsmål!D2", "mindst 2 forskellige svarmuligheder"),
        ((COURSE, "Mad?", "måske"), "Spørgsmål!C2", "tekst, valg, ja/nej"),
        ((COURSE, "Mad?", None, None, None, "alle"), "Spørgsmål!F2", "kun HR, HR og ansvarlige, alle deltagere"),
        ((COURSE, None, "tekst"), "Spørgsmål!A2", "»Spørgsmål« mangler"),
        (("Et ukendt kursus", "Mad?"), "Spørgsmål!A2", "Et ukendt kursus"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_cell_in_the_sheets_own_words(row, place, words):
    found = sheet(row)
    told = [(problem.place, problem_text(Language.DA, problem)) for problem in found.problems if problem.severity.value == "error"]
    assert any(where == place and words in text for where, text in told), told


def test_a_workbook_shows_the_ready_made_question_in_danish_and_hides_the_ids():
    plan = parsed("[allergies, {id: bus, text: Bus?, kind: yes_no}]").plan
    again = parse(render_workbook(plan))
    assert again.plan.courses[0].questions == plan.courses[0].questions
    page = openpyxl.load_workbook(io.BytesIO(render_workbook(plan)))["Spørgsmål"]
    assert [cell.value for cell in page[2]][1:3] == ["allergies", "allergier"]
    assert page.column_dimensions["B"].hidden
