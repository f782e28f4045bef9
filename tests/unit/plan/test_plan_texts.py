"""HR's own words in messages, in both ways in: what is read, what is refused, and that an error says where and what to write."""

from __future__ import annotations

import pytest

from bot.domain.people import Language
from bot.domain.wording import LONGEST_WORDING, Wording
from bot.plan import problem_text
from tests.builders.documents import HEAD, parse, workbook

DA, EN = Language.DA, Language.EN
HEADINGS = ("Kursus", "Besked", "Sprog", "Indledning", "Afslutning")


def plan(*texts, of_course=(), language="da"):
    """A plan in YAML with these texts, and a course with those."""
    head = HEAD.replace("language: da", f"language: {language}")
    listed = "".join(f"  - {{{text}}}\n" for text in texts)
    own = "".join(f"      - {{{text}}}\n" for text in of_course)
    return (
        head
        + (f"texts:\n{listed}" if texts else "")
        + "courses:\n  - id: a\n    title: Ledelse\n    status: proposed\n"
        + (f"    texts:\n{own}" if own else "")
    )


def sheet(*rows):
    courses = (("Id", "Titel", "Status"), ("a", "Ledelse", "foreslået"), ("b", "Etik", "foreslået"))
    return workbook(Kurser=courses, Sessioner=None, Tekster=(HEADINGS, *rows))


def only_problem(source):
    (problem,) = parse(source).problems
    return problem


def test_texts_are_read_in_the_plans_language_where_they_name_none():
    read = parse(plan("message: practical, opening: Hej", "message: practical, language: en, closing: Bye", language="da")).usable()
    assert read.texts == (
        Wording(message="practical", language=DA, opening="Hej"),
        Wording(message="practical", language=EN, closing="Bye"),
    )
    assert parse(plan("message: practical, opening: Hi", language="en")).usable().texts[0].language is EN
    own = parse(plan(of_course=("message: invitation, opening: 'Svar {svarfrist}'",))).usable()
    assert (own.texts, own.courses[0].texts[0].opening) == ((), "Svar {svarfrist}")


def test_a_workbook_has_them_on_a_sheet_with_danish_words():
    rows = (
        ("", "praktisk", "", "Kære {navn}\nHusk madpakke", ""),
        ("Ledelse", "Reserver datoen", "engelsk", "", "See you"),
        ("b", "seat_offered", "dansk", "Tillykke", ""),
    )
    read = parse(sheet(*rows)).usable()
    assert read.texts == (Wording(message="practical", language=DA, opening="Kære {navn}\nHusk madpakke"),)
    assert read.courses[0].texts == (Wording(message="save_the_date", language=EN, closing="See you"),)
    assert read.courses[1].texts == (Wording(message="seat_offered", language=DA, opening="Tillykke"),)


@pytest.mark.parametrize(
    ("text", "reason", "says"),
    [
        ("message: practical, opening: 'Kære {nvan}'", "text_field_near", "Mente du »navn«?"),
        ("message: practical, opening: '{xyzzy}'", "text_field", "{sted}"),
        ("message: practical, opening: 'Kære {navn'", "text_brace", "to gange: {{ eller }}"),
        ("message: invitation, closing: 'Kære {navn}'", "text_same_for_all", "den samme for alle"),
        ("message: invitation, closing: '{date}'", "text_shown_by_outlook", "{dato} kan ikke stå"),
        ("message: save_the_date, closing: '{kursus}'", "text_shown_by_outlook", "Outlook viser det selv"),
        ("message: save_the_date, closing: '{svarfrist}'", "text_no_answer_yet", "skal ikke svares endnu"),
        ("message: choose, closing: '{dato}'", "text_whole_course", "flere datoer"),
        ("message: practica, closing: Ses", "choice_near", "»practical«"),
        ("message: minimum, closing: Ses", "choice", "invitation"),
        ("message: practical, language: de, closing: Ses", "choice", "da, en"),
    ],
)
@pytest.mark.parametrize("where", ["plan", "course"])
def test_what_cannot_be_meant_is_told_where_it_stands(where, text, reason, says):
    problem = only_problem(plan(text) if where == "plan" else plan(of_course=(text,)))
    assert (problem.code, problem.params["reason"]) == ("value.invalid", reason)
    assert says in problem_text(DA, problem)
    assert problem_text(EN, problem)
    assert problem.place.startswith("texts[0]." if where == "plan" else "courses[0].texts[0].")


def test_what_is_missing_or_there_twice_is_told():
    assert [one.code for one in parse(plan("message: practical")).problems] == ["key.missing"]
    assert [one.code for one in parse(plan("opening: Hej")).problems] == ["key.missing"]
    assert (
        only_problem(plan("message: practical, language: da, opening: a", "message: practical, closing: b")).params["reason"]
        == "text_twice"
    )
    assert only_problem(plan(f"message: practical, opening: {'a' * (LONGEST_WORDING + 1)}")).params["reason"] == "long"
    assert parse(plan("message: practical, opening: a", of_course=("message: practical, opening: b",))).problems == ()


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        (("", "praktisk", "", "{nvan}", ""), "Tekster!D2", "value.invalid"),
        (("", "praktis", "", "Hej", ""), "Tekster!B2", "cell.invalid"),
        (("", "praktisk", "", "", ""), "Tekster!A2", "key.missing"),
        (("", "", "", "Hej", ""), "Tekster!A2", "key.missing"),
        (("Ledeles", "praktisk", "", "Hej", ""), "Tekster!A2", "reference.unknown"),
    ],
)
def test_a_problem_of_the_sheet_names_its_cell_and_the_readers_words(row, cell, code):
    problem = only_problem(sheet(row))
    assert (problem.code, problem.place) == (code, cell)
    assert not {"opening", "closing", "practical", "message"} & {*problem_text(DA, problem).replace("»", " ").replace("«", " ").split()}
