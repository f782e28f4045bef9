"""A session's list goes out as a workbook, is filled in, and comes back with a look first."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from bot.desks.plan import BookPlanDesk
from bot.opening.stores import open_stores
from tests.builders.browsers import DESK_TOP, PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen
from tests.builders.checking_in import CHECKED, START, settings_at
from tests.builders.course_books import LEADERSHIP, PEOPLE, fill

DOOR = f"/courses/{LEADERSHIP.id}/door?plan=by&offering=hold-1&session=dag-1"
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


def test_hr_fills_the_list_in_and_sees_what_it_says_before_it_counts(open_page, opened, tmp_path):
    settings, stores = opened
    page = open_page(DOOR, BookPlanDesk(settings, CHECKED, stores), viewport=PHONE)
    with page.expect_download() as got:
        page.get_by_role("link", name="Hent listen som Excel").click()
    book = openpyxl.load_workbook(BytesIO(got.value.path().read_bytes()))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Navn", "E-mail", "Afdeling", "Mødt"]
    lines = {row[1].value: row for row in sheet.iter_rows(min_row=2) if row[1].value}
    lines[PEOPLE[0].email][3].value = "måske"
    send(page, book)
    page.get_by_text(f"{sheet.title}!{lines[PEOPLE[0].email][3].coordinate}").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "wrong.png")
    lines[PEOPLE[0].email][3].value = "ja"
    lines[PEOPLE[1].email][3].value = "nej"
    sheet.append(["Gæst <b>Udefra</b>", None, None, "ja"])
    page.get_by_role("link", name="Tilbage til listen").click()
    send(page, book)
    page.get_by_role("heading", name="Kom uden plads (1)").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "look.png")
    assert not stores.attendance.load_words("by")
    page.get_by_role("button", name="Sæt det i listen").click()
    page.locator("li[data-came=yes]").filter(has_text="Gæst <b>Udefra</b>").wait_for()
    words = {(one.email or one.name, one.said.value, one.source.value) for one in stores.attendance.load_words("by")}
    assert words == {(PEOPLE[0].email, "came", "hr"), (PEOPLE[1].email, "absent", "hr"), ("Gæst <b>Udefra</b>", "came", "hr")}
    send(page, book)
    page.get_by_text("siger ikke noget, der ikke allerede står").wait_for()


def test_what_is_no_list_is_told_and_what_was_made_up_is_left_out(open_page, opened, tmp_path):
    settings, stores = opened
    page = open_page(DOOR, BookPlanDesk(settings, CHECKED, stores), viewport=DESK_TOP)
    page.get_by_label("Den udfyldte liste").set_input_files({"name": "x.xlsx", "mimeType": XLSX, "buffer": b"PK\x03\x04nix"})
    page.get_by_role("button", name="Se, hvad den siger").click()
    page.get_by_role("alert").wait_for()
    assert_everybody_can_use(page, tmp_path / "no-list.png")
    page.goto(page.url.replace("/door/list?", "/door?"))
    home = page.url.partition("/courses")[0]
    proof = page.locator("#door").get_attribute("data-proof")
    address = home + DOOR.replace("/door?", "/door/list/take?")
    for said in ("nix", "{}", '[["findes-ikke", "", "came"], ["", "x", "closed"], [1, 2, 3], "came"]'):
        page.request.post(address, form={"proof": proof, "said": said})
    assert not stores.attendance.load_words("by")
