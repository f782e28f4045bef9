"""Every drop-down of a workbook of ours offers all of its words, also where Excel does not keep so many in one."""

from __future__ import annotations

import io

import openpyxl
from openpyxl.utils import column_index_from_string

from bot.domain.people import Language
from bot.plan.labels import MESSAGES
from bot.plan.read_me_sheet import NAME as READ_ME
from bot.plan.starter import starter
from bot.plan.workbook_writer import MOST_IN_A_LIST


def offered(book, sheet, heading):
    """The words of the drop-down below a heading."""
    page = book[sheet]
    letter = next(cell.column_letter for cell in page[1] if cell.value == heading)
    rule = next(one for one in page.data_validations.dataValidation if any(str(area).startswith(f"{letter}2") for area in one.sqref.ranges))
    if rule.formula1.startswith('"'):
        return rule.formula1.strip('"').split(",")
    name, _, area = rule.formula1.partition("!")
    first, last = area.replace("$", "").split(":")
    return [row[0].value for row in book[name.strip("'")][first:last]]


def test_a_list_that_is_too_long_for_excel_is_offered_whole_and_stands_out_of_sight():
    book = openpyxl.load_workbook(io.BytesIO(starter("xlsx", Language.DA)))
    words = [word for _, word in MESSAGES]
    assert len(",".join(words)) > MOST_IN_A_LIST
    assert offered(book, "Tekster", "Besked") == words
    hidden = [letter for letter, column in book[READ_ME].column_dimensions.items() if column.hidden]
    assert [column_index_from_string(letter) for letter in hidden] == [3]


def test_a_short_one_is_kept_by_excel_itself():
    book = openpyxl.load_workbook(io.BytesIO(starter("xlsx", Language.DA)))
    assert offered(book, "Kurser", "Kursusbevis") == ["alle gange", "mindst 80 %", "mindst halvdelen", "mindst én gang"]
