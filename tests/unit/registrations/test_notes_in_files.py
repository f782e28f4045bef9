"""A note to HR in every file that the registrations are handed over in."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO

import openpyxl

from bot.domain.events import ResponseStatus
from bot.domain.people import Language
from bot.registrations.export import registrations_csv, registrations_json, registrations_xlsx
from bot.registrations.said import NOTHING_SAID, Remark
from tests.builders.registrations import DAG, PLAN, registration

ROWS = (registration(DAG, "anna@by.example", name="Anna"), registration(DAG, "bo@by.example", name="Bo"))


def test_a_note_of_somebody_without_a_registration_is_in_the_csv_too():
    """Who was asked to sign up may write to HR before; the page says that HR sees it."""
    about = {"course": "tryghed", "course_title": "Psykologisk tryghed", "offering": "", "at": datetime(2026, 11, 1, 12, tzinfo=UTC)}
    alone = Remark(name="Nanna", email="n@by.example", text="=Jeg er i tvivl", response=None, **about)
    of_a_row = replace(alone, email=ROWS[0].email, course=ROWS[0].course)
    answered = replace(alone, email="s@by.example", response=ResponseStatus.ACCEPTED)
    said = replace(NOTHING_SAID, remarks=(alone, of_a_row, answered))
    data = registrations_csv(ROWS, PLAN, Language.DA, said=said)
    lines = list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(lines) == len(ROWS) + 1
    last = {name: cell for name, cell in lines[-1].items() if cell}
    assert last == {"Kursus": "Psykologisk tryghed", "Navn": "Nanna", "E-mail": "n@by.example", "Besked til HR": "'=Jeg er i tvivl"}


def test_a_note_stands_in_the_persons_row_of_every_file():
    """By the address that the rows have."""
    said = replace(NOTHING_SAID, notes={(ROWS[0].course, ROWS[0].email): "Tåler ikke nødder"})
    book = openpyxl.load_workbook(BytesIO(registrations_xlsx(ROWS, PLAN, Language.DA, said=said)))
    of_people = [sheet for sheet in book if "Besked til HR" in {cell.value for cell in sheet[1]}]
    in_book = [row for sheet in of_people for row in sheet.iter_rows(values_only=True) if "Tåler ikke nødder" in row]
    in_csv = [line for line in registrations_csv(ROWS, PLAN, Language.DA, said).decode("utf-8-sig").splitlines() if "nødder" in line]
    in_json = [row["email"] for row in json.loads(registrations_json(ROWS, PLAN, said)) if row["note"]]
    assert ({ROWS[0].email} <= {*in_book[0]}, ROWS[0].email in in_csv[0], in_json) == (True, True, [ROWS[0].email])
    assert len(in_csv) == 1
