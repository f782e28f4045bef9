"""What courses were used for, in the directors' overview: numbers where enough have answered, no texts, and nothing where nobody has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Language
from bot.overview.as_html import overview_html
from bot.overview.as_json import overview_object
from bot.overview.as_text import overview_text
from bot.overview.lines import TaskLine
from bot.overview.paper import paper
from bot.overview.tables import sheets
from tests.unit.overview.formats import EVIL, directors

HEADINGS = {Language.DA: "Hvad kurserne blev brugt til", Language.EN: "What the courses were used for"}


def section(overview, language=Language.DA):
    return next((one for one in paper(overview, language).sections if one.heading == HEADINGS[language]), None)


def told(*lines):
    return replace(directors(), tasks=lines)


@pytest.mark.parametrize("language", Language)
def test_numbers_stand_by_course_and_task_and_few_are_said_to_be_few(language):
    found = section(
        told(TaskLine(course="tryghed", text="Prøv", counts=(4, 2, 0)), TaskLine(course="mentor", text="Mød", counts=None)), language
    )
    _, table = found.blocks
    many, few = ([cell.text for cell in row] for row in table.rows)
    assert many[1:] == ["Prøv", "6", "4", "2", "0"]
    assert few[1:] == ["Mød", {Language.DA: "Færre end 5", Language.EN: "Fewer than 5"}[language], "", "", ""]
    assert [column.is_number for column in table.columns] == [False, False, True, True, True, True]


def test_where_all_are_few_there_are_no_empty_columns():
    _, table = section(told(TaskLine(course="mentor", text="Mød", counts=None))).blocks
    assert [column.heading for column in table.columns] == ["Kursus eller arrangement", "Opgave", "Har svaret"]


def test_where_nobody_has_answered_there_is_no_section():
    assert section(directors()) is None


@pytest.mark.parametrize("language", Language)
def test_the_workbook_and_the_json_have_the_same_numbers(language):
    """Of few only that they are few, in no number."""
    overview = told(TaskLine(course="tryghed", text="Prøv", counts=(4, 2, 0)), TaskLine(course="mentor", text="Mød", counts=None))
    title = {Language.DA: "Opgaver bagefter", Language.EN: "Tasks afterwards"}[language]
    (sheet,) = [one for one in sheets(overview, language) if one.title == title]
    many, few = sheet.rows
    assert many[1:] == ("Prøv", 6, 4, 2, 0)
    assert few[1:] == ("Mød", {Language.DA: "Færre end 5", Language.EN: "Fewer than 5"}[language], None, None, None)
    assert len(sheet.headings) == len(many) == len(few)
    by_course = {one["course"]: one["tasks"] for one in overview_object(overview)["courses"] if one["tasks"]}
    assert by_course == {
        "tryghed": [{"task": "Prøv", "answers": 6, "counts": {"done": 4, "on_the_way": 2, "not_yet": 0}}],
        "mentor": [{"task": "Mød", "answers": None, "counts": None}],
    }
    assert title not in {one.title for one in sheets(directors(), language)}


def test_the_words_of_a_task_are_words_in_every_format():
    document = paper(told(TaskLine(course="mentor", text=EVIL, counts=(5, 0, 0))), Language.DA)
    assert "<script>" not in overview_html(document)
    assert "Hvad kurserne blev brugt til" in overview_text(document)
