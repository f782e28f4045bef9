"""HR's list of an online session: what Teams' report says and how far it is with it, until HR says more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desks.plan import BookPlanDesk
from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.meeting_reports import ReadingState, ReportReading
from bot.domain.programme import AttendanceRules
from bot.opening.stores import open_stores
from tests.builders.browsers import PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.checking_in import START, settings_at
from tests.builders.course_books import LEADERSHIP, PEOPLE, PLAN, fill

ONLINE = replace(PLAN, courses=(replace(LEADERSHIP, online=True, attendance=AttendanceRules(threshold_minutes=60)), *PLAN.courses[1:]))
WHERE = (LEADERSHIP.id, "hold-1", "dag-1")
END = START + timedelta(hours=6)
AFTER = END + timedelta(hours=1)
DOOR = f"/courses/{LEADERSHIP.id}/door?plan=by&offering=hold-1&session=dag-1"


@pytest.fixture
def opened(tmp_path):
    settings = settings_at(AFTER, f"sqlite:///{tmp_path}/meeting.db")
    with open_stores(settings) as stores:
        fill(stores, settings, ONLINE)
        yield settings, stores


def by_teams(number, said, minutes, **who):
    return AttendanceWord(
        plan="by", key=f"teams-{number}", course=WHERE[0], offering=WHERE[1], session=WHERE[2], email=who.get("email", ""),
        name=who.get("name", ""), said=said, source=AttendanceSource.TEAMS, at=AFTER, noted_at=AFTER, minutes=minutes,
    )  # fmt: skip


def read(stores, state, *words):
    reading = ReportReading(plan="by", course=WHERE[0], offering=WHERE[1], session=WHERE[2], ends_at=END, state=state, at=AFTER)
    stores.attendance.save_reading(reading, words)


def test_hr_sees_what_comes_from_teams_and_a_press_of_hrs_takes_its_place(open_page, opened, tmp_path):
    settings, stores = opened
    page = open_page(DOOR, BookPlanDesk(settings, ONLINE, stores), viewport=PHONE)
    page.get_by_text("Teams' fremmøderapport læses fra en halv time efter").wait_for()
    seated = [one.email for one in PEOPLE[:2]]
    came = by_teams(1, AttendanceSaid.CAME, 75, email=seated[0]), by_teams(3, AttendanceSaid.CAME, 90, name="Gerda fra nabokommunen")
    read(stores, ReadingState.WHOLE, *came, by_teams(2, AttendanceSaid.ABSENT, 12, email=seated[1]))
    page.reload()
    page.get_by_text("Teams' fremmøderapport er læst.").wait_for()
    said = sorted(one.inner_text() for one in page.locator(".door-teams").all())
    assert said == ["Teams, 12 min.", "Teams, 75 min.", "Teams, 90 min."]
    read_out = " ".join(page.locator("li", has=page.get_by_text("Teams, 12 min.")).locator(".door-name").inner_text().split())
    assert read_out.endswith("Ikke kommet Teams, 12 min."), "words stand apart"
    assert_everybody_can_use_on_every_screen(page, tmp_path / "teams.png")
    button = page.locator("li", has=page.get_by_text("Teams, 12 min.")).get_by_role("button", name="Kommet").first
    with page.expect_response(lambda answer: "/words" in answer.url and answer.ok):
        button.click()
    page.get_by_text("Teams, 12 min.").wait_for(state="detached")
    page.reload()
    assert page.locator(".door-teams").count() == 2


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (ReadingState.WAITING, "endnu ingen fremmøderapport"),
        (ReadingState.SOME, "der kan komme mere"),
        (ReadingState.DENIED, "må ikke læses"),
    ],
)
def test_hr_is_told_how_far_it_is(open_page, opened, state, told):
    settings, stores = opened
    read(stores, state)
    page = open_page(DOOR, BookPlanDesk(settings, ONLINE, stores))
    page.locator(".door-reports", has_text=told).wait_for()
