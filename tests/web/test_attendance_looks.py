"""Attendance in numbers at the desk: wide and narrow, with and without anything to count, and as a workbook."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from bot.desks.day.door import DoorDesk
from bot.desks.plan import BookPlanDesk
from bot.domain.attendance import AttendanceSaid, AttendanceSource
from bot.domain.door import DoorKeeper, Tick
from bot.opening.stores import open_stores
from tests.builders.browsers import PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.checking_in import CHECKED, PLACE, START, settings_at
from tests.builders.course_books import PEOPLE, fill

HR = DoorKeeper(source=AttendanceSource.HR, name="hanne@by.example", door="desk")


@pytest.fixture
def opened(tmp_path):
    settings = settings_at(START, f"sqlite:///{tmp_path}/attendance.db")
    with open_stores(settings) as stores:
        fill(stores, settings, CHECKED)
        yield settings, stores


def test_hr_sees_how_many_came_and_no_names(open_page, opened, tmp_path):
    settings, stores = opened
    page = open_page("/attendance", BookPlanDesk(settings, CHECKED, stores), viewport=PHONE)
    page.get_by_text("Der er ikke registreret fremmøde").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "nothing.png")
    door = DoorDesk(settings, CHECKED, stores, secret="hemmelig")
    first = door.look(*PLACE.ids, HR).lines[0]
    door.note(*PLACE.ids, [Tick(key="1", said=AttendanceSaid.CAME, at=START, who=first.id)], HR)
    page.goto(page.url.partition("/attendance")[0] + "/courses")
    page.get_by_role("link", name="Fremmøde i tal").click()
    page.get_by_role("heading", name="Fremmøde i tal").wait_for()
    assert_everybody_can_use_on_every_screen(page, tmp_path / "numbers.png")
    assert not any(one.email in page.content() for one in PEOPLE)
    with page.expect_download() as got:
        page.get_by_role("link", name="Hent som Excel").click()
    book = openpyxl.load_workbook(BytesIO(got.value.path().read_bytes()))
    assert book.sheetnames == ["Efter kursus", "Efter afdeling"]
    assert [cell.value for cell in book["Efter kursus"][1]][1:4] == ["Havde plads", "Kom", "Kom ikke"]
    assert [cell.value for cell in book["Efter kursus"][2]][1:5] == [4, 1, 0, 3]
    assert "attendance" in {one.command for one in stores.actions.load_actions(plan="by")}
