"""The list at the door: who is on it, what is kept of what is said, and when it is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desks.day.door import DoorDesk
from bot.desks.day.session_room import HELPER_UNTIL, OPENS_BEFORE
from bot.domain.attendance import AttendanceSaid, AttendanceSource
from bot.domain.door import DoorClosed, DoorKeeper, Tick
from bot.domain.door_links import DoorGrant
from bot.domain.participation import Part
from bot.links import door_link, read_door
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.builders.course_books import LEADERSHIP, PEOPLE, PLAN, fill

START = datetime(2025, 6, 18, 7, tzinfo=UTC)
END = START + timedelta(hours=6)
PLACE = (LEADERSHIP.id, "hold-1", "dag-1")
HR = DoorKeeper(source=AttendanceSource.HR, name="hanne@by.example", door="desk")
HELPER = DoorKeeper(source=AttendanceSource.DOOR, name="hanne@by.example", door="door")
GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}


@pytest.fixture
def stores(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/door.db", now=START, plan="plan.yaml", graph=GRAPH)
    with open_stores(settings) as opened:
        fill(opened, settings)
        yield opened


def door(stores, now=START, plan=PLAN):
    settings = Settings(database_url="sqlite://", now=now, plan="plan.yaml", graph=GRAPH)
    return DoorDesk(settings, plan, stores, secret="hemmelig")


def tick(said=AttendanceSaid.CAME, *, at=START, key="1", **about):
    return Tick(key=key, said=said, at=at, **about)


def line_of(found, name):
    return next(one for one in found.lines if one.name == name)


def test_who_has_a_seat_said_maybe_or_waits_is_on_the_list(stores):
    found = door(stores).look(*PLACE, HR)
    assert found.expected == 4
    assert {one.part for one in found.lines} == {Part.SEATED, Part.MAYBE, Part.WAITING}
    assert [one.came for one in found.lines] == [None] * len(found.lines)
    assert found.why_not is None


def test_a_helper_sees_names_alone(stores):
    assert any(one.department for one in door(stores).look(*PLACE, HR).lines)
    seen = door(stores).look(*PLACE, HELPER).lines
    assert not any(one.department for one in seen)
    assert not any("@" in one.id for one in seen)


@pytest.mark.parametrize(
    ("now", "keeper", "why_not"),
    [
        (START - OPENS_BEFORE - timedelta(minutes=1), HR, DoorClosed.TOO_EARLY),
        (START - OPENS_BEFORE, HELPER, None),
        (END + HELPER_UNTIL + timedelta(minutes=1), HELPER, DoorClosed.OVER),
        (END + HELPER_UNTIL + timedelta(minutes=1), HR, None),
    ],
)
def test_the_list_is_open_around_the_session_and_for_hr_afterwards(stores, now, keeper, why_not):
    desk = door(stores, now)
    someone = desk.look(*PLACE, keeper).lines[0]
    found = desk.note(*PLACE, [tick(who=someone.id)], keeper)
    assert found.why_not is why_not
    assert line_of(found, someone.name).came is (True if why_not is None else None)


def test_nothing_is_kept_of_a_course_that_is_off(stores):
    off = door(stores, datetime(2025, 10, 1, 7, tzinfo=UTC))
    assert off.look("aflyst", "main", "dag", HR).why_not is DoorClosed.OFF
    off.note("aflyst", "main", "dag", [tick(name="Gæst")], HR)
    assert not stores.attendance.load_words(PLAN.id)


def test_a_session_that_is_not_there_has_no_list(stores):
    for place in [("findes-ikke", "x", "y"), (LEADERSHIP.id, "x", "dag-1"), (LEADERSHIP.id, "hold-1", "x")]:
        assert door(stores).look(*place, HR) is None
        assert door(stores).note(*place, [tick(name="Gæst")], HR) is None


def test_what_a_phone_sends_again_is_one_word(stores):
    desk = door(stores)
    someone = desk.look(*PLACE, HELPER).lines[0]
    words = [tick(who=someone.id), tick(AttendanceSaid.ABSENT, key="2", who=someone.id, at=START + timedelta(seconds=5))]
    desk.note(*PLACE, words, HELPER)
    found = desk.note(*PLACE, [*words, *words], HELPER)
    assert len(stores.attendance.load_words(PLAN.id)) == 2
    assert line_of(found, someone.name).came is False


def test_a_clock_that_is_ahead_says_nothing_later_than_now(stores):
    desk = door(stores)
    someone = desk.look(*PLACE, HELPER).lines[0]
    desk.note(*PLACE, [tick(who=someone.id, at=START + timedelta(hours=5))], HELPER)
    (word,) = stores.attendance.load_words(PLAN.id)
    assert word.at == START
    desk.note(*PLACE, [tick(AttendanceSaid.ABSENT, key="2", who=someone.id, at=START - timedelta(days=9))], HELPER)
    assert min(one.at for one in stores.attendance.load_words(PLAN.id)) == START - OPENS_BEFORE


def test_somebody_known_by_name_is_that_person_and_a_stranger_is_a_name(stores):
    desk, known = door(stores), PEOPLE[9]
    found = desk.note(*PLACE, [tick(name=known.name.upper()), tick(key="2", name="  Gæst\n Gæstesen ")], HELPER)
    assert line_of(found, known.name).part is None
    assert line_of(found, "Gæst Gæstesen").came is True
    by_key = {one.key[-1]: one for one in stores.attendance.load_words(PLAN.id)}
    assert (by_key["1"].email, by_key["2"].email) == (known.email, "")


def test_a_walk_in_can_be_taken_back(stores):
    desk = door(stores)
    found = desk.note(*PLACE, [tick(name="Gæst Gæstesen")], HELPER)
    guest = line_of(found, "Gæst Gæstesen")
    after = desk.note(*PLACE, [tick(AttendanceSaid.UNDO, key="2", who=guest.id)], HELPER)
    assert guest.name not in {one.name for one in after.lines}


def test_what_is_about_nobody_is_left_out(stores):
    door(stores).note(*PLACE, [tick(who="findes-ikke"), tick(key="2"), tick(key="", name="Gæst"), tick(key="x" * 65, name="Gæst")], HELPER)
    assert not stores.attendance.load_words(PLAN.id)


def test_a_closed_list_says_who_did_not_come_and_hr_puts_it_right(stores):
    desk = door(stores)
    came = desk.look(*PLACE, HELPER).lines[0]
    desk.note(*PLACE, [tick(who=came.id), tick(AttendanceSaid.CLOSED, key="2")], HELPER)
    found = desk.look(*PLACE, HR)
    seated = [one for one in found.lines if one.part is Part.SEATED]
    assert found.closed
    assert found.came == 1
    assert {one.came for one in seated if one.id != came.id} == {False}
    late = next(one for one in seated if one.came is False)
    assert line_of(desk.note(*PLACE, [tick(key="3", who=late.id)], HR), late.name).came is True


def test_the_log_tells_who_said_it_of_whom(stores):
    desk = door(stores)
    someone = desk.look(*PLACE, HELPER).lines[0]
    desk.note(*PLACE, [tick(who=someone.id)], HELPER)
    line = next(one for one in stores.actions.load_actions(plan=PLAN.id) if one.command == "attendance")
    assert (line.by, line.door, line.detail) == ("hanne@by.example", "door", "hold-1/dag-1: came")
    assert "@" in line.subject


def test_the_list_is_found_under_todays_ids(stores):
    renamed = replace(LEADERSHIP, id="nyt-navn", was=LEADERSHIP.id)
    assert door(stores, plan=replace(PLAN, courses=(renamed,))).look(LEADERSHIP.id, "hold-1", "dag-1", HR) is None


def test_hr_ends_the_links_and_whoever_has_an_old_one_sees_nobody(stores):
    desk = door(stores)
    someone = desk.look(*PLACE, HELPER).lines[0]
    assert desk.generation(*PLACE) == 0
    desk.end_links(*PLACE)
    found = desk.note(*PLACE, [tick(who=someone.id)], HELPER)
    assert (found.why_not, found.lines) == (DoorClosed.REVOKED, ())
    assert not stores.attendance.load_words(PLAN.id)
    anew = replace(HELPER, generation=desk.generation(*PLACE))
    assert line_of(desk.note(*PLACE, [tick(who=someone.id)], anew), someone.name).came is True
    assert desk.look(LEADERSHIP.id, "hold-1", "dag-2", HELPER).lines
    assert desk.look(*PLACE, HR).lines


def test_a_link_says_which_generation_it_is_and_an_older_one_none():
    grant = DoorGrant(plan="by", course="k", offering="h", session="s", made_at=START, by="hanne@by.example", generation=2)
    for one in (grant, replace(grant, generation=0)):
        assert read_door(["nu", "hemmelig"], door_link("hemmelig", "https://x.example", one).rpartition("/")[2]) == one
