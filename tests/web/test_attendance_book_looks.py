"""The list of all registrations comes back with who came in it, on the page of attendance in numbers."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from bot.desks.plan import BookPlanDesk
from bot.opening.stores import open_stores
from tests.builders.browsers import DESK_TOP, PHONE, assert_everybody_can_use
from tests.builders.checking_in import CHECKED, START, settings_at
from tests.builders.course_books import PEOPLE, fill

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def opened(tmp_path):
    settings = settings_at(START, f"sqlite:///{tmp_path}/sheet.db")
    with open_stores(settings) as stores:
        fill(stores, settings, CHECKED)
        yield settings, stores


def send(page, book):
    data = BytesIO()
    book.save(data)
    page.get_by_label("Den udfyldte liste").set_input_files({"name": "liste.xlsx", "mimeType": XLSX, "buffer": data.getvalue()})
    page.get_by_role("button", name="Se, hvad den siger").click()


@pytest.mark.parametrize("viewport", [PHONE, DESK_TOP], ids=["phone", "desktop"])
def test_hr_gives_the_whole_list_back_and_sees_what_it_says_before_it_counts(open_page, opened, tmp_path, viewport):
    settings, stores = opened
    page = open_page("/attendance?plan=by", BookPlanDesk(settings, CHECKED, stores), viewport=viewport)
    assert_everybody_can_use(page, tmp_path / "form.png")
    with page.expect_download() as got:
        page.get_by_role("link", name="Hent tilmeldingslisten").click()
    book = openpyxl.load_workbook(BytesIO(got.value.path().read_bytes()))
    sheet = next(one for one in book.worksheets if "Fremmøde" in {cell.value for cell in one[1]})
    at = {cell.value: number for number, cell in enumerate(sheet[1])}
    lines = {row[at["E-mail"]].value: row for row in sheet.iter_rows(min_row=2)}
    ticked = lines[PEOPLE[0].email][at["Fremmøde"]]
    ticked.value = "dag-1: måske"
    send(page, book)
    page.get_by_text(ticked.coordinate).wait_for()
    assert_everybody_can_use(page, tmp_path / "wrong.png")
    ticked.value, lines[PEOPLE[1].email][at["Status"]].value = "dag-1: ja", "Noget andet"
    page.get_by_role("link", name="Tilbage til Fremmøde i tal").click()
    send(page, book)
    page.get_by_role("heading", name="Kom (1)").wait_for()
    page.get_by_text("I disse celler står der noget andet").wait_for()
    assert_everybody_can_use(page, tmp_path / "look.png")
    page.locator("[name=said]").evaluate("field => field.value = field.value.replace('dag-1', 'en-dag-der-er-gået')")
    page.get_by_role("button", name="Sæt det i listerne").click()
    page.get_by_text("så intet af det er sat ind").wait_for()
    assert_everybody_can_use(page, tmp_path / "changed.png")
    assert not stores.attendance.load_words("by")
    page.get_by_role("link", name="Tilbage til Fremmøde i tal").click()
    send(page, book)
    page.get_by_role("button", name="Sæt det i listerne").click()
    page.get_by_role("heading", name="Fremmøde i tal").wait_for()
    said = {(one.email, one.session, one.said.value, one.source.value) for one in stores.attendance.load_words("by")}
    assert said == {(PEOPLE[0].email, "dag-1", "came", "hr")}
    page.get_by_label("Den udfyldte liste").set_input_files({"name": "x.xlsx", "mimeType": XLSX, "buffer": b"PK\x03\x04nix"})
    page.get_by_role("button", name="Se, hvad den siger").click()
    page.get_by_role("alert").wait_for()
